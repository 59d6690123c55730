"""Many columns: each compared by itself, and what is not compared is named."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import likeliest as lk
from likeliest.errors import DataError

N = 60
RNG = np.random.default_rng(4)
WIDTH, COUNT = RNG.gamma(2.0, 3.0, N), RNG.poisson(4.0, N)
HUMPS = np.concatenate([RNG.normal(0.0, 1.0, N // 2), RNG.normal(30.0, 1.0, N // 2)])
GAPS = np.where(np.arange(N) % 20 == 3, np.nan, RNG.normal(5.0, 1.0, N))
TABLE = {
    "id": list(range(1, N + 1)),
    "row": list(range(N)),
    "site": [f"s{i % 7}" for i in range(N)],
    "flag": [i % 2 == 0 for i in range(N)],
    "width": WIDTH.tolist(),
    "count": COUNT.tolist(),
    "humps": HUMPS.tolist(),
    "gaps": [None if np.isnan(v) else float(v) for v in GAPS],
}
FAMILIES = ["normal", "gamma", "poisson", "negative binomial"]


def structured(table):
    kinds = {"id": "i8", "row": "i8", "site": "U3", "flag": "?", "count": "i8"}
    rows = [*zip(*table.values(), strict=True)]
    return np.array(
        [tuple(np.nan if c is None else c for c in row) for row in rows],
        dtype=[(name, kinds.get(name, "f8")) for name in table],
    )


MAKERS = {
    "dict": dict,
    "polars": pl.DataFrame,
    "lazy": lambda t: pl.DataFrame(t).lazy(),
    "pandas": pd.DataFrame,
    "arrow": pa.table,
    "structured": structured,
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_every_kind_of_frame(make):
    columns = lk.compare(make(TABLE), FAMILIES, missing="drop")
    assert isinstance(columns, lk.ColumnComparison)
    assert list(columns) == ["width", "count", "humps", "gaps"]
    assert columns.left_out == {
        "id": "counts the rows", "row": "counts the rows",
        "site": "not numeric", "flag": "not numeric",
    }  # fmt: skip
    for name, values in (("width", WIDTH), ("count", COUNT), ("gaps", GAPS[~np.isnan(GAPS)])):
        alone = lk.compare(values, FAMILIES)
        assert [f.family for f in columns[name]] == [f.family for f in alone]
        for ours, theirs in zip(columns[name], alone, strict=True):
            assert ours.log_likelihood == theirs.log_likelihood
    assert columns.missing == {"width": 0, "count": 0, "humps": 0, "gaps": 3}


def test_a_gap_is_told_and_stops_no_other_column():
    columns = lk.compare(TABLE, FAMILIES)
    assert list(columns) == ["width", "count", "humps"]
    assert "3 of 60 cells are missing" in columns.not_fitted["gaps"]
    assert "row 3" in columns.not_fitted["gaps"]
    with pytest.raises(KeyError, match="missing"):
        columns["gaps"]
    with pytest.raises(KeyError, match="counts the rows"):
        columns["id"]
    with pytest.raises(KeyError, match="no such column"):
        columns["nope"]
    shown = repr(columns)
    for part in ("4 columns", "–  not fitted", "left out: id, row: counts the rows",
                 "left out: site, flag: not numeric", "likeliest: humps"):  # fmt: skip
        assert part in shown


def test_a_column_that_no_family_holds_stops_no_other():
    columns = lk.compare({"a": [1.5, -2.0, 3.0], "b": [1.5, 2.0, 3.0]}, ["gamma", "weibull"])
    assert list(columns) == ["b"]
    assert "row 1, -2" in columns.not_fitted["a"]


def test_cells_that_were_meant_as_numbers_are_told():
    table = {"conc": ["<5", "7.5", "9", "8"], "size": ["12 mm", "3", "4", "5"], "x": [1.0, 2, 3, 5],
             "name": ["x1", "x2", "x3", "x4"]}  # fmt: skip
    columns = lk.compare(table, ["normal"])
    assert list(columns) == ["x"]
    assert "'<5'" in columns.not_fitted["conc"]
    assert "limits=True" in columns.not_fitted["conc"]
    assert "'12 mm'" in columns.not_fitted["size"]
    assert columns.left_out == {"name": "not numeric"}


def test_text_with_decimal_commas_is_numbers_as_lk_read_has_it():
    columns = lk.compare({"x": ["1,5", "2,25", "4"], "day": ["Mon", "Tue", "Wed"]}, ["normal"])
    assert columns["x"].best.parameters["mean"] == pytest.approx(7.75 / 3)


def test_one_column_that_repeats_is_said():
    shown = repr(lk.compare({"c": [2.5] * 9, "d": [1.0, 2.5, 3.0] * 3}, ["gamma", "exponential"]))
    assert "the same value in every row: c" in shown


def test_names_that_stand_twice_are_told():
    frame = pd.DataFrame([[1.0, 2.0, 3.0], [2.0, 3.5, 1.0], [1.5, 2.0, 2.0]], columns=[*"aab"])
    columns = lk.compare(frame, ["normal"])
    assert list(columns) == ["b"]
    assert "rename" in columns.not_fitted["a"]
    assert len(columns.to_frame()) == 2


def test_the_frame_has_a_row_for_each_column_in_order():
    frame = lk.compare(TABLE, FAMILIES).to_frame()
    assert frame["column"].to_list() == ["width", "count", "humps", "gaps"]
    assert frame["family"].to_list()[-1] is None
    assert "missing" in frame["not_fitted"].to_list()[-1]
    assert frame["misfit"].is_not_null().to_list() == [False, False, True, False]
    alone = lk.compare(WIDTH, FAMILIES)
    assert frame["weight"][0] == alone.weights[0]
    assert frame["runner_up"][0] == alone.fits[1].family
    assert frame["delta"][0] == alone.deltas[1]
    assert lk.compare(TABLE, FAMILIES).to_frame("pandas").shape == frame.shape


def test_it_is_saved_as_json():
    columns = lk.compare(TABLE, FAMILIES)
    record = json.loads(json.dumps(columns.to_dict(), allow_nan=False))
    fit = lk.Fit.from_dict(record["columns"]["width"]["fits"][0])
    assert fit.parameters == columns["width"].best.parameters
    assert set(record["not_fitted"]) == {"gaps"}
    assert "<table" in columns.to_html()
    assert columns._repr_html_() == columns.to_html()


def test_progress_names_the_columns():
    done = []
    lk.compare(TABLE, ["normal"], progress=done.append)
    assert done == ["width", "count", "humps"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (np.ones((4, 3)), ["(4, 3)", "x[:, 0]", "lk.compare(dict(enumerate(x.T)))"]),
        (
            {"id": [1, 2, 3], "site": ["a", "b", "c"]},
            ["id: counts", "site: not numeric", "lk.read"],
        ),
        ({}, ["No column"]),
        (pl.DataFrame({"a": pl.Series([], dtype=pl.Float64)}), ["a: holds no values"]),
        ({"a": [1.0, 2.0], "b": [1.0]}, ["several lengths"]),
    ],
)
def test_what_cannot_be_compared_is_one_clear_error(data, said):
    with pytest.raises(DataError) as caught:
        lk.compare(data)
    for part in said:
        assert part in str(caught.value)


def test_the_way_out_of_an_array_of_several_columns_works():
    x = np.stack([WIDTH, HUMPS], axis=1)
    columns = lk.compare(dict(enumerate(x.T)), FAMILIES)
    assert list(columns) == ["0", "1"]
    assert columns["0"].best.log_likelihood == lk.compare(WIDTH, FAMILIES).best.log_likelihood


def test_a_word_that_names_a_column_makes_it_one_comparison():
    weighed = lk.compare(TABLE, FAMILIES, column="width", weights="count")
    assert isinstance(weighed, lk.Comparison)
    assert (
        weighed.best.log_likelihood
        == lk.compare(WIDTH, FAMILIES, weights=COUNT).best.log_likelihood
    )
    dropped = lk.compare(TABLE, FAMILIES, column="gaps", missing="drop")
    assert dropped.best.n == N - 3
    with pytest.raises(DataError, match="columns of numbers"):
        lk.compare(TABLE, weights="count")
