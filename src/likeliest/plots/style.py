"""How pictures look: colours that the colour-blind can tell apart, lines that print in black."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.numerics.arrays import Array

Place = Literal["best", "upper left", "lower right", "lower center"]
"""Where in a picture a legend stands."""

# Okabe & Ito (2008), without the yellow, which does not print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
MARKERS = "osD^v"
LEFT, RIGHT = "<", ">"
GREY = "#6b6b6b"
BAR = "#d5dde5"
BAND: dict[str, Any] = {"color": COLOURS[0], "alpha": 0.16, "linewidth": 0.0}
DATA = "#303030"
_FEW = 150
_ROOM = 0.775  # of the width of a figure, before the layout, for one picture
_GAP = 0.06
_CHARACTERS = 10.8  # of a title to an inch


def figure(size: tuple[float, float] = (7.0, 4.2)) -> Figure:
    """Return a figure that can be saved without a window."""
    made = Figure(figsize=size, dpi=150, layout="constrained")
    FigureCanvasAgg(made)
    return made


def axes(ax: Axes | None = None, title: str = "", size: tuple[float, float] = (7.0, 4.2)) -> Axes:
    """Return the Axes to draw on, a new one of its own figure if none is given, made plain."""
    if ax is None:
        ax = figure(size).add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=9.5, color=GREY)
    set_title(ax, title)
    return ax


def set_title(ax: Axes, title: str) -> None:
    """Write a title above the left end of the axis, in lines no wider than the picture."""
    figure_ = ax.get_figure(root=True)
    share = ax.get_position().width / _ROOM
    width = 7.0 if figure_ is None else figure_.get_figwidth() * min(share, 1.0)
    ax.set_title(wrapped(title, width), loc="left", fontsize=12)


def wrapped(title: str, width: float) -> str:
    """Return a title in lines of no more than this width, in inches."""
    most = max(int(_CHARACTERS * width), 20)
    lines = [textwrap.fill(line, most, break_on_hyphens=False) for line in title.split("\n")]
    return "\n".join(lines)


def panels(ax: Axes, count: int) -> list[Axes]:
    """Return Axes side by side in the place of one, which keeps its title; they share their y."""
    ax.set_axis_off()
    width = (1.0 + _GAP) / count
    made = []
    for place in range(count):
        panel = axes(ax.inset_axes((place * width, 0.0, width - _GAP, 1.0)))
        panel.tick_params(labelleft=place == 0)
        made.append(panel)
    return made


def line(index: int) -> dict[str, Any]:
    """Return colour and dashes of the line with this number."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "linestyle": DASHES[index % len(DASHES)],
        "linewidth": 2.0,
    }


def points(count: int) -> dict[str, Any]:
    """Return the looks of points of data, smaller and fainter where they are many."""
    return {
        "color": DATA,
        "linestyle": "none",
        "marker": "o",
        "markersize": 4.5 if count <= _FEW else 3.0,
        "alpha": 0.85 if count <= _FEW else 0.6,
        "markeredgewidth": 0.0,
        "label": "data",
    }


def band(ax: Axes, x: Array, low: Array, high: Array, label: str) -> None:
    """Shade between two curves, where there are any."""
    some = np.isfinite(low) & np.isfinite(high)
    if some.any():
        ax.fill_between(x[some], low[some], high[some], label=label, **BAND)


def legend(ax: Axes, loc: Place = "best", title: str | None = None) -> None:
    """Write the legend without a frame, over what it may cover."""
    ax.legend(
        edgecolor="none", framealpha=0.8, fontsize=9.5, loc=loc, title=title,
        title_fontsize=9.5, alignment="left",
    )  # fmt: skip


def bands(level: float) -> str:
    """Return the title of a legend that says what bands cover."""
    return f"with {100 * level:.12g} % bands"


def component() -> dict[str, Any]:
    """Return the thin line of a component of the first distribution."""
    return {"color": COLOURS[0], "linestyle": "-", "linewidth": 0.9, "alpha": 0.7}


def marked(index: int) -> dict[str, Any]:
    """Return colour and markers of points joined by a thin line."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "marker": MARKERS[index % len(MARKERS)],
        "markersize": 4.0,
        "linewidth": 1.0,
    }


def note(ax: Axes, text: str) -> None:
    """Write a remark below the name of the axis, at its right end."""
    ax.annotate(
        text, (1.0, 0.0), xycoords="axes fraction", xytext=(0, -36), textcoords="offset points",
        ha="right", va="top", fontsize=9, color=GREY,
    )  # fmt: skip


def save(drawn: Axes | Figure, path: str | Path) -> None:
    """Write the picture to a file, of the kind that its ending says, whole or not at all."""
    target = Path(path)
    figure = drawn if isinstance(drawn, Figure) else drawn.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        temporary = Path(folder) / target.name
        figure.savefig(temporary)
        temporary.replace(target)
