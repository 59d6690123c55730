"""Every family fits every kind of rows: alone, in groups, and row by row."""

import sys

import numpy as np
import pytest
from scipy import optimize

import likeliest as lk
from likeliest.likelihood.groups import GroupObjective
from likeliest.likelihood.matching import as_exact
from likeliest.likelihood.objective import Objective
from likeliest.optimise.newton import climb as ascend
from members import FEWEST, ORDINARY, REPRESENTED

SMOOTH = [family for family in ORDINARY if not family.non_smooth]
DEAR = {lk.ConwayMaxwellPoisson, lk.PoissonInverseGaussian}  # tails of which are sums
KINDS = ("exact", "right", "left", "interval", "entry", "entry and exit", "mixed")


def seen(member, kind, n, seed):
    """Return observations of one kind from a member."""
    rng = np.random.default_rng(seed)
    x = member.sample(n, seed=rng)
    low, high = (float(member.quantile(q)) for q in (0.25, 0.7))
    # Limits by row, about the middle of the distribution.
    limits = member.quantile(rng.uniform(0.1, 0.9, n))
    if kind == "exact":
        return lk.observe(x)
    if kind == "right":
        return lk.observe(np.minimum(x, limits), event=x <= limits)
    if kind == "left":
        return lk.observe(lower=np.where(x > limits, x, np.nan), upper=np.maximum(x, limits))
    step = max(high - low, 1.0) if member.discrete else 0.7 * (high - low)
    edge = np.floor(x / step) * step
    if kind == "interval":
        top = edge + step - 1.0 if member.discrete else edge + step
        return lk.observe(lower=edge, upper=top)
    if kind == "entry":
        # Each could be seen only above a limit of its own.
        entry = member.quantile(rng.uniform(0.0, 0.5, n)) - (1.0 if member.discrete else 0.0)
        kept = x > entry
        return lk.observe(x[kept], entry=entry[kept])
    if kind == "entry and exit":
        first, last = float(member.quantile(0.02)) - 1e-9, float(member.quantile(0.98))
        kept = (x > first) & (x <= last)
        return lk.observe(x[kept], entry=first, exit=last)
    exact = rng.random(n) < 0.5
    return lk.observe(
        lower=np.where(exact, x, edge), upper=np.where(exact, x, edge + step),
        entry=float(member.quantile(0.001)) - step - 1.0,
    )  # fmt: skip


def objective_of(family, observations):
    return Objective.of(family, observations, {})


GRID = pytest.mark.parametrize("kind", KINDS)


@GRID
@pytest.mark.families(where=SMOOTH.__contains__)
def test_derivatives_are_those_of_the_log_likelihood(family, ordinary, kind):
    """Of the log likelihood by probabilities, which knows no derivative."""
    if family is lk.Bernoulli and kind != "exact":
        pytest.skip("two values leave nothing to censor")
    observations = seen(ordinary, kind, 60, 1)
    objective = objective_of(family, observations)
    u = objective.coordinates.of(ordinary)
    point = objective(u[None, :])

    def value(v):
        member = objective.coordinates.member(v)
        return float(member.log_likelihood(observations))

    assert point.value[0] == pytest.approx(value(u), rel=1e-12)
    spread = float(ordinary.std)
    steps = 1e-4 * objective.coordinates.reach(spread if np.isfinite(spread) else 1.0)
    for i, step in enumerate(steps):
        ahead, behind = (u + s * step * np.eye(u.size)[i] for s in (1.0, -1.0))
        slope = (value(ahead) - value(behind)) / (2.0 * step)
        assert point.gradient[0, i] * step == pytest.approx(slope * step, rel=1e-6, abs=1e-9)
        bend = (objective(ahead[None, :]).gradient - objective(behind[None, :]).gradient)[0] / (
            2 * step
        )
        assert point.hessian[0, i] * steps * step == pytest.approx(
            bend * steps * step, rel=2e-5, abs=2e-10
        )


@GRID
@pytest.mark.families(where=SMOOTH.__contains__)
def test_rows_of_the_score_add_up(family, ordinary, kind):
    if family is lk.Bernoulli and kind != "exact":
        pytest.skip("two values leave nothing to censor")
    observations = seen(ordinary, kind, 80, 2)
    objective = objective_of(family, observations)
    u = objective.coordinates.of(ordinary)
    rows = objective.scores(u)
    assert rows.shape == (len(observations), u.size)
    size = np.abs(rows).sum(axis=0)
    assert np.all(np.abs(rows.sum(axis=0) - objective(u[None, :]).gradient[0]) <= 1e-11 * size)


@GRID
@pytest.mark.families(where=lambda f: f in SMOOTH and f not in REPRESENTED)
def test_groups_are_fitted_as_each_alone(family, ordinary, kind):
    """Ragged groups, all climbed at once, reach the tops of each by itself."""
    if family is lk.Bernoulli and kind != "exact":
        pytest.skip("two values leave nothing to censor")
    observations = seen(ordinary, kind, 400, 3)
    sizes = np.array([120, 60, 90, len(observations) - 270])
    group = np.repeat(np.arange(4), sizes)
    objective = GroupObjective.of(family, observations, group, {})
    start = np.tile(objective.coordinates.of(ordinary), (4, 1))
    spread = as_exact(family, observations).spread()
    reach = objective.coordinates.reach(spread)
    together = ascend(objective, start, reach, grain=objective.coordinates.grain)
    for g in range(4):
        alone = GroupObjective.of(
            family, part(observations, group == g), np.zeros(sizes[g], int), {}
        )
        one = ascend(alone, start[[0]], reach, grain=objective.coordinates.grain)
        # On a ridge towards a limit two climbs stop where each of them no longer rises.
        assert one.converged[0] == together.converged[g] or family in FEWEST
        size = one.points.size[0]
        least = 1e-6 if family in FEWEST else 1e-9
        assert abs(one.points.value[0] - together.points.value[g]) <= least + 1e-13 * size
        if one.converged[0] and together.converged[g]:
            errors = np.sqrt(np.diagonal(np.linalg.inv(-one.points.hessian[0])))
            gap = np.abs(one.points.u[0] - together.points.u[g])
            tells = errors < 100.0  # a logarithm beyond is on its way to a limit: df → ∞
            slack = 1e-6 if tells.all() else 1e-4  # the others move along with it
            assert np.all(gap[tells] <= slack * errors[tells])


@GRID
@pytest.mark.families(where=lambda f: f in SMOOTH and f not in REPRESENTED)
def test_no_point_of_a_global_search_lies_higher(family, ordinary, kind):
    """The search goes by values alone; where there is no maximum, it climbs without end."""
    if family is lk.Bernoulli and kind != "exact":
        pytest.skip("two values leave nothing to censor")
    # Of few rows these have maxima below what the likelihood rises to at a limit.
    n, many = (50, 100) if family in DEAR else (150, 300) if family in FEWEST else (40, 500)
    observations = seen(ordinary, kind, n, 5)
    objective = objective_of(family, observations)
    try:
        fit = lk.fit(observations, family)
    except lk.errors.UnboundedLikelihoodError:
        value = np.inf
    else:
        value = fit.distribution.log_likelihood(observations)
        assert fit.log_likelihood == pytest.approx(value, rel=1e-11)

    def negative(u):
        """Return minus the log likelihood of points at once, a column of u for each."""
        return np.minimum(-objective(np.ascontiguousarray(u.T)).value, 1e300)

    here = objective.coordinates.of(ordinary)
    wide = (1.0 if family in DEAR else 4.0) * objective.coordinates.reach(
        as_exact(family, observations).spread()
    )
    u = here + wide * np.random.default_rng(5).uniform(-1.0, 1.0, (many, here.size))
    values = objective(u).value
    assert values.max() <= value + 1e-9
    best = optimize.differential_evolution(
        negative, [*zip(here - wide, here + wide, strict=True)], init=u[np.argsort(-values)[:20]],
        rng=5, tol=0.0, maxiter=20, polish=False, vectorized=True, updating="deferred",
    ).x  # fmt: skip

    def negative_of_one(v):
        """Return the same by the member's own log likelihood, which takes no derivatives."""
        if objective.is_singular is not None:
            return float(negative(v[:, None])[0])
        try:
            member = objective.coordinates.member(v)
        except lk.errors.ParameterError:
            return 1e300
        return min(-float(member.log_likelihood(observations)), 1e300)

    best = optimize.minimize(
        negative_of_one, best, method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-10, "maxfev": 200},
    ).x  # fmt: skip
    top = objective(best[None, :])
    assert top.value[0] <= value + 1e-9 + 1e-13 * float(top.size[0])


def part(observations, mask):
    columns = {
        name: None if (c := getattr(observations, name)) is None else c if c.size == 1 else c[mask]
        for name in ("lower", "upper", "entry", "exit")
    }
    values = observations.values[mask]
    lower = values if columns["lower"] is None else columns["lower"]
    upper = values if columns["upper"] is None else columns["upper"]
    return type(observations).between(
        lower, upper, entry=columns["entry"], exit=columns["exit"],
        lower_closed=observations.lower_closed,
    )  # fmt: skip


SOURCES = {"by_differences": "differences", "by_shape": "by shape"}
"""What derivatives are made by, where not by formula alone."""


@pytest.fixture
def called(monkeypatch):
    """The names in SOURCES that have been called."""
    names = set()

    def told(name, function):
        def tell(*arguments, **words):
            names.add(name)
            return function(*arguments, **words)

        return tell

    for module in [m for n, m in sys.modules.items() if n.startswith("likeliest")]:
        for name in SOURCES:
            if name in vars(module):
                monkeypatch.setattr(module, name, told(name, vars(module)[name]))
    return names


# A tail of Tweedie's is a sum of incomplete gamma functions of as many shapes.
BY_DIFFERENCES = {"tweedie": {*KINDS} - {"exact"}}


def test_differences_of_a_whole_stand_only_where_they_are_listed(called):
    """The grid is printed: pytest -s -k differences tests/likelihood/test_kinds.py."""
    whole = {}
    grid = [("family", *KINDS)]
    for family in lk.families.all_families():
        if family.non_smooth:
            continue
        row = {}
        for kind in KINDS[:1] if family is lk.Bernoulli else KINDS:
            objective = objective_of(family, seen(ORDINARY[family], kind, 60, 1))
            u = objective.coordinates.of(ORDINARY[family])
            called.clear()
            objective(u[None, :])
            row[kind] = next((SOURCES[name] for name in SOURCES if name in called), "formula")
        grid.append((family.name, *(row.get(kind, "") for kind in KINDS)))
        if "differences" in row.values():
            whole[family.name] = {kind for kind in row if row[kind] == "differences"}
    sys.stdout.writelines("".join(f"{cell:22}" for cell in row) + "\n" for row in grid)
    assert whole == BY_DIFFERENCES
