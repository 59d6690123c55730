"""Rows of files that are censored, truncated or rounded: as in memory, in the words of observe."""

import numpy as np
import polars as pl
import pytest

import likeliest as lk
from likeliest.data import distributed
from likeliest.data.reading import batches
from likeliest.errors import DataError, ReadError

N = 4_000


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 700)
    monkeypatch.setattr(distributed, "_IN_MEMORY", 500)


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    x, limit = lk.Weibull(1.5, 8.0).sample(N, seed=1), rng.uniform(2.0, 20.0, N)
    entry = rng.uniform(0.0, 1.0, N) * np.minimum(x, limit)
    return pl.DataFrame(
        {
            "hours": np.minimum(x, limit),
            "failed": x <= limit,
            "low": np.floor(x),
            "high": np.where(x > 15.0, np.inf, np.floor(x) + 1.0),
            "entry": entry,
            "times": rng.integers(0, 4, N),
            "tenths": np.round(x, 1) + 0.1,
        }
    )


WORDS = {
    "censored": {"column": "hours", "event": "failed"},
    "weighted": {"column": "hours", "event": "failed", "weights": "times"},
    "late": {"column": "hours", "event": "failed", "entry": "entry", "exit": 40.0},
    "bounds": {"lower": "low", "upper": "high", "weights": "times"},
    "rounded": {"column": "tenths", "rounding": 0.1},
}


@pytest.mark.parametrize("law", ["weibull", "exponential", "gamma"])
@pytest.mark.parametrize("kind", WORDS)
def test_a_fit_of_a_file_is_that_of_its_rows(frame, tmp_path, law, kind):
    frame.write_parquet(tmp_path / "units.parquet")
    seen = lk.scan(tmp_path / "units.parquet", **WORDS[kind])
    held = lk.fit(frame, law, **WORDS[kind])
    found = lk.fit(seen, law)
    assert str(found.description) == str(held.description)
    assert found.log_likelihood == pytest.approx(held.log_likelihood, abs=1e-8)
    for name, error in held.standard_errors.items():
        assert abs(found.parameters[name] - held.parameters[name]) <= 1e-6 * error
        assert found.standard_errors[name] == pytest.approx(error, rel=1e-5)
    assert found.found.passes <= 6
    assert found.distribution.nll(seen) == pytest.approx(-held.log_likelihood, rel=1e-12)


def test_text_holds_the_same_and_families_are_ranked(frame, tmp_path):
    frame.with_columns(pl.col("failed").cast(int)).write_csv(tmp_path / "units.csv")
    seen = lk.scan(tmp_path / "units.csv", "hours", event="failed")
    ranked = lk.compare(seen, ["weibull", "gamma", "lognormal"])
    held = lk.compare(frame, ["weibull", "gamma", "lognormal"], column="hours", event="failed")
    assert [fit.family for fit in ranked.fits] == [fit.family for fit in held.fits]
    assert ranked.values == pytest.approx(held.values, rel=1e-9)


def test_rows_with_gaps_are_left_out_where_that_is_asked_for(frame):
    hours = frame["hours"].to_numpy().copy()
    hours[:1500] = np.nan  # whole batches of them
    holed = frame.with_columns(hours=hours)
    seen = lk.scan(holed.lazy(), "hours", event="failed", missing="drop")
    held = lk.fit(frame[1500:], "weibull", column="hours", event="failed")
    assert lk.fit(seen, "weibull").parameters == pytest.approx(held.parameters, rel=1e-6)
    assert seen.description.left_out == 1500
    gone = {name: np.where(np.arange(N) < 1500, np.nan, frame[name]) for name in ("low", "high")}
    open_ = frame.with_columns(**gone)
    seen = lk.scan(open_.lazy(), lower="low", upper="high", missing="drop")
    held = lk.fit(frame[1500:], "weibull", lower="low", upper="high")
    assert lk.fit(seen, "weibull").parameters == pytest.approx(held.parameters, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "words", "error", "match"),
    [
        ({}, {"column": "hours", "event": "fail"}, ReadError, "no column 'fail'"),
        ({}, {"column": "failed", "event": "failed"}, DataError, "true and false|booleans|number"),
        ({}, {"column": "hours", "lower": "low"}, DataError, "in place of them"),
        ({}, {"column": "hours", "event": "times"}, DataError, "of the rows from 0 on: .*event"),
        ({"hours": np.r_[np.ones(3999), np.nan]}, {"column": "hours", "event": "failed"}, DataError,
         "of the rows from 3,500 on: "),
        ({"entry": np.r_[np.zeros(3999), 99.0]}, {"column": "hours", "entry": "entry"}, DataError,
         "of the rows from 3,500 on: "),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_clear_error(frame, change, words, error, match):
    with pytest.raises(error, match=match):
        lk.scan(frame.with_columns(**change).lazy(), **words)


def test_what_needs_every_row_says_so(frame):
    seen = lk.scan(frame.lazy(), "hours", event="failed")
    with pytest.raises(DataError, match=r"batches of the frame: read it with lk\.observe"):
        lk.fit(seen, "weibull").distribution.nll(seen, reduction="none")
