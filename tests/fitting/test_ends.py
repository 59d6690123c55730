"""Uniform, Pareto and Laplace, whatever is known of the rows, against a global search."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import differential_evolution

import likeliest as lk

MEMBERS = {
    "uniform": lk.Uniform(-1.3, 7.2),
    "pareto": lk.Pareto(1.4, 2.3),
    "laplace": lk.Laplace(0.3, 2.0),
}
SCIPY = {
    "uniform": lambda low, high: stats.uniform(low, high - low),
    "pareto": lambda shape, scale: stats.pareto(shape, scale=scale),
    "laplace": stats.laplace,
}
KINDS = (
    "right", "left", "both", "interval", "rounded", "mixed", "entry", "entry by row",
    "entry and exit", "rounded in a window", "censored by row in windows",
)  # fmt: skip


def seen(member, kind, n, seed):
    """Return the columns of `observe`: lower, upper, entry, exit."""
    rng = np.random.default_rng(seed)
    x = member.sample(n, seed=rng)
    limits = member.quantile(rng.uniform(0.2, 0.98, n))
    early = member.quantile(rng.uniform(0.01, 0.5, n))
    width = rng.uniform(0.5, 2.0, n)
    edge = np.round(x - rng.uniform(0.0, 1.0, n) * width, 1)
    free = np.full(n, -np.inf), np.full(n, np.inf)
    if kind == "right":
        over = x > limits
        return np.where(over, limits, x), np.where(over, np.inf, x), *free
    if kind == "left":
        under = x < early
        return np.where(under, -np.inf, x), np.where(under, early, x), *free
    if kind == "both":  # no value is known
        over = x > limits
        return np.where(over, limits, -np.inf), np.where(over, np.inf, limits), *free
    if kind == "interval":
        return edge, edge + width, *free
    if kind == "rounded":
        return np.round(x) - 0.5, np.round(x) + 0.5, *free
    if kind == "mixed":
        what = rng.integers(0, 4, n)
        lower = np.choose(what, [x, edge, np.full(n, -np.inf), np.minimum(x, limits)])
        upper = np.choose(what, [x, edge + width, np.maximum(x, limits), np.full(n, np.inf)])
        return lower, upper, *free
    if kind == "entry":
        first = float(member.quantile(0.15))
        x = x[x > first]
        return x, x, np.full(x.size, first), np.full(x.size, np.inf)
    if kind == "entry by row":
        kept = x > early
        return x[kept], x[kept], early[kept], np.full(kept.sum(), np.inf)
    first, last = member.quantile(np.array([0.1, 0.8]))
    if kind == "entry and exit":
        x = x[(x > first) & (x <= last)]
        return x, x, np.full(x.size, first), np.full(x.size, last)
    if kind == "rounded in a window":
        first, last = np.round(first) - 0.5, np.round(last) + 0.5
        x = np.round(x[(x > first) & (x <= last)])
        return x - 0.5, x + 0.5, np.full(x.size, first), np.full(x.size, last)
    kept = x > early
    x, limits, early = x[kept], np.maximum(limits, early + 0.3)[kept], early[kept]
    over = x > limits
    return np.where(over, limits, x), np.where(over, np.inf, x), early, np.full(x.size, np.inf)


def log_likelihood(name, at, columns):
    """Return the log likelihood by SciPy's distributions; -∞ out of range.

    Of columns of parameters one each.
    """
    lower, upper, entry, exit_ = columns
    with np.errstate(all="ignore"):
        d = SCIPY[name](*at)
        exact = lower == upper
        terms = np.where(exact, d.logpdf(lower), np.log(between(d, lower, upper)))
        total = np.sum(terms - np.log(between(d, entry, exit_)), axis=-1)
    return np.where(np.isfinite(total), total, -np.inf)


def between(d, lower, upper):
    above = lower > d.median()
    return np.where(above, d.sf(lower) - d.sf(upper), d.cdf(upper) - d.cdf(lower))


def searched(name, columns, member, fixed):
    """Return the greatest log likelihood that a global search finds."""
    free = [p for p in member.parameters if p not in fixed]
    around = {
        "low": (-30.0, 7.0), "high": (-1.0, 40.0), "shape": (-4.0, 4.0), "loc": (-8.0, 8.0),
        "scale": (-3.0, 3.0),
    }  # fmt: skip

    def nll(many):
        """Return minus the log likelihood of members at once, a column of `many` for each."""
        at = dict(zip(free, many[..., None], strict=True))
        at = {p: np.exp(s) if p in ("shape", "scale") else s for p, s in at.items()}
        values = [{**at, **fixed}[p] for p in member.parameters]
        return np.minimum(-log_likelihood(name, values, columns), 1e9)

    found = differential_evolution(
        nll, [around[p] for p in free], rng=3, tol=0, popsize=25, maxiter=50 * len(free) + 50,
        polish=False, vectorized=True, updating="deferred",
    )  # fmt: skip
    return -found.fun


CASES = [
    (name, kind, fixed)
    for name, member in MEMBERS.items()
    for kind in KINDS
    for fixed in ({}, *({p: float(v)} for p, v in member.parameters.items()))
]


@pytest.mark.parametrize(("name", "kind", "fixed"), CASES, ids=str)
def test_no_search_finds_a_likelier_member(name, kind, fixed):
    member = MEMBERS[name]
    columns = seen(member, kind, 60, 4)
    lower, upper, entry, exit_ = columns
    fit = lk.fit(lk.observe(lower=lower, upper=upper, entry=entry, exit=exit_), name, fixed=fixed)
    ours = log_likelihood(name, list(fit.parameters.values()), columns)
    assert fit.log_likelihood == pytest.approx(ours, abs=1e-8)
    assert ours >= searched(name, columns, member, fixed) - 1e-8
    assert all(fit.parameters[p] == v for p, v in fixed.items())
    for p, error in fit.standard_errors.items():
        assert (error is None) or 0.0 < error < np.inf, p
