"""The pictures of a fit by name. Another is one file, and its line here."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from likeliest.errors import PictureError
from likeliest.plots.cdf import PICTURE as CDF
from likeliest.plots.fit import PICTURE as DENSITY
from likeliest.plots.pp import PICTURE as PP
from likeliest.plots.profile import PICTURE as PROFILE
from likeliest.plots.qq import PICTURE as QQ
from likeliest.plots.survival import PICTURE as SURVIVAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.result import Fit
    from likeliest.plots.picture import Picture

PICTURES: dict[str, Picture] = {
    "density": DENSITY,
    "qq": QQ,
    "cdf": CDF,
    "pp": PP,
    "survival": SURVIVAL,
    "profile": PROFILE,
}
"""By the word that `Fit.plot` takes, the most used first."""


def kinds(fitted: Fit) -> list[str]:
    """Return the words of the pictures that can be drawn of a fit.

    Examples
    --------
    >>> import likeliest as lk
    >>> kinds(lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "uniform"))
    ['density', 'qq', 'cdf', 'pp', 'survival']
    """
    return [kind for kind, picture in PICTURES.items() if not picture.why_not(fitted)]


def picture_of(fitted: Fit, kind: str) -> Picture:
    """Return the picture of this name.

    Raises
    ------
    PictureError
        If there is none; the message names those that can be drawn of the fit.
    """
    word = str(kind).strip().lower().replace("-", " ").replace("_", " ")
    if word in PICTURES:
        return PICTURES[word]
    near = difflib.get_close_matches(word, PICTURES, 1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    there = ", ".join(kinds(fitted))
    raise PictureError(f"There is no picture {kind!r:.40}.{meant} Of this fit there are {there}.")


def draw(fitted: Fit, kind: str = "density", ax: Axes | None = None) -> Axes:
    """Draw the picture of a fit that has this name; see `Fit.plot`."""
    return picture_of(fitted, kind).draw(fitted, ax=ax)
