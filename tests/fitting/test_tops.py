"""Which of several tops is the estimate."""

import numpy as np
import pytest

from likeliest.fitting.iterative import likeliest_of
from likeliest.optimise.newton import Ascent, Point


def top(value, decrement, *, converged=True):
    point = Point(np.zeros(1), value, np.zeros(1), -np.eye(1))
    return Ascent(point, decrement, 1, converged)


def test_the_highest():
    low, high = top(-10.0, 0.0), top(-9.999, 1e-11)
    assert likeliest_of([low, high]) is high
    assert likeliest_of([high, low]) is high


def test_a_converged_one_before_any_other():
    converged, other = top(-10.0, 1e-11), top(-5.0, np.inf, converged=False)
    assert likeliest_of([other, converged]) is converged


@pytest.mark.parametrize("value", [-1e6, -3.0, 2.5])
def test_of_the_same_the_most_level(value):
    level, steep = top(value, 1e-20), top(np.nextafter(value, np.inf), 1e-11)
    assert likeliest_of([steep, level]) is level
    assert likeliest_of([level, steep]) is level


def test_nothing_within_reach_is_still_an_answer():
    nowhere = top(-np.inf, np.inf, converged=False)
    assert likeliest_of([nowhere, nowhere]) is nowhere
