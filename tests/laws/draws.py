"""Hypothesis strategies for members of a family, built from its declared parameters."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

import likeliest as lk
from likeliest.errors import ParameterError
from members import MADE


def log_uniform(low, high):
    """Draw numbers whose logarithm is spread evenly; the simplest is the one nearest to 1."""
    return st.floats(np.log(low), np.log(high)).map(lambda t: float(np.exp(t)))


def parameter(constraint):
    """Draw a value of one parameter from its range, its closed ends included."""
    if np.isfinite(constraint.regular_above):  # a shape: those of samples that can be fitted
        most = min(constraint.regular_below, 5.01)
        return st.floats(constraint.regular_above + 0.01, most - 0.01).map(lambda v: round(v, 6))
    if constraint.whole:
        return st.integers(-1_000, 1_000).map(float)
    if np.isinf(constraint.low):
        most = 1e3 if constraint.power else 20.0  # of a pure number, such as a logarithm
        return st.floats(-most, most).map(lambda v: round(v, 6))
    if np.isfinite(constraint.high):
        width = constraint.high - constraint.low
        inside = st.floats(-7.0, 7.0).map(
            lambda t: constraint.low + width / (1.0 + float(np.exp(-t)))
        )
    else:
        inside = log_uniform(1e-2, 1e3)
    ends = [constraint.low] * constraint.low_closed + [constraint.high] * constraint.high_closed
    return st.one_of(inside, st.sampled_from(ends)) if ends else inside


def inner_parameter(constraint):
    """Draw a value that is on no bound, so that derivatives exist on both sides."""
    return parameter(constraint).filter(lambda v: not constraint.is_closed_end(v))


@st.composite
def _near(draw, member):
    """Draw members of a made family near one, whose bounds leave something of them."""
    factors = st.floats(-0.2, 0.2).map(lambda t: float(np.exp(t)))
    return type(member)(**{name: v * draw(factors) for name, v in member.parameters.items()})


# Of sums in mpmath: more terms would take minutes.
NARROWER = {
    lk.Tweedie: {"mean": (0.1, 30.0), "power": (1.1, 1.9), "dispersion": (0.5, 20.0)},
    lk.ConwayMaxwellPoisson: {"mean": (1e-2, 30.0), "concentration": (0.05, 50.0)},
}


@st.composite
def _members(draw, family, of):
    if family in MADE:
        return draw(_near(MADE[family]))
    if family in NARROWER:
        ranges = NARROWER[family].items()
        return family(**{name: draw(log_uniform(*ends)) for name, ends in ranges})
    values = {name: draw(of(constraint)) for name, constraint in family.constraints.items()}
    try:
        return family(**values)
    except ParameterError:  # parameters that do not fit each other: Uniform(2, 1)
        ends = sorted(values[n] for n in ("low", "high"))
        low, high = ends if ends[0] < ends[1] else (ends[0], 1.0 + ends[1])
        return family(**{**values, "low": low, "high": high})


def members(family):
    """Draw members of a family, those on the bounds of its parameters included."""
    return _members(family, parameter)


def inner_members(family):
    """Draw members with no parameter on a bound."""
    return _members(family, inner_parameter)


probabilities = st.floats(np.log(1e-250), np.log(0.5)).map(lambda t: float(np.exp(t)))
"""Tail probabilities, from the far tail to the median."""
