"""Numbers of requests and answers: ∞ is text in JSON, and likelihoods leave float64."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from likeliest.errors import ParameterError

_LARGEST, _LEAST = 700.0, -700.0  # logarithms of what float64 holds


def as_number(value: object, what: str) -> float:
    """Return a number of a request, where ∞ is the text "inf"; raise ParameterError if it is none.

    Examples
    --------
    >>> as_number(2, "rate"), as_number("inf", "df")
    (2.0, inf)
    """
    if isinstance(value, str) and value in {"inf", "-inf"}:
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ParameterError(f"{what} must be a number; got {value!r:.60}.")
    return float(value)


def pair(value: object, what: str) -> tuple[float, float]:
    """Return the two ends of an interval of a request; raise ParameterError if it has none."""
    if not isinstance(value, list) or len(value) != 2:
        raise ParameterError(f"{what} must be two numbers; got {value!r:.60}.")
    return as_number(value[0], what), as_number(value[1], what)


def numbers(request: Mapping[str, Any], name: str) -> dict[str, float]:
    """Return the numbers of a request by their names; raise ParameterError if they are none."""
    given = request.get(name)
    if not isinstance(given, Mapping):
        raise ParameterError(f"{name} must name parameters with values; got {given!r:.60}.")
    return {str(key): as_number(value, f"{key:.60}") for key, value in given.items()}


def likelihood_text(log_likelihood: float) -> str:
    """Return a likelihood as text, though it may be far below or above what float64 holds.

    Examples
    --------
    >>> likelihood_text(-14.17177), likelihood_text(-1833.1676), likelihood_text(float("-inf"))
    ('7.00291e-07', '7.33545e-797', '0')
    """
    if not math.isfinite(log_likelihood):
        return "0" if log_likelihood < 0.0 else "∞"
    if _LEAST < log_likelihood < _LARGEST:
        return f"{math.exp(log_likelihood):.6g}"
    power = log_likelihood / math.log(10.0)
    whole = math.floor(power)
    return f"{10.0 ** (power - whole):.6g}e{whole:+d}"
