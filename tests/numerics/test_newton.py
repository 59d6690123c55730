"""Climbing, and the condition number of a curvature."""

import numpy as np
import pytest

from likeliest.optimise.newton import Point, climb, condition, level


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_a_condition_number(k, seed):
    root = np.random.default_rng(seed).normal(size=(k, k + 1))
    curvature = root @ root.T
    unit = 1.0 / np.sqrt(np.diagonal(curvature))
    truth = np.linalg.cond(curvature * np.outer(unit, unit))
    units = 10.0 ** np.arange(0, 40 * k, 40)[:k]
    assert condition(-curvature * np.outer(units, units)) == pytest.approx(truth, rel=1e-10)


@pytest.mark.parametrize(
    "hessian",
    [[[0.0]], [[np.nan]], [[-1.0, 1.0], [1.0, -1.0]], [[-1.0, 0.0], [0.0, 1.0]], -np.ones((3, 3))],
)
def test_no_top_has_no_condition_number(hessian):
    assert condition(np.array(hessian)) > 1e15


def test_a_level_coordinate_is_left_where_it_was():
    def evaluate(u):
        rest = u[0] - 3.0
        return Point(
            u, 5.0 - rest * rest, np.array([-2.0 * rest, 0.0]), np.array([[-2.0, 0.0], [0.0, 0.0]])
        )

    top = climb(evaluate, np.array([0.0, 7.0]), np.ones(2))
    assert top.converged
    assert top.point.u == pytest.approx([3.0, 7.0], abs=1e-12)


@pytest.mark.parametrize("value", [-np.inf, 1.0])
def test_what_is_out_of_reach_or_slopes_is_not_level(value):
    slope = 1e-3 if np.isfinite(value) else 0.0
    point = Point(np.zeros(1), value, np.array([slope]), np.zeros((1, 1)))
    assert not level(point, np.ones(1)).any()
