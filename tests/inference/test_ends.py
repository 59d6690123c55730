"""Ends of a support: their intervals are those of an exact law, and cover behind rounding."""

import json

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.inference.ends import SupportEnd

SHARED = np.array([3.0, 3, 4, 4, 5, 5, 6, 7, 9, 9, 12])


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_exact_values_have_the_law_of_the_estimate(level):
    x = lk.Pareto(2.0, 3.0).sample(40, seed=3)
    low, high, n = x.min(), x.max(), x.size
    uniform = lk.fit(x, "uniform").intervals(level)
    beyond = (high - low) * ((1.0 - level) ** (-1.0 / (n - 1)) - 1.0)
    assert uniform["low"] == pytest.approx((low - beyond, low), rel=1e-12)
    assert uniform["high"] == pytest.approx((high, high + beyond), rel=1e-12)
    # n shape log(min / scale) is a unit exponential beside an independent gamma of the shape.
    shape = n / np.log(x / low).sum()
    ratio = stats.f(2, 2 * n - 2).ppf(level) * n / (n - 1)
    pareto = lk.fit(x, "pareto").intervals(level)["scale"]
    assert pareto == pytest.approx((low * np.exp(-ratio / (n * shape)), low), rel=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_exact_values_beside_a_parameter_that_is_known(level):
    x = lk.Pareto(2.0, 3.0).sample(40, seed=3)
    low, n = x.min(), x.size
    uniform = lk.fit(x, "uniform", fixed={"high": 100.0}).intervals(level)["low"]
    beyond = (100.0 - low) * ((1.0 - level) ** (-1.0 / n) - 1.0)
    assert uniform == pytest.approx((low - beyond, low), rel=1e-9)
    pareto = lk.fit(x, "pareto", fixed={"shape": 2.0}).intervals(level)["scale"]
    assert pareto == pytest.approx((low * (1.0 - level) ** (1.0 / (2.0 * n)), low), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "x", "fixed", "off"),
    [
        ("uniform", lk.datasets.waiting_times(), {}, 0.01),
        ("uniform", SHARED, {}, 0.01),
        ("uniform", SHARED, {"high": 20.0}, 1e-6),
        ("uniform", np.repeat(np.arange(8.0), [30, *[100] * 6, 50]), {}, 0.01),
        ("pareto", SHARED, {"shape": 1.4}, 0.15),
        ("pareto", np.round(lk.Pareto(1.4, 2.1).sample(100, seed=8)), {}, 0.15),
        ("pareto", [1, 2, 30, 500, 9000], {}, 0.3),
    ],
)
def test_each_end_has_the_deviance_that_is_asked_for(name, x, fixed, off):
    """The likelihood there, the others refitted, against χ² with two degrees of freedom."""
    fit = lk.fit(x, name, rounding=1.0, fixed=fixed)
    for parameter in fit.corners:
        end = fit.uncertainty[parameter]
        correction = end.size / (end.size - end.others) if end.others else 1.0
        asked = stats.chi2(2).isf(0.05) * correction
        for value in end.interval():
            held = {**fixed, parameter: value}
            if len(held) < 2:
                held = lk.fit(x, name, rounding=1.0, fixed=held).parameters
            there = lk.families.find(name)(**held).log_likelihood(fit.observations)
            deviance = 2.0 * (fit.log_likelihood - there)
            assert deviance == pytest.approx(asked, rel=off)


@pytest.mark.parametrize("expected", [0.3, 1.0, 3.0, 10.0])
def test_behind_rounding_it_covers(expected):
    """The sum over all that can be seen of many values, `expected` of them in a whole cell."""
    within = []
    for share in (np.arange(8) + 0.5) / 8:  # of the first cell, that lies inside the support
        covered, mean = 0.0, expected * share
        for cell in range(int(30 / expected) + 2):
            before = 0.0 if cell == 0 else mean + (cell - 1) * expected
            for count in range(1, int(expected + 9.0 * np.sqrt(expected)) + 9):
                in_cell = stats.poisson.pmf(count, expected if cell else mean)
                if np.exp(-before) * in_cell < 1e-5:
                    continue
                top = min(count, expected)
                rate = count / top if top < expected else 1.0
                inner = mean + cell * expected  # the true end is at 0
                end = SupportEnd(
                    inner - top, -1, lk.Normal.constraints["mean"], rate, np.inf, 0, inner,
                    expected, count,
                )  # fmt: skip
                low, high = end.interval()
                covered += np.exp(-before) * in_cell * (low <= 0.0 <= high)
        within.append(covered)
    assert min(within) > 0.93
    assert 0.945 < np.mean(within) < 0.99


def test_the_error_of_a_shape_is_that_of_its_profile():
    x = np.round(np.random.default_rng(0).pareto(3, 1000) * 0.7 + 0.7)
    fit = lk.fit(x, "pareto", rounding=1.0)
    observations = Observations.of(x, rounding=1.0)
    scales = np.linspace(0.5, 1.0, 201)

    def highest(shape):
        return max(lk.Pareto(shape, s).log_likelihood(observations) for s in scales)

    shape, by = fit.parameters["shape"], 0.1
    around = [highest(shape + d) for d in (-by, 0.0, by)]
    curvature = -(around[0] - 2.0 * around[1] + around[2]) / by**2
    assert fit.standard_errors["shape"] == pytest.approx(curvature**-0.5, rel=0.02)


@pytest.mark.parametrize("name", ["uniform", "pareto"])
@pytest.mark.parametrize("step", [1e-9, 1e-3])
def test_fine_rounding_gives_the_interval_of_exact_values(name, step):
    x = lk.Pareto(2.0, 3.0).sample(40, seed=3)
    exact = lk.fit(x, name).intervals(0.9)
    fit = lk.fit(np.round(x / step) * step, name, rounding=step)
    for parameter in fit.corners:
        assert fit.intervals(0.9)[parameter] == pytest.approx(
            exact[parameter], rel=1e-5, abs=5 * step
        )


@pytest.mark.parametrize("scale", [1e-9, 1e250])
@pytest.mark.parametrize("name", ["uniform", "pareto"])
def test_scaled_values_scale_the_interval(name, scale):
    one = lk.fit(SHARED, name, rounding=1.0).intervals()
    other = lk.fit(SHARED * scale, name, rounding=scale).intervals()
    for parameter in lk.fit(SHARED, name, rounding=1.0).corners:
        assert other[parameter] == pytest.approx(tuple(scale * v for v in one[parameter]), rel=1e-5)


def test_a_far_origin_costs_no_digits():
    x = np.array([0.0, 0, 1, 1, 1, 2, 3, 3, 4])
    near = lk.fit(x, "uniform", rounding=1.0).intervals()["low"]
    far = lk.fit(x + 2.0**40, "uniform", rounding=1.0).intervals()["low"]
    assert np.subtract(far, 2.0**40) == pytest.approx(near, abs=1e-3)


@pytest.mark.parametrize("x", [[1.0, 1.4, 2.0, 3.0, 4.0], [1.0, 2.0, 2.5, 7.0]], ids=str)
def test_cells_that_overlap_are_taken_at_their_widest(x):
    least, greatest = lk.fit(x, "uniform", rounding=1.0).intervals()["low"]
    low, high = lk.fit(x, "uniform").intervals()["low"]
    assert least < low - 0.5
    assert greatest == high + 0.5


def test_values_of_which_some_are_known():
    seen = lk.observe(lower=[2.0, 3.0, 5.0, 7.0], upper=[2.0, 4.0, 5.0, 9.0])
    least, greatest = lk.fit(seen, "uniform").intervals()["low"]
    assert least < 0.0
    assert greatest == 2.0


def test_censored_values_beyond_the_end_tell_it_too():
    """Of a Pareto each row from the scale on counts; only its own size is not seen."""
    x = lk.Pareto(2.0, 3.0).sample(200, seed=4)
    seen = lk.observe(lower=np.minimum(x, 6.0), upper=np.where(x > 6.0, np.inf, x))
    least, greatest = lk.fit(seen, "pareto").intervals()["scale"]
    assert greatest == x.min()
    assert least == pytest.approx(lk.fit(x, "pareto").intervals()["scale"][0], abs=0.01)


@pytest.mark.parametrize("name", ["uniform", "pareto"])
@pytest.mark.parametrize("weight", [1e-3, 0.3, 1.0, 2.5])
def test_a_saved_fit_keeps_them(name, weight):
    x = [1.0, 1, 2, 2, 3, 4, 4, 5]
    fit = lk.fit(x, name, rounding=1.0, weights=[weight] * 8)
    back = lk.Fit.from_dict(json.loads(json.dumps(fit.to_dict(), allow_nan=False)))
    assert back.intervals(0.8) == fit.intervals(0.8)
    assert repr(back) == repr(fit)


def test_a_fit_that_an_earlier_version_saved():
    x = [1.0, 1, 2, 2, 3, 4, 4, 5]
    saved = lk.fit(x, "uniform", rounding=1.0).to_dict()
    saved["cells"] = {
        "low": {"lower": 0.5, "upper": 1.5, "count": 2.0, "n": 7.0, "inside": 4.5, "precision": 0.0}
    }
    back = lk.Fit.from_dict(saved)
    low, high = (back.parameters[name] for name in ("low", "high"))
    beyond = (high - low) * (0.05 ** (-1.0 / 7.0) - 1.0)
    assert back.intervals()["low"] == pytest.approx((low - beyond, low))
    [note] = [note for note in back.diagnostics.notes if "earlier version" in note]
    assert note.startswith("The interval of low takes the values as exact")
