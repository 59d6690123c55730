"""Help in plain words: `NUMBER` where Typer shows `<float>`, and nothing for a flag."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

_KINDS = {"str": "TEXT", "float": "NUMBER", "int": "NUMBER", "path": "FILE", "bool": ""}


class PlainCommand(TyperCommand):
    """A verb whose help names what an option takes in plain words."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options and arguments, each with its plain name."""
        return [_plain(parameter, ctx) for parameter in super().get_params(ctx)]


class PlainGroup(TyperGroup):
    """Verbs whose help names what an option takes in plain words."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, each with its plain name."""
        return [_plain(parameter, ctx) for parameter in super().get_params(ctx)]


def _plain(parameter: Any, ctx: Any) -> Any:
    """Name what a parameter takes; an older Typer has plain words of its own."""
    if not hasattr(parameter, "display_type"):
        return parameter
    if parameter.param_type_name == "argument":
        parameter.display_type = lambda ctx: ""  # noqa: ARG005  (its name says it)
    elif parameter.metavar is None:
        kind = parameter.display_type(ctx).strip("<>").removeprefix("list[").rstrip("]")
        parameter.metavar = _KINDS.get(kind, kind)
    return parameter
