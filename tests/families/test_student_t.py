"""Student's t with tails so heavy that its quantiles leave float64."""

import numpy as np
from mpmath import mp, mpf

import likeliest as lk


def test_quantiles_of_the_heaviest_tails():
    """Far out P(T > z) is (df/z²)^(df/2) / (df B(df/2, ½))."""
    for df in (0.01, 0.009, 0.008, 1e-3):
        for q in (0.3, 0.01, 0.001, 1e-5):
            half = mpf(df) / 2
            log_tail = mp.log(mpf(q) * df * mp.beta(half, 0.5))
            log_z = mp.log(df) / 2 - log_tail / df
            if log_z < 100:
                continue
            member = lk.StudentT(df, 0.0, 1.0)
            below, above = float(member.quantile(q)), float(member.upper_quantile(q))
            assert above == -below
            if log_z > np.log(np.finfo(float).max):
                assert below == -np.inf
            else:
                assert abs(mp.log(above) / log_z - 1) < 1e-13
