"""`likeliest families`: what there is to fit."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.arguments import Json, family_names

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
    from likeliest.distributions.families import registry
    from likeliest.tables import Table

    if name is not None:
        family = registry.find(name)
        if json:
            output.show_json(_record(family))
        else:
            print(f"{family.name}\n\n{inspect.getdoc(family)}")  # noqa: T201
        return
    every = registry.all_families()
    if json:
        output.show_json([_record(family) for family in every])
        return
    rows = tuple((f.name, ", ".join(f.constraints), f.support.describe()) for f in every)
    title = f"{len(rows)} families"
    output.show(
        Table(title, ("family", "parameters", "values"), rows, wrapped=("parameters", "values"))
    )


def _record(family: type[Distribution]) -> dict[str, Any]:
    from likeliest.distributions.families import registry

    return {
        "family": family.name,
        "aliases": registry.aliases_of(family),
        "parameters": {n: c.describe() for n, c in family.constraints.items()},
        "support": family.support.describe(),
        "discrete": family.discrete,
    }
