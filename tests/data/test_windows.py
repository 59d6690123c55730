"""What a row tells, given that it was seen: the conditional likelihood, by its definition."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError

INF = np.inf


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"data": [5.0, 8.0], "event": [0, 1], "entry": 7.0},
         "1 of 2 rows tells nothing (first: row 0, known to lie above 5): with its entry it could "
         "be seen only above 7"),
        ({"data": [7.0, 8.0], "event": [0, 1], "entry": 7.0}, "known to lie above 7"),
        ({"data": [5.0, 5.0, 8.0], "event": [0, 0, 1], "entry": [6.0, 6.0, 0.0]},
         "2 of 3 rows tell nothing"),
        ({"lower": [1.0], "upper": [9.0], "entry": 2.0, "exit": 8.0},
         "known to lie above 1 and up to 9): with its entry and exit it could be seen only above "
         "2 and up to 8"),
        ({"lower": [np.nan], "upper": [9.0], "exit": 9.0}, "known to lie up to 9"),
        ({"data": [4.0, 7.0], "entry": 7.0},
         "2 of 2 rows lie at or below the entry (first: row 0, 4 with entry 7)"),
        ({"data": [9.0, 7.0], "entry": 7.0}, "1 of 2 rows lies at or below the entry"),
        ({"data": [9.0, 7.0], "exit": [8.0, 7.0]},
         "1 of 2 rows lies beyond the exit (first: row 0, 9 with exit 8)"),
        ({"data": [7.0], "event": [0], "exit": 7.0}, "row 0, 7 with exit 7"),
        ({"data": [5.0, 6.0], "entry": 5.0, "exit": 3.0},
         "2 of 2 rows have an empty window (first: row 0, entry 5 and exit 3)"),
        ({"data": [5.0, 6.0], "entry": [1.0, 7.0], "exit": [9.0, 7.0]},
         "1 of 2 rows has an empty window (first: row 1, entry 7 and exit 7)"),
        ({"lower": [3.0], "upper": [2.0]}, "1 of 1 rows holds no value"),
        ({"data": [1234567.25, 2e6], "entry": 1234567.5}, "1234567.25 with entry 1234567.5"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_or_tell_nothing(words, said):
    with pytest.raises(DataError) as caught:
        lk.observe(**words)
    assert said in str(caught.value)


def test_the_row_is_the_users_own():
    frame = {"t": [None, 9.0, 5.0], "d": [1, 1, 0], "in": [0.0, 0.0, 6.0]}
    with pytest.raises(DataError, match=r"tells nothing .first: row 2"):
        lk.observe(frame, column="t", event="d", entry="in", missing="drop")


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ({"lower": [1.0], "upper": [4.0], "entry": 2.0}, (2.0, 4.0, 2.0, INF)),
        ({"lower": [-INF], "upper": [4.0], "entry": 2.0}, (2.0, 4.0, 2.0, INF)),
        ({"lower": [3.0], "upper": [9.0], "exit": 5.0}, (3.0, 5.0, 0.0, 5.0)),
        ({"data": [3.0], "event": [0], "entry": 1.0, "exit": 5.0}, (3.0, 5.0, 1.0, 5.0)),
        ({"lower": [1.0], "upper": [4.0], "entry": 2.0, "exit": 6.0}, (2.0, 4.0, 2.0, 6.0)),
    ],
)
def test_bounds_that_reach_beyond_the_window_are_cut_there(words, known):
    """P(a < X ≤ b | entry < X ≤ exit) of an exponential, by hand."""
    low, high, entry, exit_ = known
    member = lk.Exponential(0.3)
    sf = lambda x: np.exp(-0.3 * x)  # noqa: E731
    expected = np.log((sf(low) - sf(high)) / (sf(entry) - sf(exit_)))
    assert member.log_likelihood(lk.observe(**words)) == pytest.approx(expected, rel=1e-12)


def test_a_value_at_its_exit_was_seen():
    assert lk.observe([7.0, 3.0], exit=7.0).n == 2.0


def test_whole_numbers_at_the_ends_of_a_window():
    """Of counts, lower=3 says 3 or more: beyond an entry of 3 that tells nothing, of 2 neither."""
    seen = lk.observe(lower=[4.0], upper=[6.0], entry=3.0, exit=6.0)
    assert lk.Poisson(4.0).log_likelihood(seen) == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(DataError, match="tells nothing"):
        lk.observe(lower=[3.0], upper=[INF], entry=3.0)


@pytest.mark.parametrize("name", ["exponential", "gamma", "normal", "poisson", "uniform"])
def test_one_entry_for_all_goes_with_exits_by_row(name):
    x, ends = np.array([5.0, 8, 9, 4, 6, 12]), np.array([20.0, 30, 15, 20, 20, 40])
    for one, rows in (
        ({"entry": 1.0, "exit": ends}, {"entry": np.ones(6), "exit": ends}),
        ({"entry": ends / 15, "exit": 40}, {"entry": ends / 15, "exit": np.full(6, 40.0)}),
    ):
        fit, same = lk.fit(x, name, **one), lk.fit(x, name, **rows)
        assert fit.parameters == same.parameters
        law = fit.distribution
        first, last = (np.broadcast_to(one[end], 6) for end in ("entry", "exit"))
        seen = np.log(law.cdf(last) - law.cdf(first))
        by_hand = np.sum(law.log_prob(x) - seen)
        assert fit.log_likelihood == pytest.approx(by_hand, rel=1e-9)
        assert law.nll(lk.observe(x, **one)) == pytest.approx(-by_hand, rel=1e-9)
    shown = str(lk.observe(x, entry=1.0, exit=ends).description)
    assert shown == "6 values; seen only above 1 and up to a limit of its own"
