"""Put pictures of matplotlib into a page: as SVG where they are small, else as PNG."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np

from likeliest.report.text import short, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_MOST_MARKS = 300
_UNMARKED = {"", " ", "None", None}
_LARGEST_SVG = 60_000  # bytes; a PNG is smaller from there on
_DOTS = 144  # an inch, of a PNG
_WIDEST = 2_000  # dots of a PNG
_ELEMENTS = {
    "svg", "g", "defs", "clipPath", "path", "rect", "use", "text", "tspan", "circle", "line",
    "polygon", "polyline", "title",
}  # fmt: skip
_FONTS = ["DejaVu Sans", "Verdana", "Geneva"]  # of nearly the same widths


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a page.

    Parameters
    ----------
    svg : str
        Markup; empty where there is a PNG in its place.
    png : str
        Base64; empty where there is an SVG.
    width, height : int
        In pixels of a screen.
    alt : str
        What the picture shows, for those who do not see it.
    caption : str
        How to read it.
    """

    svg: str
    png: str
    width: int
    height: int
    alt: str
    caption: str

    @property
    def size(self) -> int:
        """About how many bytes of the page it takes."""
        return len(self.svg) + len(self.png)


def picture(ax: Axes, name: str, alt: str, caption: str) -> Picture:
    """Return the figure of the axes as a picture.

    Parameters
    ----------
    ax : matplotlib Axes
    name : str
        A word that no other picture of the page has.
    alt, caption : str
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    _make_plain(figure)
    width, height = (round(96 * side) for side in figure.get_size_inches())
    drawn = _saved(figure, "svg") if _is_small(figure) else b""
    if 0 < len(drawn) <= _LARGEST_SVG:
        return Picture(_inline(drawn, name, alt, width), "", width, height, alt, caption)
    png = base64.b64encode(_saved(figure, "png")).decode("ascii")
    return Picture("", png, width, height, alt, caption)


def _is_small(figure: Figure) -> bool:
    """Return whether a figure has few marks, and nothing that is drawn as an image."""
    marks = 0
    for ax in figure.axes:
        if ax.images:
            return False
        marks += len(ax.patches) + len(ax.texts)
        marked = [line for line in ax.lines if line.get_marker() not in _UNMARKED]
        marks += sum(np.size(line.get_xdata()) for line in marked)
        marks += sum(np.shape(collection.get_offsets())[0] for collection in ax.collections)
    return marks <= _MOST_MARKS


def _make_plain(figure: Figure) -> None:
    """Show texts as they are written: `$` is no formula, and no mark of direction is obeyed."""
    from matplotlib.text import Text
    from matplotlib.ticker import LogFormatter

    formulas = {
        label
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        if isinstance(axis.get_major_formatter(), LogFormatter)
        for label in axis.get_ticklabels(which="both")
    }
    for text in figure.findobj(Text):
        if text not in formulas:
            text.set_parse_math(False)
            lines = short(text.get_text(), 400).split("\n")
            text.set_text("\n".join(map(visible, lines)))


def _saved(figure: Figure, kind: str) -> bytes:
    """Return the figure as a file, its paper transparent, the same for the same picture."""
    import matplotlib as mpl

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "likeliest",
        "font.sans-serif": _FONTS,
    }
    file = io.BytesIO()
    dots = min(_DOTS, _WIDEST / figure.get_figwidth())
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # a browser has other fonts
        figure.savefig(
            file, format=kind, dpi=dots if kind == "png" else 72, transparent=True,
            metadata={"Date": None} if kind == "svg" else None,
        )  # fmt: skip
    return file.getvalue()


def _inline(drawn: bytes, name: str, alt: str, width: int) -> str:
    """Return an SVG that can stand in a page beside others: known elements, names of its own."""
    from markupsafe import Markup

    root = ET.fromstring(drawn)  # noqa: S314  (matplotlib wrote it, and it has no entities)
    made = _kept(root, name)
    made.set("width", f"{width}")
    made.attrib.pop("height")
    title = ET.Element("title", {"id": f"{name}-alt"})
    title.text = visible(alt)
    made.insert(0, title)
    made.attrib |= {
        "role": "img",
        "aria-labelledby": f"{name}-alt",
        "style": "stroke-linejoin: round; stroke-linecap: butt",
    }
    return Markup(ET.tostring(made, encoding="unicode"))  # noqa: S704  (escaped by ElementTree)


def _kept(element: ET.Element, name: str) -> ET.Element:
    """Return the element without what is not known to be drawn, ids with the picture's name."""
    made = ET.Element(element.tag.removeprefix(_SVG))
    made.text = element.text if (element.text or "").strip() else None
    for key, value in element.attrib.items():
        if key == "id":
            made.set("id", f"{name}-{value}")
        elif key == _HREF:
            made.set("href", value.replace("#", f"#{name}-", 1))
        elif "}" not in key:
            made.set(key, value.replace("url(#", f"url(#{name}-"))
    for child in element:
        if child.tag.removeprefix(_SVG) in _ELEMENTS:
            made.append(_kept(child, name))
    return made
