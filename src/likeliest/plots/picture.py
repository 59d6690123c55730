"""What a picture of a fit is: a name, how it is drawn, and why it sometimes cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit


class Drawn(Protocol):
    """A function that draws a fit."""

    def __call__(self, fitted: Fit, *, ax: Axes | None = None) -> Axes:
        """Draw on the Axes given, or on a new figure, and return the Axes."""


class Picture(NamedTuple):
    """A picture of a fit.

    Parameters
    ----------
    name : str
        As the title of a panel.
    draw : callable
    why_not : callable
        Takes a fit and returns why it cannot be drawn; empty where it can.
    """

    name: str
    draw: Drawn
    why_not: Callable[[Fit], str]
