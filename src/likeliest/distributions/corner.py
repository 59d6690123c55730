"""Corners: parameters at which a likelihood has no slope, as a family declares them."""

from __future__ import annotations

from enum import Enum


class Corner(Enum):
    """Why the likelihood has corners along a parameter, and so where its maximum can lie.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.Pareto.corners["scale"] is Corner.LOW_END
    True
    """

    LOW_END = "low end"
    """The support begins at the parameter: no value lies below it."""

    HIGH_END = "high end"
    """The support ends at the parameter: no value lies above it."""

    INSIDE = "inside"
    """The density has a corner at the parameter, inside the support, as a Laplace's at its centre.

    Such an estimate has a standard error like any other.
    """

    @property
    def is_end(self) -> bool:
        """Whether the support ends there."""
        return self is not Corner.INSIDE

    @property
    def outwards(self) -> int:
        """To which side no value lies: -1 of a low end, 1 of a high end, 0 of neither."""
        return {Corner.LOW_END: -1, Corner.HIGH_END: 1}.get(self, 0)
