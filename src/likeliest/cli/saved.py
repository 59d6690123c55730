"""Give a saved fit its data back: read as they were when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from likeliest.cli.arguments import Missing, as_written, read_observations

if TYPE_CHECKING:
    from likeliest.cli.arguments import Decimal
    from likeliest.fitting.result import Fit


@dataclass(frozen=True)
class Reading:
    """How the data of saved fits are read: the options that `likeliest fit` has for them.

    Parameters
    ----------
    data : str
    column : str, optional
        Without it the column that the fit names.
    words : dict
        Those of `likeliest.observe`, with the columns that hold them.
    """

    data: str
    column: str | None
    words: dict[str, str | None]
    missing: Missing
    drop_missing: bool
    limits: bool
    decimal: Decimal | None
    missing_code: str | None

    def attached(self, path: str) -> Fit:
        """Return a saved fit with its data, rounded as they were."""
        from likeliest.fitting.result import Fit

        fit = Fit.load(path)
        told = fit.description
        named = None if self.words["lower"] or self.words["upper"] else told.column or None
        seen = read_observations(
            self.data, self.column or named, self.words, self.missing,
            drop_missing=self.drop_missing, limits=self.limits,
            written=as_written(self.decimal, self.missing_code),
        )  # fmt: skip
        return fit.attach(seen, rounding=told.rounding)
