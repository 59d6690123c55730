"""The likelihood of two parameters as a surface seen from above, with confidence regions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.inference.descent import descent
from likeliest.inference.profile import require_likelihood
from likeliest.inference.summit import Summit
from likeliest.plots import style
from likeliest.plots.over import title
from likeliest.plots.picture import Picture
from likeliest.plots.requirements import needs_data, observations_of, require
from likeliest.plots.unit import axis_name, unit_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_PICTURE = "A likelihood surface"
_LEVELS = (0.5, 0.9, 0.99)
_SHADES = ("#2171b5", "#6baed6", "#c6dbef")  # light enough apart to be told in grey
_DROPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_NODES, _FEWER_NODES, _LARGE = 25, 9, 20_000  # of each parameter; of more rows the fewer
_FINE = 121
_ROUND = 144  # points of a contour
_MARGIN = 0.3


def why_not(fitted: Fit) -> str:
    """Return why there is no surface; empty where there is one."""
    if reason := needs_data(fitted):
        return reason
    try:
        require_likelihood(fitted)
    except DataError as error:
        return str(error)
    if fitted.distribution.non_smooth:
        return f"the likelihood of {fitted.family} has corners, and no smooth contours."
    if len(fitted.free) < 2:
        return 'it takes two free parameters; of one draw fit.plot("profile").'
    return ""


def surface(
    fitted: Fit,
    first: str | None = None,
    second: str | None = None,
    ax: Axes | None = None,
    *,
    start: Mapping[str, float] | None = None,
) -> Axes:
    """Draw the confidence regions of two parameters, and the lines of equal likelihood about them.

    Shaded are the regions in which both parameters lie with probability 50, 90 and 99 %, others at
    their likeliest. A long narrow one tells that the data know one combination better than each
    alone. The thin lines are where the log likelihood has fallen by 1, 2, 5, 10, … nats.

    Parameters
    ----------
    fitted : Fit
    first, second : str, optional
        The parameters; without them the first two that are free.
    ax : matplotlib Axes, optional
    start : mapping from parameter to value, optional
        From where the path of plain gradient descent is drawn.

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the fit has no data, or fewer than two free parameters.
    ParameterError
        If there is no such parameter.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = surface(lk.fit(lk.datasets.seattle_rain(), "gamma"))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('shape', 'scale')
    """
    require(why_not(fitted), _PICTURE)
    names = _pair(fitted, first, second)
    regions = [fitted.contour(*names, level, _ROUND) for level in _LEVELS]
    path = None if start is None else descent(fitted, start)
    walked = None if path is None else np.stack([path[name] for name in names], axis=1)
    units = np.array([unit_for(regions[-1][:, i], fitted.distribution) for i in (0, 1)])
    told = title(f"Likelihood surface: {fitted.family} fitted to", fitted.description)
    ax = style.axes(ax, told, (6.4, 4.8))
    view = _view(fitted, names, regions[-1], walked)
    for level, region, shade in zip(_LEVELS[::-1], regions[::-1], _SHADES[::-1], strict=True):
        ax.fill(*(region / units).T, color=shade, lw=0.0, label=f"{100 * level:g} % region")
    if len(fitted.free) == 2:
        _lines(ax, fitted, names, view, units)
    if walked is not None:
        ax.plot(
            *(walked / units).T, "-o", color=style.COLOURS[1], lw=1.2, markersize=2.5,
            label=f"gradient descent, {len(walked) - 1:,} steps",
        )  # fmt: skip
    top = np.array([fitted.parameters[name] for name in names]) / units
    ax.plot(*top[:, None], "+", color="white", markersize=10, mew=2.0)
    ax.set_xlim(view[0] / units[0])
    ax.set_ylim(view[1] / units[1])
    ax.set_xlabel(axis_name(float(units[0]), names[0]))
    ax.set_ylabel(axis_name(float(units[1]), names[1]))
    style.legend(ax)
    return ax


def _pair(fitted: Fit, first: str | None, second: str | None) -> tuple[str, str]:
    free = fitted.free
    left = first or next(name for name in free if name != second)
    right = second or next(name for name in free if name != left)
    if left == right or not {left, right} <= set(free):
        raise ParameterError(
            f"{_PICTURE} is drawn of two of the parameters {', '.join(free)}; got {left!r} and "
            f"{right!r}."
        )
    return left, right


def _view(fitted: Fit, names: tuple[str, str], region: Array, walked: Array | None) -> Array:
    """Return the ends of both axes: about the region and the path, within the parameters' range."""
    seen = region if walked is None else np.concatenate([region, walked])
    ends = []
    for i, name in enumerate(names):
        low, high = float(seen[:, i].min()), float(seen[:, i].max())
        pad = _MARGIN * (float(np.ptp(region[:, i])) or 1.0)
        constraint = fitted.distribution.constraints[name]
        low_end = low - pad if low - pad > constraint.low else 0.5 * (low + constraint.low)
        high_end = high + pad if high + pad < constraint.high else 0.5 * (high + constraint.high)
        ends.append((low_end, high_end))
    return np.array(ends)


def _lines(ax: Axes, fitted: Fit, names: tuple[str, str], view: Array, units: Array) -> None:
    """Draw lines of equal likelihood, of a spline through its values on a grid."""
    from scipy.interpolate import RectBivariateSpline

    summit = Summit.of(replace(fitted, observations=observations_of(fitted)), _PICTURE)
    objective = summit.objective
    nodes = _NODES if objective.size <= _LARGE else _FEWER_NODES
    x, y = (np.linspace(low, high, nodes) for low, high in view)
    members = [
        type(fitted.distribution)(**{**fitted.parameters, names[0]: left, names[1]: right})
        for left in x
        for right in y
    ]
    with np.errstate(all="ignore"):
        u = np.array([objective.coordinates.of(member) for member in members])
        drop = summit.value - np.reshape(objective(u).value, (nodes, nodes))
    if not np.isfinite(drop).all():
        return
    fine_x, fine_y = (np.linspace(low, high, _FINE) for low, high in view)
    smooth = RectBivariateSpline(x, y, drop)(fine_x, fine_y)
    lines = ax.contour(
        fine_x / units[0], fine_y / units[1], smooth.T, levels=_DROPS, colors=style.GREY,
        linewidths=0.6,
    )  # fmt: skip
    ax.clabel(lines, fmt=lambda fall: f"−{fall:g}", fontsize=8)


PICTURE = Picture("Likelihood surface", surface, why_not)
