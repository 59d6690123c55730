"""Which of several tops is the estimate."""

import numpy as np
import pytest

from likeliest.fitting.routes.climb import highest
from likeliest.optimise.newton import Ascent, Points


def tops(*ends):
    """Return an ascent of several lanes from (value, decrement, converged)."""
    value, decrement, converged = map(np.array, zip(*ends, strict=True))
    lanes = value.size
    u = np.arange(float(lanes))[:, None]
    points = Points(u, value, np.zeros((lanes, 1)), -np.ones((lanes, 1, 1)), np.abs(value))
    return Ascent(points, decrement, np.ones(lanes, dtype=int), converged, np.zeros((lanes, 1)))


def chosen(*ends):
    return int(highest(tops(*ends)).points.u[0, 0])


def test_the_highest():
    low, high = (-10.0, 0.0, True), (-9.999, 1e-11, True)
    assert chosen(low, high) == 1
    assert chosen(high, low) == 0


def test_a_converged_one_before_any_other():
    assert chosen((-5.0, np.inf, False), (-10.0, 1e-11, True)) == 1


@pytest.mark.parametrize("value", [-1e6, -3.0, 2.5])
def test_of_the_same_the_most_level(value):
    level, steep = (value, 1e-20, True), (np.nextafter(value, np.inf), 1e-11, True)
    assert chosen(steep, level) == 1
    assert chosen(level, steep) == 0


def test_nothing_within_reach_is_still_an_answer():
    nowhere = (-np.inf, np.inf, False)
    assert chosen(nowhere, nowhere) in {0, 1}
