"""Families with a closed form: score and Hessian from sufficient statistics, by row, by group."""

import numpy as np
import pytest

import likeliest as lk
import members
from likeliest.data.observations import Observations
from likeliest.distributions.bases import ExponentialFamily
from likeliest.distributions.statistics import SufficientStatistics
from likeliest.likelihood.statistics import statistics_of
from members import ORDINARY

FAMILIES = [family for family in ORDINARY if issubclass(family, ExponentialFamily)]
# Second derivatives of the others leave float64.
EVERY = [
    m for m in members.EVERY
    if isinstance(m, ExponentialFamily)
    and all(1e-150 < abs(v) < 1e150 for v in m.parameters.values() if v != 0)
]  # fmt: skip
ZERO_INCLUDED = (lk.Poisson(0.0), lk.Bernoulli(0.0), lk.Bernoulli(1.0), lk.Geometric(1.0))


def flat(d):
    return [d.log_prob, *d.score, *d.hessian]


def summed(shape):
    return lambda term: float(np.sum(np.broadcast_to(term, shape)))


def by_group(shape):
    return lambda term: np.sum(np.broadcast_to(term, shape), axis=1, keepdims=True)


def sizes_of(member, n):
    """Return what n values tell at most: of each derivative its natural size."""
    with np.errstate(all="ignore"):
        information = [float(np.abs(v)) for v in member.information()]
    k = len(member.constraints)
    of_each = [np.sqrt(information[k * i - i * (i - 1) // 2]) for i in range(k)]
    pairs = [of_each[i] * of_each[j] for i in range(k) for j in range(i, k)]
    log_prob = max(1.0, np.abs(member.log_prob(member.sample(20, seed=9))).max())
    return [n * v for v in (log_prob, *of_each, *pairs)]


@pytest.mark.parametrize("member", EVERY, ids=repr)
@pytest.mark.parametrize("weighted", [False, True])
def test_statistics_give_the_sums_over_the_rows(member, weighted):
    x = member.sample(200, seed=1)
    weights = np.random.default_rng(2).integers(1, 5, 200).astype(float) if weighted else None
    n = 200.0 if weights is None else weights.sum()
    with np.errstate(all="ignore"):
        statistics = statistics_of(type(member), Observations.of(x, weights), {})
        ours = [n * v for v in flat(member.mean_derivatives(statistics))]
    w = 1.0 if weights is None else weights
    rows = flat(member.derivatives(x, lambda term: term))
    sums = [float(np.sum(np.broadcast_to(row, x.shape) * w)) for row in rows]
    # The mean of the values is rounded: by half a spacing that counts where they are tight.
    with np.errstate(all="ignore"):
        rounding = float(np.spacing(np.max(np.abs(x))) / np.maximum(np.asarray(member.std), 1e-300))
    for value, by_row, size in zip(ours, sums, sizes_of(member, n), strict=True):
        assert abs(value - by_row) <= (1e-12 + 2.0 * rounding) * max(size, abs(by_row))


@pytest.mark.parametrize("closed", FAMILIES, ids=lambda f: f.name)
def test_statistics_give_the_derivatives_of_the_mean_log_density(closed):
    """Away from the estimate as well as at it, by differences in the parameters."""
    member = ORDINARY[closed]
    statistics = statistics_of(closed, Observations.of(member.sample(60, seed=5)), {})
    values, k = list(member.parameters.values()), len(member.constraints)

    def at(*steps):
        moved = [v * 1.1 + s for v, s in zip(values, steps, strict=True)]
        return closed(*moved)

    _, score, hessian = at(*[0.0] * k).mean_derivatives(statistics)
    pairs = [(i, j) for i in range(k) for j in range(i, k)]
    for i in range(k):
        step = 1e-5 * values[i]
        up, down = ([s * (i == m) for m in range(k)] for s in (step, -step))
        difference = at(*up).mean_log_prob(statistics) - at(*down).mean_log_prob(statistics)
        assert score[i] == pytest.approx(difference / (2 * step), rel=1e-6)
        up, down = (at(*steps).mean_score(statistics) for steps in (up, down))
        for j in range(k):
            bend = hessian[pairs.index((min(i, j), max(i, j)))]
            by_step = (up[j] - down[j]) / (2 * step)
            assert bend == pytest.approx(by_step, rel=1e-6, abs=1e-8 / values[i] / values[j])


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_rows_groups_and_sums_are_of_the_same_lines(member):
    x = member.sample((3, 40), seed=3)
    factors = np.array([[1.0], [1.0 - 1e-9], [1.0 - 2e-9]])  # within any range
    parameters = {name: value * factors for name, value in member.parameters.items()}
    groups = type(member)(**parameters)
    at_once = flat(groups.derivatives(x, by_group(x.shape)))
    by_row = flat(groups.derivatives(x, lambda term: term))
    for i in range(3):
        one = type(member)(**{name: float(v[i, 0]) for name, v in parameters.items()})
        alone = flat(one.derivatives(x[i], summed(x[i].shape)))
        rows = flat(one.derivatives(x[i], lambda term: term))
        for ours, theirs, each, own, size in zip(
            at_once, alone, by_row, rows, sizes_of(one, 40), strict=True
        ):
            assert abs(ours[i, 0] - theirs) <= 1e-12 * max(size, abs(theirs))
            ours_by_row = np.broadcast_to(each, x.shape)[i]
            assert np.all(np.abs(ours_by_row - own) <= 1e-12 * np.maximum(size, np.abs(own)))
            total = float(np.sum(np.broadcast_to(own, x[i].shape)))
            assert abs(total - theirs) <= 1e-12 * max(size, abs(theirs))


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_a_group_does_not_depend_on_its_neighbours(member):
    x = np.stack([member.sample(30, seed=4)] * 2)
    far = x.copy()
    far[1] = np.max(x) if member.discrete else member.quantile(0.999999)
    parameters = {name: value * np.ones((2, 1)) for name, value in member.parameters.items()}
    groups = type(member)(**parameters)
    near, beside = (flat(groups.derivatives(data, by_group(x.shape))) for data in (x, far))
    for one, other in zip(near, beside, strict=True):
        assert np.ravel(one)[0] == np.ravel(other)[0]


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_terms_that_are_kept_stay_as_they_were(member):
    kept, copies = [], []

    def keep(term):
        kept.append(term)
        copies.append(np.array(term))
        return term

    member.derivatives(member.sample(20, seed=6), keep)
    for term, copy in zip(kept, copies, strict=True):
        assert np.array_equal(term, copy)


@pytest.mark.parametrize("member", ZERO_INCLUDED, ids=repr)
def test_counts_on_the_bound_of_a_probability(member):
    """All values are the only possible one: the score and curvature of the mass at it."""
    x = member.mean * np.ones(5)
    _, score, hessian = member.derivatives(x, summed(x.shape))
    slope, bend = {
        "poisson": (-1.0, 0.0), "geometric": (1.0, -1.0),
        "bernoulli": (1.0 if member.mean else -1.0, -1.0),
    }[member.name]  # fmt: skip
    assert score == (5 * slope,)
    assert hessian == (5 * bend,)
    statistics = SufficientStatistics(5.0, *[member.mean] * 4, (0.0, 0.0))
    assert member.mean_score(statistics) == (slope,)
    assert member.mean_hessian(statistics) == (bend,)
