"""Turnbull's estimate: published values, the conditions of a maximum, and where it is another's."""

import numpy as np
import pytest
from scipy.optimize import minimize

import likeliest as lk
from likeliest.data.kaplan_meier import kaplan_meier
from likeliest.data.turnbull import turnbull
from likeliest.errors import DataError

INF = np.inf
# Months to cosmetic deterioration of 46 breasts under radiotherapy alone, (last seen well, first
# seen otherwise]: Finkelstein & Wolfe (1985), Biometrics 41, 933-945.
COSMESIS = [
    (45, INF), (6, 10), (0, 7), (46, INF), (46, INF), (7, 16), (17, INF), (7, 14), (37, 44), (0, 8),
    (4, 11), (15, INF), (11, 15), (22, INF), (46, INF), (46, INF), (25, 37), (46, INF), (26, 40),
    (46, INF), (27, 34), (36, 44), (46, INF), (36, 48), (37, INF), (40, INF), (17, 25), (46, INF),
    (11, 18), (38, INF), (5, 12), (37, INF), (0, 5), (18, INF), (24, INF), (36, INF), (5, 11),
    (19, 35), (17, 25), (24, INF), (32, INF), (33, INF), (19, 26), (37, INF), (34, INF), (36, INF),
]  # fmt: skip
# As Fay & Shaw (2010), Journal of Statistical Software 36(2), print it.
PUBLISHED = {
    (4, 5): 0.0463, (6, 7): 0.0334, (7, 8): 0.0887, (11, 12): 0.0708, (24, 25): 0.0926,
    (33, 34): 0.0818, (38, 40): 0.1209, (46, 48): 0.4656,
}  # fmt: skip


def between(pairs):
    low, high = np.array(pairs, dtype=np.float64).T
    return lk.Observations.between(low, high)


def probabilities(curve, low, high):
    """Return the probability of each row: of the intervals that lie within it, low < X ≤ high."""
    within = (curve.low >= low[:, None]) & (curve.high <= high[:, None])
    return within @ curve.share, within


def inspections(n, seed=0):
    """Lives that are looked at when somebody comes by."""
    rng = np.random.default_rng(seed)
    x, first = 10.0 * rng.weibull(1.5, n), np.round(rng.uniform(0.0, 12.0, n), 1)
    second = first + np.round(rng.uniform(0.5, 4.0, n), 1)
    low = np.where(x <= first, 0.0, np.where(x <= second, first, second))
    return low, np.where(x <= first, first, np.where(x <= second, second, INF))


def test_it_is_the_published_one():
    curve = turnbull(between(COSMESIS))
    found = dict(zip(zip(curve.low, curve.high, strict=True), curve.share, strict=True))
    assert found.keys() == PUBLISHED.keys()
    assert found == {ends: pytest.approx(share, abs=5e-5) for ends, share in PUBLISHED.items()}
    assert curve.before()[0] == 1.0
    assert curve.beyond[-1] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("n", [20, 300, 5_000])
def test_it_fulfils_the_conditions_of_a_maximum(n):
    """At every candidate interval the sum of 1/P(row) is n at the most: n where it holds some.

    The candidates are found the slow way: between a lower bound and the next bound, an upper one.
    """
    low, high = inspections(n)
    curve = turnbull(between(np.stack([low, high], axis=1)))
    p, within = probabilities(curve, low, high)
    assert np.sum(np.log(p)) == pytest.approx(curve.log_likelihood, rel=1e-12)
    assert curve.share.sum() == pytest.approx(1.0, abs=1e-9)
    assert (1.0 / p) @ within == pytest.approx(np.full(curve.share.size, float(n)), rel=1e-3)
    for start in np.unique(low):
        end = np.min(high[high > start])
        slope = np.sum(1.0 / p[(low <= start) & (high >= end)])
        assert slope <= n + 1e-7
    assert curve.gap <= 1e-8


def test_no_other_shares_are_likelier():
    low, high = inspections(12, seed=3)
    curve = turnbull(between(np.stack([low, high], axis=1)))
    starts = np.unique(low)
    ends = np.array([np.min(high[high > start]) for start in starts])
    holds = (starts >= low[:, None]) & (ends <= high[:, None])

    def loss(free):
        share = np.exp(free - free.max())
        return -np.sum(np.log(holds @ (share / share.sum())))

    best = min(minimize(loss, np.zeros(starts.size) + seed).fun for seed in range(2))
    assert curve.log_likelihood >= -best - 1e-7
    assert curve.log_likelihood == pytest.approx(-best, abs=1e-3)


def test_of_right_censored_values_it_is_kaplan_and_meiers():
    """Gehan (1965), with ties of a relapse and a suspension at 6 and at 10 weeks."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    event = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    seen = lk.observe(weeks, event=event)
    ours, theirs = turnbull(seen), kaplan_meier(seen)
    assert ours.low.tolist() == [*theirs.at, 35.0]
    assert ours.high.tolist() == [*theirs.at, INF]
    np.testing.assert_allclose(ours.beyond[:-1], theirs.beyond, atol=1e-6)


def test_exact_values_have_the_share_that_they_are():
    curve = turnbull(lk.observe([3.0, 1.0, 3.0, 7.0]))
    assert (curve.low.tolist(), curve.high.tolist()) == ([1.0, 3.0, 7.0], [1.0, 3.0, 7.0])
    assert curve.share == pytest.approx([0.25, 0.5, 0.25], abs=1e-9)
    assert curve.log_likelihood == pytest.approx(2 * np.log(0.5) + 2 * np.log(0.25), rel=1e-9)


def test_weights_are_repetitions():
    low, high = inspections(60, seed=2)
    times = np.arange(60) % 4
    one = turnbull(lk.Observations.between(low[times > 0], high[times > 0],
                                           weights=times[times > 0].astype(float)))  # fmt: skip
    other = turnbull(lk.Observations.between(np.repeat(low, times), np.repeat(high, times)))
    assert one.n == other.n == times.sum()
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-7)
    np.testing.assert_allclose(one.share, other.share, atol=1e-4)


def test_a_lower_bound_that_is_included_meets_an_upper_one():
    """[1, 2] and [2, 3] have the point 2 in common; (1, 2] and (2, 3] nothing."""
    closed = turnbull(lk.observe(lower=[1.0, 2.0], upper=[2.0, 3.0]))
    assert (closed.low.tolist(), closed.high.tolist()) == ([2.0], [2.0])
    assert closed.log_likelihood == pytest.approx(0.0, abs=1e-12)
    open_ = turnbull(between([(1.0, 2.0), (2.0, 3.0)]))
    assert open_.share == pytest.approx([0.5, 0.5])


def test_values_seen_within_windows_are_refused():
    with pytest.raises(DataError, match="these have an entry or an exit"):
        turnbull(lk.observe([3.0, 4.0], entry=1.0))
