"""cdf, sf, their logs and the quantiles are right from one far tail to the other."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.data.vectors import LARGEST_COUNT
from members import EVERY
from truth import LOWER, UPPER, parameters

PROBABILITIES = np.array([1e-290, 1e-100, 1e-12, 1e-3, 0.2, 0.5])
# mpmath itself needs too long for the incomplete functions at these.
TOO_LARGE = (
    lk.Gamma(1e15, 3.0), lk.Beta(1e8, 1e8), lk.Poisson(1e12), lk.StudentT(1e12, 0.0, 1.0),
    lk.Poisson(1e6), lk.NegativeBinomial(1e5, 1e-6), lk.Beta(1e4, 3e5),
    lk.NegativeBinomial(100.0, 1e-12), lk.Gamma(1e4, 1e-4), lk.StudentT(1e4, 1.0, 3.0),
    lk.PearsonIII(1e-10, 0.5, 1.0), lk.LogPearsonIII(-1e-10, 1.0, 0.5),
    lk.BetaPrime(1e4, 3e3), lk.LogGamma(1e-10, 0.5, 1.0), lk.GeneralizedGamma(-1e-10, 1.0, 0.5),
)  # fmt: skip


def relative(ours, truth):
    return float(abs(mpf(float(ours)) - truth) / abs(truth)) if truth != 0 else float(ours != 0)


@pytest.mark.parametrize("member", [m for m in EVERY if m not in TOO_LARGE], ids=repr)
@pytest.mark.parametrize("tail", ["lower", "upper"])
def test_tails_are_the_textbooks(member, tail):
    quantile = member.quantile if tail == "lower" else member.upper_quantile
    function, log_function = (
        (member.cdf, member.log_cdf) if tail == "lower" else (member.sf, member.log_sf)
    )
    x = np.unique(quantile(PROBABILITIES))
    bounds = member.bounds()
    above = x >= bounds.low if member.discrete else x > bounds.low
    x = x[np.isfinite(x) & above & (x < bounds.high)]
    for value in x:
        with mp.workdps(80):
            truth = (LOWER if tail == "lower" else UPPER)[member.name](
                mpf(float(value)), *parameters(member)
            )
            if not mpf("1e-305") < truth < 1:
                continue
            # The condition of the tail: how it magnifies the rounding of its own argument.
            assert relative(function(value), truth) <= 1e-11
            log_truth = mp.log(truth)
            error = abs(mpf(float(log_function(value))) - log_truth)
            assert error <= 1e-12 * max(1, abs(log_truth))


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_quantile_inverts(member):
    q = PROBABILITIES[1:]
    with np.errstate(all="ignore"):
        for quantile, log_function in (
            (member.quantile, member.log_cdf), (member.upper_quantile, member.log_sf)
        ):  # fmt: skip
            x = quantile(q)
            steps = np.diff(x[np.isfinite(x)])
            assert np.all(steps >= 0) or np.all(steps <= 0)
            if member.discrete:
                continue
            bounds = member.bounds()
            inner = np.isfinite(x) & (x > bounds.low) & (x < bounds.high) & (np.abs(x) > 1e-300)
            error = np.abs(log_function(x) - np.log(q))[inner]
            # An x rounded to the nearest float moves the log of its tail by this much.
            hazard = np.exp(member.log_prob(x) - log_function(x))[inner]
            slack = 4.0 * hazard * np.spacing(np.abs(x))[inner]
            assert np.all(error <= 3e-10 + slack)


@pytest.mark.parametrize("member", [m for m in EVERY if m.discrete], ids=repr)
def test_discrete_quantile_is_the_least(member):
    q = np.array([1e-12, 0.01, 0.3, 0.5, 0.9, 0.999])
    x = member.quantile(q)
    assert np.all(member.cdf(x) >= q)
    assert np.all((member.cdf(x - 1) < q) | (x == 0) | (x > LARGEST_COUNT))
    upper = member.upper_quantile(q)
    assert np.all(member.sf(upper) <= q)
    assert np.all((member.sf(upper - 1) > q) | (upper == 0) | (upper > LARGEST_COUNT))


def test_ends(family, ordinary):
    bounds = ordinary.bounds()
    assert ordinary.quantile(0.0) == bounds.low
    assert ordinary.upper_quantile(0.0) == bounds.high
    assert ordinary.cdf(np.inf) == 1.0
    assert ordinary.sf(np.inf) == 0.0
    assert ordinary.cdf(-np.inf) == 0.0
    with pytest.raises(lk.errors.ParameterError, match="between 0 and 1"):
        ordinary.quantile(1.5)
