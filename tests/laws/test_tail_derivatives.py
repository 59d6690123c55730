"""Log tails and their derivatives by the parameters are the textbook's, to high precision."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.distributions.derivatives import Side
from members import ORDINARY
from truth import LOWER, UPPER, expanded, parameters

HARD = [
    lk.Weibull(0.05, 1.0), lk.Weibull(2000.0, 3.0), lk.LogLogistic(0.2, 1e100),
    lk.LogLogistic(3000.0, 2.0), lk.Logistic(1e6, 1e-2), lk.Gumbel(-300.0, 5.0),
    lk.Laplace(1e3, 0.5), lk.Cauchy(-4.0, 1e-3), lk.Pareto(0.1, 1e-100), lk.Pareto(500.0, 1.0),
    lk.Uniform(-1e3, 1e-3), lk.StudentT(0.5, 0.0, 1.0), lk.StudentT(40.0, 1.0, 3.0),
    lk.NegativeBinomial(3.0, 50.0), lk.NegativeBinomial(20.0, 1e-3),
    lk.NegativeBinomial(4.0, 1e-9), lk.NegativeBinomial(4.0, 0.0),
]  # fmt: skip
POINTS = [*ORDINARY.values(), *HARD]
PROBABILITIES = np.array([1e-200, 1e-12, 1e-2, 0.3, 0.9])


def tail(member, side):
    return (LOWER if side is Side.BELOW else UPPER)[member.name]


def values_of(member, side):
    quantile = member.quantile if side is Side.BELOW else member.upper_quantile
    x = np.unique(quantile(PROBABILITIES))
    bounds = member.bounds()
    inside = np.isfinite(x) & (x < bounds.high) & ((x > bounds.low) | member.discrete)
    return x[inside & (np.abs(x) > 1e-305) | inside & member.discrete]


def sizes_of(member):
    """Return each parameter's natural size: a location's is that of the scale.

    A dispersion's, at 0, is the one that doubles the variance.
    """
    sizes = [mpf(float(size)) for size in member.natural_sizes()]
    return [size or 1 / parameters(member)[0] for size in sizes]


def truth(member, x, side):
    """Return log tail, score and Hessian in units of the natural sizes, to many digits."""
    with mp.workdps(100):
        sizes, values, at = sizes_of(member), parameters(member), mpf(float(x))

        unit = mpf(10) ** 20

        def moved(*by):
            at_values = (v + b * s / unit for v, b, s in zip(values, by, sizes, strict=True))
            return mp.log(tail(member, side)(at, *at_values))

        return expanded(moved, len(values), unit)


def in_natural_sizes(member, derivatives, row):
    sizes = sizes_of(member)
    rows, columns = np.triu_indices(len(sizes))
    score = [mpf(_at(s, row)) * size for s, size in zip(derivatives.score, sizes, strict=True)]
    hessian = [
        mpf(_at(h, row)) * sizes[i] * sizes[j]
        for h, i, j in zip(derivatives.hessian, rows, columns, strict=True)
    ]
    return score, hessian


def _at(term, row):
    return float(np.ravel(term)[row if np.size(term) > 1 else 0])


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("member", POINTS, ids=repr)
def test_derivatives_are_the_textbooks(member, side):
    x = values_of(member, side)
    ours = member.tail_derivatives(x, side)
    k = len(member.parameters)
    rows, columns = np.triu_indices(k)
    diagonal = [h for h, (i, j) in enumerate(zip(rows, columns, strict=True)) if i == j]
    for row, at in enumerate(x):
        log_tail, true_score, true_hessian = truth(member, at, side)
        score, hessian = in_natural_sizes(member, ours, row)
        assert abs(mpf(_at(ours.log_prob, row)) - log_tail) <= 1e-12 * max(1, abs(log_tail))
        for value, true in zip(score, true_score, strict=True):
            assert abs(value - true) <= 1e-9 * max(1, abs(true))
        bends = [max(1, abs(true_hessian[h])) for h in diagonal]
        for value, true, i, j in zip(hessian, true_hessian, rows, columns, strict=True):
            assert abs(value - true) <= 1e-6 * mp.sqrt(bends[i] * bends[j])


@pytest.mark.parametrize("side", Side)
def test_of_infinite_df_they_are_the_normals(side):
    x = np.array([-60.0, -3.0, 1.9, 2.0, 8.0, 60.0])
    t = lk.StudentT(float("inf"), 2.0, 1.5).tail_derivatives(x, side)
    normal = lk.Normal(2.0, 1.5)
    assert not np.any(t.score[0]), "an infinite df is level"
    assert not np.any([t.hessian[0], t.hessian[1], t.hessian[2]])
    for row, at in enumerate(x):
        _, score, hessian = truth(normal, at, side)
        ours = t._replace(score=t.score[1:], hessian=t.hessian[3:])
        for got, true in zip(in_natural_sizes(normal, ours, row), (score, hessian), strict=True):
            for value, exact in zip(got, true, strict=True):
                assert abs(value - exact) <= 1e-9 * max(1, abs(exact))


@pytest.mark.parametrize("df", [1e6, 1e8, 1e10, 1e12])
def test_of_a_large_df_they_are_those_of_the_expansion_about_the_normal(df):
    # P(T > z) = Φ(-z) + φ(z) (z³ + z)/(4 df) + …: Abramowitz & Stegun 26.7.8, rearranged.
    z = np.array([-2.0, 0.5, 3.0, 8.0])
    ours = lk.StudentT(df, 0.0, 1.0).tail_derivatives(z, Side.ABOVE)
    hazard = np.exp(lk.Normal(0.0, 1.0).log_prob(z) - lk.Normal(0.0, 1.0).log_sf(z))
    expected = -hazard * (z**3 + z) / (4.0 * df)
    assert ours.score[0] * df == pytest.approx(expected, rel=5e-3, abs=1e-12)


@pytest.mark.parametrize("side", Side)
def test_parameters_by_row_and_by_group_are_those_of_one_at_a_time(family, side):
    members = [m for m in POINTS if type(m) is family]
    values = {
        name: np.array([getattr(m, name) for m in members for _ in range(2)])
        for name in family.constraints
    }
    x = np.concatenate([np.broadcast_to(_two(m), 2) for m in members])
    by_row = family(**values).tail_derivatives(x, side)
    grouped = {name: value[::2, None] for name, value in values.items()}
    by_group = family(**grouped).tail_derivatives(x.reshape(-1, 2), side)
    for g, member in enumerate(members):
        alone = member.tail_derivatives(x[2 * g : 2 * g + 2], side)
        for terms in zip(_columns(alone), _columns(by_row), _columns(by_group), strict=True):
            one, row, group = (np.asarray(term) for term in terms)
            one = np.broadcast_to(one, 2)
            row = np.broadcast_to(row, x.shape)[2 * g : 2 * g + 2]
            group = np.broadcast_to(group, (len(members), 2))[g]
            assert row == pytest.approx(one, rel=1e-13, abs=0.0, nan_ok=True)
            assert group == pytest.approx(one, rel=1e-13, abs=0.0, nan_ok=True)


def _two(member):
    return np.unique(member.quantile([0.2, 0.9]))


def _columns(derivatives):
    return (derivatives.log_prob, *derivatives.score, *derivatives.hessian)


@pytest.mark.parametrize("side", Side)
def test_beyond_the_ends_a_tail_is_0_or_1_whatever_the_parameters(ordinary, side):
    bounds = ordinary.bounds()
    ends = [bounds.low - 1.0, *([] if bounds.has_mass_at_low else [bounds.low]), bounds.high]
    x = np.array([end for end in ends if np.isfinite(end)])
    if not x.size:
        pytest.skip("it has no ends")
    terms = ordinary.tail_derivatives(x, side)
    certain = (x >= bounds.high) == (side is Side.BELOW)
    assert np.array_equal(terms.log_prob, np.where(certain, 0.0, -np.inf))
    assert not np.any([np.broadcast_to(t, x.shape) for t in (*terms.score, *terms.hessian)])


def test_a_tail_beyond_the_square_root_of_float64_is_a_power():
    x = np.array([2e160, -2e160])
    for member in (lk.Cauchy(1.0, 2.0), lk.StudentT(3.0, 1.0, 2.0)):
        df = getattr(member, "df", 1.0)
        terms = member.tail_derivatives(x, Side.ABOVE)
        assert terms.log_prob == pytest.approx(member.log_sf(x), rel=1e-14)
        assert terms.score[-1][0] == pytest.approx(df / 2.0, rel=1e-12)
        assert terms.hessian[-1][0] == pytest.approx(-df / 4.0, rel=1e-12)
