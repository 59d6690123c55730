"""Derivatives of the log tails of families with a closed form, from one far tail to the other."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.distributions.derivatives import Side
from tail_truth import errors

FIRST, SECOND = 1e-9, 1e-6  # of the derivative, or of its natural size
BY_FORMULA = 1e-12  # the log tail itself
ELEMENTARY = (
    lk.Exponential(0.2), lk.Rayleigh(2.0), lk.Geometric(0.3), lk.Geometric(1e-9),
    lk.Geometric(0.999), lk.Normal(50, 2.5), lk.Normal(1e9, 1e-3), lk.LogNormal(1.0, 0.5),
    lk.LogNormal(-200, 30), lk.LogNormal(0.5, 1e-3), lk.Poisson(4.0), lk.Poisson(1e-8),
)  # fmt: skip
INVERSE_GAUSSIANS = (
    lk.InverseGaussian(3.0, 6.0), lk.InverseGaussian(1.0, 1e-2), lk.InverseGaussian(2.0, 1e6),
    lk.InverseGaussian(1e100, 1e98), lk.InverseGaussian(1.0, 1e-6), lk.InverseGaussian(5.0, 1e10),
)  # fmt: skip
INCOMPLETE = (
    lk.Gamma(3.0, 2.0), lk.Gamma(0.01, 5.0), lk.Gamma(250.0, 0.1), lk.Gamma(0.4, 1e20),
    lk.Beta(2.0, 5.0), lk.Beta(0.5, 0.5), lk.Beta(30.0, 4.0),
)  # fmt: skip
PROBABILITIES = (1e-200, 1e-30, 1e-3, 0.3, 0.9, 1 - 1e-6)


def points(member, side, probabilities=PROBABILITIES):
    q = np.array(probabilities)
    with np.errstate(all="ignore"):
        x = np.unique(member.quantile(q) if side is Side.BELOW else member.upper_quantile(q))
    bounds = member.bounds()
    inside = (x >= bounds.low) & (x < bounds.high)
    return x[inside] if member.discrete else x[inside & (x > bounds.low)]


def is_right(member, x, side, digits):
    for orders, error in errors(member, x, side, digits).items():
        allowed = (BY_FORMULA, FIRST, SECOND)[sum(orders)]
        assert error <= allowed, f"{member} {side.name} {x}: {orders} is off by {error:.1e}"


@pytest.mark.parametrize("member", ELEMENTARY + INVERSE_GAUSSIANS, ids=repr)
@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_tails_by_formula(member, side):
    for x in points(member, side):
        is_right(member, x, side, 160)


@pytest.mark.parametrize("member", INCOMPLETE, ids=repr)
@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_tails_by_differences_in_a_shape(member, side):
    for x in points(member, side, (1e-200, 1e-12, 0.3, 0.99)):
        # Of the others mpmath takes 1 - x, or too long.
        if 1e-60 < x < 1 - 1e-12 or (member.name == "gamma" and side is Side.BELOW):
            is_right(member, x, side, 80)


@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_tail_of_a_bernoulli(side):
    for prob in (0.3, 1e-12, 1 - 1e-12):
        tail = mpf(1) - mpf(prob) if side is Side.BELOW else mpf(prob)
        slope = side.value / tail
        value, score, hessian = lk.Bernoulli(prob).log_tail(np.array([0.0, 1.0]), side)
        assert float(value[0]) == pytest.approx(float(mp.log(tail)), rel=1e-15)
        assert score[0].tolist() == [pytest.approx(float(slope), rel=1e-15), 0.0]
        assert hessian[0].tolist() == [pytest.approx(float(-slope * slope), rel=1e-15), 0.0]


@pytest.mark.parametrize("z", [70.0, 1e4, 1e8, 1e100])
@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_normal_beyond_all_probability(z, side):
    value, (by_mean, by_std), (bend, both, of_std) = lk.Normal(0.0, 2.0).log_tail(
        np.array([2.0 * side.value * z]), side
    )
    # -z²/2 - log(z √(2π)) and its derivatives, to O(1/z²).
    assert value[0] == pytest.approx(-0.5 * z * z - np.log(z) - 0.9189385332046727, rel=1e-7)
    assert by_mean[0] == pytest.approx(side.value * 0.5 * (z + 1 / z), rel=1e-6)
    assert by_std[0] == pytest.approx(0.5 * (z * z + 1.0), rel=1e-6)
    assert bend[0] == pytest.approx(-0.25 * (1 - 1 / z**2), rel=1e-6)
    assert both[0] == pytest.approx(-side.value * 0.5 * z, rel=1e-3)
    assert of_std[0] == pytest.approx(-0.75 * z * z, rel=1e-3)


def test_rate_of_zero():
    value, (score,), (bend,) = lk.Poisson(0.0).log_tail(np.arange(4.0), Side.BELOW)
    assert value.tolist() == [0.0] * 4
    assert score.tolist() == [-1.0, 0.0, 0.0, 0.0]
    assert bend.tolist() == [0.0, -1.0, 0.0, 0.0]
    first = lk.Geometric(1.0).log_tail(np.arange(3.0), Side.BELOW)
    assert first.score[0].tolist() == [1.0, 0.0, 0.0]
    assert first.hessian[0].tolist() == [-1.0, -2.0, 0.0]


EVERY = (*ELEMENTARY, *INVERSE_GAUSSIANS, *INCOMPLETE, lk.Bernoulli(0.3))


@pytest.mark.parametrize("member", EVERY, ids=repr)
@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_members_by_row_and_by_group(member, side):
    """Parameters may be numbers, one for each row, or one for each group of rows."""
    x = (
        np.clip(points(member, side, (0.2, 0.5, 0.9))[:1], 0.0, 0.0)
        if member.name == ("bernoulli")
        else points(member, side, (0.2, 0.5, 0.9))
    )
    factors = 1.0 + 1e-3 * np.arange(x.size)
    if member.name == "geometric":
        factors = 1.0 - 1e-3 * np.arange(x.size)
    family, parameters = type(member), member.parameters
    by_row = family(**{name: v * factors for name, v in parameters.items()})
    by_group = family(**{name: v * factors[:, None] for name, v in parameters.items()})
    rows = by_row.log_tail(x, side)
    groups = by_group.log_tail(np.stack([x] * x.size), side)
    for i, factor in enumerate(factors):
        one = family(**{name: v * factor for name, v in parameters.items()})
        alone = one.log_tail(x, side)
        for a, row, group in zip(
            *([d.log_prob, *d.score, *d.hessian] for d in (alone, rows, groups)), strict=True
        ):
            own = np.broadcast_to(a, x.shape)
            assert np.broadcast_to(row, x.shape)[i] == pytest.approx(own[i], rel=1e-6, abs=1e-300)
            assert np.broadcast_to(group, (x.size, x.size))[i] == pytest.approx(
                own, rel=1e-6, abs=1e-300
            )


@pytest.mark.parametrize("member", EVERY, ids=repr)
@pytest.mark.parametrize("side", Side, ids=lambda side: side.name)
def test_outside_the_support_a_tail_is_certain_or_impossible(member, side):
    bounds = member.bounds()
    ends = np.array([-np.inf, bounds.low - 0.5 * bounds.whole, bounds.high, np.inf])
    value, score, hessian = member.log_tail(ends, side)
    certain = [-np.inf, -np.inf, 0.0, 0.0] if side is Side.BELOW else [0.0, 0.0, -np.inf, -np.inf]
    assert value.tolist() == certain
    for term in (*score, *hessian):
        assert np.all(np.broadcast_to(term, ends.shape) == 0.0)
