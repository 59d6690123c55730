"""Whole numbers of which some are censored: counts among themselves, or all by probabilities."""

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError

VALUES = np.array([3, 1, 4, 9, 9, 2, 6, 9])
EVENT = np.array([1, 1, 1, 0, 0, 1, 1, 0])
COUNTS = ["poisson", "geometric", "negative binomial"]


def poisson(rate):
    """The log likelihood by hand: 9 without an event is 10 or more."""
    seen = EVENT == 1
    masses = stats.poisson.logpmf(VALUES[seen], rate)
    return masses.sum() + np.sum(~seen) * stats.poisson.logsf(9, rate)


def gamma(shape, scale):
    """By hand, in cells of width 1."""
    law, seen = stats.gamma(shape, scale=scale), EVENT == 1
    cells = law.cdf(VALUES[seen] + 0.5) - law.cdf(VALUES[seen] - 0.5)
    return np.sum(np.log(cells)) + np.sum(~seen) * law.logsf(9.5)


def test_families_of_counts_are_ranked_among_themselves():
    compared = lk.compare(VALUES, COUNTS, event=EVENT)
    assert {one.family for one in compared.fits} <= {*COUNTS}
    assert len(compared) == 3
    fit = compared["poisson"]
    assert fit.log_likelihood == pytest.approx(poisson(fit.parameters["rate"]), rel=1e-12)
    grid = np.linspace(2.0, 12.0, 2001)
    assert fit.log_likelihood >= max(map(poisson, grid)) - 1e-9
    assert "counts" not in " ".join(compared.notes)
    assert lk.compare(VALUES, "counts", event=EVENT)["poisson"].parameters == fit.parameters


def test_beside_densities_they_are_left_out_and_the_table_says_so():
    compared = lk.compare(VALUES, ["poisson", "gamma"], event=EVENT)
    assert list(compared.left_out) == ["poisson"]
    assert "rounding=1 ranks all by probabilities" in " ".join(compared.notes)
    assert "without the families of counts" in " ".join(repr(compared).split())
    plain = lk.compare(VALUES + 0.25, ["poisson", "gamma"], event=EVENT)
    assert plain.notes == ()


def test_with_rounding_all_are_ranked_by_probabilities():
    compared = lk.compare(VALUES, ["poisson", "gamma"], event=EVENT, rounding=1)
    for name, by_hand in (("poisson", poisson), ("gamma", gamma)):
        fit = compared[name]
        assert fit.log_likelihood == pytest.approx(by_hand(*fit.parameters.values()), rel=1e-12)
    assert "more than 9 as more than 9.5" in " ".join(compared.notes)
    one = lk.fit(VALUES, "gamma", event=EVENT, rounding=1)
    assert one.parameters == compared["gamma"].parameters
    seen = lk.observe(VALUES, event=EVENT)
    again = lk.compare(seen, ["poisson", "gamma"], rounding=1)
    assert again.values == compared.values


def test_intervals_of_whole_numbers_hold_both_ends():
    low, high = [2.0, -np.inf, 5.0, 4.0], [4.0, 3.0, np.inf, 4.0]
    compared = lk.compare(None, ["poisson", "normal"], lower=low, upper=high, rounding=1, exit=9)
    rate = compared["poisson"].parameters["rate"]
    mass = stats.poisson(rate)
    cells = [mass.cdf(4) - mass.cdf(1), mass.cdf(3), mass.cdf(9) - mass.cdf(4), mass.pmf(4)]
    by_hand = np.sum(np.log(cells)) - 4.0 * mass.logcdf(9)
    assert compared["poisson"].log_likelihood == pytest.approx(by_hand, rel=1e-10)
    law = stats.norm(*compared["normal"].parameters.values())
    ends = [(1.5, 4.5), (-np.inf, 3.5), (4.5, 9.5), (3.5, 4.5)]
    cells = [law.cdf(b) - law.cdf(a) for a, b in ends]
    by_hand = np.sum(np.log(cells)) - 4.0 * law.logcdf(9.5)
    assert compared["normal"].log_likelihood == pytest.approx(by_hand, rel=1e-9)


def test_bins_closed_on_the_left_are_cells_too():
    """[0, 3) and [3, 6) hold 0 to 2 and 3 to 5."""
    seen = lk.observe(edges=[0, 3, 6, np.inf], counts=[4, 3, 2], closed="left").rounded(1.0)
    assert seen.lower.tolist() == [-0.5, 2.5, 5.5]
    assert seen.upper.tolist() == [2.5, 5.5, np.inf]


def test_each_group_is_ranked_as_it_would_be_alone():
    """Cells about the bounds themselves would take what is beyond 9 for a 9."""
    keys = np.array(["a"] * 8 + ["b"] * 8)
    x, event = np.concatenate([VALUES, VALUES + 1]), np.concatenate([EVENT, EVENT])
    for families, step in ((["poisson", "gamma"], 1), (COUNTS, None)):
        ranked = lk.compare(x, families, event=event, by=keys, rounding=step)
        for group, key in enumerate(ranked):
            some = keys == key
            alone = lk.compare(x[some], families, event=event[some], rounding=step)
            assert ranked.best[group] == alone.best.family
            assert ranked.values[group].min() == pytest.approx(alone.values[0], rel=1e-9)
    fits = lk.fit(x, "gamma", event=event, by=keys, rounding=1)
    alone = lk.fit(VALUES, "gamma", event=EVENT, rounding=1)
    assert fits.log_likelihood[0] == pytest.approx(alone.log_likelihood, rel=1e-10)


def test_groups_seen_within_windows_are_cells_as_well():
    x, keys = [1, 2, 3, 5, 2, 1, 1, 4], [0] * 4 + [1] * 4
    ranked = lk.compare(x, ["poisson", "gamma"], entry=0, by=keys)
    for group in range(2):
        alone = lk.compare(x[4 * group : 4 * group + 4], ["poisson", "gamma"], entry=0)
        assert ranked.values[group].min() == pytest.approx(alone.values[0], rel=1e-9)


@pytest.mark.parametrize("words", [{"event": EVENT}, {"entry": 0.5}])
def test_other_steps_are_refused_beside_bounds(words):
    for more in ({}, {"by": [0, 1] * 4}):
        for step in (0.5, 2.0):
            with pytest.raises(DataError, match="only whole numbers may, with rounding=1"):
                lk.fit(VALUES, "gamma", rounding=step, **words, **more)
        with pytest.raises(DataError, match="only whole numbers may, with rounding=1"):
            lk.fit(VALUES + 0.5, "gamma", rounding=1, **words, **more)
