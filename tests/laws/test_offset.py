"""An offset costs no more digits than the rounded data lost."""

import numpy as np
import pytest

import likeliest as lk
from members import ORDINARY

LOCATED = [
    m
    for m in ORDINARY.values()
    if any(c.is_location for c in m.constraints.values()) and not m.anchored
]


@pytest.mark.parametrize("member", LOCATED, ids=repr)
def test_an_offset_costs_no_digits(member):
    """At 1e9 with a spread of 1e-3, the fit is that of the rounded data without the offset."""
    family = type(member)
    centred = (member.sample(400, seed=8) - 5.0) * 1e-3
    far = 1e9 + centred
    exact = far - 1e9  # the digits that the rounded data carry
    near_fit, far_fit = lk.fit(exact, family), lk.fit(far, family)
    for name, constraint in family.constraints.items():
        if constraint.is_location:
            moved = far_fit.parameters[name] - 1e9
            assert moved == pytest.approx(near_fit.parameters[name], abs=2 * np.spacing(1e9))
        else:
            assert far_fit.parameters[name] == pytest.approx(near_fit.parameters[name], rel=1e-9)
    assert far_fit.log_likelihood == pytest.approx(near_fit.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("positive", [lk.Gamma, lk.LogNormal, lk.InverseGaussian, lk.Weibull])
def test_positive_families_at_an_offset(positive):
    x = 1e9 + np.random.default_rng(9).normal(0, 1e-3, 500)
    fit = lk.fit(x, positive)
    normal = lk.fit(x, "normal")
    assert fit.distribution.mean == pytest.approx(x.mean(), rel=1e-12)
    if positive is not lk.Weibull:
        assert fit.distribution.std == pytest.approx(normal.parameters["std"], rel=1e-4)
