"""Units of measurement as the second line of a text may name them, one below each column."""

from __future__ import annotations

import re

_BRACKETED = re.compile(r"^[\[(][^\W\d].{0,14}[\])]$")
_UNITS = frozenset({
    "mm", "cm", "m", "km", "um", "µm", "μm", "nm", "in", "ft", "yd", "mi", "s", "sec", "ms", "us",
    "µs", "min", "h", "hr", "hrs", "d", "day", "days", "w", "week", "weeks", "mo", "month",
    "months", "y", "yr", "yrs", "year", "years", "g", "mg", "kg", "t", "ug", "µg", "μg", "ng",
    "lb", "oz", "l", "ml", "dl", "cl", "ul", "µl", "k", "c", "f", "°c", "°f", "degc", "degf",
    "pa", "hpa", "kpa", "mpa", "bar", "mbar", "psi", "n", "kn", "j", "kj", "mj", "kw", "mw",
    "kwh", "v", "mv", "kv", "a", "ma", "ω", "ohm", "hz", "khz", "mhz", "ghz", "%", "‰", "ppm",
    "ppb", "mol", "mmol", "m/s", "km/h", "mph", "mg/l", "µg/l", "ug/l", "ng/ml", "g/l", "kg/m3",
    "m3/s", "m^3/s", "m²", "m2", "m3", "usd", "eur", "gbp", "chf", "mol/l", "mmol/l", "counts",
    "count", "units", "unit", "-", "db", "rad", "deg", "°", "cm/s", "m/s2", "m/s^2", "w/m2",
    "l/s", "mg/dl", "g/cm3", "minutes", "seconds", "hours",
})  # fmt: skip


def is_unit(cell: str) -> bool:
    """Whether a cell names a unit, or is any word in brackets.

    Examples
    --------
    >>> [is_unit(cell) for cell in ("mm", "[m/s]", "(of ten)", "width", "12")]
    [True, True, True, False, False]
    """
    plain = cell.strip(' "')
    return plain.strip("[]() ").lower() in _UNITS or bool(_BRACKETED.match(plain))
