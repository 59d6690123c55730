"""Smoothing: from counts to probabilities. One file for each method."""

from __future__ import annotations

import difflib

from likeliest.errors import ParameterError
from likeliest.language.smoothing.absolute import Absolute
from likeliest.language.smoothing.add_k import AddK
from likeliest.language.smoothing.base import Estimate, Smoothing
from likeliest.language.smoothing.jelinek_mercer import JelinekMercer
from likeliest.language.smoothing.katz import Katz
from likeliest.language.smoothing.kneser_ney import KneserNey
from likeliest.language.smoothing.mle import MLE
from likeliest.language.smoothing.witten_bell import WittenBell

METHODS: dict[str, type[Smoothing]] = {
    method.name: method
    for method in (MLE, AddK, WittenBell, Absolute, JelinekMercer, Katz, KneserNey)
}


def find(smoothing: str | Smoothing) -> Smoothing:
    """Return a smoothing method by its name.

    Raises
    ------
    ParameterError
        If there is none of this name.
    """
    if isinstance(smoothing, Smoothing):
        return smoothing
    if smoothing in METHODS:
        return METHODS[smoothing]()
    near = difflib.get_close_matches(str(smoothing), METHODS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(METHODS)}."
    raise ParameterError(f"There is no smoothing {smoothing!r}; {hint}")


__all__ = [
    "METHODS",
    "MLE",
    "Absolute",
    "AddK",
    "Estimate",
    "JelinekMercer",
    "Katz",
    "KneserNey",
    "Smoothing",
    "WittenBell",
    "find",
]
