"""Distributions as they are written on a command line: `normal:mean=50,std=2.5`.

Also `normal(mean=50, std=2.5)`, and values by position: `normal:50,2.5`. A family made of others
comes with its own brackets first: `truncated(lognormal, lower=500):log_mean=6,log_std=1`, or
`zero-inflated poisson:0.2,3`. The text is parsed, never evaluated.
"""

from __future__ import annotations

import difflib
import math
from typing import TYPE_CHECKING

from likeliest.distributions import families
from likeliest.distributions.recipes import combinator_named, shortened
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution

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
    text = text.strip()
    name, values_text = _split(text)
    family = families.find(shortened(name))
    if values_text is None:  # an unknown name is the likelier mistake
        raise ParameterError(f"{shortened(text)!r} names no parameters. {_HOW}")
    values = _values(family, values_text)
    missing = [name for name in family.constraints if name not in values]
    if missing:
        raise ParameterError(
            f"{family.name} needs {', '.join(family.constraints)}; {shortened(text)!r} does not "
            f"say {', '.join(missing)}."
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


def _split(text: str) -> tuple[str, str | None]:
    """Return the name, and what stands after the colon or within the parentheses; None if nothing.

    A family that is made of others has brackets of its own, in which commas and colons are its.
    """
    depth, first = 0, len(text)
    for at, letter in enumerate(text):
        if letter == ":" and depth == 0:
            return text[:at].strip(), text[at + 1 :]
        if letter == "(" and depth == 0:
            first = at
        depth += (letter == "(") - (letter == ")")
    name = text[:first].strip()
    if not text.endswith(")") or combinator_named(name) is not None:
        return text, None
    return name, text[first + 1 : -1]


def _values(family: type[Distribution], text: str) -> dict[str, float]:
    names = list(family.constraints)
    values: dict[str, float] = {}
    for position, item in enumerate(filter(None, map(str.strip, text.split(",")))):
        name, equals, number = (part.strip() for part in item.rpartition("="))
        if not equals:
            if len(values) != position or position >= len(names):
                raise ParameterError(
                    f"{family.name} cannot tell which parameter {shortened(item)!r} is; it has "
                    f"{', '.join(names)}. {_HOW}"
                )
            name = names[position]
        if name not in names:
            near = difflib.get_close_matches(shortened(name), names, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise ParameterError(
                f"{family.name} has no parameter {shortened(name)!r}. {hint}It has "
                f"{', '.join(names)}."
            )
        if name in values:
            raise ParameterError(
                f"{family.name}: {name} is given twice in {shortened(text.strip())!r}."
            )
        values[name] = _number(family, name, number)
    return values


def _number(family: type[Distribution], name: str, text: str) -> float:
    # Python itself also takes 1_000 and the digits of other scripts.
    plain = text.isascii() and "_" not in text
    try:
        value = float(text) if plain else math.nan
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise ParameterError(f"{family.name}: {name} must be a number; got {shortened(text)!r}.")
    if math.isinf(value) and any(map(str.isdigit, text)):
        raise ParameterError(f"{family.name}: {name} = {shortened(text)} is beyond float64.")
    return value
