"""The 95 % interval holds the truth in 94 to 96 % of 10,000 simulated samples of 1,000.

Of families beyond the common ones in 93 to 97 % of 1,500 samples, of those made of others in 92 to
98 % of 500, of a mixture in 90.5 to 99.5 % of 200.
"""

import numpy as np
import pytest
from scipy.special import ndtri

import likeliest as lk
from members import HUMPED, MADE, ORDINARY, REPRESENTED
from reducers import in_groups

SIMULATIONS, N, LEVEL = 10_000, 1_000, 0.95
BATCHED = (lk.StudentT, lk.NegativeBinomial)  # several ms a fit: climbed to all at once below
COMMON = lk.families.chosen("common")
ONE_BY_ONE = [m for f, m in ORDINARY.items() if f not in BATCHED and f not in REPRESENTED]


def shares(hits):
    return {name: float(np.mean(hit)) for name, hit in hits.items()}


@pytest.mark.slow
@pytest.mark.parametrize("member", ONE_BY_ONE, ids=lambda m: m.name)
def test_coverage(member):
    rng = np.random.default_rng(2)
    simulations, off = (SIMULATIONS, 0.01) if type(member) in COMMON else (1_500, 0.02)
    if type(member) in MADE:
        simulations, off = (200, 0.045) if type(member) in HUMPED else (500, 0.03)
    hits = {name: np.zeros(simulations, dtype=bool) for name in member.parameters}
    for i in range(simulations):
        intervals = lk.fit(member.sample(N, seed=rng), type(member)).intervals(LEVEL)
        for name, truth in member.parameters.items():
            low, high = intervals[name]
            hits[name][i] = low <= truth <= high
    assert all(abs(share - LEVEL) <= off for share in shares(hits).values()), shares(hits)


def table(x):
    """Return every whole number up to the greatest, and how often each row of x holds it."""
    values = np.arange(x.max() + 1.0)
    return values[None], np.array(
        [np.bincount(row.astype(int), minlength=values.size) for row in x]
    )


def newton(member, x, weights, steps=12):
    """Climb on every row of x at once from the truth; return estimates and standard errors in u.

    u is the unconstrained scale: the logarithm of a positive parameter.
    """
    family, names = type(member), list(member.parameters)
    k = len(names)
    positive = np.array([np.isfinite(c.low) for c in family.constraints.values()])
    u = np.array(
        [np.log(v) if p else v for v, p in zip(member.parameters.values(), positive, strict=True)]
    )
    u = np.repeat(u[None], len(weights), axis=0)
    upper = np.triu_indices(k)
    for _ in range(steps):
        theta = np.where(positive, np.exp(u), u)
        here = family(*(theta[:, i, None] for i in range(k)))
        sums = here.derivatives(x, in_groups(weights))
        slope = np.where(positive, theta, 1.0)
        score = np.concatenate(sums.score, axis=1)
        hessian = np.empty((len(weights), k, k))
        for i, j, term in zip(*upper, sums.hessian, strict=True):
            hessian[:, i, j] = hessian[:, j, i] = term[:, 0]
        hessian *= slope[:, :, None] * slope[:, None, :]
        gradient = score * slope
        hessian[:, range(k), range(k)] += np.where(positive, gradient, 0.0)
        step = np.linalg.solve(-hessian, gradient[..., None])[..., 0]
        if np.abs(step).max() < 1e-10:
            break
        u = u + np.clip(step, -0.5, 0.5)
    else:
        raise AssertionError("a row did not converge")
    return u, np.sqrt(np.diagonal(np.linalg.inv(-hessian), axis1=1, axis2=2)), positive


@pytest.mark.slow
@pytest.mark.parametrize("member", [ORDINARY[f] for f in BATCHED], ids=lambda m: m.name)
def test_coverage_of_those_that_take_long(member):
    rng, z = np.random.default_rng(2), ndtri(0.5 + 0.5 * LEVEL)
    hits = {name: [] for name in member.parameters}
    for batch in range(20):
        x = member.sample((SIMULATIONS // 20, N), seed=rng)
        u, errors, positive = newton(
            member, *(table(x) if member.discrete else (x, np.ones(x.shape)))
        )
        low, high = u - z * errors, u + z * errors
        low, high = (np.where(positive, np.exp(end), end) for end in (low, high))
        for i, (name, truth) in enumerate(member.parameters.items()):
            hits[name].extend((low[:, i] <= truth) & (truth <= high[:, i]))
        for row in range(5):  # and it is the interval that a fit gives
            fit = lk.fit(x[row], type(member))
            for i, (name, interval) in enumerate(fit.intervals(LEVEL).items()):
                width = high[row, i] - low[row, i]
                assert abs(interval[0] - low[row, i]) < 1e-6 * width, (batch, row, name)
                assert abs(interval[1] - high[row, i]) < 1e-6 * width, (batch, row, name)
    assert all(len(hit) == SIMULATIONS for hit in hits.values())
    assert all(0.94 <= share <= 0.96 for share in shares(hits).values()), shares(hits)


@pytest.mark.parametrize("weight", [1.0, 0.2, 1e-3])
def test_next_to_no_observations_say_next_to_nothing(weight):
    fit = lk.fit([1.0, 2.0, 9.0], "pareto", weights=[weight / 3.0] * 3)
    assert fit.intervals()["scale"] == (0.0, 1.0)
