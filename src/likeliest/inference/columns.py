"""Results that are columns of numbers."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from likeliest.tables import ShownAsTable, Table, frame, number

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from likeliest.numerics.arrays import Array
    from likeliest.tables import Library

_SHOWN = 40  # rows that a table shows


class Columns(ShownAsTable):
    """Numbers side by side, as a table and as a data frame."""

    @overload
    def to_frame(self, library: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"]) -> pd.DataFrame: ...

    def to_frame(self, library: Library = "polars") -> pl.DataFrame | pd.DataFrame:
        """Return the columns as a data frame of polars or pandas."""
        return frame({name: column.tolist() for name, column in self._columns().items()}, library)

    def _columns(self) -> dict[str, Array]:
        values = {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def table(self) -> Table:
        """Return the first rows as a table."""
        columns = self._columns()
        rows = tuple(
            tuple(number(float(one), 4) for one in row)
            for row in zip(*(column[:_SHOWN] for column in columns.values()), strict=True)
        )
        more = max(0, len(next(iter(columns.values()))) - _SHOWN)
        heads = tuple(name.replace("_", " ") for name in columns)
        return Table(self._title(), heads, rows, (f"{more} more",) if more else ())

    def _title(self) -> str:
        raise NotImplementedError
