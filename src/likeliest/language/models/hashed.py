"""Models whose n-grams stand in KenLM's hash tables: they can be asked for, and not listed."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import copysign
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.engines import threads
from likeliest.language.counting.stream import chunks
from likeliest.language.models.predictor import Predictor
from likeliest.language.models.scoring import Scores
from likeliest.language.models.state import Known, State, Steps
from likeliest.language.models.tens import LOG10, NEVER, nats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Block
    from likeliest.language.text.tokenizers import Ids, Tokenizer
    from likeliest.language.text.vocabulary import Vocabulary
    from likeliest.tables import Table

_BY_KEY, _BY_WORD = 8978948897894561157, 17894857484156487943  # KenLM's factors of an n-gram's key
_MASK = (1 << 64) - 1
_KEY, _ONE, _PAIR = (struct.Struct(form).unpack_from for form in ("<Q", "<f", "<ff"))
_CHUNK = 1 << 15
_CELLS = 1 << 20  # n-grams looked up at once
_SHORT = 1_000  # characters of a text that is scored step by step


@dataclass(frozen=True, eq=False)
class Tables:
    """N-grams by the keys that KenLM makes of them, from the last word to the first.

    Parameters
    ----------
    unigrams : structured array
        log10 p and weight of each word in KenLM's numbers; p is positive where it ends an n-gram.
    longer : tuple of structured arrays
        Of orders 2 and up the slots of a table: key (0 where it is free), log10 p and weight.
    ids : array of int
        KenLM's number of each symbol of the vocabulary, </s> being the first.
    start : int
        KenLM's number of <s>.
    """

    unigrams: NDArray[Any]
    longer: tuple[NDArray[Any], ...]
    ids: NDArray[np.int64]
    start: int

    @cached_property
    def context_ids(self) -> NDArray[np.uint64]:
        """KenLM's number of each symbol as a context, where the first is <s>."""
        ids = self.ids.astype(np.uint64)
        ids[0] = self.start
        return ids

    def find(self, n: int, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the slots of n-grams of order n, -1 where there is none."""
        slots = self.longer[n - 2]["key"]
        found = np.full(keys.size, -1)
        left = np.flatnonzero(keys != 0)
        at = (keys[left] % np.uint64(slots.size)).astype(np.int64)
        for _ in range(slots.size):
            there = slots[at]
            hit = there == keys[left]
            found[left[hit]] = at[hit]
            going = ~hit & (there != 0)
            if not going.any():
                break
            left, at = left[going], at[going] + 1
            at[at == slots.size] = 0
        return found

    def scores(
        self, histories: NDArray[np.integer], symbols: NDArray[np.integer]
    ) -> tuple[Array, NDArray[np.int8]]:
        """Return log p of each symbol after a history, in nats, and the order that answered.

        Parameters
        ----------
        histories : array of int, of shape (symbols, order - 1)
            The latest in the last column; nothing counts before 0, the start, or -1.
        symbols : array of int, ≥ 0
        """
        words = self.ids[symbols]
        tens = -np.abs(self.unigrams["prob"][words]).astype(np.float64)
        orders = np.ones(symbols.size, np.int8)
        keys, weight_keys = words.astype(np.uint64), np.zeros(symbols.size, np.uint64)
        charged = np.zeros((symbols.size, histories.shape[1]))
        known = np.ones(symbols.size, bool)  # whether the context may go on
        listed = np.ones(symbols.size, bool)  # whether the n-gram is there so far
        for n in range(2, histories.shape[1] + 2):
            before = histories[:, histories.shape[1] - n + 1].astype(np.int64)
            known = known & (before >= 0)
            ids = self.context_ids[np.maximum(before, 0)]
            at = np.flatnonzero(known)
            charged[at, n - 2], weight_keys[at] = self._weights(n - 1, weight_keys[at], ids[at])
            at = np.flatnonzero(known & listed)
            keys[at] = _longer(keys[at], ids[at])
            slots = self.find(n, keys[at])
            listed[at[slots < 0]] = False
            at, slots = at[slots >= 0], slots[slots >= 0]
            tens[at] = -np.abs(self.longer[n - 2]["prob"][slots])
            orders[at] = n
            known &= before > 0
        of_longer = np.arange(1, histories.shape[1] + 1) >= orders[:, None]
        tens += np.where(of_longer, charged, 0.0).sum(axis=1)
        return nats(tens), orders

    def _weights(
        self, n: int, keys: NDArray[np.uint64], ids: NDArray[np.uint64]
    ) -> tuple[NDArray[np.float32], NDArray[np.uint64]]:
        """Return the weights of contexts that are one word longer than those of the keys."""
        if n == 1:
            return self.unigrams["weight"][ids.astype(np.int64)], ids
        keys = _longer(keys, ids)
        slots = self.find(n, keys)
        return np.where(slots < 0, np.float32(0.0), self.longer[n - 2]["weight"][slots]), keys


def _longer(keys: NDArray[np.uint64], ids: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the keys of n-grams with one word more before the first."""
    return (keys * np.uint64(_BY_KEY)) ^ ((ids + np.uint64(1)) * np.uint64(_BY_WORD))


@dataclass(frozen=True, eq=False)
class HashedModel(Predictor):
    """A model whose n-grams are asked for in the hash tables of a binary of KenLM, and not listed.

    It scores, predicts and draws as an `NGramModel` does; what goes through all n-grams, such as
    pruning and writing, needs the ARPA file that the binary was built from.

    Parameters
    ----------
    tables : Tables
    tokenizer : Tokenizer
    symbols : Vocabulary
    path : str
        The file, to which it is mapped.
    """

    tables: Tables
    tokenizer: Tokenizer
    symbols: Vocabulary
    path: str

    @property
    def vocabulary(self) -> Vocabulary:
        """The symbols, the boundary first."""
        return self.symbols

    @property
    def order(self) -> int:
        """The length of the longest n-grams."""
        return len(self.tables.longer) + 1

    @cached_property
    def search(self) -> HashedSearch:
        """Walk the n-grams one symbol at a time: for queries by state."""
        return HashedSearch(self)

    def state(self, after: str = "", *, bos: bool = True) -> State:
        """Return the state of a query after a text, from which symbols are scored one by one."""
        numbers = self._encoder.one(after)
        within = numbers[max(len(numbers) - self._lead, 0) :]
        return self.search.after(within, bos=bos and len(within) == len(numbers))

    def summary(self) -> Table:
        """Return the model as a table: what it is, and the slots of its tables."""
        from likeliest.tables import Table

        sizes = (len(self.symbols), *(table.size for table in self.tables.longer))
        rows = tuple((f"{n}", f"{size:,}") for n, size in enumerate(sizes, 1))
        title = f"{self.tokenizer.name} model of order {self.order}, of KenLM's hash tables"
        return Table(title, ("order", "slots"), rows)

    @property
    def _lead(self) -> int:
        return self.order - 1

    def _short(self, text: str, *, bos: bool, eos: bool) -> float | None:
        if len(text) >= _SHORT:
            return None
        state = self.search.start if bos else self.search.nothing
        return self.search.total(self._encoder.one(text), state, eos=eos)

    def _following(self, histories: NDArray[np.integer]) -> Array:
        size = len(self.symbols)
        logs = np.empty((len(histories), size))
        together = max(1, _CELLS // size)
        for first in range(0, len(histories), together):
            part = histories[first : first + together]
            symbols = np.tile(np.arange(size), len(part))
            found, _ = self.tables.scores(np.repeat(part, size, axis=0), symbols)
            logs[first : first + together] = found.reshape(len(part), size)
        return logs

    def _scored(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        lead = self._lead

        def work(chunk: Ids) -> Scores:
            ids = chunk[lead:]
            windows = np.lib.stride_tricks.sliding_window_view(chunk, lead + 1)[:, :-1]
            histories = windows if bos else np.where(windows == 0, -1, windows)
            logs, orders = self.tables.scores(histories, np.maximum(ids, 0))
            logs[ids < 0] = -np.inf
            if not eos:
                logs[ids == 0] = 0.0
            return Scores(ids, logs, orders)

        return threads.each(work, chunks(threads.each(self._encoder, text), lead + 1, _CHUNK))

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: not what is remembered of queries."""
        derived = {"search", "_encoder"}
        return {name: value for name, value in self.__dict__.items() if name not in derived}

    def __repr__(self) -> str:
        return (
            f"HashedModel(order {self.order}, {self.tokenizer.name}, "
            f"{len(self.symbols):,} symbols, {self.path})"
        )


class HashedSearch(Steps):
    """Steps from state to state through hash tables, the last ones remembered.

    Parameters
    ----------
    model : HashedModel
    """

    def __init__(self, model: HashedModel) -> None:
        super().__init__(model.vocabulary, model)
        tables = model.tables
        self.model = model
        self.ids: list[int] = tables.ids.tolist()
        self.factors = [(1 + i) * _BY_WORD & _MASK for i in tables.context_ids.tolist()]
        self.unigrams = _bytes(tables.unigrams), tables.unigrams.itemsize
        self.slots = [(_bytes(table), table.itemsize, table.size) for table in tables.longer]
        weight = float(tables.unigrams["weight"][tables.start])
        self.start = self._named((0,), [(0, weight)])

    def total(self, symbols: Iterable[str | int], state: State, *, eos: bool) -> float:
        """Return the log probability of the symbols after a state, and of the end if asked for."""
        return self._through(symbols, state, eos=eos)

    def numbers(self, places: Sequence[Any]) -> tuple[int, ...]:
        """Return the symbols of the longest context of a state, the earliest first."""
        return tuple(number for number, _ in reversed(places))

    def log_probs(self, numbers: tuple[int, ...]) -> Array:
        """Return the log probability of every symbol after others, the latest last."""
        history = [-1] * (self.model.order - 1 - len(numbers)) + list(numbers)
        return self.model.log_probs(np.array([history]))[0]

    def _step(self, places: Sequence[Any], number: int) -> Known:
        if number < 0:
            return -np.inf, 1, True, self.nothing
        key = self.ids[number]
        view, width = self.unigrams
        tens, weight = _PAIR(view, key * width)
        order, goes_left = 1, copysign(1.0, tens) > 0.0
        found, size = [(number, weight)], int(_goes_on(weight))
        for before, _ in places if goes_left else ():
            key = (key * _BY_KEY & _MASK) ^ self.factors[before]
            at = self._slot(order - 1, key)
            if at < 0:
                break
            order += 1
            if order == self.model.order:
                (tens,) = _ONE(self.slots[-1][0], at)
                break
            tens, weight = _PAIR(self.slots[order - 2][0], at)
            found.append((before, weight))
            if _goes_on(weight):
                size = order
            if copysign(1.0, tens) < 0.0:
                break
        tens = -abs(tens) + sum(weight for _, weight in places[order - 1 :])
        del found[size:]
        state = self._named(tuple(n for n, _ in found), found) if number and found else self.nothing
        log_prob = tens * LOG10 if tens > NEVER else -np.inf
        return log_prob, order, number == self.unknown, state

    def _slot(self, table: int, key: int) -> int:
        """Return where the values of a key are in a table, -1 where it has none."""
        view, width, size = self.slots[table]
        at = key % size
        for _ in range(size):
            (there,) = _KEY(view, at * width)
            if there == key:
                return at * width + 8
            if there == 0:
                break
            at = at + 1 if at + 1 < size else 0
        return -1


def _goes_on(weight: float) -> bool:
    """Return whether a context goes on: where it does not KenLM writes -0 for its weight."""
    return weight != 0.0 or copysign(1.0, weight) > 0.0


def _bytes(array: NDArray[Any]) -> memoryview:
    return array.view(np.uint8).data
