"""Messages in the words of the command line: `--rounding 1` where Python says `rounding=1`.

The library names what to do in Python's words; here, and only here, the command line makes them
its own.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = r"""'[^']*'|"[^"]*\""""
_IN_BRACKETS = re.compile(rf" \(in Python (?:{_QUOTED}|[^()'\"]|\((?:{_QUOTED}|[^()'\"])*\))*\)")
_ASIDE = re.compile(r"[:;] in Python .*?(?=[.;](?:\s|$))")
_WHERE = re.compile(r" in lk\.(?:read|observe)\b")
_READ = re.compile(r"lk\.read\(data, \"name\"\)")
_SAFE = re.compile(r"[\w.,:/+-]+")
_OBSERVED = re.compile(r"(?:likeliest|lk)\.observe\(lower=\.\.\., upper=\.\.\.\)")
_FIXED = re.compile(r"fixed=\{'(\w+)': ([^}]+)\}")
_START = re.compile(r"(?:, or start nearer)? with start=\{[^}]*\}")
_OF_TYPER = (
    (
        re.compile(r"(?:'[^']*' is not a valid float|Input should be a valid number[^.]*)\.?$"),
        "it takes a number, written with a decimal point, such as 0.5.",
    ),
    (
        re.compile(r"(?:'[^']*' is not a valid int\w*|Input should be a valid integer[^.]*)\.?$"),
        "it takes a whole number.",
    ),
    (re.compile(r"Value error, (?=')"), ""),
)
_PARAMETERS = frozenset({"rate", "n"})  # of families too


def on_the_command_line(message: str) -> str:
    """Return a message with options where it has arguments of Python.

    Examples
    --------
    >>> on_the_command_line('Leave such rows out with missing="drop".')
    'Leave such rows out with --missing drop.'
    >>> on_the_command_line("If it is a limit, limits=True in lk.read takes it for one.")
    'If it is a limit, --limits takes it for one.'
    >>> on_the_command_line("Invalid value for '--level': '0,9' is not a valid float.")
    "Invalid value for '--level': it takes a number, written with a decimal point, such as 0.5."
    >>> on_the_command_line("Hold it with fixed={'df': 5}, or give rounding=0.1.")
    'Hold it with --fixed df=5, or give --rounding 0.1.'
    """
    said = _IN_BRACKETS.sub("", message)
    for pattern, plain in _OF_TYPER:
        said = pattern.sub(plain, said)
    said = _ASIDE.sub("", said)
    said = _READ.sub("--column name", _WHERE.sub("", said))
    said = _OBSERVED.sub("--lower and --upper", said)
    said = _FIXED.sub(r"--fixed \1=\2", said)
    said = _START.sub("", said)
    given, bare = _options()
    said = given.sub(_as_option, said)
    return bare.sub(lambda found: _named(found[1]), said)


def _as_option(found: re.Match[str]) -> str:
    """Return `--missing drop` for `missing="drop"`, and a flag for one that is true."""
    value = found[2]
    if value == "True":
        return _named(found[1])
    plain = value.strip("'\"")
    return f"{_named(found[1])} {plain if _SAFE.fullmatch(plain) else value}"


def _named(argument: str) -> str:
    return f"--{argument.replace('_', '-')}"


@cache
def _options() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds an argument with its value, and one alone, that are options of a verb."""
    import typer

    from likeliest.cli import app

    names = {
        option.removeprefix("--").replace("-", "_")
        for parameter in _parameters(typer.main.get_command(app))
        for option in parameter.opts
        if option.startswith("--")
    }
    some = "|".join(sorted(names - _PARAMETERS, key=len, reverse=True))
    value = rf"({_QUOTED}|[-+]?[\w]+(?:[.][\w]+)*|\.\.\.)"
    return re.compile(rf"(?<![\w.-])({some})={value}"), re.compile(
        rf"(?<![\w.-])({some})(?:=(?=[\s.,;])|(?=\s+must be ))"
    )


def _parameters(command: Any) -> Iterator[Any]:
    yield from command.params
    for inner in getattr(command, "commands", {}).values():
        yield from _parameters(inner)
