"""Neyman's smooth test: against formulas, by simulation, and where it is not made.

`benchmarks/smooth.py` is the long simulation, whose tables docs/tests.md has.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError, FamilyError

SIZE = 100


def components(u: np.ndarray) -> np.ndarray:
    return np.stack([np.sqrt(12.0) * (u - 0.5), np.sqrt(5.0) * (6.0 * (u - 0.5) ** 2 - 0.5)])


def test_statistic_of_an_exponential_is_that_of_the_formula() -> None:
    """By log rate the score is 1 + log v, v = 1 − u, and ∫ vᵏ log v dv = −1/(k + 1)²."""
    x = lk.Exponential(0.5).sample(80, seed=1)
    cross = np.array([-np.sqrt(3.0) / 2.0, -np.sqrt(5.0) / 6.0])
    total = components(-np.expm1(-x / x.mean())).sum(axis=1)
    expected = total @ np.linalg.solve(np.eye(2) - np.outer(cross, cross), total) / 80
    test = lk.fit(x, "exponential").goodness("smooth")
    assert test.name == "Neyman's smooth test"
    assert test.statistic == pytest.approx(expected, rel=1e-4)
    assert test.p_value == pytest.approx(stats.chi2.sf(expected, 2), rel=1e-4)
    assert test.effect == pytest.approx(np.sqrt(expected / 80), rel=1e-4)


def test_statistic_of_a_normal_is_that_of_the_formula() -> None:
    """Stein's identity gives E h₁z = √(3/π) and E h₂(z² − 1) = √15/π, of which var(z² − 1) is 2."""
    x = lk.Normal(50.0, 2.5).sample(60, seed=2)
    total = components(stats.norm.cdf((x - x.mean()) / x.std())).sum(axis=1)
    variance = 60 * np.array([1.0 - 3.0 / np.pi, 1.0 - 15.0 / (2.0 * np.pi**2)])
    for fit in (lk.fit(x, "normal"), lk.fit(np.tile(x, 3), "normal", weights=np.full(180, 1 / 3))):
        statistic = fit.goodness("smooth").statistic
        assert statistic == pytest.approx(np.sum(total**2 / variance), rel=1e-4)


def test_a_component_that_the_score_takes_up_is_left_out() -> None:
    """The score of a logistic's location is its first component, so that one degree is left."""
    test = lk.fit(lk.Logistic(5.0, 2.0).sample(100, seed=1), "logistic").goodness("smooth")
    assert test.law == "χ² with 1 degree of freedom, in large samples"


@pytest.mark.parametrize(
    "member",
    [
        lk.Normal(50.0, 2.5), lk.Exponential(0.2), lk.Gamma(3.0, 2.0), lk.Weibull(1.7, 4.0),
        lk.Gumbel(5.0, 2.0), lk.Poisson(4.0), lk.Geometric(0.3), lk.Uniform(0.0, 1.0),
    ],
    ids=lambda m: m.name,
)  # fmt: skip
def test_p_values_are_what_they_say(member: lk.distributions.Distribution) -> None:
    rows = member.sample((200, SIZE), seed=3)
    p = np.array([lk.fit(x, type(member)).goodness("smooth").p_value for x in rows])
    assert stats.binomtest(int(np.sum(p <= 0.05)), p.size, 0.05).pvalue > 1e-3
    assert stats.kstest(p, "uniform").pvalue > 1e-3


def hidden(kind: str, x: np.ndarray, rng: np.random.Generator) -> lk.Observations:
    limit = rng.uniform(2.0, 14.0, x.size)
    if kind == "censored":
        return lk.observe(np.minimum(x, limit), event=x <= limit)
    if kind == "late":
        return lk.observe(x[x > limit], entry=limit[x > limit])
    if kind == "truncated":
        return lk.observe(x[x > 4.0], entry=4.0)
    if kind == "classes":
        edges = [0.0, 4.0, 8.0, 12.0, np.inf]
        return lk.observe(edges=edges, counts=np.histogram(x, edges)[0])
    return lk.observe(np.round(x), rounding=1.0)


@pytest.mark.parametrize("kind", ["censored", "late", "truncated", "classes", "rounded"])
def test_p_values_of_values_that_are_not_seen_in_full(kind: str) -> None:
    rng = np.random.default_rng(4)
    samples = (hidden(kind, x, rng) for x in lk.Weibull(2.0, 10.0).sample((40, 200), seed=5))
    p = [lk.fit(seen, "weibull").goodness("smooth").p_value for seen in samples]
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    wrong = lk.fit(hidden(kind, lk.Weibull(2.0, 10.0).sample(400, seed=6), rng), "exponential")
    assert wrong.goodness("smooth").p_value < 1e-3


def test_the_estimates_of_all_rows_take_up_less_of_a_sample_of_them() -> None:
    x = lk.Gamma(2.0, 1.0).sample(60_000, seed=1)
    fit = lk.fit(x, "gamma")
    test = fit.goodness("smooth")
    assert test.notes == ("Of 60,000 values 10,000 were looked at.",)
    assert test.p_value > 1e-3


def test_where_it_is_not_made() -> None:
    with pytest.raises(FamilyError, match="the estimates meet any spread"):
        lk.fit([0, 1, 1, 0], "bernoulli").goodness("smooth")
    apart = lk.observe(lower=[0.0, 1.0, 2.0], upper=[2.0, 4.0, 9.0])
    with pytest.raises(DataError, match="bounds of their own"):
        lk.fit(apart, "exponential").goodness("smooth")
    loaded = lk.Fit.from_dict(lk.fit([1.0, 2.0, 4.0], "exponential").to_dict())
    with pytest.raises(DataError, match="attach"):
        loaded.goodness("smooth")
    assert lk.fit(apart, "exponential").misfit is None
    assert loaded.misfit is None


def test_the_effect_of_sampling_weights_is_that_of_the_rows():
    x = lk.Weibull(1.8, 3.0).sample(200, seed=1)
    plain = lk.fit(x, "exponential").goodness("smooth")
    sampled = lk.fit(x, "exponential", sampling_weights=np.full(200, 50.0)).goodness("smooth")
    assert sampled.statistic == pytest.approx(plain.statistic)
    assert sampled.effect == pytest.approx(plain.effect)
