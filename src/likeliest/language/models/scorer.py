"""What scores text: log probabilities, perplexity and surprisal from those of the symbols."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language.counting.stream import Plan
from likeliest.language.models.evaluation import Evaluation, evaluate
from likeliest.language.models.surprisal import Surprisal
from likeliest.language.text.reading import Block, Text, blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.models.scoring import Scores
    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Progress
    from likeliest.language.text.tokenizers import Ids, Tokenizer
    from likeliest.language.text.vocabulary import Vocabulary


class Scorer(ABC):
    """What gives each symbol of a text a probability, and what follows from those."""

    tokenizer: Tokenizer

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The symbols, the boundary first."""

    @abstractmethod
    def _scored(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        """Yield the scores of the symbols of a text, piece by piece."""

    def _short(self, text: str, *, bos: bool, eos: bool) -> float | None:
        """Return the log probability of a text where there is a faster way; None otherwise."""
        return None

    def scores(self, text: Text, *, bos: bool = True, eos: bool = True) -> Iterator[Scores]:
        """Yield number, log probability and answering order of all symbols, in pieces.

        Parameters
        ----------
        text : text
        bos : bool
            Whether each sequence begins after `<s>`, or somewhere within a text.
        eos : bool
            Whether its end is scored; otherwise the end is there with log probability 0.
        """
        return self._scored(self._blocks(text), bos=bos, eos=eos)

    @overload
    def log_prob(  # type: ignore[overload-overlap]
        self, text: str, *, bos: bool = ..., eos: bool = ..., base: float = ...
    ) -> float: ...
    @overload
    def log_prob(
        self, text: Path | Iterable[str], *, bos: bool = ..., eos: bool = ..., base: float = ...
    ) -> Array: ...
    def log_prob(
        self, text: Text, *, bos: bool = True, eos: bool = True, base: float = math.e
    ) -> float | Array:
        """Return the log probability of each sequence, in nats: a number for a string alone.

        Parameters
        ----------
        text : text
        bos, eos : bool
            Whether each sequence begins after `<s>`, and whether its end is scored.
        base : float
            Of the logarithm: 10 gives what KenLM's `score` does, 2 bits.
        """
        unit = _unit(base)
        short = self._short(text, bos=bos, eos=eos) if isinstance(text, str) else None
        if short is not None:
            return short / unit
        parts, left = [], 0.0
        for scores in self.scores(text, bos=bos, eos=eos):
            ends = np.flatnonzero(scores.ids == 0)
            if ends.size:
                whole = _sums(scores.log_probs, ends)
                whole[0] += left
                parts.append(whole)
                left = 0.0
            left += float(scores.log_probs[ends[-1] + 1 if ends.size else 0 :].sum())
        result = np.concatenate(parts) if parts else np.zeros(0)
        return float(result[0] / unit) if isinstance(text, str) else result / unit

    def nll(
        self,
        text: Text,
        reduction: Literal["sum", "mean", "none"] = "sum",
        *,
        bos: bool = True,
        eos: bool = True,
        base: float = math.e,
    ) -> float | Array:
        """Return the negative log likelihood, in nats.

        Parameters
        ----------
        text : text
        reduction : {"sum", "mean", "none"}
            Of all symbols, per symbol (ends of sequences included), or an array of each symbol's.
        bos, eos : bool
            Whether each sequence begins after `<s>`, and whether its end is scored and counted.
        base : float
            Of the logarithm: 2 gives bits.
        """
        unit = _unit(base)
        if reduction == "none":
            parts = self.scores(text, bos=bos, eos=eos)
            each = [-(s.log_probs if eos else s.log_probs[s.ids != 0]) for s in parts]
            return np.concatenate(each or [np.zeros(0)]) / unit
        if reduction not in {"sum", "mean"}:
            raise ParameterError(f"reduction is sum, mean or none; got {reduction!r}.")
        whole = self.evaluate(text, bos=bos, eos=eos)
        return (whole.nll if reduction == "sum" else whole.mean_nll) / unit

    def perplexity(
        self,
        text: Text,
        unknown: Literal["include", "exclude"] = "include",
        *,
        bos: bool = True,
        eos: bool = True,
    ) -> float:
        """Return e to the mean NLL per symbol; infinite if a symbol has probability 0.

        Parameters
        ----------
        text : text
        unknown : {"include", "exclude"}
            Whether symbols outside the vocabulary count.
        bos, eos : bool
            Whether each sequence begins after `<s>`, and whether its end is scored and counted.
        """
        if unknown not in {"include", "exclude"}:
            raise ParameterError(f"unknown is include or exclude; got {unknown!r}.")
        whole = self.evaluate(text, bos=bos, eos=eos)
        return whole.perplexity if unknown == "include" else whole.perplexity_without_unknown

    def bits_per_character(self, text: Text) -> float:
        """Return the NLL in bits for each character, a sequence's end being one."""
        return self.evaluate(text).bits_per_character

    def bits_per_byte(self, text: Text) -> float:
        """Return the NLL in bits for each byte of UTF-8, a sequence's end being one."""
        return self.evaluate(text).bits_per_byte

    def evaluate(
        self,
        text: Text,
        *,
        bos: bool = True,
        eos: bool = True,
        encoding: str = "utf-8",
        errors: str = "strict",
        progress: Progress | None = None,
    ) -> Evaluation:
        """Return all these figures of a text from one pass, so that a stream will do.

        Parameters
        ----------
        text : text
        bos, eos : bool
            Whether each sequence begins after `<s>`, and whether its end is scored and counted.
        encoding, errors : str
            Of files.
        progress : callable, optional
            Called with the number of bytes of each block once it is read, and with 0 at the end.
        """
        plan = Plan(1, self.tokenizer, encoding, errors)
        source = plan.blocks([text] if isinstance(text, str) else text, progress)
        scored = partial(self._scored, bos=bos, eos=eos)
        return evaluate(scored, source, self.vocabulary.unknown, eos=eos)

    def surprisal(self, text: Text, *, bos: bool = True, eos: bool = True) -> Surprisal:
        """Return how surprising each symbol is, how long a context answered, and what is unknown.

        Parameters
        ----------
        text : text
        bos, eos : bool
            Whether each sequence begins after `<s>`, and whether its end is scored.
        """
        text = text if isinstance(text, str | Path) else list(text)  # type: ignore[assignment]
        parts = list(self.scores(text, bos=bos, eos=eos))
        if not parts:
            raise DataError("There is no text to score.")
        ids = np.concatenate([s.ids for s in parts])
        nats = np.concatenate([-s.log_probs for s in parts])
        orders = np.concatenate([s.orders for s in parts])
        unknown = (ids < 0) | (ids == self.vocabulary.unknown)
        shown = np.ones(ids.size, bool) if eos else ids != 0
        symbols = tuple(compress(self._spelled(text, ids), shown.tolist()))
        return Surprisal(
            symbols, (ids == 0)[shown], nats[shown], orders[shown], self.tokenizer, unknown[shown]
        )

    def _blocks(self, text: Text) -> Iterator[Block]:
        return blocks([text] if isinstance(text, str) else text, cut=self.tokenizer.cut)

    def _spelled(self, text: Text, ids: Ids) -> tuple[str, ...]:
        """Return each symbol as the text has it: an unknown one in its own letters."""
        if (ids >= 0).all() and not (ids == self.vocabulary.unknown).any():
            return tuple(map(self.vocabulary.shown, ids.tolist()))
        learner = self.tokenizer.encoder()
        learner.scoring = True
        own = np.concatenate([learner(block) for block in self._blocks(text)])
        return tuple(learner.symbols[i] if i else self.vocabulary.boundary for i in own.tolist())


def _unit(base: float) -> float:
    """Return how many nats one of a logarithm's units has."""
    if not (1.0 < base < math.inf):
        raise ParameterError(f"base is a number above 1, of a logarithm; got {base!r:.40}.")
    return 1.0 if base == math.e else math.log(base)


def _sums(values: Array, ends: NDArray[np.int64]) -> Array:
    """Return the sums of the runs of values that end at `ends`."""
    return np.add.reduceat(values[: ends[-1] + 1], np.append(0, ends[:-1] + 1))
