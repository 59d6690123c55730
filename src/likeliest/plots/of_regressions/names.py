"""What the titles of pictures of regressions say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.plots.names import plain

if TYPE_CHECKING:
    from likeliest.regression.result import Regression

_MOST = 240


def told(what: str, regression: Regression) -> str:
    """Return a title that says what was regressed, of how many rows."""
    response = regression.response
    of = f" of {response.response}" if response is not None else ""
    n = f"{regression.n:,.12g} observations"
    return plain(f"{what}: {regression.family} regression{of}, {n}", _MOST)
