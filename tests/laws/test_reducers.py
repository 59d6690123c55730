"""The kernels of a fit serve rows and groups: their reducer may keep what it is handed."""

import numpy as np
import pytest

from likeliest.distributions.derivatives import rows
from members import ORDINARY


def columns(derivatives, shape):
    return np.stack([np.broadcast_to(t, shape) for t in rows(derivatives)])


@pytest.fixture(params=list(ORDINARY), ids=lambda f: f.name)
def member(request):
    return ORDINARY[request.param]


def test_groups_are_those_of_one_at_a_time(member):
    family = type(member)
    x = np.stack([member.sample(40, seed=seed) for seed in range(3)])
    factors = np.array([[1.0], [1.01], [0.99]])
    moved = {name: value * factors for name, value in member.parameters.items()}
    if family.ends():  # whose ends the values may not cross
        moved = {name: value * np.ones((3, 1)) for name, value in member.parameters.items()}

    def total(term):
        term = np.broadcast_to(term, x.shape) if np.ndim(term) == 0 else term
        return np.sum(term, axis=-1, keepdims=True)

    groups = columns(family(**moved).derivatives(x, total), (3, 1))
    for g in range(3):
        one = family(**{name: float(value[g, 0]) for name, value in moved.items()})
        alone = rows(one.derivatives(x[g], lambda t: np.sum(np.broadcast_to(t, 40))))
        assert groups[:, g, 0] == pytest.approx(alone, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", ["cauchy", "student t"])
def test_a_value_does_not_depend_on_its_neighbours(name):
    member = next(m for f, m in ORDINARY.items() if f.name == name)
    x = member.sample(50, seed=1)
    near = columns(member.derivatives(x, lambda term: term), x.shape)
    far = np.append(x, [1e200, -1e170])
    with np.errstate(all="ignore"):
        beside = columns(member.derivatives(far, lambda term: term), far.shape)
    assert np.array_equal(beside[:, :50], near)
    assert np.isfinite(beside).all()


@pytest.mark.parametrize("name", ["weibull", "loglogistic"])
def test_a_group_does_not_depend_on_a_tight_one(name):
    family = next(f for f in ORDINARY if f.name == name)
    x = np.stack([family(k, 2.0).sample(40, seed=1) for k in (3.0, 1e5)])

    def total(term):
        return np.sum(np.broadcast_to(term, x.shape), axis=-1, keepdims=True)

    both = family(np.array([[3.0], [1e5]]), 2.0).derivatives(x, total)
    for g, shape in enumerate((3.0, 1e5)):
        alone = rows(family(shape, 2.0).derivatives(x[g], lambda t: np.sum(np.broadcast_to(t, 40))))
        together = columns(both, (2, 1))[:, g, 0]
        assert together == pytest.approx(alone, rel=1e-13)
