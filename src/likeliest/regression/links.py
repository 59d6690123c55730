"""Links: how a linear predictor on the real line becomes a parameter within its range."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.parameters import Constraint, Parameter


class LinkJet(NamedTuple):
    """A parameter with its first and second derivative by the linear predictor."""

    value: Parameter
    slope: Parameter
    bend: Parameter


@dataclass(frozen=True)
class Link:
    """A map between a parameter and its linear predictor η.

    Parameters
    ----------
    name : str
    forward : callable
        θ → η.
    jet : callable
        η → θ with dθ/dη and d²θ/dη².

    Source: McCullagh & Nelder (1989), section 2.2.3.
    """

    name: str
    forward: Callable[[Parameter], Parameter]
    jet: Callable[[Parameter], LinkJet]

    def inverse(self, eta: Parameter) -> Parameter:
        """Return the parameter at a linear predictor."""
        return self.jet(eta).value


def _identity(eta: Parameter) -> LinkJet:
    return LinkJet(eta, 1.0, 0.0)


def _log(eta: Parameter) -> LinkJet:
    value = np.exp(eta)
    return LinkJet(value, value, value)


def _logit(eta: Parameter) -> LinkJet:
    from scipy.special import expit

    value = expit(eta)
    slope = value * expit(np.negative(eta))
    return LinkJet(value, slope, slope * (1.0 - 2.0 * value))


def _probit(eta: Parameter) -> LinkJet:
    from scipy.special import ndtr

    slope = np.exp(-0.5 * np.square(eta)) / np.sqrt(2.0 * np.pi)
    return LinkJet(ndtr(eta), slope, -eta * slope)


def _cloglog(eta: Parameter) -> LinkJet:
    rate = np.exp(eta)
    slope = rate * np.exp(-rate)
    return LinkJet(-np.expm1(-rate), slope, slope * (1.0 - rate))


def _inverse(eta: Parameter) -> LinkJet:
    value = np.divide(1.0, eta)
    slope = -value * value
    return LinkJet(value, slope, -2.0 * slope * value)


def _sqrt(eta: Parameter) -> LinkJet:
    return LinkJet(np.square(eta), 2.0 * eta, 2.0)


def _softplus(eta: Parameter) -> LinkJet:
    from scipy.special import expit

    slope = expit(eta)
    return LinkJet(np.logaddexp(0.0, eta), slope, slope * expit(np.negative(eta)))


def _itself(value: Parameter) -> Parameter:
    return value


def _cloglog_of(value: Parameter) -> Parameter:
    return np.log(-np.log1p(np.negative(value)))


def _reciprocal(value: Parameter) -> Parameter:
    return np.divide(1.0, value)


def _softplus_of(value: Parameter) -> Parameter:
    return value + np.log(-np.expm1(np.negative(value)))


def _logit_of(value: Parameter) -> Parameter:
    return np.log(value) - np.log1p(np.negative(value))


def _probit_of(value: Parameter) -> Parameter:
    from scipy.special import ndtri

    return ndtri(value)


LINKS = {
    link.name: link
    for link in (
        Link("identity", _itself, _identity),
        Link("log", np.log, _log),
        Link("logit", _logit_of, _logit),
        Link("probit", _probit_of, _probit),
        Link("cloglog", _cloglog_of, _cloglog),
        Link("inverse", _reciprocal, _inverse),
        Link("sqrt", np.sqrt, _sqrt),
        Link("softplus", _softplus_of, _softplus),
    )
}
"""Every link by its name."""

_BETWEEN_0_AND_1 = ("logit", "probit", "cloglog")


def default_link(constraint: Constraint) -> Link:
    """Return the link of a range: identity, log, or logit."""
    if constraint.is_free:
        return LINKS["identity"]
    if constraint.high == np.inf and constraint.low == 0.0:
        return LINKS["log"]
    if constraint.low == 0.0 and constraint.high == 1.0:
        return LINKS["logit"]
    return Link(
        f"range {constraint.describe()}",
        constraint.unconstrain,
        partial(_of_constraint, constraint),
    )


def _of_constraint(constraint: Constraint, eta: Parameter) -> LinkJet:
    value = constraint.constrain(eta)
    return LinkJet(value, constraint.slope(value), constraint.curvature(value))


def link_of(name: object, parameter: str, constraint: Constraint) -> Link:
    """Return the link of this name for a parameter, or raise ParameterError."""
    if not isinstance(name, str) or name not in LINKS:
        raise ParameterError(
            f"The link of {parameter} is one of {', '.join(LINKS)}; got {name!r:.60}."
        )
    if name in _BETWEEN_0_AND_1 and not (constraint.low == 0.0 and constraint.high == 1.0):
        raise ParameterError(
            f"The {name} link is for a parameter between 0 and 1; {parameter} is "
            f"{constraint.describe()}."
        )
    return LINKS[name]
