"""Sums over a Dask collection: a statistic of each partition where it lies, added up as a tree.

Only statistics travel between machines. Partitions are added to their neighbours in order, so what
the sum depends on is how the data are cut, never which worker was first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

S = TypeVar("S")

_TOGETHER = 8  # partial sums added in one task


def is_collection(data: object) -> bool:
    """Return whether data are a Dask collection: a bag, an array, a series. Imports nothing."""
    return hasattr(data, "__dask_graph__") and hasattr(data, "to_delayed")


def total(
    collection: Any,
    statistic: Callable[[Any], S],
    add: Callable[[Sequence[S]], S],
    together: int = _TOGETHER,
) -> S:
    """Return the sum of the statistics of all partitions.

    It is computed on the cluster of the current `distributed.Client`, or, without one, on Dask's
    threads in this process.

    Parameters
    ----------
    collection : Dask bag, array or series
    statistic : callable
        From a partition (a list, an array, a pandas series) to what adds up. Sent to the workers,
        as `add` is: both must be picklable.
    add : callable
        From a sequence of statistics, in the order of their partitions, to their sum.
    together : int
        How many are added in one task.

    Examples
    --------
    >>> import dask.bag
    >>> total(dask.bag.from_sequence(range(10), npartitions=3), sum, sum)
    45
    """
    import dask

    add_up = dask.delayed(add)
    partial = [dask.delayed(statistic)(part) for part in np.ravel(collection.to_delayed())]
    while len(partial) > 1:
        firsts = range(0, len(partial), together)
        partial = [add_up(partial[first : first + together]) for first in firsts]
    (result,) = dask.compute(partial[0])
    return result
