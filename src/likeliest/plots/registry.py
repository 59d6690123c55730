"""The pictures of fits, comparisons and groups by name. Another is one file, and its line here."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar

from likeliest.errors import PictureError
from likeliest.plots.caterpillar import caterpillar
from likeliest.plots.cdf import PICTURE as CDF
from likeliest.plots.cdfs import cdfs
from likeliest.plots.comparison import comparison
from likeliest.plots.criterion import criterion
from likeliest.plots.fit import PICTURE as DENSITY
from likeliest.plots.hazard import PICTURE as HAZARD
from likeliest.plots.mean_excess import PICTURE as MEAN_EXCESS
from likeliest.plots.multiples import multiples
from likeliest.plots.of_regressions.calibration import calibration
from likeliest.plots.of_regressions.effects import effects
from likeliest.plots.of_regressions.normal import qq as residual_qq
from likeliest.plots.of_regressions.normal import worm as residual_worm
from likeliest.plots.of_regressions.residuals import residuals as residuals_by_mean
from likeliest.plots.of_regressions.rootogram import rootogram as rootogram_of_rows
from likeliest.plots.pp import PICTURE as PP
from likeliest.plots.probability import PICTURE as PROBABILITY
from likeliest.plots.profile import PICTURE as PROFILE
from likeliest.plots.qq import PICTURE as QQ
from likeliest.plots.residuals import PICTURE as RESIDUALS
from likeliest.plots.return_level import PICTURE as RETURN_LEVEL
from likeliest.plots.rootogram import PICTURE as ROOTOGRAM
from likeliest.plots.surface import PICTURE as SURFACE
from likeliest.plots.survival import PICTURE as SURVIVAL
from likeliest.plots.tails import tails
from likeliest.plots.worm import PICTURE as WORM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes

    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.plots.picture import (
        DrawnOfComparison,
        DrawnOfGroups,
        DrawnOfRegression,
        Picture,
    )
    from likeliest.regression.result import Regression

T = TypeVar("T")

PICTURES: dict[str, Picture] = {
    "density": DENSITY,
    "qq": QQ,
    "cdf": CDF,
    "pp": PP,
    "survival": SURVIVAL,
    "hazard": HAZARD,
    "probability": PROBABILITY,
    "profile": PROFILE,
    "surface": SURFACE,
    "return level": RETURN_LEVEL,
    "rootogram": ROOTOGRAM,
    "residuals": RESIDUALS,
    "worm": WORM,
    "mean excess": MEAN_EXCESS,
}
"""By the word that `Fit.plot` takes, the most used first."""


COMPARISONS: dict[str, DrawnOfComparison] = {
    "densities": comparison,
    "criterion": criterion,
    "tails": tails,
    "cdf": cdfs,
}
"""Of a comparison, by the word that `Comparison.plot` takes."""

GROUPS: dict[str, DrawnOfGroups] = {"estimates": caterpillar, "densities": multiples}
"""Of many groups, by the word that `Fits.plot` takes."""

REGRESSIONS: dict[str, DrawnOfRegression] = {
    "effects": effects,
    "residuals": residuals_by_mean,
    "qq": residual_qq,
    "worm": residual_worm,
    "calibration": calibration,
    "rootogram": rootogram_of_rows,
}
"""Of a regression, by the word that `Regression.plot` takes."""


def kinds(fitted: Fit) -> list[str]:
    """Return the words of the pictures that can be drawn of a fit.

    Examples
    --------
    >>> import likeliest as lk
    >>> kinds(lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "uniform"))[:5]
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
    return _found(PICTURES, kind, "this fit", lambda: kinds(fitted))


def draw(fitted: Fit, kind: str = "density", ax: Axes | None = None) -> Axes:
    """Draw the picture of a fit that has this name; see `Fit.plot`."""
    return picture_of(fitted, kind).draw(fitted, ax=ax)


def draw_comparison(
    compared: Comparison, kind: str = "densities", ax: Axes | None = None, top: int | None = None
) -> Axes:
    """Draw the picture of a comparison that has this name; see `Comparison.plot`."""
    drawn = _found(COMPARISONS, kind, "a comparison", lambda: [*COMPARISONS])
    return drawn(compared, ax=ax) if top is None else drawn(compared, top=top, ax=ax)


def draw_groups(fits: Fits, kind: str = "estimates", ax: Axes | None = None) -> Axes:
    """Draw the picture of many groups that has this name; see `Fits.plot`."""
    return _found(GROUPS, kind, "groups", lambda: [*GROUPS])(fits, ax=ax)


def draw_regression(
    regression: Regression, kind: str = "effects", ax: Axes | None = None, column: str | None = None
) -> Axes:
    """Draw the picture of a regression that has this name; see `Regression.plot`."""
    drawn = _found(REGRESSIONS, kind, "a regression", lambda: [*REGRESSIONS])
    if column is None:
        return drawn(regression, ax=ax)
    if drawn is not effects:
        raise PictureError("column= goes with the picture of effects.")
    return effects(regression, ax, column=column)


def _found(among: Mapping[str, T], kind: str, of: str, there: Callable[[], list[str]]) -> T:
    word = str(kind).strip().lower().replace("-", " ").replace("_", " ")
    if word in among:
        return among[word]
    near = difflib.get_close_matches(word, among, 1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    names = ", ".join(there())
    raise PictureError(f"There is no picture {kind!r:.40}.{meant} Of {of} there are {names}.")
