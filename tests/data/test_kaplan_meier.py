"""Kaplan and Meier's estimate against printed tables, by hand, and by brute force."""

import json
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk
from likeliest.data.kaplan_meier import kaplan_meier, serves
from likeliest.errors import DataError

DATA = Path(__file__).parents[1] / "published" / "data"

# R's survival, summary(survfit(Surv(time, status) ~ x, aml)): time, at risk, events, share, error.
MAINTAINED = """
 9 11 1 0.909 0.0867
13 10 1 0.818 0.1163
18  8 1 0.716 0.1397
23  7 1 0.614 0.1526
31  5 1 0.491 0.1642
34  4 1 0.368 0.1627
48  2 1 0.184 0.1535
"""
NOT_MAINTAINED = """
 5 12 2 0.8333 0.1076
 8 10 2 0.6667 0.1361
12  8 1 0.5833 0.1423
23  6 1 0.4861 0.1481
27  5 1 0.3889 0.1470
30  4 1 0.2917 0.1387
33  3 1 0.1944 0.1219
43  2 1 0.0972 0.0919
45  1 1 0.0000 NaN
"""


def columns(name):
    data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return {
        word: np.array(data[word], dtype=float)
        for word in ("time", "event", "entry")
        if word in data
    }


@pytest.mark.parametrize(
    ("rows", "printed", "digits"),
    [(slice(0, 11), MAINTAINED, 3), (slice(11, 23), NOT_MAINTAINED, 4)],
)
def test_leukaemia_as_printed(rows, printed, digits):
    data = columns("leukaemia")
    curve = kaplan_meier(lk.observe(data["time"][rows], event=data["event"][rows]))
    table = np.array([line.split() for line in printed.strip().splitlines()], dtype=float)
    assert curve.at.tolist() == table[:, 0].tolist()
    assert curve.at_risk.tolist() == table[:, 1].tolist()
    assert curve.events.tolist() == table[:, 2].tolist()
    assert curve.beyond.tolist() == pytest.approx(table[:, 3], abs=0.5001 * 10.0**-digits)
    assert curve.errors.tolist() == pytest.approx(table[:, 4], abs=0.5001e-4, nan_ok=True)


def test_lung_as_printed():
    """R's survival: 228 patients, 165 deaths, median 310 days."""
    data = columns("lung")
    curve = kaplan_meier(lk.observe(data["time"], event=data["event"]))
    assert (curve.n, curve.events.sum(), curve.quantile(0.5)) == (228, 165, 310.0)
    assert curve.suspended.size == 63


def test_entries_by_hand():
    """At risk at t are those with entry < t ≤ time: 2 at 3, 3 at 4, 1 at 6."""
    time, event = [2.0, 3.0, 4.0, 4.0, 6.0, 7.0], [0, 1, 1, 0, 1, 0]
    entry = [0.0, 0.0, 1.0, 3.0, 3.5, 6.0]
    curve = kaplan_meier(lk.observe(time, event=event, entry=entry))
    assert curve.at.tolist() == [3.0, 4.0, 6.0]
    assert curve.at_risk.tolist() == [2.0, 3.0, 1.0]
    assert curve.beyond.tolist() == pytest.approx([1 / 2, 1 / 2 * 2 / 3, 0.0])
    assert curve.entry == 0.0


def test_where_nobody_is_left_for_a_while_the_estimate_begins_anew():
    """Of the men of Channing House one of the first two died, and then the other."""
    data = columns("channing_men")
    curve = kaplan_meier(lk.observe(data["time"], event=data["event"], entry=data["entry"]))
    last = data["time"][(data["entry"] < curve.at[0])]
    assert curve.entry == 781.0
    assert (curve.at > 781.0).all()
    assert curve.at_risk[0] == np.sum(last >= curve.at[0])
    assert (curve.beyond[:-1] > 0.0).all()


def test_by_brute_force():
    rng = np.random.default_rng(5)
    time, entry = np.round(rng.gamma(3.0, 2.0, 300), 1), np.round(rng.uniform(0.0, 4.0, 300), 1)
    kept = time > entry
    time, entry = time[kept], entry[kept]
    event, weight = rng.random(time.size) < 0.7, rng.integers(1, 4, time.size)
    curve = kaplan_meier(lk.observe(time, event=event, entry=entry, weights=weight))
    share = 1.0
    for at, beyond in zip(curve.at, curve.beyond, strict=True):
        risk = np.sum(weight[(entry < at) & (time >= at)])
        share *= 1.0 - np.sum(weight[event & (time == at)]) / risk
        assert beyond == pytest.approx(share, rel=1e-12)


def test_plain_values_give_their_own_distribution():
    x = np.array([3.0, 1.0, 2.0, 2.0])
    for seen in (lk.observe(x), lk.Observations.of(x, rounding=1.0)):
        assert kaplan_meier(seen).beyond.tolist() == pytest.approx([3 / 4, 1 / 4, 0.0])


def test_left_censored_values_are_right_censored_in_the_mirror():
    rng = np.random.default_rng(6)
    x, limit = rng.normal(5.0, 2.0, 100), rng.uniform(1.0, 6.0, 100)
    last, seen = np.maximum(x, limit), x >= limit
    mirrored = kaplan_meier(lk.observe(lower=np.where(seen, last, np.nan), upper=last))
    plain = kaplan_meier(lk.observe(-last, event=seen))
    assert mirrored.is_mirrored
    assert mirrored.beyond.tolist() == pytest.approx(plain.beyond.tolist(), rel=1e-12)
    kept = x <= limit
    exits = kaplan_meier(lk.observe(x[kept], exit=limit[kept]))
    entries = kaplan_meier(lk.observe(-x[kept], entry=-limit[kept]))
    assert exits.beyond.tolist() == pytest.approx(entries.beyond.tolist(), rel=1e-12)


def test_what_it_does_not_serve():
    for seen in (
        lk.observe(lower=[1.0, 2.0], upper=[2.0, 3.0]),
        lk.observe(lower=[np.nan, 2.0], upper=[2.0, np.nan]),
        lk.observe([2.0, 3.0], entry=[0.0, 1.0], exit=[4.0, 5.0]),
    ):
        assert not serves(seen)
        with pytest.raises(DataError, match="one side"):
            kaplan_meier(seen)
