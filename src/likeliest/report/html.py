"""Render a page as one HTML file, in which text from outside stays text."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from likeliest.errors import MissingExtraError
from likeliest.report.text import short, visible

if TYPE_CHECKING:
    from jinja2 import Environment

    from likeliest.report.page import Page


def require_jinja() -> None:
    """Refuse a report, before the long work, where Jinja2 is not installed.

    Raises
    ------
    MissingExtraError
    """
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise MissingExtraError("A report needs Jinja2: pip install 'likeliest[report]'.") from None


def render(page: Page) -> str:
    """Return the page as HTML.

    Every expression of the template is escaped. The script is named to the browser by its hash, so
    that no other would run, and nothing is loaded from elsewhere.
    """
    from likeliest import __version__

    environment = _environment()
    script = environment.get_template("sort.js").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return environment.get_template("page.html").render(
        page=page, version=__version__, script_hash=f"sha256-{digest}"
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("likeliest.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
    )
    environment.filters["short"] = short
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "default": str}
    return environment


def _finalized(value: object) -> object:
    """Return what is written of an expression: plain text made visible, markup as it is."""
    return visible(value) if type(value) is str else value
