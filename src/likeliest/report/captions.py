"""The words of each picture: what it shows, and how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def of_density(fit: Fit) -> tuple[str, str]:
    """Return what the picture of a fit over its data shows, and how to read it."""
    is_plain = fit.description.is_plain
    over = "a histogram" if is_plain else "the data's own curve"
    return f"The fitted {fit.family} distribution over {over} of {name_of(fit.description)}.", (
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
        "How to read it: each point is a group, the line through it its interval. Groups whose "
        "intervals do not meet differ by more than chance would make them; that of a few values is "
        "wide.",
    )


def of_bigrams(model: NGramModel) -> tuple[str, str]:
    """Return what the table of bigrams shows, and how to read it."""
    return (
        f"A table of how probable each of {len(model.vocabulary):,} symbols is after each other.",
        "How to read it: a row is the symbol before, a column the one that follows; the darker a "
        "cell, the more probable. Each row adds up to 1.",
    )
