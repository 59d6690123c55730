"""Which values a family cannot hold, and what to do about them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import is_distributed
from likeliest.data.vectors import LARGEST_COUNT
from likeliest.distributions import families
from likeliest.errors import SupportError

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Mask

_ZEROS = (
    "If the values were rounded, name the step, such as rounding=0.1: a 0 is then what "
    " lies below half a step. If 0 means less than could be measured, give bounds: "
    "likeliest.observe(lower=..., upper=...). If zeros are a kind of their own, fit their share "
    "(bernoulli) apart from the values above 0."
)
_ANGLES = (
    "Angles are radians from -π to π: likeliest.angles(x, period=360) makes them of degrees, of "
    "hours with period=24."
)
_GLANCE = 1_000  # rows of a sample in which different values mostly show
_ENDS = (
    "Shares of exactly 0 or 1 are mostly rounded: name the step, such as rounding=0.01, "
    "and each value stands for an interval."
)


def require_support(family: type[Distribution], observations: Observations) -> None:
    """Raise SupportError if the family cannot hold some of the values."""
    reason = outside(family, observations)
    if reason is None:
        return
    others = [f.name for f in families.chosen("common") if outside(f, observations) is None]
    choose = f" Families that can hold them: {', '.join(others)}." if others else ""
    more = way_out(family, observations)
    raise SupportError(f"{family.name} {reason}{more and f' {more}'}{choose}")


def outside(family: type[Distribution], observations: Observations) -> str | None:
    """Say which values the family cannot hold, or None if it can hold all."""
    support, s = family.support, observations.summary
    if support.whole and s.high > LARGEST_COUNT:
        return f"counts, and float64 cannot tell counts beyond 2^53 apart (largest: {s.high:.10g})."
    bad = beyond_support(family, observations)
    if bad is None or not bad.any():
        return None
    values = np.asarray(observations.values, dtype=np.float64)
    if is_distributed(observations):
        beyond = observations.weight_of(partial(beyond_support, family))
        return (
            f"needs {support.describe()}: {beyond:,.12g} of {observations.n:,.12g} values "
            f"{'is' if beyond == 1 else 'are'} not (such as {values[bad][0]:.10g})."
        )
    rows = np.arange(values.size) if observations.row is None else observations.row
    at = int(np.argmin(np.where(bad, rows, np.iinfo(np.intp).max)))
    row = int(rows[at])
    weights = observations.weights
    number = np.count_nonzero(bad) if weights is None else float(np.sum(weights[bad]))
    return (
        f"needs {support.describe()}: {number:,.12g} of {observations.n:,.12g} values "
        f"{'is' if number == 1 else 'are'} not (first: row {row}, {values[at]:.10g})."
    )


def beyond_support(family: type[Distribution], observations: Observations) -> Mask | None:
    """Return which rows the family cannot hold; None if a glance shows that it holds all."""
    support, s = family.support, observations.summary
    exact = observations.lower is None or observations.upper is None
    plain = exact and (s.whole or not support.whole)
    if plain and support.contains(s.low) and support.contains(s.high):
        return None
    values = np.asarray(observations.values, dtype=np.float64)
    if observations.lower is not None and observations.upper is not None:
        below = observations.upper < support.low
        if not (support.low_closed and support.has_mass_at_low):  # a point alone has no probability
            below |= observations.upper == support.low
        known = observations.lower == observations.upper
        beyond = below | (observations.lower >= support.high)
        return np.where(known, np.logical_not(support.contains(values)), beyond)
    return np.logical_not(support.contains(values))


def way_out(family: type[Distribution], observations: Observations) -> str:
    """Say what values that a family cannot hold may mean, and what to do; mostly nothing."""
    support, s = family.support, observations.summary
    if family.circular or not observations.exact:
        return _ANGLES if family.circular else ""
    if not support.whole and support.low == 0.0 and not support.low_closed:
        if support.high == 1.0 and 1.0 < s.high <= 100.0 and s.low >= 0.0:
            return "Percentages? Divide them by 100."
        if support.high == 1.0 and s.low >= 0.0 and s.high <= 1.0:
            return _ENDS
        return _ZEROS if s.low == 0.0 and support.high == np.inf else ""
    if support.whole and support.high == 1.0 and s.whole:
        two = np.unique(observations.subsample(_GLANCE).values)
        return f"Two values? Give x == {two[-1]:g} in place of x." if two.size == 2 else ""
    return ""
