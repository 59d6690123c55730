"""Options that are whole numbers, checked alike wherever they are taken."""

from __future__ import annotations

import numbers

from likeliest.errors import ParameterError


def whole(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return an option as an int.

    Raises
    ------
    ParameterError
        If it is no whole number within the bounds.

    Examples
    --------
    >>> whole("order", 2.0, 1, 16)
    2
    """
    switch = isinstance(value, bool)  # an int to Python
    if not switch and isinstance(value, numbers.Integral | float) and float(value).is_integer():
        number = int(value)
        if least <= number and (most is None or number <= most):
            return number
    bounds = f"from {least} to {most:,}" if most is not None else f"of {least} or more"
    raise ParameterError(f"{name} is a whole number {bounds}; got {value!r:.40}.")
