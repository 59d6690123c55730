"""The report of a comparison of families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.fitting import tables
from likeliest.report import captions, data, words
from likeliest.report import fit as of_fit
from likeliest.report.page import Page, Section
from likeliest.report.pictures import picture

if TYPE_CHECKING:
    from likeliest.fitting.comparison import Comparison
    from likeliest.report.recipe import Recipe

_TOP = 3  # families that one picture can hold


def page_of(compared: Comparison, recipe: Recipe, level: float) -> Page:
    """Return the page that tells of a comparison, and of its best fit in full."""
    best = compared.best
    name = words.name_of(best.description)
    return Page(
        f"Which distribution describes {name}?",
        (words.winner(compared), words.match(best), words.estimates(best, level)),
        (
            data.section(best, recipe.source),
            ranking(compared),
            of_fit.estimates(best, level),
            of_fit.match(best, level, [k for k in captions.kinds(best) if k != "density"]),
            Section(
                "What is doubtful", points=(*words.notes(best, compared.notes), words.INDEPENDENT)
            ),
            Section("Make it again", commands=recipe.commands()),
        ),
        compared.to_dict(),
    )


def ranking(compared: Comparison) -> Section:
    """Return the section that ranks the families, and says why others were left out."""
    alt, caption = captions.of_comparison(compared, _TOP)
    return Section(
        "The families ranked",
        (words.how_ranked(compared.criterion),),
        tables.of_comparison(compared),
        sorts=True,
        below=tables.same_as(compared),
        points=tables.left_out(compared.left_out),
        pictures=(picture(compared.plot(top=_TOP), "ranking", alt, caption),),
    )
