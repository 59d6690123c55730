"""The words of each picture: what it shows, and how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.distributions.combinators.mixture import Mixture
from likeliest.plots.overview import four
from likeliest.report.words import listed, name_of

if TYPE_CHECKING:
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.language.models.model import NGramModel

_BARS = (
    "How to read it: the grey bars are the data, the line is the fit. Where bars stand above the "
    "line there are more values than the fit expects, where they stay below it fewer."
)
_STEPS = (
    "How to read it: the grey steps are the data's own curve, the line is the fit; small marks are "
    "values of which only a bound is known. The closer the line keeps to the steps, the better."
)


_WAYS = {
    "qq": (
        "A Q–Q plot: quantiles of {what} against those of the fitted {family} distribution.",
        "each point is a value, and should lie where the fit expects it, on the line. Points that "
        "leave the band differ by more than chance would make them; at the ends they show the "
        "tails.",
    ),
    "cdf": (
        "The share of {what} up to each value, in the data and by the fitted {family} "
        "distribution.",
        "the steps are the data, the line is the fit. The height at x is the share of values up "
        "to x; the data should keep within the band.",
    ),
    "survival": (
        "The share of {what} that is greater than each value, in the data and by the fitted "
        "{family} distribution.",
        "the steps are the data, the line is the fit, and small marks are values of which is "
        "known only that they are greater. The height at x is the share that goes beyond x.",
    ),
    "hazard": (
        "The hazard rate of the fitted {family} distribution for {what}.",
        "the height is the rate at which what has come to x ends there. A line that rises means "
        "wear, one that falls early failures.",
    ),
    "rootogram": (
        "A rootogram: how often each count of {what} was seen and is expected by the fitted "
        "{family} distribution.",
        "bars hang from the fitted line; those that do not reach the axis were seen more rarely "
        "than the fit expects, those that pass it more often.",
    ),
    "return level": (
        "The level that {what} exceeds once in a period, by the fitted {family} distribution.",
        "the line is the level exceeded once in so many values on average, the points are the "
        "data, and the band says how sure the level is.",
    ),
}
"""By the word of `Fit.plot`: what the picture shows, and how to read it."""


def kinds(fit: Fit) -> list[str]:
    """Return the pictures that a report shows of a fit, by the words of `Fit.plot`.

    The band of a Q–Q plot comes from samples that are fitted anew, which of a mixture takes long.
    """
    shown = {"density", *_WAYS} - ({"qq"} if isinstance(fit.distribution, Mixture) else set())
    return [kind for kind in four(fit) if kind in shown]


def of_fit(fit: Fit, kind: str) -> tuple[str, str]:
    """Return what a picture of a fit shows, and how to read it."""
    family, what = fit.family, name_of(fit.description)
    if kind in _WAYS:
        shows, way = _WAYS[kind]
        return shows.format(family=family, what=what), f"How to read it: {way}"
    is_plain = fit.description.is_plain
    over = "a histogram" if is_plain else "the data's own curve"
    return f"The fitted {family} distribution over {over} of {what}.", (
        _BARS if is_plain else _STEPS
    )


def of_comparison(compared: Comparison, top: int) -> tuple[str, str]:
    """Return what the picture of the likeliest few shows, and how to read it."""
    fits = compared.fits[:top]
    is_plain = compared.best.description.is_plain
    over = "a histogram" if is_plain else "the data's own curve"
    names = listed([fit.family for fit in fits])
    what = name_of(compared.best.description)
    alt = f"The likeliest of the families, {names}, over {over} of {what}."
    return alt, (_BARS if is_plain else _STEPS).replace("the line is the fit", "each line is a fit")


def of_caterpillar(fits: Fits, parameter: str) -> tuple[str, str]:
    """Return what the picture of the estimates of many groups shows, and how to read it."""
    return (
        f"The estimates of {parameter} in {len(fits):,} groups in order, each with its interval.",
        "How to read it: each point is a group, and the line or the shade on both sides of it is "
        "its interval. Groups whose intervals do not meet differ by more than chance would make "
        "them; the interval of a few values is wide.",
    )


def of_bigrams(model: NGramModel) -> tuple[str, str]:
    """Return what the table of bigrams shows, and how to read it."""
    return (
        f"A table of how probable each of {len(model.vocabulary):,} symbols is after each other.",
        "How to read it: a row is the symbol before, a column the one that follows; the stronger "
        "the colour of a cell, the more probable. Each row adds up to 1.",
    )
