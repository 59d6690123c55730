"""`likeliest families`: what there is to fit."""

from __future__ import annotations

import inspect
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.arguments import Json, family_names
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution


def families(
    name: Annotated[
        str | None,
        typer.Argument(help="The one to show in full.", autocompletion=family_names),
    ] = None,
    json: Json = False,
) -> None:
    """List the families of distributions, or tell all about one."""
    from likeliest.distributions import multivariate
    from likeliest.distributions.families import registry
    from likeliest.tables import Table

    if name is not None and (of_rows := multivariate.find(name)) is not None:
        if json:
            raise FamilyError(f"{of_rows.name} is a family of rows, of which there is no record.")
        print(f"{of_rows.name}\n\n{inspect.getdoc(of_rows)}")  # noqa: T201
        return
    if name is not None:
        family = registry.find(name)
        if json:
            output.show_json(_record(family))
        else:
            print(_text(family))  # noqa: T201
        return
    every = registry.all_families()
    if json:
        output.show_json([_record(family) for family in every])
        return
    rows = tuple((f.name, ", ".join(f.constraints), f.support.describe()) for f in every)
    title = f"{len(rows)} families"
    beside = ", ".join(one.name for one in multivariate.all_multivariate())
    output.show(
        Table(
            title,
            ("family", "parameters", "values"),
            rows,
            (f"of several columns, or of labels: {beside}",),
            wrapped=("parameters", "values"),
        )
    )


def _text(family: type[Distribution]) -> str:
    """Return the docstring of a family, and what the catalogue says beside it."""
    from likeliest.distributions.catalogue import entry
    from likeliest.distributions.recipes import recipe_of

    told = f"{family.name}\n\n{inspect.getdoc(family)}"
    if recipe_of(family) is not None:
        return told
    lines = (f"{heading}: {text}" for heading, text in entry(family).lines() if heading != "Source")
    return "\n".join((told, "", *map(fill, lines)))


def _record(family: type[Distribution]) -> dict[str, Any]:
    from likeliest.distributions.catalogue import entry

    one = entry(family)
    return {
        "family": one.name,
        "summary": one.summary,
        "density": one.formula,
        "aliases": list(one.aliases),
        "parameters": {n: c.describe() for n, c in family.constraints.items()},
        "meanings": dict(one.parameters),
        "support": one.support,
        "discrete": one.discrete,
        "elsewhere": dict(one.elsewhere),
        "fitted": one.fitted,
        "limits": list(one.limits),
        "relations": list(one.relations),
        "sets": list(one.sets),
        "source": one.source,
    }
