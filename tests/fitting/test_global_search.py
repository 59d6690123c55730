"""On 5 to 20 values no point of a global search lies higher than the fit."""

import numpy as np
import pytest
from scipy import optimize

import likeliest as lk
from members import FEWEST, ORDINARY, enough

SIZES = (5, 8, 20)
SEEDS = range(2)
# Each member of the first takes a search of its own; the second is Pearson III of logs.
DEAR = {lk.ConwayMaxwellPoisson, lk.LogPearsonIII}


def box(family, x):
    """Return bounds of the search on the unconstrained scale, wide about what the data suggest."""
    spread, centre = float(np.std(x)) or 1.0, float(np.median(x))
    size = float(np.median(np.abs(x))) or 1.0
    bounds = []
    for constraint in family.constraints.values():
        if np.isfinite(constraint.regular_below):
            bounds.append((0.99 * constraint.regular_above, 0.99 * constraint.regular_below))
        elif np.isfinite(constraint.regular_above):
            bounds.append((-0.95, 3.0))
        elif np.isinf(constraint.low):
            bounds.append((centre - 4 * spread, centre + 4 * spread))
        elif np.isfinite(constraint.high):
            bounds.append((-12.0, 12.0))
        else:
            unit = constraint.power * np.log(spread if family.support.low < 0 else size)
            bounds.append((unit - 9.0, unit + 9.0))
    return bounds


def allowed(member):
    """Stand in for the test of a family whose likelihood has no singularities."""
    return False


def search(family, x, banned):
    """Return the highest log likelihood found, and where."""
    constraints = list(family.constraints.values())

    def negatives(u):
        """Return minus the log likelihood of members at once, a column of u for each."""
        values = [c.constrain(v[:, None]) for c, v in zip(constraints, u, strict=True)]
        inside = np.ones(u.shape[1], dtype=bool)
        for constraint, value in zip(constraints, values, strict=True):
            inside &= np.ravel(constraint.can_be_estimated(value))
        if family.ends() and {"low", "high"} <= set(family.constraints):
            at = dict(zip(family.constraints, values, strict=True))
            inside &= np.ravel(at["low"] < at["high"])
        member = family.unchecked(**dict(zip(family.constraints, values, strict=True)))
        total = -member.log_prob(x).sum(axis=1)
        usable = inside & ~np.ravel(banned(member)) & np.isfinite(total)
        return np.where(usable, total, 1e300)

    def negative(u):
        return float(negatives(u[:, None])[0])

    with np.errstate(all="ignore"):
        best = optimize.differential_evolution(
            negatives, box(family, x), rng=1, popsize=12, maxiter=150, tol=1e-10, polish=False,
            vectorized=True, updating="deferred",
        )  # fmt: skip
        for _ in range(3):
            before = best.fun
            best = optimize.minimize(
                negative, best.x, method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-14}
            )
            if best.fun > before - 1e-13 * max(1.0, abs(before)):
                break
    return -best.fun, best.x


@pytest.mark.parametrize("n", SIZES)
def test_never_below_a_global_search(family, ordinary, n):
    if n < SIZES[-1] and family in FEWEST:
        pytest.skip("so few values may have no maximum")
    for seed in SEEDS[:1] if family in DEAR else SEEDS:
        x = ordinary.sample(enough(family, n), seed=100 * n + seed)
        fit = lk.fit(x, family)
        value = fit.distribution.log_likelihood(x)
        highest, where = search(family, x, family.is_singular(fit.observations, {}) or allowed)
        assert value >= highest - 2e-12 * max(1.0, abs(value)), (seed, fit.parameters, where)
        if not fit.diagnostics.bounds and len(family.ends()) < 2:
            assert highest > value - 1e-6, "the search itself has failed"


@pytest.mark.parametrize("df", [0.6, 1.0, 2.0, 30.0])
def test_student_t_with_tails_of_every_kind(df):
    for seed in range(4):
        x = lk.StudentT(df, 0.0, 1.0).sample(12, seed=seed)
        fit = lk.fit(x, "t")
        highest, where = search(
            lk.StudentT, x, lk.StudentT.is_singular(fit.observations, {}) or allowed
        )
        value = fit.distribution.log_likelihood(x)
        assert value >= highest - 2e-12 * max(1.0, abs(value)), (seed, fit.parameters, where)


def test_all_families_are_searched(family):
    assert family in ORDINARY


def clusters(n, spread, seed=0):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(0.0, spread, n // 2), rng.normal(10.0, spread, n // 2)])


@pytest.mark.parametrize("n", [60, 1000])
def test_student_t_finds_the_higher_of_two_clusters(n):
    fit = lk.fit(clusters(n, 0.01), "t")
    best = max(
        lk.StudentT(0.2, centre, 0.007).log_likelihood(fit.observations) for centre in (0.0, 10.0)
    )
    assert fit.log_likelihood > best  # far above the normal, which covers both


def test_student_t_with_its_scale_fixed_has_no_singularity():
    x = [0.0, 0.1, 900.0]
    fit = lk.fit(x, "t", fixed={"scale": 0.5})
    assert fit.parameters["df"] < 2.0
    assert fit.log_likelihood >= lk.StudentT(0.5, 0.05, 0.5).log_likelihood(x)


@pytest.mark.parametrize("family_of", [lk.Cauchy, lambda loc, scale: lk.StudentT(1.0, loc, scale)])
def test_a_narrow_scale_finds_the_densest_place(family_of):
    x = np.exp(np.random.default_rng(0).normal(0.0, 3.0, 200))
    member = family_of(0.0, 0.01)
    fixed = {n: v for n, v in member.parameters.items() if n != "loc"}
    fit = lk.fit(x, type(member), fixed=fixed)
    best = max(family_of(place, 0.01).log_likelihood(x) for place in x)
    assert fit.log_likelihood >= best - 2.0


def test_a_cauchys_ridge_between_two_clusters_is_followed():
    for seed in range(6):
        x = clusters(6, 1e-4, seed)
        fit = lk.fit(x, "cauchy")
        assert abs(fit.log_likelihood - fit.distribution.log_likelihood(x)) < 1e-9
