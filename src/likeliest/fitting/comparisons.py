"""Comparisons: the families ranked for each of many groups, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from likeliest.data.groups import grouped
from likeliest.fitting.comparison import compare, incomparable
from likeliest.fitting.fits import Fits, frame_of_groups
from likeliest.fitting.many import found_of
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd
    import polars as pl

    from likeliest.data.groups import Grouped
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.criteria import Criterion
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.tables import Library

_SHOWN = 8  # groups that a table shows


@dataclass(frozen=True, eq=False, repr=False)
class Comparisons(ShownAsTable):
    """Families ranked for each of many groups.

    `comparisons[key]` is the `Comparison` of one group, made anew from its values.

    Parameters
    ----------
    families : tuple of classes
    grouped : Grouped
        What was fitted.
    criterion : {"aicc", "aic", "bic", "nll"}
    rounding : float, optional
        As it was given.
    values : array of shape (groups, families)
        The criterion; infinite where a family could not be fitted.

    Examples
    --------
    >>> import likeliest as lk
    >>> x, keys = [3, 1, 4, 1, 5, 9, 0, 0, 1, 0, 0, 2], ["a"] * 6 + ["b"] * 6
    >>> lk.compare(x, ["poisson", "geometric"], by=keys).best
    ['poisson', 'geometric']
    """

    families: tuple[type[Distribution], ...]
    grouped: Grouped
    criterion: Criterion
    rounding: float | None
    values: Array

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.grouped)

    def __iter__(self) -> Iterator[Any]:
        """Yield the key of each group."""
        return iter(self.grouped.keys)

    def __getitem__(self, key: Any) -> Comparison:
        """Return the comparison of one group.

        Raises
        ------
        KeyError
            If there is no such group.
        LikeliestError
            If no family could be fitted to it.
        """
        seen = self.grouped.part(self.grouped.keys.find(key))
        return compare(seen, self.families, criterion=self.criterion, rounding=self.rounding)

    @cached_property
    def _first(self) -> Indices:
        return np.argmin(self.values, axis=1)

    @property
    def best(self) -> list[str | None]:
        """The name of the best family of each group; None where none could be fitted."""
        least = self.values.min(axis=1)
        return [
            self.families[at].name if np.isfinite(value) else None
            for at, value in zip(self._first, least, strict=True)
        ]

    @property
    def weights(self) -> Array:
        """The weight of each family in each group (see `Comparison.weights`), as `values`."""
        half = 1.0 if self.criterion == "nll" else 0.5
        least = self.values.min(axis=1, keepdims=True)
        shares = np.exp(-half * (self.values - np.where(np.isfinite(least), least, 0.0)))
        total = shares.sum(axis=1, keepdims=True)
        return shares / np.where(total > 0.0, total, np.nan)

    @overload
    def to_frame(self, library: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"]) -> pd.DataFrame: ...

    def to_frame(self, library: Library = "polars") -> pl.DataFrame | pd.DataFrame:
        """Return the ranking as a data frame, a row for each group.

        Parameters
        ----------
        library : {"polars", "pandas"}
            Whose data frame to make.

        Returns
        -------
        polars.DataFrame or pandas.DataFrame
            The keys; the best family with its weight; the criterion of each family.
        """
        import polars as pl

        weights = self.weights[np.arange(len(self)), self._first]
        named = {
            "best": pl.Series("best", self.best, pl.String),
            "weight": pl.Series("weight", weights),
            **{f.name: pl.Series(f.name, self.values[:, i]) for i, f in enumerate(self.families)},
        }
        floats = pl.col(pl.Float64)
        made = pl.DataFrame(list(named.values())).with_columns(
            pl.when(floats.is_finite()).then(floats).otherwise(None)
        )
        return frame_of_groups(self.grouped.keys.columns, made, library)

    def table(self) -> Table:
        """Return the best families of the first groups as a table, and how often each is."""
        keys = self.grouped.keys.columns
        best, weights = self.best, self.weights
        rows = []
        for group in range(min(_SHOWN, len(self))):
            label, at = ", ".join(map(str, keys.row(group))), self._first[group]
            value, weight = float(self.values[group, at]), float(weights[group, at])
            shown = (number(value), f"{weight:.3f}") if best[group] else ("–", "–")
            rows.append((label, best[group] or "–", *shown))
        names = (", ".join(keys.columns), "best", self.criterion.upper().replace("CC", "Cc"))
        times = sorted(((best.count(name), name) for name in {*best} - {None}), reverse=True)
        lines = [f"{name}: best of {n:,} group{'s'[: n != 1]}" for n, name in times]
        if None in best:
            lines.append(f"no family could be fitted to {best.count(None):,} groups")
        title = f"{len(self.families)} families · {self.grouped.told()}"
        return Table(title, (*names, "weight"), tuple(rows), tuple(lines))


def comparisons_of(
    data: Any,
    candidates: list[type[Distribution]],
    by: Any,
    *,
    words: Mapping[str, Any],
    missing: Missing,
    criterion: Criterion,
    rounding: float | None,
    progress: Callable[[str], None] | None,
) -> Comparisons:
    """Return the ranking of families for the groups that `by` makes; see `compare`."""
    families = tuple(dict.fromkeys(candidates))
    groups = grouped(data, by, words, 0.0, missing)
    steps = _steps(groups, rounding)
    values = np.full((len(groups), len(families)), np.inf)
    for i, family in enumerate(families):
        for step in np.unique(steps).tolist():
            at = np.flatnonzero(steps == step)
            if incomparable(family, families, groups.observations, step) is None:
                some = groups if at.size == len(groups) else groups.only(at)
                values[at, i] = _criterion(family, some, step, criterion)
        if progress is not None:
            progress(family.name)
    return Comparisons(families, groups, criterion, rounding, values)


def _steps(groups: Grouped, rounding: float | None) -> Array:
    """Return to what step the values of each group were rounded: of whole numbers 1."""
    if rounding is not None:
        return np.full(len(groups), rounding)
    if not (groups.observations.exact and len(groups.observations)):
        return np.zeros(len(groups))
    values, _ = groups.observations.chunk(0, len(groups.observations))
    parts = np.add.reduceat(
        np.append(values != np.floor(values), 0).astype(np.intp), groups.starts[:-1]
    )
    return np.where((parts == 0) | (groups.sizes == 0), 1.0, 0.0)


def _criterion(
    family: type[Distribution], groups: Grouped, step: float, criterion: Criterion
) -> Array:
    """Return the criterion of a family for each group, infinite where it could not be fitted."""
    rounded = groups if family.discrete else groups.rounding(step)
    fits = Fits(family, rounded, {}, {}, found_of(family, rounded, {}, {}))
    value = -fits.log_likelihood if criterion == "nll" else getattr(fits, criterion)
    return np.where(np.isnan(value), np.inf, value)
