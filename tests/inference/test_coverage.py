"""The 95 % interval holds the truth in 94 to 96 % of 10,000 simulated samples of 1,000.

Of families beyond the common ones in 93 to 97 % of 1,500 samples, of those made of others in 92 to
98 % of 500, of a mixture in 90.5 to 99.5 % of 200.
"""

import numpy as np
import pytest
from scipy.special import ndtri

import likeliest as lk
from likeliest.distributions.bases import ClosedForm
from members import HUMPED, MADE, ORDINARY, REPRESENTED
from reducers import in_groups

SIMULATIONS, FEWER, N, LEVEL = 10_000, 1_500, 1_000, 0.95
COMMON = lk.families.chosen("common")


def is_climbed_to(family):
    """Whether each fit takes several ms, and all samples can be climbed to at once below."""
    if family in COMMON:
        return family in {lk.StudentT, lk.NegativeBinomial}
    return family not in MADE and not family.non_smooth and not issubclass(family, ClosedForm)


SEVERAL = {f: m for f, m in ORDINARY.items() if f not in REPRESENTED}
AT_ONCE = [m for f, m in SEVERAL.items() if is_climbed_to(f)]
ONE_BY_ONE = [m for f, m in SEVERAL.items() if not is_climbed_to(f)]


def shares(hits):
    return {name: float(np.mean(hit)) for name, hit in hits.items()}


@pytest.mark.slow
@pytest.mark.parametrize("member", ONE_BY_ONE, ids=lambda m: m.name)
def test_coverage(member):
    rng = np.random.default_rng(2)
    simulations, off = (SIMULATIONS, 0.01) if type(member) in COMMON else (FEWER, 0.02)
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


def newton(member, x, weights, steps=20):
    """Climb on every row of x at once from the truth; return estimates and standard errors in u.

    u is the unconstrained scale: the logarithm of a positive parameter.
    """
    family, constraints = type(member), [*type(member).constraints.values()]
    k = len(constraints)

    def of_each(values, name):
        return np.stack(
            [getattr(c, name)(values[..., i]) for i, c in enumerate(constraints)], axis=-1
        )

    u = of_each(np.array([*member.parameters.values()]), "unconstrain")
    u = np.repeat(u[None], len(weights), axis=0)
    for _ in range(steps):
        theta = of_each(u, "constrain")
        here = family(*(theta[:, i, None] for i in range(k)))
        sums = here.derivatives(x, in_groups(weights))
        slope, score = of_each(theta, "slope"), np.concatenate(sums.score, axis=1)
        hessian = np.empty((len(weights), k, k))
        for i, j, term in zip(*np.triu_indices(k), sums.hessian, strict=True):
            hessian[:, i, j] = hessian[:, j, i] = term[:, 0]
        hessian *= slope[:, :, None] * slope[:, None, :]
        hessian[:, range(k), range(k)] += score * of_each(theta, "curvature")
        step = np.linalg.solve(-hessian, (score * slope)[..., None])[..., 0]
        if np.abs(step).max() < 1e-10:
            break
        u = u + np.clip(step, -0.5, 0.5)
    else:
        raise AssertionError("a row did not converge")
    return u, np.sqrt(np.diagonal(np.linalg.inv(-hessian), axis1=1, axis2=2)), of_each


@pytest.mark.slow
@pytest.mark.parametrize("member", AT_ONCE, ids=lambda m: m.name)
def test_coverage_of_those_that_are_climbed_to_at_once(member):
    rng, z = np.random.default_rng(2), ndtri(0.5 + 0.5 * LEVEL)
    simulations, off = (SIMULATIONS, 0.01) if type(member) in COMMON else (FEWER, 0.02)
    hits = {name: [] for name in member.parameters}
    batches = 20 if simulations == SIMULATIONS else 3
    for batch in range(batches):
        x = member.sample((simulations // batches, N), seed=rng)
        u, errors, of_each = newton(
            member, *(table(x) if member.discrete else (x, np.ones(x.shape)))
        )
        low, high = (of_each(u + side * z * errors, "constrain") for side in (-1.0, 1.0))
        for i, (name, truth) in enumerate(member.parameters.items()):
            hits[name].extend((low[:, i] <= truth) & (truth <= high[:, i]))
        for row in range(5):  # and it is the interval that a fit gives
            fit = lk.fit(x[row], type(member))
            for i, (name, interval) in enumerate(fit.intervals(LEVEL).items()):
                width = high[row, i] - low[row, i]
                assert abs(interval[0] - low[row, i]) < 1e-6 * width, (batch, row, name)
                assert abs(interval[1] - high[row, i]) < 1e-6 * width, (batch, row, name)
    assert all(len(hit) == simulations for hit in hits.values())
    assert all(abs(share - LEVEL) <= off for share in shares(hits).values()), shares(hits)


@pytest.mark.parametrize("weight", [1.0, 0.2, 1e-3])
def test_next_to_no_observations_say_next_to_nothing(weight):
    fit = lk.fit([1.0, 2.0, 9.0], "pareto", weights=[weight / 3.0] * 3)
    assert fit.intervals()["scale"] == (0.0, 1.0)
