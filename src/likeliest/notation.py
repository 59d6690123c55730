"""Distributions as they are written on a command line: `normal:mean=50,std=2.5`.

Also `normal(mean=50, std=2.5)`, and values by position: `normal:50,2.5`. The text is parsed, never
evaluated.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from likeliest import families
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.distribution import Distribution

_WRITTEN = re.compile(r"\s*(?P<family>[^:(]+?)\s*(?::(?P<after>.*)|\((?P<within>.*)\))\s*")
_HOW = "Write it as normal:mean=50,std=2.5."


def parse(text: str) -> Distribution:
    """Return the distribution that the text names.

    Raises
    ------
    FamilyError
        If there is no such family.
    ParameterError
        If the parameters are not its parameters, not all there, or not numbers.

    Examples
    --------
    >>> parse("normal:mean=50,std=2.5")
    Normal(mean=50.0, std=2.5)
    >>> parse("Student t(3, scale=2, loc=-1e3)")
    StudentT(df=3.0, loc=-1000.0, scale=2.0)
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        families.find(text.strip())  # an unknown name is the likelier mistake
        raise ParameterError(f"{text.strip()!r} names no parameters. {_HOW}")
    family = families.find(match["family"])
    values = _values(family, match["after"] if match["within"] is None else match["within"])
    missing = [name for name in family.constraints if name not in values]
    if missing:
        raise ParameterError(
            f"{family.name} needs {', '.join(family.constraints)}; {text.strip()!r} does not say "
            f"{', '.join(missing)}."
        )
    return family(**values)


def written(distribution: Distribution) -> str:
    """Return the text that `parse` reads back to the same distribution.

    Examples
    --------
    >>> from likeliest import Normal
    >>> written(Normal(50, 2.5))
    'normal:mean=50.0,std=2.5'
    """
    values = (f"{name}={float(value)!r}" for name, value in distribution.parameters.items())
    return f"{distribution.name}:{','.join(values)}"


def _values(family: type[Distribution], text: str) -> dict[str, float]:
    names = list(family.constraints)
    values: dict[str, float] = {}
    for position, item in enumerate(filter(None, map(str.strip, text.split(",")))):
        name, equals, number = (part.strip() for part in item.rpartition("="))
        if not equals:
            if len(values) != position or position >= len(names):
                raise ParameterError(
                    f"{family.name} cannot tell which parameter {item!r} is; it has "
                    f"{', '.join(names)}. {_HOW}"
                )
            name = names[position]
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise ParameterError(
                f"{family.name} has no parameter {name!r}. {hint}It has {', '.join(names)}."
            )
        if name in values:
            raise ParameterError(f"{family.name}: {name} is given twice in {text.strip()!r}.")
        values[name] = _number(family, name, number)
    return values


def _number(family: type[Distribution], name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{family.name}: {name} must be a number; got {text!r}.") from None
