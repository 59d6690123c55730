"""The log likelihood along each parameter, with the intervals that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.inference.profile import Profiles, deviance_of
from likeliest.plots import scales, style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.requirements import require
from likeliest.plots.unit import axis_name, unit_for
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_PICTURE = "A profile likelihood"
_ROOTS = (0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)  # of the deviance: how far out the curve is found
_POINTS = 201
_FAR = 8.0  # from the least to the greatest value of a positive parameter: a logarithmic axis


def why_not(fitted: Fit) -> str:
    """Return why the likelihood has no profile; empty where it has."""
    try:
        names = Profiles(fitted).names
    except DataError as error:
        return str(error)
    if names:
        return ""
    return (
        f"the parameters of {fitted.family} are ends of the support, where the likelihood jumps; "
        "fit.intervals() has their own law."
    )


def profile(
    fitted: Fit, parameter: str | None = None, level: float = 0.95, ax: Axes | None = None
) -> Axes:
    """Draw the log likelihood along each parameter, the others at their likeliest.

    The profile interval holds the values where the curve lies above the line of its level; Wald's,
    from the standard error, is right where the curve is a parabola.

    Parameters
    ----------
    fitted : Fit
    parameter : str, optional
        The one to draw; without it all, side by side.
    level : float
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes
        Of several parameters a frame, whose `child_axes` are theirs.

    Raises
    ------
    PictureError
        If the fit has no data, or no parameter at a level top of the likelihood.
    ParameterError
        If there is no such parameter.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "exponential")
    >>> profile(fit).get_xlabel()
    'rate'
    """
    require(why_not(fitted), _PICTURE)
    threshold = deviance_of(level)
    profiles = Profiles(fitted)
    names = profiles.names
    if parameter is not None and parameter not in names:
        raise ParameterError(
            f"{_PICTURE} is drawn of one of the parameters {', '.join(names)}; got {parameter!r}."
        )
    chosen = names if parameter is None else (parameter,)
    size = (1.2 + 3.3 * len(chosen), 3.9) if len(chosen) > 1 else (7.0, 4.2)
    told = title(f"Log likelihood: {fitted.family} fitted to", fitted.description)
    ax = style.axes(ax, told, size)
    panels = style.panels(ax, len(chosen)) if len(chosen) > 1 else [ax]
    for panel, name in zip(panels, chosen, strict=True):
        _curve(panel, profiles, name, level, threshold)
        panel.set_ylim(-0.5 * _ROOTS[-1] ** 2 - 0.3, 0.35)
    panels[0].set_ylabel("log likelihood less its maximum")
    return ax


def points_of(profiles: Profiles, name: str) -> tuple[Array, Array]:
    """Return values of a parameter, rising, with the log likelihood of each less its maximum.

    They are the ends of intervals of several levels; where an interval has no end, none.
    """
    from scipy.special import chdtrc

    found = {profiles.fit.parameters[name]: 0.0}
    for root in _ROOTS:
        for end in profiles.ends(1.0 - float(chdtrc(1.0, root**2)))[name]:
            if np.isfinite(end.value):
                found[end.value] = -0.5 * end.deviance
    values = np.array(sorted(found))
    return values, np.array([found[value] for value in values])


def between(values: Array, heights: Array, x: Array, top: float) -> Array:
    """Return the curve between points: its signed root is nearly straight, and so interpolated."""
    from scipy.interpolate import PchipInterpolator

    root = np.where(values < top, -1.0, 1.0) * np.sqrt(-2.0 * heights)
    if values.size == 1:
        return np.zeros(x.shape)
    width = values[-1] - values[0]
    return -0.5 * np.square(PchipInterpolator((values - top) / width, root)((x - top) / width))


def _curve(ax: Axes, profiles: Profiles, name: str, level: float, threshold: float) -> None:
    fit = profiles.fit
    values, heights = points_of(profiles, name)
    top, line = fit.parameters[name], -0.5 * threshold
    unit = unit_for(values[[0, -1]], fit.distribution)
    if values[0] > 0.0 and values[-1] > _FAR * values[0]:
        ax.set_xscale("log")
        x = np.geomspace(values[0], values[-1], _POINTS)
    else:
        x = np.linspace(values[0], values[-1], _POINTS)
    x = np.unique(np.concatenate([x, values]))
    ax.plot(x / unit, between(values, heights, x, top), **style.line(0))
    ax.axhline(line, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.plot([top / unit], [0.0], "o", color=style.COLOURS[0], markersize=6)
    ends = profiles.ends(level)[name]
    told = f"{100 * level:.12g} % profile\n{_interval(ends[0].value, ends[1].value)}"
    reached = [end for end in ends if np.isfinite(end.value)]
    ax.plot(
        [end.value / unit for end in reached], [-0.5 * end.deviance for end in reached], "o",
        color=style.COLOURS[0], markersize=6, markerfacecolor="white", label=told,
    )  # fmt: skip
    shown = ax.get_xlim()
    wald = fit.intervals(level)[name]
    if wald is not None:
        ax.plot(
            np.array(wald) / unit, [line, line], "D", color=style.COLOURS[1], markersize=5,
            label=f"{100 * level:.12g} % Wald\n{_interval(*wald)}",
        )  # fmt: skip
    ax.set_xlim(shown)
    if ax.get_xscale() == "linear":
        ax.locator_params(axis="x", nbins=5)
    scales.set_plain_ticks(ax.xaxis)
    ax.set_xlabel(axis_name(unit, name))
    style.legend(ax, "lower center")


def _interval(low: float, high: float) -> str:
    return f"{number(low, 4)} to {number(high, 4)}"


PICTURE = Picture("Log likelihood", profile, why_not)
