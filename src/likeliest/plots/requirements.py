"""Reasons why a picture cannot be drawn of a fit, so that each can be told before it is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.data import kaplan_meier
from likeliest.data.observations import is_distributed
from likeliest.errors import PictureError
from likeliest.plots import bins

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.fitting.result import Fit

_SOME = 100_000  # rows that stand for those of a cluster
_NO_DATA = (
    "the fit has no data, for it was loaded from a file: give it them again with fit.attach(data)."
)


def needs_data(fitted: Fit) -> str:
    """Return why the data of a fit cannot be drawn; empty where they can."""
    return _NO_DATA if fitted.observations is None else ""


def needs_own_distribution(fitted: Fit) -> str:
    """Return why the data have no distribution function of their own; empty where they have."""
    if fitted.observations is None:
        return _NO_DATA
    seen = observations_of(fitted)
    plain = seen.description.is_plain or not seen.truncated
    if plain or kaplan_meier.serves(seen) or bins.serves(seen, fitted.distribution):
        return ""
    return (
        "values that lie between bounds, and could be seen only within a window, have no "
        'distribution function of their own to compare with; fit.plot("residuals") needs none.'
    )


def needs_continuous(fitted: Fit) -> str:
    """Return why a density is needed; empty where there is one."""
    if not fitted.distribution.discrete:
        return ""
    return f"{fitted.family} is a law of whole numbers, which has no density."


def require(reason: str, picture: str) -> None:
    """Raise PictureError, with the name of the picture, where there is a reason against it.

    Examples
    --------
    >>> require("the fit has no data.", "A Q–Q plot")
    Traceback (most recent call last):
    likeliest.errors.PictureError: A Q–Q plot cannot be drawn: the fit has no data.
    """
    if reason:
        raise PictureError(f"{picture} cannot be drawn: {reason}")


def observations_of(fitted: Fit) -> Observations:
    """Return the data of a fit that has some; of those of a cluster a sample."""
    seen = fitted.observations
    if seen is None:
        raise PictureError(f"A picture of the data cannot be drawn: {_NO_DATA}")
    return seen.some(_SOME) if is_distributed(seen) else seen
