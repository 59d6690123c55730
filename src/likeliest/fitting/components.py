"""How many components a mixture has: the number by BIC, over the same data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from likeliest.distributions.combinators.mixture import AUTO, AnyNumber, mixture
from likeliest.distributions.family import plain
from likeliest.distributions.recipes import combinator_named, split
from likeliest.errors import LikeliestError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit


def any_number(family: object) -> AnyNumber | None:
    """Return mixtures of any number of components, where a family or its text names them.

    Examples
    --------
    >>> any_number("mixture(normal, auto)").part.name
    'normal'
    """
    if isinstance(family, AnyNumber):
        return family
    if not isinstance(family, str):
        return None
    head, bracket, inner = family.strip().partition("(")
    if not (bracket and combinator_named(head) == "mixture"):
        return None
    part, *number = split(inner.removesuffix(")"))
    return mixture(part, "auto") if [*map(plain, number)] == [AUTO] else None


def fit_any_number(
    fit: Callable[[Observations, type[Distribution]], Fit],
    observations: Observations,
    choice: AnyNumber,
    **others: object,
) -> Fit:
    """Return the fit with the number of components, 1 to 9, that has the least BIC.

    A likelihood ratio between two numbers has no χ² law.

    Raises
    ------
    ParameterError
        If another word is given: what it names depends on the number.

    Source: Leroux (1992); Keribin (2000).
    """
    for name, given in others.items():
        if given is not None:
            raise ParameterError(
                f"{name} does not go with {choice.name}, whose parameters depend on how many "
                f"components there are: name the number, as in mixture({choice.part.name}, 2)."
            )
    fits: dict[int, Fit] = {}
    without: list[str] = []
    for number, family in enumerate(choice.families(), 1):
        try:
            fits[number] = fit(observations, family)
        except LikeliestError:
            if number == 1:
                raise
            without.append(str(number))
    best = min(fits.values(), key=lambda made: made.bic)
    told = ", ".join(f"{number}: {made.bic:.2f}" for number, made in fits.items())
    none = f"; none with {', '.join(without)}" if without else ""
    note = f"The number of components is chosen by BIC, no test ({told}{none})."
    return replace(best, found=replace(best.found, notes=(*best.found.notes, note)))
