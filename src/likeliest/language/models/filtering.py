"""Lines of a corpus kept or ranked by how well a model predicts them."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.text.reading import Progress, Text, lines
from likeliest.language.text.records import per_sequence

if TYPE_CHECKING:
    from likeliest.language.models.scorer import Scorer

_TOGETHER = 20_000  # lines scored at once


class Line(NamedTuple):
    """A line with its perplexity, and its number from 1."""

    text: str
    perplexity: float
    number: int


def scored(
    model: Scorer,
    text: Text,
    *,
    encoding: str = "utf-8",
    errors: str = "strict",
    progress: Progress | None = None,
) -> Iterator[Line]:
    """Yield each line with its perplexity, as a stream: the text may be larger than memory.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["ab", "ab", "ba"], order=2, smoothing="mle")
    >>> [(line.text, round(line.perplexity, 3)) for line in scored(model, ["ab", "bb"])]
    [('ab', 1.5), ('bb', inf)]
    """
    stream = lines(text, encoding=encoding, errors=errors, progress=progress)
    numbers = count(1)
    while batch := list(islice(stream, _TOGETHER)):
        sums, sizes = per_sequence(model, batch)
        means = sums / sizes
        for line, perplexity in zip(batch, np.exp(-means).tolist(), strict=True):
            yield Line(line, perplexity, next(numbers))


def keep(
    model: Scorer,
    text: Text,
    *,
    below: float | None = None,
    above: float | None = None,
    encoding: str = "utf-8",
    errors: str = "strict",
    progress: Progress | None = None,
) -> Iterator[Line]:
    """Yield the lines whose perplexity is at most `below` and at least `above`, in their order.

    Parameters
    ----------
    model : model of n-grams or network
    text : text
        As `fit` takes it.
    below, above : float, optional
        At least one is needed.
    encoding, errors : str
        Of files.
    progress : callable, optional
        Called with the number of bytes of each block read, and with 0 at the end.
    """
    if below is None and above is None:
        raise ParameterError("say below which perplexity lines are kept, or above which.")
    low, high = above or 0.0, np.inf if below is None else below
    if not low <= high:
        raise ParameterError(f"no perplexity is above {low:g} and below {high:g}.")
    for line in scored(model, text, encoding=encoding, errors=errors, progress=progress):
        if low <= line.perplexity <= high:
            yield line


def rank(
    model: Scorer,
    text: Text,
    n: int,
    *,
    worst: bool = False,
    encoding: str = "utf-8",
    errors: str = "strict",
    progress: Progress | None = None,
) -> list[Line]:
    """Return the `n` lines of lowest perplexity, best first; with `worst`, of the highest.

    Only `n` lines are held in memory. Of equals the earlier comes first.
    """
    if n < 1:
        raise ParameterError(f"n must be 1 or more; got {n}.")
    sign = -1.0 if worst else 1.0

    def place(line: Line) -> tuple[float, int]:
        return sign * line.perplexity, line.number

    stream = scored(model, text, encoding=encoding, errors=errors, progress=progress)
    return heapq.nsmallest(n, stream, key=place)
