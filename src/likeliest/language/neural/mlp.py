"""A network of one hidden layer: the next symbol from the few before it (Bengio et al. 2003).

Each symbol has a vector; those of the context, side by side, go through a layer of tanh units to
the logits of the next symbol.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.engines import threads
from likeliest.errors import ParameterError
from likeliest.language.counting.stream import chunks
from likeliest.language.models.predictor import Predictor
from likeliest.language.models.scoring import Scores
from likeliest.language.text.vocabulary import END

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Block
    from likeliest.language.text.tokenizers import Tokenizer
    from likeliest.language.text.vocabulary import Vocabulary
    from likeliest.tables import Table

_CHUNK = 1 << 15


class Weights(NamedTuple):
    """The parameters of a network.

    Parameters
    ----------
    vectors : array of shape (symbols, embedding)
    hidden : array of shape (context · embedding, units)
    hidden_bias : array of shape (units,)
    output : array of shape (units, symbols)
    output_bias : array of shape (symbols,)
    """

    vectors: Array
    hidden: Array
    hidden_bias: Array
    output: Array
    output_bias: Array

    @property
    def size(self) -> int:
        """How many numbers they are."""
        return sum(each.size for each in self)

    @property
    def context(self) -> int:
        """How many symbols the network looks back."""
        return len(self.hidden) // self.vectors.shape[1]

    def by_place(self) -> Array:
        """Return what each symbol adds to the hidden layer at each place of the context.

        Returns
        -------
        array of shape (context · symbols, units), the earliest place first
        """
        symbols, embedding = self.vectors.shape
        of_place = self.hidden.reshape(self.context, embedding, -1)
        return (self.vectors @ of_place).reshape(self.context * symbols, -1)

    def log_probs(self, contexts: NDArray[np.integer]) -> Array:
        """Return the log probability of every symbol after each context of numbers."""
        places = contexts + np.arange(self.context) * len(self.vectors)
        logits = np.tanh(self.by_place()[places].sum(axis=1) + self.hidden_bias) @ self.output
        logits += self.output_bias
        logits -= logits.max(axis=1, keepdims=True)
        logs: Array = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return logs


class NetworkState:
    """The symbols before the next one that a network looks at."""

    __slots__ = ("model", "numbers")

    def __init__(self, model: MLPModel, numbers: tuple[int, ...]) -> None:
        self.model = model
        self.numbers = numbers

    def score(self, symbol: str | int) -> tuple[float, NetworkState]:
        """Return the log probability of a symbol, in nats, and the state after it."""
        log_prob, _, _, after = self.step(symbol)
        return log_prob, after

    def step(self, symbol: str | int) -> tuple[float, int, bool, NetworkState]:
        """Return log probability, order, whether the symbol is unknown, and the state after it."""
        vocabulary = self.model.vocabulary
        if isinstance(symbol, str):
            number = vocabulary.index.get(symbol, 0 if symbol == END else -1)
        else:
            number = index(symbol)
        if not -1 <= number < len(vocabulary):
            raise ParameterError(
                f"a symbol is a string, or a number to {len(vocabulary) - 1:,}; got {symbol!r:.40}."
            )
        log_prob = -np.inf if number < 0 else float(self.log_probs()[number])
        after = (*self.numbers[1:], number) if number > 0 else (0,) * len(self.numbers)
        return log_prob, self.model.order, number < 0, NetworkState(self.model, after)

    def log_probs(self) -> Array:
        """Return the log probability of every symbol of the vocabulary, the end first."""
        logs: Array = self.model.weights.log_probs(np.array([self.numbers]))[0]
        return logs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NetworkState) and self.numbers == other.numbers

    def __hash__(self) -> int:
        return hash(self.numbers)


@dataclass(frozen=True, eq=False)
class MLPModel(Predictor):
    """A network that predicts each symbol from the `context` before it.

    It is closed: a symbol that the text lacked has probability 0, and stands in a context for the
    start of a sequence, which is all that it knows of what came before.

    Parameters
    ----------
    weights : Weights
    tokenizer : Tokenizer
    symbols : Vocabulary
    losses : array
        The loss before each step of its training.
    """

    weights: Weights
    tokenizer: Tokenizer
    symbols: Vocabulary
    losses: Array = field(default_factory=lambda: np.zeros(0), repr=False)

    @property
    def vocabulary(self) -> Vocabulary:
        """The symbols, the boundary first."""
        return self.symbols

    @property
    def order(self) -> int:
        """One more than the symbols of a context."""
        return self.weights.context + 1

    def state(self, after: str = "", *, bos: bool = True) -> NetworkState:
        """Return the state of a query after a text, from which symbols are scored one by one."""
        state = NetworkState(self, (0,) * self._lead)
        for number in self._encoder.one(after):
            _, state = state.score(number)
        return state

    def summary(self) -> Table:
        """Return the network as a table: its sizes, and the loss of its training."""
        from likeliest.tables import Table, number

        rows = [
            ("context", f"{self.weights.context}"),
            ("embedding", f"{self.weights.vectors.shape[1]:,}"),
            ("hidden units", f"{self.weights.hidden_bias.size:,}"),
            ("parameters", f"{self.weights.size:,}"),
        ]
        if self.losses.size:
            rows.append(("steps", f"{self.losses.size:,}"))
            rows.append(("loss at the end", f"{number(float(self.losses[-1]), 6)} nats"))
        title = f"{self.tokenizer.name} network, {len(self.symbols):,} symbols"
        return Table(title, ("", "size"), tuple(rows))

    def save(self, path: str | Path) -> None:
        """Write the network to a file, which `likeliest.language.load_mlp` opens."""
        from likeliest.language.storage.files import save_mlp

        save_mlp(self, path)

    @property
    def _lead(self) -> int:
        return self.weights.context

    def _following(self, histories: NDArray[np.integer]) -> Array:
        return self.weights.log_probs(_within(histories))

    def _scored(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        lead = self._lead

        def work(chunk: NDArray[np.int32]) -> Scores:
            ids = chunk[lead:]
            windows = np.lib.stride_tricks.sliding_window_view(chunk, lead + 1)
            contexts, which = np.unique(_within(windows[:, :-1]), axis=0, return_inverse=True)
            logs = self.weights.log_probs(contexts)[which.reshape(-1), ids]
            logs[ids < 0] = -np.inf
            if not eos:
                logs[ids == 0] = 0.0
            return Scores(ids, logs, np.full(ids.size, self.order, np.int8))

        encoded = threads.each(self._encoder, text)
        return threads.each(work, chunks(encoded, lead + 1, _CHUNK))

    def __repr__(self) -> str:
        return (
            f"MLPModel(context {self.weights.context}, {self.tokenizer.name}, "
            f"{len(self.symbols):,} symbols, {self.weights.size:,} parameters)"
        )


def _within(contexts: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return contexts without what is before their last start, or before what is not known."""
    begins = contexts <= 0
    before = np.logical_or.accumulate(begins[:, ::-1], axis=1)[:, ::-1]
    return np.where(before, 0, contexts)
