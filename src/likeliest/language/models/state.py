"""States of a query: the score of one symbol after another, as a decoder asks for them."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from bisect import bisect_left
from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.models import trie
from likeliest.language.text.vocabulary import END

try:  # it is there where a compiler was, at installation
    from likeliest.language.models._walk import Walk
except ImportError:
    Walk = None  # type: ignore[assignment, misc]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array, Estimate
    from likeliest.language.text.vocabulary import Vocabulary

_MOST = 400_000  # steps that are remembered: some 600 bytes each, with the state they lead to
_PAYS = 32  # keys of a level for each look-up in it, from which the starts of its contexts pay
_PIECE = 1 << 18  # contexts whose starts are found at once
_SIZE_BITS = 4
_NONE: dict[str | int, Known] = {}

Known = tuple[float, int, bool, "State"]
"""Log probability, order, whether the symbol is unknown, and the state after it."""


class Step(NamedTuple):
    """The score of a symbol, and the state after it.

    Parameters
    ----------
    log_prob : float
        Nats.
    order : int
        Length of the n-gram that answered.
    unknown : bool
        Whether the symbol is outside the vocabulary.
    state : State
    """

    log_prob: float
    order: int
    unknown: bool
    state: State


class State:
    """The symbols before the next one, as far as they can still matter to a model.

    States are made by `NGramModel.state`, never change, and are equal where no longer n-gram and no
    back-off weight tells them apart: a beam search may merge their hypotheses.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["the cat sat", "the dog sat"], 3, "words")
    >>> log_prob, state = model.state().score("the")
    >>> state
    State(<s> the)
    >>> _, other = state.score("dog")
    >>> other.step("sat").order
    3
    """

    __slots__ = ("after", "key", "places", "search")

    def __init__(self, search: Steps, key: object, places: Sequence[Any]) -> None:
        self.search = search
        self.key = key
        self.places = places
        self.after = _NONE

    def score(self, symbol: str | int) -> tuple[float, State]:
        """Return the log probability of a symbol, in nats, and the state after it.

        Parameters
        ----------
        symbol : str or int
            A symbol or its number in the vocabulary; `</s>`, or 0, is the end of the sequence. A
            symbol that the vocabulary lacks is the unknown one.
        """
        known = self.after.get(symbol) or self.search.known(self, symbol)
        return known[0], known[3]

    def step(self, symbol: str | int) -> Step:
        """Return log probability, order, whether the symbol is unknown, and the state after it."""
        return Step._make(self.after.get(symbol) or self.search.known(self, symbol))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the symbols, the earliest first; 0 is the start of the sequence."""
        return self.search.numbers(self.places)

    def log_probs(self) -> Array:
        """Return the log probability of every symbol of the vocabulary, the end first."""
        return self.search.log_probs(self.numbers)

    def __eq__(self, other: object) -> bool:
        if self is other or not isinstance(other, State):
            return self is other
        same = self.key == other.key
        return same and (self.search is other.search or self.numbers == other.numbers)

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        symbols = self.search.vocabulary.symbols
        return f"State({' '.join(symbols[i] if i else '<s>' for i in self.numbers)})"

    def __reduce__(self) -> tuple[Callable[..., State], tuple[Searched, tuple[int, ...]]]:
        return _opened, (self.search.source, self.numbers)


def _opened(source: Searched, numbers: tuple[int, ...]) -> State:
    return source.search.after(numbers)


class Steps(ABC):
    """Steps from state to state, the last ones remembered.

    Parameters
    ----------
    vocabulary : Vocabulary
    source : what has the n-grams
        From which a state that was pickled finds its way back here.
    """

    start: State

    def __init__(self, vocabulary: Vocabulary, source: Searched) -> None:
        self.vocabulary, self.source = vocabulary, source
        self.index = vocabulary.index
        self.unknown = -1 if vocabulary.unknown is None else vocabulary.unknown
        self.asked = 0
        self.remembered = 0
        self.states: dict[object, State] = {}
        self.used: list[State] = []
        self.nothing = State(self, 0, [])

    @abstractmethod
    def total(self, symbols: Iterable[str | int], state: State, *, eos: bool) -> float:
        """Return the log probability of the symbols after a state, and of the end if asked for."""

    @abstractmethod
    def numbers(self, places: Sequence[Any]) -> tuple[int, ...]:
        """Return the symbols of the longest context of a state, the earliest first."""

    @abstractmethod
    def log_probs(self, numbers: tuple[int, ...]) -> Array:
        """Return the log probability of every symbol after others, the latest last."""

    @abstractmethod
    def _step(self, places: Sequence[Any], number: int) -> Known:
        """Return the step from a state by the number of a symbol, -1 where it has none."""

    def after(self, numbers: Iterable[int], *, bos: bool = False) -> State:
        """Return the state after symbols; 0 among them starts a sequence, -1 is not known."""
        state = self.start if bos else self.nothing
        for number in numbers:
            if number < 0:
                state = self.nothing
            else:
                state = self.start if number == 0 else self.known(state, number)[3]
        return state

    def known(self, state: State, symbol: str | int) -> Known:
        """Return the step from a state by a symbol, and remember it."""
        known = state.after.get(symbol)
        if known is not None:
            return known
        number = self._number(symbol)
        self.asked += 1
        self.remembered += 1
        if self.remembered >= _MOST:
            self._forget()
        after = state.after
        if after is _NONE:
            after = state.after = {}
            self.used.append(state)
        # Into this dict, whatever another thread has forgotten by now.
        known = after[symbol] = self._step(state.places, number)
        return known

    def _through(self, symbols: Iterable[str | int], state: State, *, eos: bool) -> float:
        """Return the log probability of symbols by steps that are remembered."""
        total = 0.0
        for symbol in symbols:
            known = state.after.get(symbol) or self.known(state, symbol)
            total += known[0]
            state = known[3]
        return total + state.score(0)[0] if eos else total

    def _named(self, key: object, places: Sequence[Any]) -> State:
        """Return the state of a key, the same one each time until all is forgotten."""
        return self.states.get(key) or self.states.setdefault(key, State(self, key, places))

    def _forget(self) -> None:
        self.remembered = 0
        used, self.used, self.states = self.used, [], {}
        for state in used:
            state.after = _NONE

    def _number(self, symbol: str | int) -> int:
        """Return the number of a symbol, -1 where it has none."""
        if isinstance(symbol, str):
            return self.index.get(symbol, 0 if symbol == END else self.unknown)
        number = index(symbol) if hasattr(symbol, "__index__") else len(self.vocabulary)
        if not -1 <= number < len(self.vocabulary):
            raise ParameterError(
                f"a symbol is a string, or a number up to {len(self.vocabulary) - 1:,}; got "
                f"{symbol!r:.40}."
            )
        return number


class Searched(Protocol):
    """A model that holds n-grams, with the walk through them."""

    @property
    def search(self) -> Steps:
        """Walk the n-grams one symbol at a time: for queries by state."""


class _Level(NamedTuple):
    """The n-grams of an order, n ≥ 2, the weights of their contexts, and where those start."""

    keys: memoryview[int]
    log_probs: memoryview[float]
    weights: memoryview[float]
    starts: memoryview[int] | None

    def goes_on(self, place: int) -> bool:
        """Return whether an n-gram has this context."""
        if self.starts is not None:
            return self.starts[place] < self.starts[place + 1]
        at = bisect_left(self.keys, place << trie.SHIFT)
        return at < len(self.keys) and self.keys[at] >> trie.SHIFT == place


class Search(Steps):
    """Steps through the levels of a trie.

    The arrays of the model are read where they lie. Beside them stand a bounded number of steps,
    all forgotten when there are too many, and, of a level that was asked often enough, the places
    where its contexts start (4 bytes for each context).

    `walk.c` takes the same steps where it was compiled, to the same bits.

    Parameters
    ----------
    estimate : Estimate
    """

    def __init__(self, estimate: Estimate) -> None:
        super().__init__(estimate.vocabulary, estimate)
        self.estimate = estimate
        # Of an add-k model what a context says of symbols never seen after it takes the place of
        # the weights: it is no factor, but the answer.
        self.floors = estimate.floors is not None
        probs, weights = estimate.log_probs, estimate.floors or estimate.log_weights
        self.unigrams: memoryview[float] = _view(probs[0])
        self.levels = [
            _Level(_view(keys), _view(logs), _view(weight), None)
            for keys, logs, weight in zip(estimate.levels, probs[1:], weights, strict=True)
        ]
        self.pays = self._pays()
        self.walk = self._compiled()
        self.start = self._state([0]) if self.levels else self.nothing

    def _compiled(self) -> Walk | None:
        """Return the walk in C, where it was compiled and takes arrays of these types."""
        if Walk is None:
            return None
        try:
            return Walk(self.unigrams, self.levels, self.floors)
        except (TypeError, ValueError):
            return None

    def total(self, symbols: Iterable[str | int], state: State, *, eos: bool) -> float:
        """Return the log probability of the symbols after a state, and of the end if asked for.

        In C, and without it once it is known where the n-grams of all contexts start, nothing is
        remembered of a text: to make a state of each place in it costs more than to go through its
        n-grams again.
        """
        if self.walk is None and (self.floors or self.pays != sys.maxsize):
            return self._through(symbols, state, eos=eos)
        symbols, get = list(symbols), cast("Callable[[Any, Any], Any]", self.index.get)
        found = [*map(get, symbols, symbols)]  # what has no number is left as it is
        if eos:
            found.append(0)
        if self.walk is None:
            return self._sum(self._numbers(found), state.places)
        self.asked += len(found)
        if self.asked >= self.pays:
            self._note_starts()
        try:
            return self.walk.total(found, state.places)
        except TypeError:  # of a symbol that the vocabulary lacks
            return self.walk.total(self._numbers(found), state.places)

    def _numbers(self, found: list[Any]) -> list[int]:
        return [s if s.__class__ is int else self._number(s) for s in found]

    def _sum(self, numbers: Iterable[int], places: Sequence[int]) -> float:
        """Return the log probability of the symbols after contexts, without a state of each."""
        unigrams, levels, longest = self.unigrams, self.levels, len(self.levels)
        total = 0.0
        for number in numbers:
            if number < 0:
                return -np.inf
            log_prob, found, n = unigrams[number], [number], 0
            for place in places:
                keys, log_probs, weights, starts = levels[n]
                n += 1
                if place < 0:
                    found.append(-1)
                    continue
                at, end = starts[place], starts[place + 1]  # type: ignore[index]
                if at < end:
                    wanted = (place << trie.SHIFT) | number
                    at = bisect_left(keys, wanted, at, end)
                    if at < end and keys[at] == wanted:
                        log_prob = log_probs[at]
                        found.append(at)
                        continue
                log_prob += weights[place]
                found.append(-1)
            total += log_prob
            if n == longest:
                found.pop()
            while found and found[-1] < 0:
                found.pop()
            places = found if number else ()
        return total

    def numbers(self, places: Sequence[int]) -> tuple[int, ...]:
        """Return the symbols of the longest context of a state, the earliest first."""
        if len(places) < 2:
            return tuple(places)
        rows = trie.spelled(self.estimate.levels, len(places), places[-1], places[-1] + 1)
        return tuple(rows[0].tolist())

    def log_probs(self, numbers: tuple[int, ...]) -> Array:
        """Return the log probability of every symbol after others, the latest last."""
        from likeliest.language.models.scoring import following

        history = np.full((1, len(self.levels)), -1)
        if numbers:
            history[0, -len(numbers) :] = numbers
        return following(self.estimate, history)[0]

    def _step(self, places: Sequence[int], number: int) -> Known:
        if self.asked >= self.pays:
            self._note_starts()
        if number < 0:
            return -np.inf, 1, True, self.nothing
        if self.walk is not None:
            log_prob, order, found = self.walk.step(places, number)
            state = self.nothing
            if number and found:
                state = self._named((found[-1] << _SIZE_BITS) | len(found), found)
            return log_prob, order, number == self.unknown, state
        log_prob, order, found = self.unigrams[number], 1, [number]
        for place, (keys, log_probs, weights, starts) in zip(places, self.levels, strict=False):
            at = -1
            if place >= 0:
                wanted = (place << trie.SHIFT) | number
                if starts is None:
                    end = len(keys)
                    at = bisect_left(keys, wanted)
                else:
                    end = starts[place + 1]
                    at = bisect_left(keys, wanted, starts[place], end)
                if at < end and keys[at] == wanted:
                    log_prob, order = log_probs[at], len(found) + 1
                else:
                    at = -1
                    log_prob = weights[place] if self.floors else log_prob + weights[place]
            found.append(at)
        state = self._state(found) if number else self.nothing
        return log_prob, order, number == self.unknown, state

    def _state(self, found: list[int]) -> State:
        """Return the state of the longest context that a longer n-gram or a weight depends on."""
        del found[len(self.levels) :]
        while found:
            place = found[-1]
            if place >= 0:
                level = self.levels[len(found) - 1]
                if level.weights[place] != 0.0 or level.goes_on(place):
                    break
            found.pop()
        else:
            return self.nothing
        return self._named((place << _SIZE_BITS) | len(found), found)

    def _pays(self) -> int:
        """Return the number of steps from which it pays to note the starts of a level."""
        without = [len(level.keys) // _PAYS for level in self.levels if level.starts is None]
        return min(without, default=sys.maxsize)

    def _note_starts(self) -> None:
        for n, level in enumerate(self.levels):
            if level.starts is None and len(level.keys) // _PAYS <= self.asked:
                self.levels[n] = level._replace(starts=_view(_starts(level)))
        self.pays = self._pays()
        self.walk = self._compiled()


def _starts(level: _Level) -> NDArray[Any]:
    """Return where the n-grams of each context start, and where the last ones end."""
    keys = np.asarray(level.keys)
    kind = np.int32 if keys.size < 1 << 31 else np.int64
    starts: NDArray[Any] = np.empty(len(level.weights) + 1, kind)
    for first in range(0, starts.size, _PIECE):
        contexts = np.arange(first, min(first + _PIECE, starts.size))
        starts[first : first + _PIECE] = np.searchsorted(keys, contexts << trie.SHIFT)
    return starts


def _view(array: NDArray[Any]) -> memoryview[Any]:
    """Return a view of an array whose items are Python's numbers, many times as fast to get at."""
    return np.ascontiguousarray(array).data
