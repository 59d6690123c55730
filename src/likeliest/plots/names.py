"""Names that users gave to columns and groups, as matplotlib can draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from likeliest.data.description import Description
    from likeliest.fitting.fits import Fits

_MOST, _SHORT = 60, 24  # characters of a name: a longer one is cut


def plain(name: str, most: int = _MOST) -> str:
    r"""Return a name without a meaning to matplotlib, in one line and in its font.

    Examples
    --------
    >>> plain("cost in $ per $"), plain("a\nb"), plain("x" * 9, 5)
    ('cost in \\$ per \\$', 'a b', 'xxxx…')
    """
    one_line = " ".join(name.split())
    cut = one_line if len(one_line) <= most else one_line[: most - 1] + "…"
    drawn = "".join(c if in_font(c) else "\u25a1" for c in cut)
    return drawn.replace("$", r"\$")


def column_of(seen: Description) -> str:
    """Return the short name of a column, or x."""
    return plain(seen.column, _SHORT) or "x"


def key_of(fits: Fits, group: int) -> str:
    """Return the short name of a group."""
    return plain(", ".join(map(str, fits.grouped.keys.columns.row(group))), _SHORT)


def in_font(character: str) -> bool:
    """Whether matplotlib can draw a character, which it would else warn of and leave a box."""
    from matplotlib import font_manager, rcParams

    families = (font_manager.FontProperties(family=[name]) for name in rcParams["font.family"])
    fonts = map(font_manager.get_font, map(font_manager.findfont, families))
    return any(font.get_char_index(ord(character)) for font in fonts)
