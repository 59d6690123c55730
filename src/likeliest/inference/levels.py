"""Confidence levels."""

from __future__ import annotations

from likeliest.distributions.arguments import probability_between


def checked_level(level: float) -> float:
    """Return a confidence level, or raise ParameterError if it is none."""
    return probability_between(level, "level")
