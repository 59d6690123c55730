"""Derivatives by row, for regression and robust standard errors, are those that are summed."""

import numpy as np
import pytest

from members import SHAPES
from reducers import by_row, over

ON_MEMBERS = pytest.mark.parametrize("member", SHAPES, ids=repr)


def derivatives(member, x, reducer):
    """Return log density, score and Hessian in one list."""
    d = member.derivatives(x, reducer(x))
    return [d.log_prob, *d.score, *d.hessian]


@ON_MEMBERS
def test_rows_add_up_to_the_sum(member):
    x = member.sample(50, seed=17)
    pairs = zip(derivatives(member, x, by_row), derivatives(member, x, over), strict=True)
    for terms, whole in pairs:
        rows = np.broadcast_to(terms, x.shape)
        assert abs(np.sum(rows) - whole) <= 1e-13 * np.sum(np.abs(rows))


@ON_MEMBERS
def test_each_row_is_that_of_its_value_alone(member):
    x = member.sample(50, seed=17)
    rows = np.array([np.broadcast_to(r, x.shape) for r in derivatives(member, x, by_row)])
    alone = np.array([derivatives(member, np.array([v]), over) for v in x]).T
    usual = np.sqrt(np.mean(alone**2, axis=1, keepdims=True))
    assert np.all(np.abs(rows - alone) <= 1e-13 * (np.abs(alone) + usual))


@ON_MEMBERS
def test_rows_of_the_score_are_the_score(member):
    x = member.sample(50, seed=17)
    rows = np.array([np.broadcast_to(r, x.shape) for r in member.derivatives(x, by_row(x)).score])
    score = np.array([np.broadcast_to(s, x.shape) for s in member._score(x)])
    usual = np.sqrt(np.mean(score**2, axis=1, keepdims=True))
    assert np.all(np.abs(rows - score) <= 1e-13 * (np.abs(score) + usual))
