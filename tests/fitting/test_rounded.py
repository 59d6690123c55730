"""Rounded data: intervals, corners of their likelihood, and what rounding does to an estimate."""

import numpy as np
import pytest
from scipy.optimize import differential_evolution

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.data.rows import Kind, Rows
from likeliest.errors import DataError, UnboundedLikelihoodError
from likeliest.fitting.curvature import OfRows
from likeliest.likelihood.frame import Frame
from members import FEWEST, TABLE

CONTINUOUS = [m.shapes[0] for f, m in TABLE.items() if not (f.discrete or f.atoms)]
CORNERED = [lk.Uniform(135.0, 3710.0), lk.Pareto(1.4, 120.0), lk.Laplace(500.0, 40.0)]


@pytest.mark.parametrize("member", CONTINUOUS, ids=repr)
def test_fine_rounding_hardly_matters(member):
    x = member.sample(400, seed=21)
    step = 1e-3 * float(np.subtract(*np.quantile(x, [0.75, 0.25])))
    rounded = np.round(x / step) * step
    exact, fit = lk.fit(x, type(member)), lk.fit(rounded, type(member), rounding=step)
    assert fit.measure == "mass"
    for name, value in exact.parameters.items():
        error = exact.standard_errors[name] or abs(value) / 50
        assert abs(fit.parameters[name] - value) < 0.02 * error + step
    per_value = fit.log_likelihood / 400 - np.log(step)
    assert per_value == pytest.approx(exact.log_likelihood / 400, abs=2e-3)


@pytest.mark.parametrize("values", [[1, 0, 1, 1], [0, 0, 0, 1], [7, 7, 7, 7]], ids=str)
@pytest.mark.parametrize("name", ["normal", "student t", "gumbel", "logistic", "cauchy"])
def test_two_intervals_do_not_tell_two_parameters(values, name):
    with pytest.raises(DataError, match=r"tell only \d apart"):
        lk.fit(values, name, rounding=1)
    compared = lk.compare(values, [name, "poisson"], rounding=1)
    assert compared.best.family == "poisson"
    assert "apart" in compared.left_out[name]


@pytest.mark.parametrize("step", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("member", CORNERED, ids=repr)
def test_no_search_finds_a_likelier_member(member, step):
    family = type(member)
    rounded = np.round(member.sample(120, seed=22) / step) * step
    if family is lk.Pareto:
        rounded = np.maximum(rounded, step)
    observations = Observations.of(rounded, rounding=step)
    fit = lk.fit(rounded, family, rounding=step)

    def nll(at):
        try:
            value = family(*at).nll(observations)
        except lk.errors.ParameterError:
            return 1e10
        return value if np.isfinite(value) else 1e10

    around = np.array(list(fit.parameters.values()))
    bounds = [tuple(sorted((v - 0.3 * abs(v), v + 0.3 * abs(v)))) for v in around]
    found = differential_evolution(nll, bounds, seed=1, tol=1e-12, maxiter=300, polish=True)
    assert fit.nll <= found.fun + 1e-6
    assert all(pair is None or pair[0] <= pair[1] for pair in fit.intervals().values())
    for error in fit.standard_errors.values():
        assert error is None or 0 < error < 0.5 * abs(around).max()


def test_the_spread_of_rounding_is_not_the_spread_of_the_values():
    """Sheppard's correction comes out by itself: the naive variance holds step²/12 too much."""
    x = lk.Normal(0.3, 1.0).sample(200_000, seed=23)
    naive = lk.fit(np.round(x), "normal").parameters["std"]
    fit = lk.fit(np.round(x), "normal", rounding=1.0)
    assert naive**2 - fit.parameters["std"] ** 2 == pytest.approx(1 / 12, rel=2e-2)
    assert abs(fit.parameters["std"] - 1.0) < 3 * fit.standard_errors["std"]


@pytest.mark.parametrize("step", [0.05, 0.7, 3.0, 12.0])
def test_information_of_a_rounded_laplace(step):
    """Of the cells' own probabilities, differentiated by differences."""
    edges = 0.21 + step * np.arange(-np.ceil(90.0 / step), np.ceil(90.0 / step))
    h = 1e-5

    def shares(loc, scale):
        return lk.Laplace(loc, scale).probability(edges[:-1], edges[1:])

    by_loc = (shares(0.4 + h, 2.0) - shares(0.4 - h, 2.0)) / (2 * h)
    by_scale = (shares(0.4, 2.0 + h) - shares(0.4, 2.0 - h)) / (2 * h)
    p = np.maximum(shares(0.4, 2.0), 1e-300)
    expected = [
        np.sum(a * b / p) for a, b in ((by_loc, by_loc), (by_loc, by_scale), (by_scale, by_scale))
    ]
    cells = Rows(Kind.BETWEEN, edges[:-1], edges[1:], weight=shares(0.4, 2.0))
    errors = OfRows(lk.Laplace(0.4, 2.0), ("loc", "scale"), (cells,), Frame()).errors
    information = np.array([[expected[0], expected[1]], [expected[1], expected[2]]])
    truth = np.sqrt(np.diagonal(np.linalg.inv(information)))
    assert errors == pytest.approx(truth, rel=1e-4)


def test_coverage_of_a_rounded_laplace():
    rng, simulations = np.random.default_rng(24), 600
    member, hits = lk.Laplace(0.3, 1.0), {"loc": 0, "scale": 0}
    for _ in range(simulations):
        x = np.round(member.sample(400, rng), 1)
        for name, (low, high) in lk.fit(x, "laplace", rounding=0.1).intervals().items():
            hits[name] += low <= getattr(member, name) <= high
    for share in (hits["loc"] / simulations, hits["scale"] / simulations):
        assert 0.92 < share < 0.975


@pytest.mark.parametrize("step", ["0.1", [0.1], -1.0, np.nan, np.inf])
def test_a_step_is_a_number_above_zero(step):
    with pytest.raises(DataError, match=r"rounding (must be the|is one) step"):
        lk.fit([1.0, 2.0, 3.0], "normal", rounding=step)


def test_a_pareto_whose_cells_are_as_fine_as_float64():
    x = 1e15 + np.round(np.random.default_rng(0).gamma(3.0, 2.0, 40))
    low, high = lk.fit(x, "pareto", rounding=1.0).intervals()["scale"]
    assert x.min() - 0.5 <= low < high <= x.min() + 0.5


def test_cells_at_the_end_of_float64():
    x = [1.79e308, 1.6e308, 1.2e308]
    observations = lk.Observations.of(x, rounding=1e307)
    assert observations.upper.max() == np.inf


@pytest.mark.parametrize("member", CONTINUOUS, ids=repr)
def test_values_that_can_all_be_the_same_have_no_likeliest_member(member):
    family = type(member)
    if not family.concentrates:
        pytest.skip("no member puts all on one point")
    x = [0.1, 0.3, 0.4, 0.9]
    with pytest.raises(UnboundedLikelihoodError, match=r"rises towards 1 .* between 0\.4 and 0\.6"):
        lk.fit(x, family, rounding=1.0)
    if family not in FEWEST:  # of four cells it may have no maximum
        touching = lk.fit([0.2, 0.5, 0.5, 0.8], family, rounding=0.3)
        assert touching.log_likelihood < -1.0


def test_a_narrow_member_is_as_likely_as_can_be():
    x = [0.1, 0.3, 0.4, 0.9]
    assert lk.Normal(0.5, 0.01).log_likelihood(Observations.of(x, rounding=1.0)) > -1e-20
    fit = lk.fit(x, "normal", rounding=1.0, fixed={"mean": 0.3})  # outside what all can be
    assert np.isfinite(fit.standard_errors["std"])
