"""The script and the style sheet of the page, as the browser and a notebook load them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_SCRIPTS = ("numbers", "axes", "sliders", "surface", "story", "distribution", "explorer")
_JOINS = re.compile(r"^import [^;]*;\n|^export (?!default)", re.MULTILINE)


@cache
def script() -> str:
    """Return the page's own ES modules joined to one, which is what a notebook can load."""
    parts = [_text(f"{name}.js") for name in _SCRIPTS]
    return "\n".join(_JOINS.sub("", part) for part in parts)


@cache
def style() -> str:
    """Return the style sheet: that of reports, and what the explorer adds."""
    reports = files("likeliest.report") / "templates" / "style.css"
    return reports.read_text(encoding="utf-8") + _text("explorer.css")


@cache
def page() -> str:
    """Return the page as HTML: it holds no data, which come when its script asks for them."""
    return _text("page.html")


def _text(name: str) -> str:
    return (files("likeliest.explorer") / "page" / name).read_text(encoding="utf-8")
