"""Greatest values of blocks, and peaks over a threshold: which count, and from where on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.keys import numbers_of
from likeliest.data.vectors import as_vector
from likeliest.errors import DataError, LikeliestError, ParameterError
from likeliest.fitting.fit import fit
from likeliest.inference.columns import Columns
from likeliest.inference.levels import checked_level, require_positive
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array, Indices

_FEWEST = 40  # values for which thresholds are chosen


@dataclass(frozen=True, eq=False, repr=False)
class Clusters(ShownAsTable):
    """Values beyond a threshold, gathered in clusters that depend on each other.

    Parameters
    ----------
    threshold : float
    run : int
        How many values in turn at or below the threshold end a cluster.
    peaks : array of shape (clusters,)
        The greatest value of each.
    at : array of shape (clusters,)
        Where it stands in the data.
    sizes : array of shape (clusters,)
        How many values of each lie beyond the threshold.
    n : int
        The number of values looked at.
    """

    threshold: float
    run: int
    peaks: Array
    at: Indices
    sizes: Indices
    n: int

    @property
    def excesses(self) -> Array:
        """How far each peak lies beyond the threshold: data for a generalized Pareto."""
        return self.peaks - self.threshold

    @property
    def rate(self) -> float:
        """Clusters a value: 365.25 times it is their number a year, of daily values."""
        return self.peaks.size / self.n

    @property
    def extremal_index(self) -> float:
        """Clusters over values beyond the threshold: 1 of independent values."""
        return float(self.peaks.size / np.sum(self.sizes))

    def __len__(self) -> int:
        """The number of clusters."""
        return self.peaks.size

    def table(self) -> Table:
        """Return what was found as a table."""
        rows = (
            ("values beyond the threshold", f"{int(np.sum(self.sizes)):,}"),
            ("clusters", f"{len(self):,}"),
            ("extremal index", number(self.extremal_index, 3)),
            ("clusters a value", number(self.rate, 4)),
            ("greatest peak", number(float(np.max(self.peaks)))),
        )
        title = f"clusters beyond {number(self.threshold)}, runs of {self.run}"
        return Table(title, ("", "value"), rows)


def block_maxima(data: ArrayLike, blocks: ArrayLike) -> Array:
    """Return the greatest value of each block, such as a year: data for a GEV.

    Parameters
    ----------
    data : array-like
        In the order of time where blocks are given by their length.
    blocks : int, or array-like of a label for each value
        How many values in turn make a block, or the year of each. Values at the end that fill no
        block are left out, since the greatest of fewer values is lower.

    Returns
    -------
    array of shape (blocks,)
        In the order of time, or of the sorted labels.

    Raises
    ------
    DataError
        If there are fewer values than a block has, or values or labels are missing.

    Source: Coles (2001), section 3.3.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.extremes.block_maxima([3.0, 9.0, 1.0, 4.0, 5.0], 2).tolist()
    [9.0, 4.0]
    >>> lk.extremes.block_maxima([3.0, 9.0, 1.0, 4.0], [2001, 2001, 2002, 2002]).tolist()
    [9.0, 4.0]
    """
    values = _whole(
        data,
        "the greatest of their blocks is not known. Leave them out, and give a "
        "label for each of the others",
    )
    labels = np.asarray(blocks)
    if labels.ndim == 0:
        require_positive("blocks", blocks)
        size = int(labels)
        whole = values.size // size
        if not whole:
            raise DataError(f"{values.size:,} values do not fill a block of {size:,}.")
        return np.asarray(values[: whole * size].reshape(whole, size).max(axis=1))
    if labels.shape != values.shape:
        raise DataError(
            f"blocks needs a label for each of {values.size:,} values; it has the shape "
            f"{labels.shape}."
        )
    of_row = numbers_of(labels, "blocks")
    found = np.full(int(of_row.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(found, of_row, values)
    return found


def decluster(data: ArrayLike, threshold: float, run: int = 1) -> Clusters:
    """Gather values beyond a threshold in clusters, by the runs method.

    Values that follow each other depend on each other: a storm lasts for days. The peaks of
    clusters are nearly independent.

    Parameters
    ----------
    data : array-like
        In the order of time, equally spaced.
    threshold : float
    run : int
        A cluster ends where so many values in turn lie at or below the threshold.

    Returns
    -------
    Clusters

    Raises
    ------
    DataError
        If no value lies beyond the threshold.

    Source: Coles (2001), section 5.3.2; Smith & Weissman (1994), J. Roy. Statist. Soc. B 56.

    Examples
    --------
    >>> import likeliest as lk
    >>> clusters = lk.extremes.decluster([1, 7, 8, 2, 9, 1, 1, 1, 6, 2], threshold=5, run=2)
    >>> clusters.peaks.tolist(), clusters.at.tolist(), clusters.sizes.tolist()
    ([9.0, 6.0], [4, 8], [3, 1])
    """
    values = _whole(
        data, "how far apart the others lie says nothing. Give each whole stretch by itself"
    )
    level = _finite("threshold", threshold)
    require_positive("run", run)
    beyond = np.flatnonzero(values > level)
    if not beyond.size:
        raise DataError(
            f"No value lies beyond {number(level)}: the greatest is {number(float(values.max()))}."
        )
    first = np.flatnonzero(np.append(True, np.diff(beyond) > run))
    sizes = np.diff(np.append(first, beyond.size))
    peaks = np.maximum.reduceat(values[beyond], first)
    is_peak = values[beyond] == np.repeat(peaks, sizes)
    cluster = np.repeat(np.arange(first.size), sizes)[is_peak]
    _, earliest = np.unique(cluster, return_index=True)
    return Clusters(level, run, peaks, beyond[is_peak][earliest], sizes, values.size)


@dataclass(frozen=True, eq=False, repr=False)
class MeanExcess(Columns):
    """The mean excess over each threshold: a straight line where a generalized Pareto holds.

    Parameters
    ----------
    threshold, n, mean, error : arrays of shape (thresholds,)
        The values beyond each, the mean of what they exceed it by, and its standard error.
    """

    threshold: Array
    n: Array
    mean: Array
    error: Array

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the ends of an interval for each mean, were it normal."""
        from scipy.special import ndtri

        half = float(ndtri(0.5 + 0.5 * checked_level(level))) * self.error
        return self.mean - half, self.mean + half

    def _title(self) -> str:
        return "mean excess"


def mean_excess(data: ArrayLike, thresholds: ArrayLike | None = None) -> MeanExcess:
    """Return the mean excess over each threshold, with its standard error.

    Parameters
    ----------
    data : array-like
    thresholds : array-like, optional
        Without them twenty, from the median to the tenth greatest value.

    Returns
    -------
    MeanExcess
        NaN where no value lies beyond a threshold, and without an error where only one does.

    Source: Davison & Smith (1990), J. Roy. Statist. Soc. B 52; Coles (2001), section 4.3.1.

    Examples
    --------
    >>> import likeliest as lk
    >>> found = lk.extremes.mean_excess([1.0, 2.0, 4.0, 9.0], thresholds=[0.0, 3.0])
    >>> found.mean.tolist(), found.n.tolist()
    ([4.0, 3.5], [4.0, 2.0])
    """
    values = _whole(data, "whether they lie beyond a threshold is not known. Leave them out")
    at = _thresholds(values, thresholds)
    n, mean, error = (np.full(at.size, np.nan) for _ in range(3))
    for i, level in enumerate(at.tolist()):
        excess = values[values > level] - level
        n[i] = excess.size
        mean[i] = np.mean(excess) if excess.size else np.nan
        error[i] = np.std(excess, ddof=1) / np.sqrt(excess.size) if excess.size > 1 else np.nan
    return MeanExcess(at, n, mean, error)


@dataclass(frozen=True, eq=False, repr=False)
class Stability(Columns):
    """Generalized Paretos beyond each threshold: beyond one that will do, both columns are level.

    Parameters
    ----------
    threshold, n : arrays of shape (thresholds,)
    shape, shape_error : arrays of shape (thresholds,)
    modified_scale, modified_scale_error : arrays of shape (thresholds,)
        scale − shape · threshold, which does not depend on the threshold.
    reasons : dict
        Why there is no estimate, by threshold.
    """

    threshold: Array
    n: Array
    shape: Array
    shape_error: Array
    modified_scale: Array
    modified_scale_error: Array
    reasons: dict[float, str] = field(default_factory=dict)

    def _title(self) -> str:
        return "generalized pareto by threshold"


def stability(data: ArrayLike, thresholds: ArrayLike | None = None) -> Stability:
    """Fit a generalized Pareto beyond each threshold, for the least that will do.

    Parameters
    ----------
    data : array-like
        The values, or the peaks of their clusters.
    thresholds : array-like, optional
        Without them twenty, from the median to the tenth greatest value.

    Returns
    -------
    Stability
        NaN where there is no estimate, with the reason.

    Source: Coles (2001), section 4.3.4.

    Examples
    --------
    >>> import likeliest as lk
    >>> x = lk.GeneralizedPareto(0.2, 1.0).sample(2_000, seed=1)
    >>> found = lk.extremes.stability(x, thresholds=[0.0, 1.0])
    >>> found.shape.round(1).tolist(), found.modified_scale.round(1).tolist()
    ([0.2, 0.2], [1.0, 1.0])
    """
    values = _whole(data, "whether they lie beyond a threshold is not known. Leave them out")
    at = _thresholds(values, thresholds)
    made = {name: np.full(at.size, np.nan) for name in ("n", "shape", "shape_error")}
    modified, error = np.full(at.size, np.nan), np.full(at.size, np.nan)
    reasons: dict[float, str] = {}
    for i, level in enumerate(at.tolist()):
        excess = values[values > level] - level
        made["n"][i] = excess.size
        try:
            one = fit(excess, "generalized pareto")
        except LikeliestError as reason:
            reasons[level] = str(reason)
            continue
        made["shape"][i] = one.parameters["shape"]
        modified[i] = one.parameters["scale"] - one.parameters["shape"] * level
        if one.free == ("shape", "scale"):
            made["shape_error"][i] = one.errors[0]
            slopes = np.array([-level, 1.0])
            error[i] = np.sqrt(slopes @ one.covariance @ slopes)
    return Stability(
        at, **made, modified_scale=modified, modified_scale_error=error, reasons=reasons
    )


def _whole(data: ArrayLike, so: str) -> Array:
    """Return values, or raise DataError if some are not finite or there are none."""
    values = as_vector(data, "data")
    bad = ~np.isfinite(values)
    if bad.any():
        first = int(np.argmax(bad))
        raise DataError(
            f"{int(bad.sum()):,} of {values.size:,} values are missing or infinite (first: row "
            f"{first}, {values[first]:g}), so {so}."
        )
    if not values.size:
        raise DataError("The data are empty: at least one value is needed.")
    return values


def _thresholds(values: Array, thresholds: ArrayLike | None) -> Array:
    if thresholds is not None:
        at = as_vector(np.atleast_1d(np.asarray(thresholds)), "thresholds")
        if not (at.size and np.isfinite(at).all()):
            raise ParameterError(f"thresholds must be finite numbers; got {at.tolist()!r:.60}.")
        return at
    if values.size < _FEWEST:
        raise DataError(
            f"Thresholds are chosen for {_FEWEST} values or more; got {values.size}. Give them by "
            "thresholds=."
        )
    ordered = np.sort(values)
    return np.linspace(float(np.median(values)), float(ordered[-10]), 20)


def _finite(what: str, value: float) -> float:
    try:
        number_ = float(value)
    except (TypeError, ValueError):
        number_ = np.nan
    if not np.isfinite(number_):
        raise ParameterError(f"{what} must be a finite number; got {value!r}.")
    return number_
