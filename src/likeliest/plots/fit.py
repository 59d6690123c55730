"""A fitted distribution over the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.plots import over, style
from likeliest.plots.density import density, described
from likeliest.plots.picture import Picture
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit


def why_not(_: Fit) -> str:
    """Return an empty text: a density can always be drawn."""
    return ""


def fit(fitted: Fit, ax: Axes | None = None) -> Axes:
    """Draw a fit over its data, the estimates with standard errors in the legend.

    Plain values are a histogram. Of censored and truncated ones Kaplan and Meier's curve is drawn,
    beside the fitted share beyond x; a value that is known only to be greater is a mark on it.

    Parameters
    ----------
    fitted : Fit
        One that was loaded from a file has no data and is drawn alone.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = fit(lk.fit(lk.datasets.seattle_rain(), "gamma"))
    >>> ax.get_title(loc="left")
    'gamma fitted to 623 values'
    """
    title = over.title(f"{fitted.family} fitted to", fitted.description)
    if fitted.observations is None:
        ax = density(fitted.distribution, ax=ax)
        style.set_title(ax, f"{title}\n{described(fitted.distribution)}")
        return ax
    ax = style.axes(ax, title)
    over.draw(ax, fitted.observations, [(fitted, _estimates(fitted))])
    return ax


def _estimates(fitted: Fit) -> str:
    errors = fitted.standard_errors
    lines = [fitted.family]
    for name, value in fitted.parameters.items():
        error = errors[name]
        lines.append(
            f"{name} {number(value, 4, error)}"
            + ("" if error is None else f" ± {number(error, 2)}")
        )
    return "\n".join(lines)


PICTURE = Picture("Density", fit, why_not)
