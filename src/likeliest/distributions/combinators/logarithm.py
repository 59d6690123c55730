"""The law of the logarithm of a positive value."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.combinators.image import Image, with_density
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import made
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe
from likeliest.distributions.support import Support
from likeliest.errors import FamilyError
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


def log_of(family: str | type[Distribution]) -> type[Distribution]:
    """Make the family of log X, X being of the family given, with its parameters as they are.

    For data that come as logarithms: `log_of("gamma")` is SciPy's loggamma, `log_of("weibull")`
    the Gumbel of minima by a Weibull's own parameters.

    Parameters
    ----------
    family : str or class
        With a density, of positive values.

    Returns
    -------
    class
        The family, the same for the same argument.

    Raises
    ------
    FamilyError
        If the family can be negative, counts whole numbers, or has a likelihood with corners.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([0.7, 1.2, 0.6, 1.7, 1.5], lk.log_of("gamma"))
    >>> fit.family, {name: round(value, 3) for name, value in fit.parameters.items()}
    ('log-of gamma', {'shape': 5.697, 'scale': 0.601})
    """
    of = with_density(family, find, "log-of")
    if not of.support.low >= 0.0:
        raise FamilyError(
            f"log-of cannot be made of {of.name} ({of.support.describe()}): only positive values "
            "have a logarithm."
        )
    attributes: dict[str, Any] = {
        "of": of, "discrete": False, "support": _logarithms(of.support),
        "concentrates": of.concentrates, "centre": of.centre,
    }  # fmt: skip
    # Another unit of X moves log X: no parameter is in the unit of log X.
    constraints = {name: replace(c, power=0) for name, c in of.constraints.items()}
    return made(LogOf, Recipe("log-of", (of,)), constraints, **attributes)


COMBINATORS["log-of"] = Combinator(log_of, ("of",))


class LogOf(Image):
    """The law of log X, X being of the family, whose parameters these are.

    f(x) = g(exp x) exp x, g being the density of the family.

    Source: Johnson, Kotz & Balakrishnan (1994), section 12.4.
    """

    falling = False
    of_what = "exp(x)"

    @classmethod
    def forward(cls, y: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.log(y)

    @classmethod
    def inverse(cls, x: Array) -> Array:
        return exp(x)

    @classmethod
    def log_slope(cls, x: Array) -> Array:
        return x

    def bounds(self) -> Support:
        return _logarithms(self.original.bounds())

    @classmethod
    def image_of(cls, family: type[Distribution]) -> Any:
        return log_of(family)

    def moments(self) -> tuple[Parameter, Parameter]:
        mean = expectation(self, lambda _, x: x)
        if np.ndim(mean):
            return mean, expectation(self, lambda _, x: x * x) - mean**2
        return mean, expectation(self, lambda _, x: (x - mean) ** 2)

    @cached_property
    def entropy(self) -> Parameter:
        """That of the family, less the mean."""
        return self.original.entropy - self.moments()[0]


def _logarithms(support: Support) -> Support:
    with np.errstate(divide="ignore"):
        low, high = np.log(support.low)[()], np.log(support.high)[()]
    return Support(low, high, high_closed=support.high_closed)
