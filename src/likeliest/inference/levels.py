"""Confidence levels."""

from __future__ import annotations

from likeliest.errors import ParameterError


def checked_level(level: float) -> float:
    """Return a confidence level, or raise ParameterError if it is none."""
    if not 0.0 < level < 1.0:
        raise ParameterError(f"level must lie between 0 and 1; got {level}.")
    return level
