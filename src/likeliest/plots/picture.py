"""What a picture of a fit is: a name, how it is drawn, and why it sometimes cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.regression.result import Regression


class Drawn(Protocol):
    """A function that draws a fit."""

    def __call__(self, fitted: Fit, *, ax: Axes | None = None) -> Axes:
        """Draw on the Axes given, or on a new figure, and return the Axes."""


class DrawnOfComparison(Protocol):
    """A function that draws a comparison."""

    def __call__(self, compared: Comparison, *, top: int = ..., ax: Axes | None = None) -> Axes:
        """Draw the first `top` families on the Axes given, or on a new figure."""


class DrawnOfGroups(Protocol):
    """A function that draws the fits of many groups."""

    def __call__(self, fits: Fits, *, ax: Axes | None = None) -> Axes:
        """Draw on the Axes given, or on a new figure, and return the Axes."""


class DrawnOfRegression(Protocol):
    """A function that draws a regression."""

    def __call__(self, regression: Regression, *, ax: Axes | None = None) -> Axes:
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
