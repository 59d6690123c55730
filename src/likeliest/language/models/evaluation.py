"""How well a model predicts a text: every figure from one pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError

if TYPE_CHECKING:
    from likeliest.language.models.scoring import Scores
    from likeliest.language.text.reading import Block


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The negative log likelihood of a text and what it is divided by.

    Parameters
    ----------
    sequences, symbols, unknown : int
        How many; symbols include the end of each sequence, and the unknown ones.
    characters, bytes : int
        Of the text, with one for the end of each sequence.
    nll, nll_known : float
        Nats, of all symbols and of those in the vocabulary.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["ab", "ab", "ba"], order=2, smoothing="mle")
    >>> evaluation = model.evaluate(["ab", "ba"])
    >>> evaluation.sequences, evaluation.symbols, round(evaluation.perplexity, 3)
    (2, 6, 2.121)
    """

    sequences: int
    symbols: int
    unknown: int
    characters: int
    bytes: int
    nll: float
    nll_known: float

    @property
    def mean_nll(self) -> float:
        """The NLL per symbol, in nats."""
        return self.nll / _some(self.symbols)

    @property
    def perplexity(self) -> float:
        """Exp of the mean NLL per symbol; infinite if a symbol has probability 0."""
        return _exp(self.mean_nll)

    @property
    def perplexity_without_unknown(self) -> float:
        """The perplexity over the symbols of the vocabulary alone."""
        return _exp(self.nll_known / _some(self.symbols - self.unknown))

    @property
    def bits_per_character(self) -> float:
        """The NLL in bits for each character."""
        return self.nll / math.log(2) / _some(self.characters)

    @property
    def bits_per_byte(self) -> float:
        """The NLL in bits for each byte of UTF-8."""
        return self.nll / math.log(2) / _some(self.bytes)


def evaluate(
    scored: Callable[[Iterable[Block]], Iterator[Scores]],
    text: Iterable[Block],
    unknown_number: int | None,
    *,
    eos: bool = True,
) -> Evaluation:
    """Return the figures of a text, read once; ends that are not scored are not counted."""
    characters = size = 0

    def measured() -> Iterator[Block]:
        nonlocal characters, size
        for block in text:
            characters += len(block.text.decode("utf-8", "surrogatepass"))
            size += len(block.text)
            yield block

    nll, known = list[float](), list[float]()
    sequences = symbols = unknown = 0
    for scores in scored(measured()):
        outside = (scores.ids < 0) | (scores.ids == unknown_number)
        nll.append(-float(scores.log_probs.sum()))
        known.append(-float(scores.log_probs[~outside].sum()))
        symbols += scores.ids.size
        unknown += int(np.count_nonzero(outside))
        sequences += int(np.count_nonzero(scores.ids == 0))
    if not eos:
        symbols, characters, size = symbols - sequences, characters - sequences, size - sequences
    return Evaluation(sequences, symbols, unknown, characters, size, _sum(nll), _sum(known))


def _sum(parts: list[float]) -> float:
    return math.inf if math.inf in parts else math.fsum(parts)


def _exp(value: float) -> float:
    return math.exp(value) if value < math.log(np.finfo(float).max) else math.inf


def _some(count: int) -> int:
    if count == 0:
        raise DataError("There is no text to score.")
    return count
