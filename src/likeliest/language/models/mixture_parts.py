"""The parts of a mixture: models, caches and functions, in the vocabulary of the mixture."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language.models.hashed import HashedModel
from likeliest.language.models.model import NGramModel
from likeliest.language.models.scoring import Scores
from likeliest.language.neural.mlp import MLPModel
from likeliest.language.options import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.models.state import State
    from likeliest.language.neural.mlp import NetworkState
    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Block
    from likeliest.language.text.tokenizers import Tokenizer
    from likeliest.language.text.vocabulary import Vocabulary

Network = Callable[[list[str]], Sequence["Array"]]
"""From sequences to the log probability (nats) of each symbol of each, its end the last."""


@dataclass(frozen=True)
class Cache:
    """A unigram cache: how often a symbol is among the last ones of the text that is scored.

    Parameters
    ----------
    size : int
        How many symbols it remembers, ends of sequences included. Before the first one it says that
        all symbols of the vocabulary are alike.
    """

    size: int = 500

    def __post_init__(self) -> None:
        whole("size", self.size, 1)


class Part(ABC):
    """What gives the symbols of a text log probabilities in the vocabulary of the mixture."""

    name: str

    @abstractmethod
    def stream(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        """Yield scores with the numbers of the mixture; -1 where this part does not know it."""

    @abstractmethod
    def begin(self, *, bos: bool) -> Any:
        """Return what this part knows before the first symbol."""

    @abstractmethod
    def step(self, known: Any, number: int) -> tuple[float, int, Any]:
        """Return log probability and order of a symbol of the mixture, and what is known then.

        Parameters
        ----------
        known : what `begin` or `step` returned
        number : int
            -1 where the mixture has none.
        """

    @abstractmethod
    def spread(self, known: Any) -> Array:
        """Return the log probability of every symbol of the mixture."""

    @abstractmethod
    def following(self, histories: NDArray[np.integer]) -> Array:
        """Return the log probability of every symbol of the mixture after each history."""


class ModelPart(Part):
    """A model of n-grams, with the numbers of the mixture for its own."""

    def __init__(self, model: NGramModel | HashedModel | MLPModel, vocabulary: Vocabulary) -> None:
        self.model = model
        self.name = "mlp" if isinstance(model, MLPModel) else f"order {model.order}"
        own = model.vocabulary
        self.numbers = np.array(
            [vocabulary.index.get(s, -1) for s in own.symbols] + [-1], dtype=np.int64
        )
        self.numbers[0] = 0
        if own.unknown is not None:
            self.numbers[own.unknown] = -1
        shared = np.flatnonzero(self.numbers[:-1] >= 0)
        self.lacks = len(vocabulary) - shared.size  # the unknown symbol of the mixture among them
        self.own = np.full(len(vocabulary), -1 if own.unknown is None else own.unknown)
        self.own[self.numbers[shared]] = shared
        self.is_lacking = np.ones(len(vocabulary), bool)
        self.is_lacking[self.numbers[shared]] = False

    def stream(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        """Yield scores with the numbers of the mixture; -1 where this part does not know it."""
        for scores in self.model._scored(text, bos=bos, eos=eos):  # noqa: SLF001
            ids = self.numbers[scores.ids]
            logs = scores.log_probs - np.where(ids < 0, np.log(max(self.lacks, 1)), 0.0)
            yield Scores(ids.astype(np.int32), logs, scores.orders)

    def begin(self, *, bos: bool) -> State | NetworkState:
        """Return what this part knows before the first symbol."""
        return self.model.state(bos=bos)

    def step(self, known: Any, number: int) -> tuple[float, int, State | NetworkState]:
        """Return log probability and order of a symbol, and what is known then."""
        unknown = self.model.vocabulary.unknown
        own = int(self.own[number]) if number >= 0 else -1 if unknown is None else unknown
        log_prob, order, _, state = known.step(own)
        if number < 0 or self.is_lacking[number]:
            log_prob -= math.log(max(self.lacks, 1))
        return log_prob, order, state

    def spread(self, known: State | NetworkState) -> Array:
        """Return the log probability of every symbol of the mixture."""
        return self._in_mixture(known.log_probs())

    def following(self, histories: NDArray[np.integer]) -> Array:
        """Return the log probability of every symbol of the mixture after each history."""
        last = histories[:, histories.shape[1] - self.model.order + 1 :]
        return self._in_mixture(self.model.log_probs(np.where(last < 0, -1, self.own[last])))

    def _in_mixture(self, logs: Array) -> Array:
        """Return log probabilities of the model's symbols as those of the mixture's."""
        spread: Array = np.where(self.own < 0, -np.inf, logs[..., self.own])
        return spread - np.where(self.is_lacking, math.log(max(self.lacks, 1)), 0.0)


class NetworkPart(Part):
    """A function from sequences to the log probabilities of their symbols."""

    name = "function"

    def __init__(self, network: Network, tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
        self.network = network
        self.encoder = tokenizer.encoder(vocabulary)

    def stream(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        """Yield scores with the numbers of the mixture; -1 where this part does not know it."""
        if not bos:
            raise ParameterError("a function is given whole sequences: bos=False is not for it.")
        for block in text:
            ids = self.encoder(block)
            sequences = block.text.decode("utf-8", "surrogatepass").split(block.separator)[:-1]
            given = self.network(sequences)
            logs = np.concatenate([np.zeros(0), *(np.asarray(one, float) for one in given)])
            sizes = np.diff(np.flatnonzero(np.append(0, ids) == 0))
            wrong = [len(one) for one in given] != sizes.tolist()
            if wrong or not (logs <= 1e-9).all():
                raise DataError(
                    "a function of a mixture returns, for each sequence, the log probability of "
                    f"each symbol and of the end: {ids.size:,} numbers of 0 or less here; got "
                    f"{logs.size:,}."
                )
            if not eos:
                logs[ids == 0] = 0.0
            yield Scores(ids, logs, np.ones(ids.size, np.int8))

    def begin(self, *, bos: bool) -> Any:
        """Return what this part knows before the first symbol."""
        raise ParameterError(
            "a function scores whole sequences: states, next and generate are of mixtures without."
        )

    def step(self, known: Any, number: int) -> tuple[float, int, Any]:
        """Return log probability and order of a symbol, and what is known then."""
        return self.begin(bos=True)

    def spread(self, known: Any) -> Array:
        """Return the log probability of every symbol of the mixture."""
        return self.begin(bos=True)

    def following(self, histories: NDArray[np.integer]) -> Array:
        """Return the log probability of every symbol of the mixture after each history."""
        return self.begin(bos=True)


class CachePart(Part):
    """How often a symbol is among the last ones."""

    name = "cache"

    def __init__(self, cache: Cache, tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
        self.size, self.symbols = cache.size, len(vocabulary)
        self.encoder = tokenizer.encoder(vocabulary)

    def stream(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        """Yield scores with the numbers of the mixture; -1 where this part does not know it."""
        before = np.zeros(0, np.int32)
        for block in text:
            ids = self.encoder(block)
            together = np.concatenate([before, ids])
            probs = self._probs(together)[before.size :]
            with np.errstate(divide="ignore"):
                logs = np.log(probs)
            if not eos:
                logs[ids == 0] = 0.0
            yield Scores(ids, logs, np.ones(ids.size, np.int8))
            before = together[max(together.size - self.size, 0) :]

    def begin(self, *, bos: bool) -> tuple[int, ...]:
        """Return what this part knows before the first symbol."""
        return ()

    def step(self, known: tuple[int, ...], number: int) -> tuple[float, int, tuple[int, ...]]:
        """Return log probability and order of a symbol, and what is known then."""
        seen = known.count(number) / len(known) if known else 1.0 / self.symbols
        after = (*known, number)[-self.size :]
        return math.log(seen) if seen else -math.inf, 1, after

    def spread(self, known: tuple[int, ...]) -> Array:
        """Return the log probability of every symbol of the mixture."""
        last = np.array(known, dtype=np.int64)[None]
        return self._logs(last, last >= 0)[0]

    def following(self, histories: NDArray[np.integer]) -> Array:
        """Return the log probability of every symbol of the mixture after each history."""
        last, before = histories[:, -self.size :], histories[:, -self.size - 1 : -1]
        # 0 after nothing is the start of the text, and no end that was seen.
        return self._logs(last, (last > 0) | ((last == 0) & (before >= 0)))

    def _logs(self, last: NDArray[np.integer], counted: NDArray[np.bool_]) -> Array:
        """Return the log share of every symbol among those that count, a row for each row."""
        counts = np.zeros((len(last), self.symbols))
        row = np.broadcast_to(np.arange(len(last))[:, None], last.shape)
        np.add.at(counts, (row[counted], last[counted]), 1.0)
        seen = counted.sum(axis=1)[:, None]
        with np.errstate(divide="ignore"):
            logs: Array = np.log(np.where(seen > 0, counts / np.maximum(seen, 1), 1 / self.symbols))
        return logs

    def _probs(self, ids: NDArray[np.int32]) -> Array:
        """Return the share of each symbol among those before it, as far as it remembers."""
        order = np.argsort(ids, kind="stable")
        places = ids.astype(np.int64)[order] * (ids.size + self.size + 1) + order
        first = np.searchsorted(places, places - self.size)
        same = np.searchsorted(ids[order], ids[order])  # where the run of the same symbol begins
        counts = np.empty(ids.size)
        counts[order] = np.arange(ids.size) - np.maximum(first, same)
        seen = np.minimum(np.arange(ids.size), self.size)
        return np.where(seen > 0, counts / np.maximum(seen, 1), 1.0 / self.symbols)


def part_of(
    part: NGramModel | HashedModel | MLPModel | Cache | Network,
    vocabulary: Vocabulary,
    tokenizer: Tokenizer,
) -> Part:
    """Return a part in the vocabulary of a mixture."""
    if isinstance(part, NGramModel | HashedModel | MLPModel):
        return ModelPart(part, vocabulary)
    if isinstance(part, Cache):
        return CachePart(part, tokenizer, vocabulary)
    return NetworkPart(part, tokenizer, vocabulary)
