"""A family seen in a mirror: what leans to the right leans to the left."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.combinators.image import Image, with_density
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import made, moments_of
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe
from likeliest.distributions.support import Support

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array


def reflected(family: str | type[Distribution]) -> type[Distribution]:
    """Make the family of -X, X being of the family given: its long tail lies on the other side.

    A family with a location is mirrored about it, so that `loc` keeps its meaning; others at 0.
    `shifted(reflected(weibull))` has an upper end that is estimated.

    Parameters
    ----------
    family : str or class
        With a density.

    Returns
    -------
    class
        The family, the same for the same argument.

    Raises
    ------
    FamilyError
        If the family counts whole numbers, has an atom, or a likelihood with corners.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([-2.1, -3.4, -1.9, -5.6, -4.4], lk.reflected("gamma"))
    >>> fit.family, round(fit.parameters["shape"], 3)
    ('reflected gamma', 6.069)
    """
    of = with_density(family, find, "reflected")
    if issubclass(of, Reflected):
        return of.of
    attributes: dict[str, Any] = {
        "of": of, "discrete": False, "support": _mirrored(of.support),
        "concentrates": of.concentrates, "centre": of.centre, "anchored": of.anchored,
    }  # fmt: skip
    return made(Reflected, Recipe("reflected", (of,)), of.constraints, **attributes)


COMBINATORS["reflected"] = Combinator(reflected, ("of",))


class Reflected(Image):
    """The law of -X, X being of the family; mirrored about its location where it has one.

    f(x) = g(-x), g being the density of the family with -loc for loc.

    Source: Johnson, Kotz & Balakrishnan (1994), ch. 21.
    """

    falling = True
    of_what = "-x"

    @classmethod
    def forward(cls, y: Array) -> Array:
        return -y

    @classmethod
    def inverse(cls, x: Array) -> Array:
        return -x

    @classmethod
    def log_slope(cls, x: Array) -> Array:
        return 0.0 * x

    @classmethod
    def image_of(cls, family: type[Distribution]) -> Any:
        return reflected(family)

    @property
    def signs(self) -> tuple[float, ...]:
        return tuple(-1.0 if c.is_location else 1.0 for c in self.constraints.values())

    @cached_property
    def original(self) -> Distribution:
        """The member of the family that it is the mirror of."""
        return self.of.unchecked(**_turned(self.of, self.parameters))

    def bounds(self) -> Support:
        return _mirrored(self.original.bounds())

    def rescaled(self, factor: float) -> Self:
        return self.of_member(self.original.rescaled(factor))

    @classmethod
    def of_member(cls, inner: Distribution) -> Self:
        return cls(**_turned(cls.of, inner.parameters))

    @classmethod
    def held(cls, fixed: Mapping[str, float]) -> dict[str, float]:
        return _turned(cls.of, fixed)

    def moments(self) -> tuple[Parameter, Parameter]:
        mean, var = moments_of(self.original)
        return -mean, var

    @cached_property
    def entropy(self) -> Parameter:
        """That of the family."""
        return self.original.entropy


def _turned(of: type[Distribution], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with the sign of a location turned round."""
    locations = {name for name, c in of.constraints.items() if c.is_location}
    return {name: -v if name in locations else v for name, v in parameters.items()}


def _mirrored(support: Support) -> Support:
    return Support(
        np.negative(support.high)[()],
        np.negative(support.low)[()],
        low_closed=support.high_closed,
        high_closed=support.low_closed,
    )
