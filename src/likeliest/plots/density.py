"""A density (or mass) with the probability of an interval shaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from likeliest.distributions.combinators.mixture import Mixture
from likeliest.errors import ParameterError
from likeliest.plots import style
from likeliest.plots.unit import axis_name, in_unit, unit_for
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

Event: TypeAlias = tuple[float, float]
"""The interval a ≤ x ≤ b; an end may be infinite."""

_POINTS = 801
_MOST_BARS = 200  # more whole numbers than this are drawn as a line


def _event(between: object) -> Event:
    """Return the two ends of an interval as numbers, or raise ParameterError."""
    try:
        low, high = map(float, between)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise ParameterError(
            f"between takes the two ends of an interval, such as (50.0, 52.5); got {between!r:.60}."
        ) from None
    return low, high


def density(
    distribution: Distribution,
    between: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a density, with P(a ≤ x ≤ b) as the shaded area under it.

    Parameters
    ----------
    distribution : Distribution, with scalar parameters
    between : (a, b), optional
        In the unit of x; an end may be infinite.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = density(lk.Normal(50, 2.5), between=(50, 52.5))
    >>> ax.get_legend().get_texts()[0].get_text()
    'P(50 ≤ x ≤ 52.5) = 0.3413'
    """
    between = None if between is None else _event(between)
    ax = style.axes(ax, described(distribution))
    unit = unit_for(view(distribution, between), distribution)
    shown, event = in_unit(distribution, unit), None
    label = None if between is None else statement(distribution, *between)
    if between is not None:
        event = (between[0] / unit, between[1] / unit)
    low, high = view(shown, event)
    if distribution.discrete:
        _bars(ax, shown, (low, high), event, label)
    else:
        _area(ax, shown, np.linspace(low, high, _POINTS), event, label)
    if label is not None:
        ax.legend(frameon=False, fontsize=10.5)
    ax.set_xlabel(axis_name(unit))
    ax.set_ylabel("probability" if distribution.discrete else "density")
    ax.set_ylim(bottom=0)
    ax.margins(x=0.01)
    return ax


def curve(distribution: Distribution, x: Array) -> Array:
    """Return the density at x, an infinite one cut off where it leaves the picture."""
    y = np.exp(distribution.log_prob(x))
    finite = y[np.isfinite(y)]
    if finite.size == 0:
        return y
    top = np.sort(finite)[max(0, int(0.99 * finite.size) - 1)]
    return np.minimum(y, 1.5 * top) if finite.max() > 3.0 * top else np.where(np.isinf(y), top, y)


def described(distribution: Distribution) -> str:
    """Return the distribution in words: `normal, mean 50, std 2.5`.

    Examples
    --------
    >>> import likeliest as lk
    >>> described(lk.Normal(50, 2.5))
    'normal, mean 50, std 2.5'
    """
    values = (f"{name} {number(float(v), 4)}" for name, v in distribution.parameters.items())
    return ", ".join([distribution.name, *values])


def view(
    distribution: Distribution, between: tuple[float, float] | None = None
) -> tuple[float, float]:
    """Return the range that shows nearly all of the probability, and the interval asked for."""
    low, high = (float(q(0.002)) for q in (distribution.quantile, distribution.upper_quantile))
    quartiles = [float(distribution.quantile(q)) for q in (0.25, 0.75)]
    reach = 5.0 * (quartiles[1] - quartiles[0])
    if reach > 0:  # heavy tails would squeeze the middle to a spike
        low, high = max(low, quartiles[0] - reach), min(high, quartiles[1] + reach)
    margin = 0.03 * (high - low)
    edges = [end for end in between or () if np.isfinite(end)]
    low, high = min([low - margin, *edges]), max([high + margin, *edges])
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def _area(
    ax: Axes, distribution: Distribution, x: Array, event: Event | None, label: str | None
) -> None:
    """Draw the line, and shade what lies under it in the event."""
    draw_components(ax, distribution, x)
    if event is None:
        ax.plot(x, curve(distribution, x), **style.line(0))
        return
    x = np.unique(np.concatenate([np.clip(event, x[0], x[-1]), x]))
    y = curve(distribution, x)
    ax.plot(x, y, **style.line(0))
    inside = (x >= event[0]) & (x <= event[1])
    colour = style.COLOURS[0]
    ax.fill_between(x[inside], y[inside], color=colour, alpha=0.3, linewidth=0, label=label)


def draw_components(ax: Axes, distribution: Distribution, x: Array) -> None:
    """Draw the density of each component of a mixture, times its weight, as a thin line."""
    if isinstance(distribution, Mixture):
        for weight, part in zip(distribution.weights, distribution.components, strict=True):
            ax.plot(x, weight * curve(part, x), **style.component())


def statement(distribution: Distribution, a: float, b: float) -> str:
    """Return the probability of an interval as an equation."""
    value = f"{float(distribution.probability(a, b)):.4g}"
    if np.isinf(a):
        return f"P(x ≤ {number(b)}) = {value}"
    if np.isinf(b):
        return f"P(x ≥ {number(a)}) = {value}"
    return f"P({number(a)} ≤ x ≤ {number(b)}) = {value}"


def _bars(
    ax: Axes,
    distribution: Distribution,
    ends: tuple[float, float],
    event: Event | None,
    label: str | None,
) -> None:
    """Draw a bar for each whole number, those in the event filled; a line where they are many."""
    first, last = max(float(np.ceil(ends[0])), 0.0), float(np.floor(ends[1]))
    if last - first >= _MOST_BARS:
        some = np.unique(np.round(np.linspace(first, last, _POINTS)))
        _area(ax, distribution, some, event, label)
        return
    x = np.arange(first, last + 1.0)
    mass = np.exp(distribution.log_prob(x))
    a, b = event or (np.inf, -np.inf)
    chosen = (x >= a) & (x <= b)
    ax.bar(x[~chosen], mass[~chosen], width=0.8, color=style.BAR, edgecolor=style.GREY, lw=0.6)
    if event is not None:
        ax.bar(x[chosen], mass[chosen], width=0.8, color=style.COLOURS[0], label=label)
