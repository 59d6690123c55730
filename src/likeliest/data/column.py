"""One column of numbers, with its name, and what is known of each of its values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.description import Provenance
from likeliest.data.observations import Observations
from likeliest.tables import count

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Numbers of one column.

    Parameters
    ----------
    name : str
        Of the column; empty where the file gives none.
    values : array of shape (n,), float64
        Where a cell holds a limit, the limit.
    lower, upper : arrays of shape (n,), optional
        Between which bounds each value is known to lie; None where no cell holds a limit.
    rows : array of shape (n,) of whole numbers, optional
        Where in the file each value stood, counting from 0; None if none was left out.
    left_out : int
        How many cells were missing and left out.
    unit : str
        What the file says of the unit; mostly empty.

    Examples
    --------
    >>> import likeliest as lk
    >>> column = lk.read({"conc": ["<5", "7.5", "9"]}, "conc", limits=True)
    >>> column.lower.tolist(), column.upper.tolist()
    ([-inf, 7.5, 9.0], [5.0, 7.5, 9.0])
    """

    name: str
    values: Array
    lower: Array | None = None
    upper: Array | None = None
    rows: np.ndarray | None = None
    left_out: int = 0
    unit: str = ""

    @property
    def label(self) -> str:
        """The name with the unit, as tables and pictures show it."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def limits(self) -> int:
        """How many values are known only to lie below or above a limit."""
        if self.lower is None or self.upper is None:
            return 0
        return int(np.count_nonzero(self.lower != self.upper))

    def observations(self) -> Observations:
        """Return what `likeliest.fit` and `likeliest.compare` take, the limits among them."""
        seen = replace(
            Observations.of(self.values),
            row=self.rows,
            provenance=Provenance(self.name, self.unit, self.left_out),
        )
        if self.lower is None or self.upper is None:
            return seen
        return replace(seen, lower=self.lower, upper=self.upper)

    def __len__(self) -> int:
        return int(self.values.size)

    def __array__(
        self,
        dtype: np.dtype | None = None,
        copy: bool | None = None,  # noqa: FBT001  (NumPy's)
    ) -> Array:
        """Return the values, where each is known as it stands."""
        if self.limits:
            raise ValueError(
                f"{self.limits:,} of {len(self):,} cells are limits: pass .observations()"
            )
        return np.array(self.values, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        limits = f", {self.limits:,} of them limits" if self.limits else ""
        left_out = f", {self.left_out:,} missing left out" if self.left_out else ""
        return f"<column {self.label!r}: {count(len(self))}{limits}{left_out}>"
