"""The condition number of a curvature."""

import numpy as np
import pytest

from likeliest.numerics.newton import condition


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
