"""How pictures look: colours that the colour-blind can tell apart, lines that print in black."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from likeliest.files import whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.numerics.arrays import Array

Place = Literal["best", "upper left", "lower left", "lower right", "lower center"]
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
_GAP = 0.06  # between panels that share their y
_GAPS = (0.09, 0.22)  # between columns, and between rows
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


def panels(ax: Axes, count: int, columns: int = 0, gaps: tuple[float, float] = _GAPS) -> list[Axes]:
    """Return Axes in the place of one, which keeps its title: side by side, sharing their y.

    With a number of columns they stand in rows, each with a y of its own. Gaps are shares of the
    place, across and down.
    """
    ax.set_axis_off()
    across = columns or count
    down = -(-count // across)
    wide, high = gaps if columns else (_GAP, 0.0)
    width, height = (1.0 + wide) / across, (1.0 + high) / down
    made = []
    for place in range(count):
        row, column = divmod(place, across)
        at = (column * width, 1.0 - (row + 1) * height + high, width - wide, height - high)
        panel = axes(ax.inset_axes(at))
        panel.tick_params(labelleft=bool(columns) or column == 0)
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


def band(
    ax: Axes, x: Array, ends: tuple[Array, Array], label: str, step: Literal["post"] | None = None
) -> None:
    """Shade between the low and the high ends, where there are any."""
    some = np.isfinite(ends[0]) & np.isfinite(ends[1])
    if some.any():
        ax.fill_between(x[some], ends[0][some], ends[1][some], step=step, label=label, **BAND)


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
    """Write a remark, if there is one, below the name of the axis, at its right end."""
    if not text:
        return
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
    drawn_in_memory = io.BytesIO()
    kind = target.suffix.removeprefix(".").lower() or None
    figure.savefig(drawn_in_memory, format=kind)
    with whole(target) as file:
        file.write(drawn_in_memory.getbuffer())
