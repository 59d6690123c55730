"""Written: the decimal mark of a file and its code for a missing value, as a user states them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from likeliest.errors import ReadError

if TYPE_CHECKING:
    from likeliest.data.reading.cells import Mark

MissingCode = float | Literal["none"]


class Written(NamedTuple):
    """Hold the decimal mark and the missing code of a file.

    Parameters
    ----------
    decimal : {".", ","}, optional
        The decimal mark, where the cells leave it open.
    missing_code : float or "none", optional
        The number that stands for a missing value; "none" says that no number does.
    """

    decimal: Mark | None = None
    missing_code: MissingCode | None = None


AS_USUAL = Written()


def written(decimal: object = None, missing_code: object = None) -> Written:
    """Return what the user says of the cells, or refuse what cannot be meant.

    Examples
    --------
    >>> written(",", -999)
    Written(decimal=',', missing_code=-999.0)
    """
    if not (decimal is None or (isinstance(decimal, str) and decimal in {".", ","})):
        raise ReadError(f"decimal must be '.' or ','; got {decimal!r}.")
    mark: Mark | None = None if decimal is None else "," if decimal == "," else "."
    if missing_code is None or (isinstance(missing_code, str) and missing_code == "none"):
        return Written(mark, None if missing_code is None else "none")
    try:
        code = math.nan if isinstance(missing_code, bool) else float(missing_code)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        code = math.nan
    if not math.isfinite(code):
        raise ReadError(
            "missing_code must be the number that stands for a missing value, such as -999, or "
            f"'none'; got {missing_code!r}."
        )
    return Written(mark, code)
