"""Climbing, and the condition number of a curvature."""

import numpy as np
import pytest

from likeliest.optimise.newton import Points, climb, condition, level


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
    def evaluate(u, lanes):
        rest = u[:, 0] - 3.0
        gradient = np.stack([-2.0 * rest, 0.0 * rest], axis=1)
        hessian = np.broadcast_to([[-2.0, 0.0], [0.0, 0.0]], (len(u), 2, 2)).copy()
        return Points(u, 5.0 - rest * rest, gradient, hessian, np.full(len(u), 5.0))

    top = climb(evaluate, np.array([[0.0, 7.0]]), np.ones(2))
    assert top.converged.all()
    assert top.points.u[0] == pytest.approx([3.0, 7.0], abs=1e-12)


def test_lanes_climb_on_their_own():
    """Functions of very different shape, one of them without a top: each as if it were alone."""

    def evaluate(u, lanes):
        a, x = np.array([1.0, 50.0, 0.02, 3.0])[lanes], u[:, 0]
        has_top = np.array([True, True, True, False])[lanes]
        power = np.exp(np.minimum(x, 50.0))
        value = np.where(has_top, a * x - power, a * x)
        gradient = np.where(has_top, a - power, a)[:, None]
        hessian = np.where(has_top, -power, 0.0)[:, None, None]
        return Points(u, value, gradient, hessian, np.abs(value) + 1.0)

    start = np.array([[0.0], [-5.0], [3.0], [0.0]])
    together = climb(evaluate, start, np.ones(1), most=40)
    assert together.converged.tolist() == [True, True, True, False]
    assert together.points.u[:3, 0] == pytest.approx(np.log([1.0, 50.0, 0.02]), abs=1e-9)
    for lane in range(4):
        alone = climb(
            lambda u, _, lane=lane: evaluate(u, np.full(len(u), lane)),
            start[[lane]], np.ones(1), most=40,
        )  # fmt: skip
        assert alone.points.u[0, 0] == together.points.u[lane, 0]
        assert alone.iterations[0] == together.iterations[lane]


@pytest.mark.parametrize("value", [-np.inf, 1.0])
def test_what_is_out_of_reach_or_slopes_is_not_level(value):
    slope = 1e-3 if np.isfinite(value) else 0.0
    point = Points(
        np.zeros((1, 1)), np.array([value]), np.array([[slope]]), np.zeros((1, 1, 1)), np.ones(1)
    )
    assert not level(point, np.ones((1, 1))).any()
