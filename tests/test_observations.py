"""Observations: what one look at the values tells, tables, samples, medians."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from likeliest.data.observations import Observations
from likeliest.errors import DataError

numbers = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))


@given(st.lists(numbers, min_size=1, max_size=200))
def test_summary(values):
    s = Observations.of(values).summary
    assert (s.low, s.high, s.rows, s.weight) == (
        min(values),
        max(values),
        len(values),
        len(values),
    )
    assert s.mean == pytest.approx(np.mean(values), rel=1e-12, abs=1e-9)
    assert s.whole == all(v == int(v) for v in values)


@given(st.lists(st.tuples(numbers, st.integers(0, 5)), min_size=1, max_size=60))
def test_weights_are_repetition_here_too(pairs):
    values, weights = map(list, zip(*pairs, strict=True))
    repeated = np.repeat(values, weights)
    assume(repeated.size > 0)
    ours, theirs = Observations.of(values, weights), Observations.of(repeated)
    assert ours.n == theirs.n
    assert ours.summary.mean == pytest.approx(theirs.summary.mean, rel=1e-12, abs=1e-9)
    assert ours.median() == theirs.median()
    assert ours.tabulated().values.tolist() == theirs.tabulated().values.tolist()
    assert ours.tabulated().weights.tolist() == theirs.tabulated().weights.tolist()


@pytest.mark.parametrize("n", [1, 2, 99_999, 100_000, 250_001])
def test_median_of_many(n):
    x = np.random.default_rng(n).standard_t(2, n)
    assert Observations.of(x).median() == np.median(x)
    ties = np.floor(x)
    assert Observations.of(ties).median() == np.median(ties)


def test_a_mean_near_the_end_of_float64():
    assert Observations.of([1e308, 1.5e308]).summary.mean == pytest.approx(1.25e308)
    assert Observations.of(np.full(200_000, 1.7e308)).summary.mean == 1.7e308


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 140_000, 299_999])
def test_a_value_that_is_not_finite_is_named_in_whichever_chunk_it_is(bad, row):
    x = np.ones(300_000)
    x[row] = bad
    with pytest.raises(DataError, match=f"1 of 300,000 values is not finite.*row {row}: {bad}"):
        Observations.of(x)


@pytest.mark.parametrize("row", [0, 140_000, 299_999])
def test_one_fraction_among_whole_numbers_is_seen(row):
    x = np.arange(300_000.0)
    assert Observations.of(x).summary.whole
    x[row] += 0.5
    assert not Observations.of(x).summary.whole


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.float64])
def test_other_types_and_strides_are_summarised_alike(dtype):
    x = np.random.default_rng(2).integers(-99, 99, 600_000).astype(dtype)[::2]
    s = Observations.of(x).summary
    assert (s.low, s.high, s.rows) == (x.min(), x.max(), 300_000)
    assert s.mean == pytest.approx(float(np.mean(x, dtype=np.float64)), rel=1e-13)


def test_counts_are_compressed_and_measurements_are_not():
    counts = np.random.default_rng(0).poisson(4.0, 100_000)
    table = Observations.of(counts).compressed()
    assert len(table) < 30
    assert table.weights.sum() == 100_000
    x = np.random.default_rng(0).normal(size=1000)
    assert len(Observations.of(x).compressed()) == 1000


def test_a_sample_is_seeded_and_drawn_by_weight():
    weights = np.r_[np.ones(999), 999.0]
    observations = Observations.of(np.arange(1000.0), weights)
    one, two = observations.subsample(500), observations.subsample(500)
    assert one.values.tolist() == two.values.tolist()
    assert 200 < np.count_nonzero(one.values == 999.0) < 300


def test_the_commonest_value():
    assert Observations.of([1.0, 2.0, 2.0, 3.0]).commonest() == (2.0, 0.5)
    assert Observations.of([1.0, 2.0], [1.0, 3.0]).commonest() == (2.0, 0.75)


def test_rounded_values_are_intervals():
    rounded = Observations.of([3.0, 1.0, 3.0], rounding=0.5)
    assert rounded.values.tolist() == [1.0, 3.0]
    assert rounded.lower.tolist() == [0.75, 2.75]
    assert rounded.upper.tolist() == [1.25, 3.25]
    assert not rounded.exact


def test_another_frame():
    moved = Observations.of([1e9 + 1.0, 1e9 + 3.0], rounding=1.0).moved(1e9, 2.0)
    assert moved.values.tolist() == [0.5, 1.5]
    assert moved.lower.tolist() == [0.25, 1.25]


def test_float32_data_are_not_copied():
    x = np.arange(10, dtype=np.float32)
    assert Observations.of(x).values.base is None or np.shares_memory(Observations.of(x).values, x)
    assert Observations.of(x).values.dtype == np.float32
