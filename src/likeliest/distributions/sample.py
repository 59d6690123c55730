"""What a family may ask of a sample: to start from, to take statistics about, to warn of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array


class Sample(Protocol):
    """Values with their weights, and a few numbers that describe them."""

    @property
    def values(self) -> Array:
        """The values, float64, of shape (n,)."""

    @property
    def weights(self) -> Array | None:
        """How often each was seen; None: once."""

    @property
    def n(self) -> float:
        """The sum of the weights."""

    @property
    def low(self) -> float:
        """The least value."""

    @property
    def high(self) -> float:
        """The greatest value."""

    @property
    def mean(self) -> float:
        """The (weighted) mean."""

    @property
    def exact(self) -> bool:
        """Whether the values are known as they stand."""

    def median(self) -> float:
        """Return the (weighted) median."""

    def spread(self) -> float:
        """Return the (weighted) standard deviation."""

    def commonest(self) -> tuple[float, float]:
        """Return the commonest value and its share."""

    def common(self) -> tuple[float, float] | None:
        """Return between which bounds all values can lie at once, or None if they cannot."""
