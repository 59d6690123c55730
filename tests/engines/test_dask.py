"""Statistics of partitions, added up in order."""

import numpy as np
import pytest

from likeliest.engines import dask

bags = pytest.importorskip("dask.bag")


def chained(parts):
    return [value for part in parts for value in part]


def test_neighbours_are_added_in_order():
    for partitions in (1, 2, 9, 70):
        bag = bags.from_sequence(range(70), npartitions=partitions)
        assert dask.total(bag, list, chained, 3) == list(range(70))


def test_arrays_and_series():
    arrays = pytest.importorskip("dask.array")
    x = np.arange(1000.0).reshape(100, 10)
    chunked = arrays.from_array(x, chunks=(30, 4))
    assert dask.total(chunked, np.sum, sum) == x.sum()
    frames = pytest.importorskip("dask.dataframe")
    pandas = pytest.importorskip("pandas")
    series = frames.from_pandas(pandas.Series(x[:, 0]), npartitions=4)
    assert dask.total(series, np.sum, sum) == x[:, 0].sum()


def test_what_is_a_collection():
    assert dask.is_collection(bags.from_sequence([1]))
    for other in ([1], "text", np.zeros(3), None, 3, iter([])):
        assert not dask.is_collection(other)
