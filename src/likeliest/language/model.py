"""NGramModel: the likeliest model of a text, to score, to draw from and to look at."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language import generation
from likeliest.language.counting import Plan
from likeliest.language.evaluation import Evaluation, evaluate
from likeliest.language.options import whole
from likeliest.language.scoring import Scores, following, likeliest, score_stream
from likeliest.language.surprisal import Surprisal
from likeliest.language.text import Block, Text, blocks
from likeliest.language.vocabulary import BOUNDARY

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from likeliest.files import Temporary
    from likeliest.language.counts import NGramCounts
    from likeliest.language.smoothing.base import Array, Estimate
    from likeliest.language.state import State
    from likeliest.language.text import Progress
    from likeliest.language.tokenizers import Encoder, Ids, Tokenizer
    from likeliest.language.vocabulary import Vocabulary
    from likeliest.tables import Table

_FEW = 60  # symbols from which it is faster to score them all at once
_LONG = 1_000  # characters of a text that surely has more


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
        return score_stream(self.estimate, self._encoder, self._blocks(text), bos=bos, eos=eos)

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
        if isinstance(text, str) and len(text) < _LONG:
            numbers, search = self._encoder.one(text), self.estimate.search
            if len(numbers) < _FEW:
                state = search.start if bos else search.nothing
                return search.total(numbers, state, eos=eos) / unit
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
        plan = Plan(self.order, self.tokenizer, encoding, errors)
        source = plan.blocks([text] if isinstance(text, str) else text, progress)
        return evaluate(self.estimate, source, self._encoder, bos=bos, eos=eos)

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

    # one context

    def __contains__(self, symbol: object) -> bool:
        """Return whether a symbol is in the vocabulary: the ends and `<unk>` are none."""
        number = self.vocabulary.index.get(symbol) if isinstance(symbol, str) else None
        return number is not None and number != self.vocabulary.unknown

    def state(self, after: str = "", *, bos: bool = True) -> State:
        """Return the state of a query after a text, from which symbols are scored one by one.

        Parameters
        ----------
        after : str
        bos : bool
            Whether the text begins a sequence, or comes somewhere within one.

        Examples
        --------
        >>> import likeliest as lk
        >>> model = lk.language.fit(["the cat sat", "the dog sat"], 3, "words")
        >>> log_prob, state = model.state("the").score("cat")
        >>> round(log_prob, 4), state
        (-0.8755, State(the cat))
        """
        numbers = self._encoder.one(after)
        longest = self.order - 1
        within = numbers[len(numbers) - longest :] if len(numbers) > longest else numbers
        return self.estimate.search.after(within, bos=bos and len(within) == len(numbers))

    def next(
        self, after: str = "", *, bos: bool = True, top: int | None = None
    ) -> dict[str, float]:
        """Return the probability of each symbol after a text, the likeliest first.

        Parameters
        ----------
        after : str
        bos : bool
            Whether the text begins a sequence, or comes somewhere within one.
        top : int, optional
            Only the so many likeliest, found without making the probabilities of all.

        Returns
        -------
        dict from symbol to probability; the end of the sequence is '.', or '</s>' where the point
        is a symbol of the text.
        """
        state = self.state(after, bos=bos)
        if top is None:
            probs = np.exp(state.log_probs())
            numbers = np.argsort(-probs, kind="stable")
            probs = probs[numbers]
        else:
            numbers, logs = likeliest(self.estimate, state.numbers, whole("top", top, 1))
            probs = np.exp(logs)
        symbols = map(self.vocabulary.shown, numbers.tolist())
        return dict(zip(symbols, probs.tolist(), strict=True))

    def prob(self, symbol: str, after: str = "", *, bos: bool = True) -> float:
        """Return the probability of one symbol after a text; '.' is the end of the sequence."""
        end = symbol == BOUNDARY and symbol not in self.vocabulary.index
        return math.exp(self.state(after, bos=bos).score(0 if end else symbol)[0])

    def log_probs(self, contexts: ArrayLike) -> Array:
        """Return the log probability of every symbol after each context of numbers.

        Parameters
        ----------
        contexts : array of int, of shape (contexts, symbols)
            The numbers of the symbols before, the latest last; `vocabulary.index` has them. Those
            beyond the last `order - 1` do not matter. 0 is the start of a sequence, and -1 before
            it says that there is nothing to know.

        Returns
        -------
        array of shape (contexts, symbols of the vocabulary), in nats

        Examples
        --------
        >>> import likeliest as lk
        >>> model = lk.language.fit(["emma", "ava"], order=3)
        >>> logs = model.log_probs([[0, model.vocabulary.index["e"]], [-1, 0]])
        >>> logs.shape, np.exp(logs).sum(axis=1).round(12).tolist()
        ((2, 6), [1.0, 1.0])
        """
        histories = np.asarray(contexts)
        if histories.ndim != 2 or (histories.size and histories.dtype.kind not in "iu"):
            raise ParameterError(
                "contexts are numbers of symbols in rows, of shape (contexts, symbols); got shape "
                f"{histories.shape} of {histories.dtype}."
            )
        if histories.size and not -1 <= histories.min() <= histories.max() < len(self.vocabulary):
            raise ParameterError(
                f"the numbers of symbols are from -1 to {len(self.vocabulary) - 1:,}; got "
                f"{histories.min()} to {histories.max()}."
            )
        rows, given = histories.shape
        padded = np.full((rows, self.order - 1), -1)
        taken = min(given, self.order - 1)
        if taken:
            padded[:, -taken:] = histories[:, given - taken :]
        return following(self.estimate, padded)

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
        before = np.array(self._encoder.one(prefix), np.int64)
        drawn = generation.generate(
            self.estimate, n, rng, prefix=before, temperature=temperature, top_k=top_k,
            top_p=top_p, most=max_symbols,
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
