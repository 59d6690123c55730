"""Tests of each of many groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from likeliest.data.labelled import dataset_of
from likeliest.fitting.fits import frame_of_groups, table_of_groups
from likeliest.inference.goodness_of_fit import NAMES
from likeliest.inference.levels import require_choice, require_positive
from likeliest.inference.many import of_each
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import xarray as xr

    from likeliest.fitting.fits import Fits
    from likeliest.inference.goodness_of_fit import Method
    from likeliest.numerics.arrays import Array
    from likeliest.tables import Library

_LOW = 0.05  # a p-value that is counted


@dataclass(frozen=True, eq=False, repr=False)
class GroupTests(ShownAsTable):
    """The outcome of a test in each of many groups.

    Parameters
    ----------
    keys : polars.DataFrame
        What the groups are called, a row for each.
    name, null : str
        Of the test, and the hypothesis that it tests in each group.
    statistic, p_value, effect : array of shape (groups,)
        As `HypothesisTest` has them; NaN of a group that was not tested.
    reasons : dict from place to str
        Why a group was not tested.

    Examples
    --------
    >>> import likeliest as lk
    >>> values = [*lk.Gamma(2.0, 3.0).sample(50, seed=1), *lk.Cauchy(9.0, 1.0).sample(50, seed=2)]
    >>> tests = lk.fit(values, "normal", by=["a"] * 50 + ["b"] * 50).goodness("smooth")
    >>> (tests.p_value < 0.05).tolist()
    [True, True]
    """

    keys: pl.DataFrame
    name: str
    null: str
    statistic: Array
    p_value: Array
    effect: Array
    reasons: dict[int, str]

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.p_value)

    @overload
    def to_frame(self, library: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"]) -> pd.DataFrame: ...

    def to_frame(self, library: Library = "polars") -> pl.DataFrame | pd.DataFrame:
        """Return a data frame with a row for each group.

        Returns
        -------
        polars.DataFrame or pandas.DataFrame
            The keys; statistic, p_value, effect, and the reason why a group was not tested.
        """
        import polars as pl

        reasons = [self.reasons.get(group) for group in range(len(self))]
        made = pl.DataFrame(self._columns()).with_columns(
            pl.col(pl.Float64).fill_nan(None), pl.Series("reason", reasons, pl.String)
        )
        return frame_of_groups(self.keys, made, library)

    def to_xarray(self) -> xr.Dataset:
        """Return statistic, p_value and effect as an xarray Dataset, with a dimension for each key.

        Raises
        ------
        MissingExtraError
            If xarray is not installed.
        """
        return dataset_of(self.keys, self._columns())

    def _columns(self) -> dict[str, Array]:
        return {"statistic": self.statistic, "p_value": self.p_value, "effect": self.effect}

    def table(self) -> Table:
        """Return the first groups as a table, and how many were not tested."""

        def cells(group: int) -> list[str]:
            values = (self.statistic[group], self.p_value[group], self.effect[group])
            known = [None if np.isnan(value) else value for value in values]
            return [number(known[0]), number(known[1], 3), number(known[2])]

        tested = int(np.count_nonzero(~np.isnan(self.p_value)))
        low = int(np.count_nonzero(self.p_value <= _LOW))
        notes = [
            f"p ≤ {_LOW:g} in {low:,} of {tested:,} groups; chance alone gives some "
            f"{_LOW * tested:.0f}"
        ]
        if self.reasons:
            first, reason = min(self.reasons.items())
            key = ", ".join(map(str, self.keys.row(first)))
            notes.append(f"{len(self.reasons):,} not tested, such as {key}: {reason}")
        heads = ("statistic", "p-value", "effect")
        return table_of_groups(f"{self.name}: {self.null}", self.keys, heads, cells, notes)


def goodness_of_many(fits: Fits, method: Method, draws: int, seed: int) -> GroupTests:
    """Test in each group whether the family describes its data; see `Fits.goodness`."""
    require_choice("method", method, tuple(NAMES))
    require_positive("draws", draws)
    made, reasons = of_each(fits, lambda fit: fit.goodness(method, draws=draws, seed=seed))
    statistic, p, effect = np.full((3, len(fits)), np.nan)
    for group, one in made.items():
        statistic[group], p[group] = one.statistic, one.p_value
        effect[group] = np.nan if one.effect is None else one.effect
    keys = fits.grouped.keys.columns
    null = f"the data are of the {fits.family.name} family"
    return GroupTests(keys, NAMES[method], null, statistic, p, effect, reasons)
