"""Any array or column goes in; the fit is the same."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import likeliest as lk

VALUES = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]
EXPECTED = lk.fit(VALUES, "normal")


@pytest.mark.parametrize(
    "data",
    [
        tuple(VALUES), iter(VALUES), np.array(VALUES), np.array(VALUES, np.float32),
        np.array(VALUES, np.int64), np.array(VALUES, np.uint8), np.array(VALUES, np.float16),
        np.array(VALUES, object), np.array(VALUES)[::-1], np.repeat(VALUES, 2)[::2],
        np.ma.array(VALUES), pd.Series(VALUES), pd.Series(VALUES, index=range(8, 0, -1)),
        pd.Series(VALUES, dtype="Int64"), pd.Series(VALUES, dtype="Float64"),
        pd.Series(VALUES, dtype="float64[pyarrow]"), pl.Series(VALUES), pl.Series("x", VALUES),
        pl.Series([int(v) for v in VALUES], dtype=pl.Int8), pa.array(VALUES),
        pa.chunked_array([VALUES[:3], VALUES[3:]]), memoryview(np.array(VALUES)),
    ],
    ids=lambda data: f"{type(data).__module__}.{type(data).__name__} {getattr(data, 'dtype', '')}",
)  # fmt: skip
def test_columns_of_any_kind(data):
    fit = lk.fit(data, "normal")
    assert fit.parameters == EXPECTED.parameters
    assert fit.log_likelihood == EXPECTED.log_likelihood


def test_a_range_is_its_numbers():
    assert lk.fit(range(1, 9), "normal").parameters["mean"] == 4.5


def test_booleans_are_zero_and_one():
    assert lk.fit([True, False, True, True], "bernoulli").parameters == {"prob": 0.75}


def test_the_data_are_not_touched():
    x = np.array(VALUES)
    x.setflags(write=False)
    before = x.copy()
    for family in ("normal", "student t", "laplace", "weibull"):
        lk.fit(x, family)
    lk.compare(x)
    assert np.array_equal(x, before)


def test_masked_values_are_no_values():
    with pytest.raises(lk.errors.DataError, match="1 of 3"):
        lk.fit(np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), "normal")


def test_a_missing_value_of_pandas_is_named():
    with pytest.raises(lk.errors.DataError, match="row 1"):
        lk.fit(pd.Series([1, None, 3], dtype="Int64"), "normal")


def test_tensors_are_data_too():
    torch = pytest.importorskip("torch")
    fit = lk.fit(torch.tensor(VALUES, dtype=torch.float64, requires_grad=True), "normal")
    assert fit.parameters == EXPECTED.parameters


@pytest.mark.parametrize("data", [[1.5], [1.5, 1.5], [0, 0, 0]])
def test_a_reason_is_said_once_for_all_that_share_it(data):
    footer = lk.compare(data).table().footer
    reasons = [line.split(": ", 2)[2] for line in footer if line.startswith("left out: ")]
    assert reasons
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_intervals_is_no_misfit(seed):
    """Cells of a user's own, in any order, with equal middles among them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(10.0, 2.0, 400)
    lower = np.floor(x)
    seen = lk.observe(lower=lower, upper=lower + 1.0)
    comparison = lk.compare(seen, ["normal", "logistic"])
    assert not any("not a good description" in note for note in comparison.notes)
    wide = lk.observe(lower=np.where(rng.random(400) < 0.5, lower - 1.0, lower), upper=lower + 1.0)
    assert lk.compare(wide, ["normal"]).best.family == "normal"
