"""Checks of levels of confidence, and of numbers of draws."""

from __future__ import annotations

from likeliest.distributions.arguments import probability_between
from likeliest.errors import ParameterError


def checked_level(level: float) -> float:
    """Return a confidence level, or raise ParameterError if it is none."""
    return probability_between(level, "level")


def require_positive(name: str, number: int) -> None:
    """Raise ParameterError if a number of draws or starts is less than 1."""
    if number < 1:
        raise ParameterError(f"{name} must be 1 or more; got {number}.")
