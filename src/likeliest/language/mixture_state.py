"""States of a query of a mixture: one state of each part."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.vocabulary import END

if TYPE_CHECKING:
    from likeliest.language.mixing import Mixture
    from likeliest.language.smoothing.base import Array


class MixtureState:
    """The symbols before the next one, as far as they can still matter to a mixture.

    States are made by `Mixture.state` and never change; those that are equal give all symbols that
    can follow the same probabilities.

    Examples
    --------
    >>> import likeliest as lk
    >>> a, b = (lk.language.fit([text], 2, "words") for text in ("the cat sat", "the law"))
    >>> log_prob, state = lk.language.mix([a, b], weights=[0.5, 0.5]).state().score("the")
    >>> round(log_prob, 4), round(state.score("cat")[0], 4)
    (-0.4634, -1.1499)
    """

    __slots__ = ("known", "mixture")

    def __init__(self, mixture: Mixture, known: tuple[Any, ...]) -> None:
        self.mixture = mixture
        self.known = known

    def score(self, symbol: str | int) -> tuple[float, MixtureState]:
        """Return the log probability of a symbol, in nats, and the state after it.

        Parameters
        ----------
        symbol : str or int
            A symbol or its number in the vocabulary; `</s>`, or 0, is the end of the sequence.
        """
        log_prob, _, _, state = self.step(symbol)
        return log_prob, state

    def step(self, symbol: str | int) -> MixtureStep:
        """Return log probability, order, whether the symbol is unknown, and the state after it."""
        mixture, vocabulary = self.mixture, self.mixture.vocabulary
        unknown = -1 if vocabulary.unknown is None else vocabulary.unknown
        if isinstance(symbol, str):
            number = vocabulary.index.get(symbol, 0 if symbol == END else unknown)
        else:
            number = index(symbol)
            if not -1 <= number < len(vocabulary):
                raise ParameterError(
                    f"a symbol is a string, or a number to {len(vocabulary) - 1:,}; got {symbol}."
                )
        pairs = zip(mixture.parts, self.known, strict=True)
        logs, orders, known = zip(*(part.step(k, number) for part, k in pairs), strict=True)
        log_prob = float(np.logaddexp.reduce(mixture.shares + logs))
        after = MixtureState(mixture, known)
        return MixtureStep(log_prob, max(orders), number in {-1, unknown}, after)

    def log_probs(self) -> Array:
        """Return the log probability of every symbol of the vocabulary, the end first."""
        pairs = zip(self.mixture.parts, self.known, strict=True)
        return self.mixture._mixed([part.spread(known) for part, known in pairs])  # noqa: SLF001

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MixtureState) and self.known == other.known

    def __hash__(self) -> int:
        return hash(self.known)


class MixtureStep(NamedTuple):
    """The score of a symbol by a mixture, and the state after it.

    Parameters
    ----------
    log_prob : float
        Nats.
    order : int
        Length of the longest n-gram that answered in a part.
    unknown : bool
        Whether the symbol is outside the vocabulary.
    state : MixtureState
    """

    log_prob: float
    order: int
    unknown: bool
    state: MixtureState
