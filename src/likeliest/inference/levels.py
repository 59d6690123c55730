"""Checks of levels of confidence, and of numbers of draws."""

from __future__ import annotations

import numpy as np

from likeliest.distributions.arguments import probability_between
from likeliest.errors import ParameterError


def checked_level(level: float) -> float:
    """Return a confidence level, or raise ParameterError if it is none."""
    return probability_between(level, "level")


def require_positive(name: str, number: object) -> None:
    """Raise ParameterError if a number of draws or starts is no whole number from 1."""
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool) and number >= 1:
        return
    raise ParameterError(f"{name} must be 1 or more, a whole number; got {number!r:.60}.")
