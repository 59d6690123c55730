"""The tails of the likeliest families of a comparison, on logarithmic axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.inference.levels import require_positive
from likeliest.plots import over, scales, style
from likeliest.plots.names import column_of
from likeliest.plots.positions import Seen, positions_of
from likeliest.plots.requirements import needs_own_distribution, observations_of, require
from likeliest.plots.unit import axis_name, data_in_unit, in_unit, unit_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison

_BEYOND = 3.0  # times rarer than the rarest of the data, the picture ends


def tails(compared: Comparison, top: int = 3, ax: Axes | None = None) -> Axes:
    """Draw how rare values are, below on the left and above on the right, by data and by families.

    Families that agree in the middle differ here, and what is concluded of rare events with them.

    Parameters
    ----------
    compared : Comparison
    top : int
        How many families are shown.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes
        A frame, whose `child_axes` are the lower and the upper tail.

    Raises
    ------
    PictureError
        If the fits have no data, or these no distribution function of their own.

    Examples
    --------
    >>> import likeliest as lk
    >>> ax = tails(lk.compare(lk.datasets.seattle_rain(), ["gamma", "lognormal"]))
    >>> [panel.get_ylabel() for panel in ax.child_axes]
    ['share up to x', 'share beyond x']
    """
    require_positive("top", top)
    first = compared.fits[:top]
    require(needs_own_distribution(compared.best), "The tails of a comparison")
    observations = observations_of(compared.best)
    ax = style.axes(ax, over.title("Tails of", observations.description), (9.4, 4.0))
    distributions = [fitted.distribution for fitted in first]
    unit = unit_for([observations.summary.low, observations.summary.high], distributions[0])
    points = positions_of(data_in_unit(observations, unit), distributions[0]).thinned()
    of = column_of(observations.description)
    panels = style.panels(ax, 2)
    for panel, is_upper in zip(panels, (False, True), strict=True):
        some = points.share >= 0.5 if is_upper else points.share <= 0.5
        at, share = points.at[some], points.share[some]
        share = 1.0 - share if is_upper else share
        if not at.size:
            continue
        window = (distributions[0].support.low / unit, distributions[0].support.high / unit)
        scales.set_range(panel, at, window, log=True if window[0] == 0.0 else None)
        panel.set_yscale("log")
        x = scales.grid(panel, 401)
        for index, distribution in enumerate(distributions):
            seen = Seen.of(in_unit(distribution, unit), points)
            rare = seen.beyond(x) if is_upper else seen.share(x)
            panel.plot(x, rare, label=first[index].family, **style.line(index))
        panel.plot(at, share, **style.points(at.size))
        panel.set_ylim(float(share.min()) / _BEYOND, 1.0)
        panel.set_xlabel(axis_name(unit, observations.description.label))
        panel.set_ylabel(f"share {'beyond' if is_upper else 'up to'} {of}")
        panel.tick_params(labelleft=True)
    style.legend(panels[-1], "lower left")
    return ax
