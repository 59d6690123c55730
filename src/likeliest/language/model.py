"""NGramModel: the likeliest model of a text, to score, to draw from and to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language import generation
from likeliest.language.counting import Plan
from likeliest.language.evaluation import Evaluation, evaluate
from likeliest.language.options import whole
from likeliest.language.scoring import Scores, following, score_stream
from likeliest.language.surprisal import Surprisal
from likeliest.language.text import Block, Text, blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.files import Temporary
    from likeliest.language.counts import NGramCounts
    from likeliest.language.smoothing.base import Array, Estimate
    from likeliest.language.text import Progress
    from likeliest.language.tokenizers import Encoder, Ids, Tokenizer
    from likeliest.language.vocabulary import Vocabulary
    from likeliest.tables import Table


@dataclass(frozen=True, eq=False)
class NGramModel:
    """A language model: the probability of each symbol given the `order - 1` before it.

    Wherever a method takes text, a string is one sequence, a list of strings is a sequence each,
    a `Path` is a file with a sequence a line, and any other iterable is a stream of lines. The end
    of each sequence is predicted too and counts as a symbol.

    Parameters
    ----------
    estimate : Estimate
    tokenizer : Tokenizer
    smoothing : str
        What it was made with.
    counts : NGramCounts, optional
        What it was made from.
    losses : array
        Of the gradient route: the loss before each step.
    weights : array, optional
        Of the gradient route: the logits, a row for each context.
    file : Temporary, optional
        Where it was made, if that was a file, until it is saved; of a changed copy it says nothing.
    """

    estimate: Estimate
    tokenizer: Tokenizer
    smoothing: str
    counts: NGramCounts | None = field(default=None, repr=False)
    losses: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    weights: Array | None = field(default=None, repr=False)
    file: Temporary | None = field(default=None, init=False, repr=False)

    @property
    def order(self) -> int:
        """The length of the longest n-grams: 2 for bigrams."""
        return len(self.estimate.log_probs)

    @property
    def vocabulary(self) -> Vocabulary:
        """The symbols, the boundary first."""
        return self.estimate.vocabulary

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the figures should know."""
        return self.estimate.notes

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many n-grams of each order the model keeps."""
        return tuple(logs.size for logs in self.estimate.log_probs)

    # scoring

    def scores(self, text: Text) -> Iterator[Scores]:
        """Yield number, log probability and answering order of all symbols, in pieces."""
        return score_stream(self.estimate, self._encoder, self._blocks(text))

    @overload
    def log_prob(self, text: str) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def log_prob(self, text: Path | Iterable[str]) -> Array: ...
    def log_prob(self, text: Text) -> float | Array:
        """Return the log probability of each sequence, in nats: a number for a string alone."""
        parts, left = [], 0.0
        for scores in self.scores(text):
            ends = np.flatnonzero(scores.ids == 0)
            if ends.size:
                whole = _sums(scores.log_probs, ends)
                whole[0] += left
                parts.append(whole)
                left = 0.0
            left += float(scores.log_probs[ends[-1] + 1 if ends.size else 0 :].sum())
        result = np.concatenate(parts) if parts else np.zeros(0)
        return float(result[0]) if isinstance(text, str) else result

    def nll(self, text: Text, reduction: Literal["sum", "mean", "none"] = "sum") -> float | Array:
        """Return the negative log likelihood, in nats.

        Parameters
        ----------
        text : text
        reduction : {"sum", "mean", "none"}
            Of all symbols, per symbol (ends of sequences included), or an array of each symbol's.
        """
        if reduction == "none":
            return np.concatenate([-s.log_probs for s in self.scores(text)] or [np.zeros(0)])
        if reduction not in {"sum", "mean"}:
            raise ParameterError(f"reduction is sum, mean or none; got {reduction!r}.")
        whole = self.evaluate(text)
        return whole.nll if reduction == "sum" else whole.mean_nll

    def perplexity(self, text: Text, unknown: Literal["include", "exclude"] = "include") -> float:
        """Return e to the mean NLL per symbol; infinite if a symbol has probability 0.

        Parameters
        ----------
        text : text
        unknown : {"include", "exclude"}
            Whether symbols outside the vocabulary count.
        """
        if unknown not in {"include", "exclude"}:
            raise ParameterError(f"unknown is include or exclude; got {unknown!r}.")
        whole = self.evaluate(text)
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
        encoding: str = "utf-8",
        errors: str = "strict",
        progress: Progress | None = None,
    ) -> Evaluation:
        """Return all these figures of a text from one pass, so that a stream will do.

        Parameters
        ----------
        text : text
        encoding, errors : str
            Of files.
        progress : callable, optional
            Called with the number of bytes of each block once it is read, and with 0 at the end.
        """
        plan = Plan(self.order, self.tokenizer, encoding, errors)
        source = plan.blocks([text] if isinstance(text, str) else text, progress)
        return evaluate(self.estimate, source, self._encoder)

    def surprisal(self, text: Text) -> Surprisal:
        """Return how surprising each symbol is, and how long a context answered."""
        text = text if isinstance(text, str | Path) else list(text)  # type: ignore[assignment]
        parts = list(self.scores(text))
        if not parts:
            raise DataError("There is no text to score.")
        ids = np.concatenate([s.ids for s in parts])
        symbols = self._spelled(text, ids)
        nats = np.concatenate([-s.log_probs for s in parts])
        orders = np.concatenate([s.orders for s in parts])
        return Surprisal(symbols, ids == 0, nats, orders, self.tokenizer)

    # one context

    def next(self, after: str = "", *, start: bool = True) -> dict[str, float]:
        """Return the probability of each symbol after a text, the likeliest first.

        Parameters
        ----------
        after : str
        start : bool
            Whether the text begins a sequence, or comes somewhere within one.

        Returns
        -------
        dict from symbol to probability; the end of the sequence is '.', or '</s>' where the point
        is a symbol of the text.
        """
        probs = np.exp(self._after(after, start=start))
        order = np.argsort(-probs, kind="stable")
        return {self.vocabulary.shown(int(i)): float(probs[i]) for i in order}

    def prob(self, symbol: str, after: str = "", *, start: bool = True) -> float:
        """Return the probability of one symbol after a text; '.' is the end of the sequence."""
        number = self.vocabulary.index.get(symbol, 0 if symbol in {".", "</s>"} else None)
        if number is None:
            number = self.vocabulary.unknown
        if number is None:
            return 0.0
        return float(np.exp(self._after(after, start=start)[number]))

    def table(self) -> Array:
        """Return the probability of each symbol after each other: rows of contexts.

        Row and column 0 are the boundary. Every row adds up to 1.

        Raises
        ------
        DataError
            If the order is not 2, or the table would have over 10 million cells.
        """
        size = len(self.vocabulary)
        if self.order != 2:
            raise DataError(f"a table shows a model of order 2; this one has order {self.order}.")
        if size * size > 10_000_000:
            raise DataError(f"a table of {size:,} by {size:,} symbols is too large.")
        return np.exp(following(self.estimate, np.arange(size)[:, None]))

    def _after(self, after: str, *, start: bool) -> Array:
        ids = self._numbers(after)
        longest = self.order - 1
        history = np.concatenate([np.full(longest, -1), [0] if start else [], ids]).astype(int)
        return following(self.estimate, history[None, history.size - longest :])[0]

    # drawing

    def generate(
        self,
        n: int = 1,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        prefix: str = "",
        seed: int | None = None,
        max_symbols: int = 1000,
    ) -> list[str]:
        """Return sequences drawn at random.

        Parameters
        ----------
        n : int
            How many.
        temperature : float, ≥ 0
            Below 1 likely symbols become likelier; 0 takes the likeliest each time.
        top_k : int, optional
            Only the so many likeliest symbols (and equals of the last).
        top_p : float, optional
            Only the likeliest symbols that together reach this probability.
        prefix : str
            How each begins.
        seed : int, optional
            The same seed gives the same sequences.
        max_symbols : int
            Where a sequence that has not ended is cut off.
        """
        rng = np.random.default_rng(None if seed is None else whole("seed", seed, 0))
        drawn = generation.generate(
            self.estimate, n, rng, prefix=self._numbers(prefix), temperature=temperature,
            top_k=top_k, top_p=top_p, most=max_symbols,
        )  # fmt: skip
        symbols = self.vocabulary.symbols
        return [self.tokenizer.continued(prefix, [symbols[i] for i in one]) for one in drawn]

    # keeping

    def save(self, path: str | Path) -> None:
        """Write the model to a file that opens at once, mapped to memory."""
        from likeliest.language.storage import save_model

        save_model(self, path)

    def to_arpa(self, path: str | Path) -> None:
        """Write the model as an ARPA file, which KenLM and SRILM read."""
        from likeliest.language.arpa import write

        write(self, path)

    def summary(self) -> Table:
        """Return the model as a table: what it is, and how many n-grams it keeps."""
        from likeliest.tables import Table

        rows = tuple((f"{n}", f"{size:,}") for n, size in enumerate(self.sizes, 1))
        title = (
            f"{self.tokenizer.name} model of order {self.order}, {self.smoothing}, "
            f"{len(self.vocabulary):,} symbols"
        )
        return Table(title, ("order", "n-grams"), rows, self.notes)

    def __repr__(self) -> str:
        sizes = " + ".join(f"{size:,}" for size in self.sizes)
        return (
            f"NGramModel(order {self.order}, {self.tokenizer.name}, {self.smoothing}, "
            f"{len(self.vocabulary):,} symbols, {sizes} n-grams)"
        )

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: not the encoder, which is made again."""
        return {name: value for name, value in self.__dict__.items() if name != "_encoder"}

    # text

    def _blocks(self, text: Text) -> Iterator[Block]:
        return blocks([text] if isinstance(text, str) else text, cut=self.tokenizer.cut)

    @cached_property
    def _encoder(self) -> Encoder:
        return self.tokenizer.encoder(self.vocabulary)

    def _numbers(self, text: str) -> NDArray[np.int64]:
        """Return the numbers of a text's symbols, without an end; unknown ones are -1."""
        if not text:
            return np.zeros(0, dtype=np.int64)
        return np.concatenate([*map(self._encoder, self._blocks([text]))]).astype(np.int64)[:-1]

    def _spelled(self, text: Text, ids: Ids) -> tuple[str, ...]:
        """Return each symbol as the text has it: an unknown one in its own letters."""
        if (ids >= 0).all() and not (ids == self.vocabulary.unknown).any():
            return tuple(map(self.vocabulary.shown, ids.tolist()))
        learner = self.tokenizer.encoder()
        own = np.concatenate([learner(block) for block in self._blocks(text)])
        return tuple(learner.symbols[i] if i else self.vocabulary.boundary for i in own.tolist())


def _sums(values: Array, ends: NDArray[np.int64]) -> Array:
    """Return the sums of the runs of values that end at `ends`."""
    return np.add.reduceat(values[: ends[-1] + 1], np.append(0, ends[:-1] + 1))
