"""Checks of levels of confidence, numbers of draws, and words that stand for a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.arguments import probability_between
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence


def checked_level(level: float) -> float:
    """Return a confidence level, or raise ParameterError if it is none."""
    return probability_between(level, "level")


def require_choice(word: str, value: object, choices: Sequence[str]) -> None:
    """Raise ParameterError if a value is none of the choices that a word has."""
    if not (isinstance(value, str) and value in choices):
        raise ParameterError(f"{word} must be one of {', '.join(choices)}; got {value!r:.60}.")


def require_positive(name: str, number: object) -> None:
    """Raise ParameterError if a number of draws or starts is no whole number from 1."""
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool) and number >= 1:
        return
    raise ParameterError(f"{name} must be 1 or more, a whole number; got {number!r:.60}.")
