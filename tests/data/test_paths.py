"""The path of a file stands where a data frame may: every word does what it does there."""

import gzip

import numpy as np
import pandas as pd
import pytest

import likeliest as lk
from likeliest.errors import DataError, FamilyError, ReadError

FRAME = pd.DataFrame({
    "time": [31.5, 55.0, 90.25, 100.0, 100.0, 70.0, 12.5, 64.0],
    "failed": [1, 1, 1, 0, 0, 1, 1, 1],
    "joined": [0.5, 5.0, 10.0, np.nan, 1.0, 2.0, 3.0, 1.5],
    "n": [1, 2, 1, 1, 3, 1, 1, 2],
    "low": [30.0, 50.0, 90.0, 100.0, 100.0, np.nan, 10.0, 60.0],
    "high": [40.0, 60.0, 100.0, np.nan, np.nan, 80.0, 20.0, 70.0],
    "site": ["a", "b", "a", "b", "a", "b", "a", "b"],
})  # fmt: skip
NAMED = {"column": "time", "event": "failed", "entry": "joined", "weights": "n"}


@pytest.fixture(params=["csv", "parquet", "gz"])
def path(request, tmp_path):
    made = tmp_path / f"data.{request.param}"
    if request.param == "parquet":
        FRAME.to_parquet(made)
    elif request.param == "csv":
        FRAME.to_csv(made, index=False)
    else:
        made.write_bytes(gzip.compress(FRAME.to_csv(index=False).encode()))
    return made


@pytest.mark.parametrize("as_given", [str, lambda path: path], ids=["str", "Path"])
@pytest.mark.parametrize(
    "words",
    [
        {"column": "time"},
        NAMED,
        NAMED | {"entry": 5.0},
        {"column": "time", "entry": "joined", "exit": 400},
        NAMED | {"event": FRAME.failed.to_numpy()},
        {"lower": "low", "upper": "high", "weights": "n"},
        {"column": "time", "sampling_weights": "n"},
        {"column": "time", "rounding": 0.5},
    ],
)
def test_a_file_is_fitted_as_its_frame(path, as_given, words):
    words = {**words, "missing": "drop"}
    ours, theirs = (lk.fit(data, "exponential", **words) for data in (as_given(path), FRAME))
    for name, value in theirs.parameters.items():
        np.testing.assert_array_equal(ours.parameters[name], value)
    assert ours.description == theirs.description
    one, other = (lk.compare(data, ["exponential", "gamma"], **words).to_frame()
                  for data in (as_given(path), FRAME))  # fmt: skip
    assert one.equals(other)


@pytest.mark.parametrize(
    "words",
    [
        NAMED | {"by": "site"},
        NAMED | {"by": ["site", "failed"]},
        {"lower": "low", "upper": "high", "by": "site"},
    ],
)
def test_groups_of_a_file_are_those_of_its_frame(path, words):
    ours, theirs = (lk.fit(data, "exponential", **words) for data in (path, FRAME))
    assert list(ours) == list(theirs)
    np.testing.assert_array_equal(ours.parameters["rate"], theirs.parameters["rate"])


def test_a_file_is_observed_as_its_frame(path):
    ours = lk.observe(path, **NAMED)
    theirs = lk.observe(FRAME, **NAMED)
    for column in ("values", "lower", "upper", "entry", "weights"):
        np.testing.assert_array_equal(getattr(ours, column), getattr(theirs, column))
    assert ours.description == theirs.description


def test_all_columns_of_a_file_are_compared(path):
    ours = lk.compare(str(path), ["normal", "logistic"], missing="drop")
    theirs = lk.compare(FRAME, ["normal", "logistic"], missing="drop")
    assert list(ours) == list(theirs)
    assert ours.to_frame().equals(theirs.to_frame())
    by_site = lk.compare(path, ["normal", "logistic"], column="time", by="site")
    assert by_site.best == lk.compare(FRAME, ["normal", "logistic"], column="time", by="site").best


def test_counts_of_a_file_go_to_their_bins(tmp_path):
    counts = pd.DataFrame({"bin": ["(2, 4]", "(0, 1]", "(1, 2]"], "n": [2, 1, 3]})
    counts.to_csv(tmp_path / "bins.csv", index=False)
    seen = lk.observe(tmp_path / "bins.csv", edges=[0, 1, 2, 4], counts="n")
    assert seen.weights.tolist() == [1.0, 3.0, 2.0]


def test_a_bundled_data_set_goes_by_its_name():
    fit = lk.fit("old_faithful", "normal", column="waiting")
    assert fit.parameters == lk.fit(lk.read("old_faithful", "waiting"), "normal").parameters
    assert fit.description.column == "waiting"


def test_what_a_file_lacks_is_said(path, tmp_path):
    for call, said in (
        (lambda: lk.fit(path, "weibull"), "columns of numbers"),
        (lambda: lk.fit(path, "weibull", column="tme"), "Did you mean 'time'"),
        (lambda: lk.fit(path, "weibull", column="time", by="town"), "no column 'town'"),
        (lambda: lk.observe(tmp_path, column="time"), "is a folder"),
        (lambda: lk.compare(tmp_path / "no.csv"), "There is no file"),
    ):
        with pytest.raises(ReadError, match=said):
            call()
    with pytest.raises(FamilyError, match="A family is needed"):
        lk.fit(path)
    with pytest.raises(FamilyError, match="A family is needed"):
        lk.fit(str(path))
    with pytest.raises(DataError, match="axis"):
        lk.fit(str(path), "normal", axis=0)


def test_a_saved_fit_is_no_data(tmp_path):
    saved = tmp_path / "fit.json"
    lk.fit([1.0, 2.0, 4.0], "gamma").save(saved)
    for call in (lk.observe, lk.compare, lambda path: lk.fit(path, "normal")):
        with pytest.raises(ReadError, match=r"is a saved fit, not data.*lk\.Fit\.load"):
            call(saved)


def test_groups_of_an_array_of_fields():
    fields = FRAME.to_records(index=False)
    fits = lk.fit(np.asarray(fields), "exponential", column="time", by="failed")
    assert fits.n.tolist() == [2.0, 6.0]
