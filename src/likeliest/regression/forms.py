"""Forms: the parameters that a regression of a family speaks of, and which of them is the main one.

Mostly they are the family's own. Where a family has no parameter that says how large values are,
or says it in reverse, its mean takes the place of another: the mean of a gamma that of its scale.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.combinators.levels import Categorical
from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.families import (
    Beta,
    Exponential,
    Gamma,
    Geometric,
)
from likeliest.distributions.parameters import Constraint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter

_MAIN = ("mean", "loc", "log_mean", "rate", "prob", "scale")
"""The parameter that the formula speaks of: the first of these that a family has, else its first"""

_POSITIVE = Constraint(0.0, np.inf)
_IN_UNIT = Constraint(0.0, 1.0)


@dataclass(frozen=True)
class Form:
    """The parameters of a family as a regression speaks of them: the family's own.

    Parameters
    ----------
    family : type
    """

    family: type[Distribution]

    @property
    def constraints(self) -> Mapping[str, Constraint]:
        """The range of each parameter by its name."""
        return self.family.constraints

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters, in order."""
        return tuple(self.constraints)

    @property
    def main(self) -> str:
        """The parameter that the formula speaks of."""
        return next((name for name in _MAIN if name in self.constraints), self.names[0])

    @property
    def spoken(self) -> tuple[str, ...]:
        """The parameters to which the formula gives terms: the main one, of most families."""
        return (self.main,)

    def parameters(self, values: tuple[Parameter, ...]) -> dict[str, Parameter]:
        """Return the family's parameters at values of the form's."""
        return dict(zip(self.family.constraints, values, strict=True))

    def values(self, member: Distribution) -> tuple[Parameter, ...]:
        """Return the form's parameters of a member of the family."""
        return tuple(member.parameters.values())

    def derivatives(self, d: Derivatives, values: tuple[Parameter, ...]) -> Derivatives:
        """Return derivatives by the family's parameters as those by the form's."""
        return d


class _Moved(Form, ABC):
    """A form whose parameters are functions of the family's."""

    @property
    @abstractmethod
    def constraints(self) -> Mapping[str, Constraint]:
        """The range of each parameter by its name."""

    @abstractmethod
    def slopes(
        self, values: tuple[Parameter, ...]
    ) -> tuple[tuple[tuple[Parameter, ...], ...], tuple[tuple[Parameter, ...], ...]]:
        """Return, for each of the family's parameters, its slopes and its upper triangle."""

    def derivatives(self, d: Derivatives, values: tuple[Parameter, ...]) -> Derivatives:
        """Return derivatives by the family's parameters as those by the form's: the chain rule."""
        slopes, bends = self.slopes(values)
        k = len(slopes)
        square = dict(zip(combinations_with_replacement(range(k), 2), d.hessian, strict=True))
        score = tuple(_summed([(d.score[j], slopes[j][a]) for j in range(k)]) for a in range(k))
        hessian = tuple(
            _summed(
                [(d.score[j], bends[j][at]) for j in range(k)]
                + [
                    (square[min(j, m), max(j, m)], slopes[j][a], slopes[m][b])
                    for j in range(k)
                    for m in range(k)
                ]
            )
            for at, (a, b) in enumerate(combinations_with_replacement(range(k), 2))
        )
        return Derivatives(d.log_prob, score, hessian)


def _summed(products: list[tuple[Parameter, ...]]) -> Parameter:
    """Return the sum of products, those with a plain 0 left out: most slopes are one."""
    total: Parameter = 0.0
    for first, *others in products:
        if any(isinstance(factor, float) and factor == 0.0 for factor in others):
            continue
        term = first
        for factor in others:
            term = term if isinstance(factor, float) and factor == 1.0 else term * factor
        total = term if isinstance(total, float) and total == 0.0 else total + term
    return total


class _MeanAndShape(_Moved):
    """Gamma by its mean and its shape; scale = mean / shape."""

    constraints = {"mean": Constraint(0.0, np.inf, power=1), "shape": _POSITIVE}  # noqa: RUF012

    def parameters(self, values: tuple[Parameter, ...]) -> dict[str, Parameter]:
        mean, shape = values
        return {"shape": shape, "scale": mean / shape}

    def values(self, member: Distribution) -> tuple[Parameter, ...]:
        shape, scale = member.parameters.values()
        return shape * scale, shape

    def slopes(
        self, values: tuple[Parameter, ...]
    ) -> tuple[tuple[tuple[Parameter, ...], ...], tuple[tuple[Parameter, ...], ...]]:
        mean, shape = values
        unit = 1.0 / shape
        by_shape = -mean * unit * unit
        return (
            ((0.0, 1.0), (unit, by_shape)),
            ((0.0, 0.0, 0.0), (0.0, -unit * unit, -2.0 * by_shape * unit)),
        )


class _MeanAndPrecision(_Moved):
    """Beta by its mean and its precision; alpha = mean precision, beta = (1 - mean) precision."""

    constraints = {"mean": _IN_UNIT, "precision": _POSITIVE}  # noqa: RUF012

    def parameters(self, values: tuple[Parameter, ...]) -> dict[str, Parameter]:
        mean, precision = values
        return {"alpha": mean * precision, "beta": (1.0 - mean) * precision}

    def values(self, member: Distribution) -> tuple[Parameter, ...]:
        alpha, beta = member.parameters.values()
        return alpha / (alpha + beta), alpha + beta

    def slopes(
        self, values: tuple[Parameter, ...]
    ) -> tuple[tuple[tuple[Parameter, ...], ...], tuple[tuple[Parameter, ...], ...]]:
        mean, precision = values
        return (
            ((precision, mean), (-precision, 1.0 - mean)),
            ((0.0, 1.0, 0.0), (0.0, -1.0, 0.0)),
        )


class _MeanOfRate(_Moved):
    """Exponential by its mean, 1 / rate."""

    constraints = {"mean": Constraint(0.0, np.inf, power=1)}  # noqa: RUF012

    def parameters(self, values: tuple[Parameter, ...]) -> dict[str, Parameter]:
        return {"rate": 1.0 / values[0]}

    def values(self, member: Distribution) -> tuple[Parameter, ...]:
        (rate,) = member.parameters.values()
        return (1.0 / rate,)

    def slopes(
        self, values: tuple[Parameter, ...]
    ) -> tuple[tuple[tuple[Parameter, ...], ...], tuple[tuple[Parameter, ...], ...]]:
        rate = 1.0 / values[0]
        return ((-rate * rate,),), ((2.0 * rate * rate * rate,),)


class _MeanOfProb(_Moved):
    """Geometric by its mean, (1 - prob) / prob."""

    constraints = {"mean": Constraint(0.0, np.inf, low_closed=True)}  # noqa: RUF012

    def parameters(self, values: tuple[Parameter, ...]) -> dict[str, Parameter]:
        return {"prob": 1.0 / (1.0 + values[0])}

    def values(self, member: Distribution) -> tuple[Parameter, ...]:
        (prob,) = member.parameters.values()
        return ((1.0 - prob) / prob,)

    def slopes(
        self, values: tuple[Parameter, ...]
    ) -> tuple[tuple[tuple[Parameter, ...], ...], tuple[tuple[Parameter, ...], ...]]:
        prob = 1.0 / (1.0 + values[0])
        return ((-prob * prob,),), ((2.0 * prob * prob * prob,),)


class _OfLogits(Form):
    """Levels without an order: the formula speaks of the log odds of each against the first."""

    @property
    def spoken(self) -> tuple[str, ...]:
        return self.names


_FORMS: dict[type[Distribution], type[Form]] = {
    Gamma: _MeanAndShape,
    Beta: _MeanAndPrecision,
    Exponential: _MeanOfRate,
    Geometric: _MeanOfProb,
}


def form_of(family: type[Distribution]) -> Form:
    """Return the form in which a family is regressed.

    Examples
    --------
    >>> from likeliest import Gamma, Weibull
    >>> form_of(Gamma).names, form_of(Gamma).main
    (('mean', 'shape'), 'mean')
    >>> form_of(Weibull).names, form_of(Weibull).main
    (('shape', 'scale'), 'scale')
    """
    if issubclass(family, Categorical):
        return _OfLogits(family)
    return _FORMS.get(family, Form)(family)
