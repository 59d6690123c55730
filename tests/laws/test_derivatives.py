"""score and Hessian are the derivatives of the textbook's log density, to high precision."""

from functools import cache

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.distributions.distribution import Distribution
from members import EVERY, ORDINARY
from reducers import over
from truth import LOG_DENSITY, expanded, parameters

AT = np.array([1e-6, 0.05, 0.3, 0.8, 0.99])
# A parameter on its bound has no two-sided derivative.
ON_A_BOUND = (lk.StudentT(float("inf"), 2.0, 0.5), lk.NegativeBinomial(4.0, 0.0))
INTERIOR = [m for m in EVERY if m not in ON_A_BOUND]


def sizes_of(member):
    """Return each parameter's own size; of a location at 0, the scale's."""
    values = [abs(v) for v in parameters(member)]
    return [v or max(values) for v in values]


@cache
def derivatives(member, x):
    """Return score and Hessian of the textbook's log density, by central differences.

    Errors are of the order of the squared step, 1e-80 of the parameters' own sizes.
    """
    values, sizes, f = parameters(member), sizes_of(member), LOG_DENSITY[member.name]
    with mp.workdps(150):
        at, step = mpf(x), mpf(10) ** -40

        def moved(*by):
            return f(at, *(v + b * s * step for v, b, s in zip(values, by, sizes, strict=True)))

        _, score, hessian = expanded(moved, len(values), 1 / step)
        rows, columns = np.triu_indices(len(values))
        return (
            [slope / size for slope, size in zip(score, sizes, strict=True)],
            [h / (sizes[i] * sizes[j]) for h, i, j in zip(hessian, rows, columns, strict=True)],
        )


def values_of(member):
    with np.errstate(all="ignore"):
        x = np.unique(member.quantile(AT))
    bounds = member.bounds()
    inner = (x > bounds.low) & (x < bounds.high) if not member.discrete else np.isfinite(x)
    return x[inner & (np.abs(x) > 1e-305) | (x == 0) & member.discrete]


@pytest.mark.parametrize("member", INTERIOR, ids=repr)
def test_score_is_the_derivative(member):
    sizes = sizes_of(member)
    for x in values_of(member):
        ours = member.score(x)
        slopes, _ = derivatives(member, float(x))
        for name, truth, size in zip(member.constraints, slopes, sizes, strict=True):
            error = abs(mpf(float(ours[name])) - truth)
            # Relative to the derivative, or to a change of 1 nat over the parameter's own size.
            assert error <= 1e-10 * max(abs(truth), 1 / size, _noise(member, x, name))


def _noise(member, x, name):
    """What the rounding of x itself does to the score: it cannot be told apart."""
    with np.errstate(all="ignore"):
        there = float(member.score(np.nextafter(x, np.inf))[name])
        here = float(member.score(x)[name])
    moved = abs(there - here)
    return mpf(1e11) * mpf(moved) if np.isfinite(moved) and not member.discrete else mpf(0)


# Second derivatives of these leave float64 altogether; fits are made in a unit where they do not.
BEYOND = (
    lk.Weibull(200.0, 1e-250), lk.Logistic(-1e200, 1e198), lk.StudentT(1, 0, 1e200),
    lk.Cauchy(0.0, 1e-300), lk.Uniform(-1e300, 1e300), lk.Uniform(0.0, 1e-300),
    lk.Laplace(1e-290, 1e-291), lk.Pareto(0.1, 1e-200), lk.Normal(-3e-300, 1e-300),
    lk.Exponential(1e300), lk.Exponential(1e-300), lk.Gamma(20.0, 1e-290), lk.Gamma(1.0, 1e300),
    lk.Rayleigh(1e-250), lk.HalfNormal(1e-250),
    lk.HyperbolicSecant(-1e200, 1e198),
)  # fmt: skip
WITH_HESSIAN = [
    m for m in INTERIOR if type(m).derivatives is not Distribution.derivatives and m not in BEYOND
]
SMOOTH = [m for m in ORDINARY.values() if not m.non_smooth]


@pytest.mark.parametrize("member", WITH_HESSIAN, ids=repr)
def test_hessian_is_the_second_derivative(member):
    k = len(member.constraints)
    rows, columns = np.triu_indices(k)
    x = values_of(member)
    sizes = sizes_of(member)
    for at in x:
        value = np.array([at])
        with np.errstate(all="ignore"):
            ours = member.derivatives(value, over(value))
        _, bends = derivatives(member, float(at))
        for bend, truth, i, j in zip(ours.hessian, bends, rows, columns, strict=True):
            unit = 1 / (sizes[i] * sizes[j])
            assert abs(mpf(bend) - truth) <= 1e-7 * max(abs(truth), unit)
        assert ours.log_prob == pytest.approx(float(member.log_prob(at)), rel=1e-12, abs=1e-12)
        for slope, exact in zip(ours.score, member.score(at).values(), strict=True):
            assert slope == pytest.approx(float(exact), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("member", SMOOTH, ids=repr)
def test_covariance_is_the_inverse_curvature_at_the_maximum(member):
    family = type(member)
    x = member.sample(2_000, seed=3)
    fit = lk.fit(x, family)
    names, estimate = list(family.constraints), fit.distribution

    def log_likelihood(*values):
        return family(*values).log_likelihood(x)

    at = np.array([getattr(estimate, name) for name in names])
    steps = 0.05 * np.array([fit.standard_errors[name] for name in names])
    information = np.linalg.inv(fit.covariance)
    for i in range(len(names)):
        e = np.zeros(len(names))
        e[i] = steps[i]
        f0, f1, f2 = (log_likelihood(*(at + c * e)) for c in (0.0, 1.0, -1.0))
        assert -(f1 - 2 * f0 + f2) / steps[i] ** 2 == pytest.approx(information[i, i], rel=2e-4)


@pytest.mark.parametrize("member", SMOOTH, ids=repr)
def test_score_is_zero_at_the_maximum(member):
    x = member.sample(500, seed=4)
    fit = lk.fit(x, type(member))
    score = fit.distribution.score(x)
    for name in fit.free:
        assert abs(score[name].sum() * fit.standard_errors[name]) < 1e-6
