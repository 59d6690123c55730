"""Report: a page that says what was fitted, and stands alone."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from likeliest.errors import ReadError
from likeliest.files import write_whole
from likeliest.report.html import render

if TYPE_CHECKING:
    from likeliest.report.page import Page


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A report as one HTML file that opens from disk and loads nothing from elsewhere.

    Parameters
    ----------
    html : str
        The whole page.
    source : str
        The file of the data, over which the report is never written; empty where it is not known.

    Examples
    --------
    >>> import likeliest as lk
    >>> report = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "exponential").report()
    >>> "exponential" in report.html
    True
    """

    html: str
    source: str = field(default="")

    @classmethod
    def of(cls, page: Page, source: str) -> Report:
        """Return the report of a page."""
        return cls(render(page), source)

    def save(self, path: str | Path) -> None:
        """Write the report, whole or not at all.

        Raises
        ------
        ReadError
            If the file holds the data, or cannot be written.
        """
        require_other(path, self.source)
        write_whole(path, self.html)

    def __repr__(self) -> str:
        found = re.search("<title>(.*?)</title>", self.html, re.DOTALL)
        title = html.unescape(found[1]) if found else ""
        return f"<report {title!r}: .save('report.html') writes it>"

    def _repr_html_(self) -> str:
        style = "width: 100%; height: 40rem; border: 1px solid"
        page = html.escape(self.html)
        return f'<iframe title="Report" style="{style}" srcdoc="{page}"></iframe>'


def require_other(path: str | Path, source: str) -> None:
    """Refuse to write over the data."""
    target = Path(path)
    if source and Path(source).exists() and target.exists() and target.samefile(source):
        raise ReadError(f"{path} holds the data: name another file for the report.")
