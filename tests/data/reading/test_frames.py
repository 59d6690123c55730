"""Data frames and columns in memory, of every library that people have them in."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import likeliest as lk
from likeliest.errors import ReadError

X = [1.5, 2.5, 4.0]
COLUMNS = {"k": ["a", "b", "c"], "x": X}
RECORDS = [{"k": k, "x": x} for k, x in zip("abc", X, strict=True)]
FIELDS = np.array([("a", 1.5), ("b", 2.5), ("c", 4.0)], dtype=[("k", "U1"), ("x", "f8")])
FRAMES = [
    pd.DataFrame(COLUMNS),
    pl.DataFrame(COLUMNS),
    pl.LazyFrame(COLUMNS),
    pa.table(COLUMNS),
    pa.RecordBatch.from_pydict(COLUMNS),
    COLUMNS,
    {"k": np.array(["a", "b", "c"]), "x": pd.Series(X)},
    RECORDS,
    FIELDS,
]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda f: type(f).__module__ + type(f).__name__)
@pytest.mark.parametrize("column", ["x", None])
def test_a_frame_with_the_name_of_a_column(frame, column):
    found = lk.read(frame, column)
    assert found.name == "x"
    assert np.asarray(found).tolist() == X
    with pytest.raises(ReadError, match=r"no column 'y'.*It has k, x"):
        lk.read(frame, "y")


@pytest.mark.parametrize(
    "dtype",
    ["int8", "int64", "uint16", "float32", "Int64", "Float64", "UInt8", "int64[pyarrow]",
     "double[pyarrow]", "object", "string", "category"],
)  # fmt: skip
def test_every_type_of_pandas(dtype):
    frame = pd.DataFrame({"x": pd.Series([1, 2, 4]).astype(dtype)})
    assert np.asarray(lk.read(frame, "x")).tolist() == [1, 2, 4]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_missing_cells_of_pandas(missing):
    frame = pd.DataFrame({"x": pd.Series([1, missing, 4], dtype=object)})
    with pytest.raises(ReadError, match="1 of 3 cells is missing"):
        lk.read(frame)
    column = lk.read(frame, missing="drop")
    assert np.asarray(column).tolist() == [1, 4]
    assert column.rows.tolist() == [0, 2]
    assert column.left_out == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pd.DataFrame({"t": pd.date_range("2020", periods=3, tz="UTC")}), "dates"),
        (pd.DataFrame({"t": pd.to_timedelta([1, 2], unit="s")}), "dates"),
        (pl.DataFrame({"a": X, "b": X}), "2 columns of numbers: a, b"),
        ({"a": X, "b": [1.0]}, "several lengths"),
        ({"a": np.ones((2, 2))}, "shape"),
        (3.0, "float is no column"),
        (pl.DataFrame(), "no columns"),
        ([1.0, 2.0 + 1j], "not a number"),
        ([10**30, 1], "2^53"),
    ],
)
def test_what_is_no_column(data, said):
    with pytest.raises(ReadError) as caught:
        lk.read(data)
    assert said in str(caught.value)


def test_one_column_alone():
    assert lk.read(pd.Series(X, name="x")).name == "x"
    assert lk.read(pl.Series("x", X)).name == "x"
    assert lk.read(X).name == ""
    with pytest.raises(ReadError, match="none called 'y'"):
        lk.read(pl.Series("x", X), "y")


def test_a_column_is_fitted_as_it_stands():
    column = lk.read({"x": ["1,5", "2,5", "4"]})
    assert lk.fit(column, "normal").parameters == lk.fit(X, "normal").parameters
    assert repr(column) == "<column 'x': 3 values>"
    assert len(column) == 3


def test_options_are_checked():
    with pytest.raises(ReadError, match="missing must be 'raise' or 'drop'"):
        lk.read(X, missing="nan")
    with pytest.raises(ReadError, match=r"decimal must be '\.' or ','"):
        lk.read(X, decimal=";")
