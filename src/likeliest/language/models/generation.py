"""Sequences drawn from a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.options import whole
from likeliest.language.text.reading import lines
from likeliest.language.text.tokenizers import words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Text
    from likeliest.language.text.tokenizers import Tokenizer
    from likeliest.language.text.vocabulary import Vocabulary

Following: TypeAlias = "Callable[[NDArray[np.integer]], Array]"

_CELLS = 4_000_000  # probabilities held at once


def generate(
    following: Following,
    lead: int,
    vocabulary: Vocabulary,
    n: int,
    rng: np.random.Generator,
    *,
    prefix: NDArray[np.integer],
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    most: int = 1000,
) -> list[list[int]]:
    """Return `n` sequences of numbers, without prefix and end; see `NGramModel.generate`.

    Parameters
    ----------
    following : function
        From histories of `lead` numbers to the log probabilities of all symbols.
    """
    n, most = whole("n", n, 0), whole("max_symbols", most, 1)
    top_k = None if top_k is None else whole("top_k", top_k, 1)
    _require(temperature, top_p)
    together = max(1, _CELLS // len(vocabulary))
    sequences: list[list[int]] = []
    for first in range(0, n, together):
        size = min(together, n - first)
        start = np.concatenate([np.full(lead, -1), [0], prefix])
        history = np.tile(start[start.size - lead :], (size, 1))
        drawn = _drawn(
            following, history, rng, vocabulary.unknown, (temperature, top_k, top_p), most
        )
        sequences += drawn
    return sequences


def _drawn(  # noqa: PLR0917
    following: Following,
    history: NDArray[np.integer],
    rng: np.random.Generator,
    unknown: int | None,
    how: tuple[float, int | None, float | None],
    most: int,
) -> list[list[int]]:
    n, lead = history.shape
    drawn: list[list[int]] = [[] for _ in range(n)]
    running = np.arange(n)
    for _ in range(most):
        symbols = choose(following(history), rng, unknown, *how)
        going = symbols != 0
        running, history = running[going], history[going]
        for row, symbol in zip(running.tolist(), symbols[going].tolist(), strict=True):
            drawn[row].append(symbol)
        if running.size == 0:
            break
        if lead:
            history = np.column_stack([history[:, 1:], symbols[going]])
    return drawn


def choose(  # noqa: PLR0917
    logs: Array,
    rng: np.random.Generator,
    unknown: int | None,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
) -> NDArray[np.int64]:
    """Return a symbol for each row of log probabilities; never the unknown one."""
    logs = logs.copy()
    if unknown is not None:
        logs[:, unknown] = -np.inf
    if temperature == 0.0:
        return np.argmax(logs, axis=1)
    logs = (logs - logs.max(axis=1, keepdims=True)) / temperature
    if top_k is not None and top_k < logs.shape[1]:
        kth = np.partition(logs, -top_k, axis=1)[:, -top_k, None]
        logs[logs < kth] = -np.inf
    probs = np.exp(logs)
    probs /= probs.sum(axis=1, keepdims=True)
    if top_p is not None and top_p < 1.0:
        order = np.argsort(-probs, axis=1, kind="stable")
        ordered = np.take_along_axis(probs, order, axis=1)
        # The smallest set that holds top_p: a symbol stays if those before it do not reach it.
        ordered[np.cumsum(ordered, axis=1) - ordered >= top_p] = 0.0
        np.put_along_axis(probs, order, ordered, axis=1)
    reached = np.cumsum(probs, axis=1)
    at = rng.random(len(probs))[:, None] * reached[:, -1:]
    return np.argmax(reached > at, axis=1)


def _require(temperature: float, top_p: float | None) -> None:
    if not (temperature >= 0.0 and np.isfinite(temperature)):
        raise ParameterError(f"temperature must be 0 or more; got {temperature}.")
    if top_p is not None and not 0.0 < top_p <= 1.0:
        raise ParameterError(f"top_p must be over 0 and at most 1; got {top_p}.")


def seen(samples: Sequence[str], text: Text, tokenizer: Tokenizer) -> list[bool]:
    """Return whether each sample is a sequence of a text, which is read once as a stream.

    Words are compared without the white space between them.
    """
    by_words = tokenizer.name == "words"

    def told(sequence: str) -> bytes:
        content = sequence.encode("utf-8", "surrogatepass")
        return b" ".join(words_of(content)) if by_words else content

    wanted = [told(sample) for sample in samples]
    looked_for = set(wanted)
    there = looked_for.intersection(map(told, lines(text)))
    return [each in there for each in wanted]
