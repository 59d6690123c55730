"""The score is the derivative of the log density by each parameter."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp

from laws import draws
from likeliest.data.vectors import LARGEST_COUNT
from members import ORDINARY
from truth import LOG_DENSITY, parameters, slopes

LEVELS = np.array([1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 1.0 - 1e-6])


def values_of(member):
    """Return values across the member, none at the end of its support or at a corner."""
    x = np.unique(member.quantile(LEVELS))
    bounds = member.bounds()
    inside = (x > bounds.low) & (x < bounds.high) if not bounds.whole else x >= bounds.low
    x = x[np.isfinite(x) & (np.abs(x) > 1e-290) & inside] if not bounds.whole else x[inside]
    x = x[x < LARGEST_COUNT] if bounds.whole else x
    inside = [name for name, corner in member.corners.items() if not corner.is_end]
    for name in inside:
        x = x[np.abs(x - getattr(member, name)) > 1e-3 * member.std]
    return x


def exact_score(member, x):
    """Differentiate the textbook density by each parameter, to some 30 digits.

    Of a score down to 1e-50: a step of 1e-25 of the parameter takes as many digits again.
    """
    density, at = LOG_DENSITY[member.name], parameters(member)
    with mp.workdps(110):
        x, steps = mp.mpf(x), [(abs(v) or 1) * mp.mpf(10) ** -25 for v in at]

        def moved(*by):
            return density(x, *(v + b * h for v, b, h in zip(at, by, steps, strict=True)))

        return [slope / h for slope, h in zip(slopes(moved, len(at), 1), steps, strict=True)]


@settings(max_examples=8)
@given(data=st.data())
def test_score_is_the_textbooks_derivative(family, data):
    member = data.draw(draws.inner_members(family))
    x = values_of(member)
    assume(x.size > 0)  # else all are beyond what float64 holds
    exact = np.array([[float(d) for d in exact_score(member, float(v))] for v in x])
    ours = np.array(list(member.score(x).values())).T
    # A score near 0 is a difference of terms of the usual size.
    usual = np.sqrt(np.mean(exact**2, axis=0))
    # The derivatives of an incomplete gamma by its shape are differences.
    tolerance = 1e-9 if "truncated(gamma" in family.name else 1e-12
    assert np.all(np.abs(ours - exact) <= tolerance * (np.abs(exact) + usual))


@settings(max_examples=15)
@pytest.mark.families(where=lambda f: not any(c.whole for c in f.constraints.values()))
@given(data=st.data())
def test_score_is_the_derivative_of_log_prob(family, data):
    member = data.draw(draws.inner_members(family))
    x, bounds = values_of(member), member.bounds()
    # A step of a parameter must not move an end of the support past a value.
    if family.ends():
        low, high = bounds.low, bounds.high
        far = 1e-3 * (abs(low) if np.isinf(high) else abs(low) + abs(high))
        x = x[(x > low + far) & (x < high - far)]
        assume(x.size > 0)
    elif (bounds.low, bounds.high) != (family.support.low, family.support.high):
        far = 1e-2 * float(np.diff(member.quantile([0.25, 0.75]))[0])
        x = x[(x > bounds.low + far) & (x < bounds.high - far)]
    score = member.score(x)
    for name, constraint in family.constraints.items():
        value = getattr(member, name)
        unit = float(getattr(member, "scale", member.std)) if constraint.is_location else value
        usual = np.sqrt(np.mean(score[name] ** 2)) if x.size else 0.0
        room = min(value - constraint.low, constraint.high - value)
        h = 1e-4 * min(abs(unit) or 1.0, room, 1.0 / usual if usual else np.inf)
        h = float(value + h) - value
        ahead, behind, far, back = (
            family(**{**member.parameters, name: value + k * h}).log_prob(x) for k in (1, -1, 2, -2)
        )
        slope = (8.0 * (ahead - behind) - (far - back)) / (12.0 * h)
        rounding = 1e-14 * np.maximum(1.0, np.abs(ahead)) / h
        assert np.all(np.abs(slope - score[name]) <= 1e-6 * (np.abs(slope) + usual) + rounding)


@pytest.mark.families(where=lambda f: not ORDINARY[f].bounds().is_everything)
def test_score_outside_the_support_is_no_number(family, ordinary):
    bounds = ordinary.bounds()
    beyond = [end + step for end, step in ((bounds.low, -1.0), (bounds.high, 1.0))]
    for x in (v for v in beyond if np.isfinite(v)):
        assert all(np.isnan(term) for term in ordinary.score(x).values())
