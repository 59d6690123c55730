"""Samples like the data: of their size, censored, truncated and rounded as they were."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.data.kaplan_meier import kaplan_meier
from likeliest.errors import DataError
from likeliest.inference.redraw import Redraw, within


def drawn(seen: lk.Observations, member: object, draws: int) -> lk.Observations:
    redraw = Redraw.of(seen, "A test")
    parts = list(redraw.samples(member, draws, np.random.default_rng(0)))  # type: ignore[arg-type]
    assert sum(map(len, parts)) == draws
    one = parts[0]
    return one.observations.rounded(one.step) if one.step else one.observations


def test_exact_values_have_the_law_of_the_fit() -> None:
    made = drawn(lk.Observations.of([1.0, 2.0, 3.0], weights=[10, 5, 5]), lk.Gamma(2.0, 3.0), 50)
    assert len(made) == 1000
    assert stats.kstest(made.values, stats.gamma(2.0, scale=3.0).cdf).pvalue > 0.01


def test_a_common_limit_censors_all() -> None:
    seen = lk.observe([1.0, 2.0, 4.0, 4.0], event=[1, 1, 0, 0])
    made = drawn(seen, lk.Exponential(0.5), 2500)
    is_censored = made.upper == np.inf
    assert made.values.max() == 4.0
    assert made.values[is_censored].min() == 4.0
    assert np.mean(is_censored) == pytest.approx(np.exp(-2.0), abs=0.012)


@pytest.mark.parametrize("side", ["left", "right"])
def test_random_limits_follow_those_that_were_seen(side: str) -> None:
    rng = np.random.default_rng(3)
    member = lk.Gumbel(0.0, 1.0)
    x, limit = member.sample(3000, seed=1), rng.normal(0.5, 1.0, 3000)
    if side == "left":
        seen = lk.observe(lower=np.where(x > limit, x, -np.inf), upper=np.maximum(x, limit))
    else:
        seen = lk.observe(np.minimum(x, limit), event=x <= limit)
    assert "at random" in Redraw.of(seen, "A test").assumption
    made = drawn(seen, member, 10)
    for one, other in zip(_shares(seen), _shares(made), strict=True):
        assert other == pytest.approx(one, abs=0.02)


def _shares(seen: lk.Observations) -> list[float]:
    """Return how many rows are exact, and the share of limits beyond three values."""
    is_left = np.isneginf(seen.lower).any()
    sign, censored = (-1.0 if is_left else 1.0), seen.lower != seen.upper
    limits = kaplan_meier(lk.observe(sign * seen.values, event=censored))
    at = np.searchsorted(limits.at, sign * np.array([0.0, 0.5, 1.0]), side="right") - 1
    return [float(np.mean(~censored)), *limits.beyond[at]]


def test_windows_and_bins_and_rounding_stay() -> None:
    seen = lk.observe([3.0, 4.5, 9.0], entry=2.0, exit=[5.0, 6.0, 10.0])
    made = drawn(seen, lk.Gamma(2.0, 3.0), 300)
    assert (made.values > 2.0).all()
    assert (made.values.reshape(-1, 3) <= [5.0, 6.0, 10.0]).all()
    inside = made.values.reshape(-1, 3)[:, 0]
    g = stats.gamma(2.0, scale=3.0)
    low, high = g.cdf(2.0), g.cdf(5.0)
    assert stats.kstest(inside, lambda x: (g.cdf(x) - low) / (high - low)).pvalue > 0.01

    bins = lk.observe(edges=[0, 1, 2, 5, np.inf], counts=[10, 12, 6, 2])
    made = drawn(bins, lk.Gamma(2.0, 1.0), 400)
    assert len(made) == 30 * 400
    share = np.mean(made.upper == np.inf)
    assert share == pytest.approx(stats.gamma(2.0).sf(5.0), abs=0.006)
    assert set(np.unique(made.upper)) == {1.0, 2.0, 5.0, np.inf}

    rounded = lk.Observations.of([1.1, 1.4, 2.0], rounding=0.1)
    made = drawn(rounded, lk.Normal(1.5, 0.4), 100)
    np.testing.assert_allclose(made.upper - made.lower, 0.1)
    np.testing.assert_allclose(made.values * 10, np.round(made.values * 10), atol=1e-9)


def test_far_windows_keep_their_digits() -> None:
    """Beyond 12 standard deviations the excess is exponential to within a percent."""
    u = (np.arange(2000) + 0.5) / 2000
    x = within(lk.Normal(0.0, 1.0), np.full(2000, 12.0), np.full(2000, np.inf), u)
    expected = np.array([stats.norm.logsf(value) - stats.norm.logsf(12.0) for value in x])
    np.testing.assert_allclose(expected, np.log1p(-u), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("seen", "match"),
    [
        (lk.observe([1.0, 2.0], sampling_weights=[3.0, 4.0]), "sampling weights"),
        (lk.observe([1.0, 2.0], weights=[1.5, 2.0]), "no whole numbers"),
        (lk.observe(lower=[0.0, 0.5, 1.0], upper=[2.0, 1.5, 3.0]), "bounds of their own"),
    ],
)
def test_what_cannot_be_drawn_is_said(seen: lk.Observations, match: str) -> None:
    with pytest.raises(DataError, match=match):
        Redraw.of(seen, "A test")
