"""The catalogue of families: what a reader asks of each, from its class and its docstring.

What SciPy, R and PyTorch call their parameters stands in `families/elsewhere.json`, which
`docs/families.py` writes from the table of docs/parameters.md.
"""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.bases import WithStatistics
from likeliest.distributions.estimation import Estimation
from likeliest.distributions.families.registry import aliases_of, all_families
from likeliest.distributions.families.sets import SETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from likeliest.distributions.distribution import Distribution

    Family = type[Distribution]


@dataclass(frozen=True)
class Entry:
    """What the catalogue says of a family.

    Parameters
    ----------
    name : str
    aliases : tuple of str
        Other names that it is found by.
    summary : str
        What it is, in a sentence.
    formula : str
        Its density or mass.
    parameters : mapping from name to text
        What each is, with its range.
    support : str
    elsewhere : mapping from library to text
        What SciPy, R and torch.distributions call it.
    fitted : str
        The way to its estimate.
    limits : tuple of str
        Where its likelihood is unbounded, or irregular.
    relations : tuple of str
    sets : tuple of str
        The named sets that hold it.
    source : str
    """

    name: str
    aliases: tuple[str, ...]
    summary: str
    formula: str
    parameters: Mapping[str, str]
    support: str
    elsewhere: Mapping[str, str]
    fitted: str
    limits: tuple[str, ...]
    relations: tuple[str, ...]
    sets: tuple[str, ...]
    source: str
    discrete: bool = field(default=False)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield what there is to say beside summary, formula and parameters, with its heading."""
        yield "Values", self.support
        for library, words in self.elsewhere.items():
            yield f"In {library}", words
        if self.aliases:
            yield "Also found as", ", ".join(self.aliases)
        yield "Fitted", self.fitted
        for heading, texts in (("Limits", self.limits), ("Relations", self.relations)):
            if texts:
                yield heading, " ".join(texts)
        if self.sets:
            yield "Sets", ", ".join(self.sets)
        yield "Source", self.source


def entry(family: Family) -> Entry:
    """Return what the catalogue says of a family.

    Examples
    --------
    >>> from likeliest import Gamma
    >>> entry(Gamma).elsewhere["SciPy"]
    'gamma(a=shape, scale=scale)'
    """
    text = inspect.getdoc(family) or ""
    summary, _, rest = text.partition("\n\n")
    formula = re.split(r"\n\n(?=Parameters\n-+\n|Source:|Notes\n-+\n)", rest)[0]
    return Entry(
        family.name,
        tuple(aliases_of(family)),
        summary.replace("\n", " "),
        formula,
        _parameters(family, _section(text, "Parameters")),
        family.support.describe(),
        _elsewhere().get(family.name, {}),
        _fitted(family),
        tuple(_limits(family, _section(text, "Notes"))),
        tuple(_relations(family)),
        tuple(name for name, members in SETS.items() if family.name in members),
        " ".join(_source(text).split()),
        family.discrete,
    )


@cache
def _elsewhere() -> dict[str, dict[str, str]]:
    path = files("likeliest.distributions.families") / "elsewhere.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _section(text: str, heading: str) -> str:
    """Return what stands under a heading of a docstring."""
    found = re.search(rf"^{heading}\n-+\n(.*?)(?=\n\n\S|\Z)", text, flags=re.DOTALL | re.MULTILINE)
    return found.group(1) if found else ""


def _source(text: str) -> str:
    found = re.search(r"^Source: (.*?)(?=\n\n|\Z)", text, flags=re.DOTALL | re.MULTILINE)
    return found.group(1) if found else ""


def _parameters(family: Family, section: str) -> dict[str, str]:
    """Return each parameter's range with what the docstring says of it."""
    said: dict[str, str] = {}
    for item in re.split(r"\n(?=\S)", section):
        names, colon, words = item.partition(" : ")
        if colon:
            said |= dict.fromkeys(names.split(", "), " ".join(words.split()))
    return {
        name: _SHAPES.sub("", said[name]).lstrip(",: ") if name in said else c.describe()
        for name, c in family.constraints.items()
    }


_SHAPES = re.compile(r"^array (of any shape|that broadcasts with (the others|`\w+`))")


def _fitted(family: Family) -> str:
    if family.corners:
        where = " and ".join(family.corners)
        way = f"by a search along {where}, at which the likelihood has corners"
        return f"{_OF_SUMS}; other rows {way}." if issubclass(family, WithStatistics) else f"{way}."
    if issubclass(family, WithStatistics):
        return f"{_OF_SUMS}; other rows by Newton's method."
    return "by Newton's method from starts of its own."


_OF_SUMS = "exact values from their sums, in one pass"


def _limits(family: Family, notes: str) -> Iterator[str]:
    if notes:
        yield " ".join(notes.split())
    if family.concentrates:
        towards = " and ".join(f"{name} → {limit}" for name, limit in family.concentrates.items())
        yield f"Of equal values it grows without limit as {towards}."
    for name, constraint in family.constraints.items():
        if np.isfinite(constraint.regular_above) and not notes:
            yield f"A fit stays above {name} = {constraint.regular_above:g}."
    singular: object = family.is_singular
    if getattr(singular, "__func__", singular) is not Estimation.is_singular.__func__ and not notes:  # type: ignore[attr-defined]
        yield "On a value that many rows share it can grow without limit; a fit stays away from it."


def _relations(family: Family) -> Iterator[str]:
    for other, held in family.special_cases.items():
        where = " and ".join(f"{name} = {value:g}" for name, value in held.items())
        yield f"With {where.replace('inf', '∞')} it is {other}."
    for larger in all_families():
        if family.name in larger.special_cases:
            held = larger.special_cases[family.name]
            where = " and ".join(f"{name} = {value:g}" for name, value in held.items())
            yield f"It is {larger.name} with {where.replace('inf', '∞')}."
