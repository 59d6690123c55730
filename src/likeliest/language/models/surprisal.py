"""How surprising each symbol of a text is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rich.text import Text

    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.tokenizers import Tokenizer


class Symbol(NamedTuple):
    """One symbol of a text."""

    symbol: str
    nats: float
    order: int
    unknown: bool


@dataclass(frozen=True, slots=True, eq=False)
class Surprisal:
    """The surprisal, -log p, of each symbol of a text, with the order that answered.

    Parameters
    ----------
    symbols : tuple of str
        The end of a sequence is '.'.
    ends : array of bool
        Which symbols are ends of sequences.
    nats : array
        Infinite where the model gives probability 0.
    orders : array of int
        The length of the n-gram that the model knew.
    tokenizer : Tokenizer
    unknown : array of bool
        Which symbols are outside the vocabulary.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["emma", "ava"], order=2, smoothing="mle")
    >>> [(s.symbol, round(s.nats, 3), s.order) for s in model.surprisal("ma")][:2]
    [('m', inf, 1), ('a', 0.693, 2)]
    """

    symbols: tuple[str, ...]
    ends: NDArray[np.bool_]
    nats: Array
    orders: NDArray[np.int8]
    tokenizer: Tokenizer
    unknown: NDArray[np.bool_]

    @property
    def bits(self) -> Array:
        """The surprisal of each symbol, in bits."""
        return self.nats / np.log(2.0)

    @property
    def log10_probs(self) -> Array:
        """The log10 of the probabilities, as KenLM's `full_scores` gives them."""
        return -self.nats / np.log(10.0)

    def __iter__(self) -> Iterator[Symbol]:
        each = (self.nats, self.orders, self.unknown)
        return map(Symbol, self.symbols, *(array.tolist() for array in each))

    def __len__(self) -> int:
        return len(self.symbols)

    def __repr__(self) -> str:
        mean = float(np.mean(self.nats))
        return f"Surprisal({len(self):,} symbols, {mean:.4f} nats on average)"

    def to_html(self) -> str:
        """Return the text as HTML, coloured by surprisal."""
        from likeliest.plots.surprisal import html

        return html(self)

    def to_terminal(self) -> Text:
        """Return the text for a terminal, coloured by surprisal."""
        from likeliest.plots.surprisal import terminal

        return terminal(self)

    def _repr_html_(self) -> str:
        return self.to_html()
