"""Delta intervals of functions against formulas by hand."""

import json

import mpmath
import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit, ndtri

import likeliest as lk
from likeliest.errors import FamilyError, ParameterError

Z = ndtri(0.975)
NORMAL = lk.Normal(50.0, 2.5).sample(40, seed=1)
WAITS = lk.Exponential(0.2).sample(30, seed=2)
LIVES = lk.Weibull(1.7, 4.0).sample(60, seed=3)


def test_a_quantile_of_the_normal():
    fit = lk.fit(NORMAL, "normal")
    std, z = fit.distribution.std, ndtri(0.99)
    error = std * np.sqrt((1.0 + z * z / 2.0) / NORMAL.size)
    found = fit.quantile(0.99)
    assert found.standard_error == pytest.approx(error, rel=1e-10)
    assert found.interval() == pytest.approx((found.value - Z * error, found.value + Z * error))
    assert found.scale == "identity"


def test_an_exponential_by_hand():
    fit, n = lk.fit(WAITS, "exponential"), WAITS.size
    mean = WAITS.mean()
    found = fit.mean()
    assert found.standard_error == pytest.approx(mean / np.sqrt(n), rel=1e-10)
    factor = np.exp(Z / np.sqrt(n))  # on the log scale
    assert found.interval() == pytest.approx((mean / factor, mean * factor), rel=1e-10)
    survival = fit.survival(3.0)
    s = np.exp(-3.0 / mean)
    error = s * 3.0 / mean / np.sqrt(n)
    assert survival.standard_error == pytest.approx(error, rel=1e-10)
    width = Z * error / (s * (1 - s))
    assert survival.interval() == pytest.approx(
        (expit(logit(s) - width), expit(logit(s) + width)), rel=1e-10
    )
    assert fit.hazard(3.0).value == pytest.approx(1 / mean)
    assert fit.hazard(3.0).interval() == pytest.approx((1 / mean / factor, factor / mean))


def test_parameters_as_functions_have_their_own_intervals():
    fit = lk.fit(LIVES, "weibull")
    for name, pair in fit.intervals().items():
        found = fit.estimate(lambda d, name=name: getattr(d, name), scale="log")
        assert found.interval() == pytest.approx(pair, rel=1e-9)
        assert found.standard_error == pytest.approx(fit.standard_errors[name], rel=1e-9)


def test_the_scale_is_that_of_the_functions_range():
    fit = lk.fit(NORMAL, "normal")
    assert fit.estimate(lambda d: d.mean).scale == "identity"
    assert fit.estimate(lambda d: d.std).scale == "log"
    assert fit.estimate(lambda d: d.cdf(51.0)).scale == "logit"


def test_functions_that_take_one_distribution_at_a_time():
    fit = lk.fit(LIVES, "weibull")
    together = fit.estimate(lambda d: d.quantile(0.9))
    apart = fit.estimate(lambda d: float(d.quantile(0.9)))
    assert apart.interval() == pytest.approx(together.interval(), rel=1e-12)


def test_a_band_is_each_value_by_itself():
    fit, grid = lk.fit(LIVES, "weibull"), np.linspace(0.01, 0.99, 60)
    low, high = fit.quantile(grid).interval(0.9)
    assert low.shape == high.shape == grid.shape
    for i in (0, 31, 59):
        assert (low[i], high[i]) == pytest.approx(fit.quantile(grid[i]).interval(0.9), rel=1e-12)
    table = str(fit.quantile(grid).table())
    assert "40 more" in table


def test_lives_and_return_levels_are_quantiles():
    fit = lk.fit(LIVES, "weibull")
    assert fit.b_life(10).interval() == fit.quantile(0.1).interval()
    assert fit.return_level(100.0).value == pytest.approx(fit.quantile(0.99).value)
    assert fit.return_level(10.0, rate=20.0).value == pytest.approx(fit.quantile(0.995).value)


@pytest.mark.parametrize("p", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("name", ["weibull", "lognormal", "gamma"])
def test_tail_value_at_risk(name, p):
    member = lk.fit(LIVES, name).distribution
    found = lk.fit(LIVES, name).tail_value_at_risk(p).value
    start = float(member.quantile(p))
    scale = {
        "weibull": lambda: stats.weibull_min(member.shape, scale=member.scale),
        "lognormal": lambda: stats.lognorm(member.log_std, scale=np.exp(member.log_mean)),
        "gamma": lambda: stats.gamma(member.shape, scale=member.scale),
    }[name]()
    beyond = mpmath.quad(lambda x: float(scale.sf(float(x))), [start, start + 5, start + 30, 500])
    assert found == pytest.approx(start + float(beyond) / (1 - p), rel=1e-7)


def test_a_probability_beyond_the_support_is_certain():
    low, high = lk.fit(LIVES, "weibull").survival([-1.0, 3.0]).interval()
    assert (low[0], high[0]) == (1.0, 1.0)
    assert low[1] < high[1]


def test_a_saved_fit_gives_the_same(tmp_path):
    fit = lk.fit(LIVES, "weibull")
    fit.save(tmp_path / "fit.json")
    back = lk.Fit.load(tmp_path / "fit.json")
    assert back.quantile(0.99).interval() == fit.quantile(0.99).interval()
    json.loads((tmp_path / "fit.json").read_text())


def test_what_is_fixed_is_held():
    fit = lk.fit(NORMAL, "normal", fixed={"mean": 50.0})
    error = fit.standard_errors["std"]
    assert fit.quantile(0.9).standard_error == pytest.approx(ndtri(0.9) * error, rel=1e-9)


def test_what_cannot_be_used_is_named():
    fit = lk.fit(NORMAL, "normal")
    with pytest.raises(ParameterError, match="needs a function of a distribution"):
        fit.estimate(3.0)
    with pytest.raises(ParameterError, match="gives no number"):
        fit.estimate(lambda d: d.parameters)
    with pytest.raises(ParameterError, match="The function is nan for the estimate"):
        fit.estimate(lambda d: np.sqrt(-d.std))
    with pytest.raises(ParameterError, match="method must be one of delta"):
        fit.estimate(lambda d: d.mean, method="wald")
    with pytest.raises(ParameterError, match="level must be a number between 0 and 1"):
        fit.mean().interval(1.0)
    with pytest.raises(ParameterError, match="scale must be"):
        fit.estimate(lambda d: -d.mean, scale="log")
    with pytest.raises(ParameterError, match="does not move with the parameters"):
        lk.fit([3, 4, 4, 7, 2], "poisson").quantile(0.5)
    with pytest.raises(ParameterError, match="more than one value"):
        fit.return_level(1.0)
    with pytest.raises(ParameterError, match="p must lie between"):
        fit.tail_value_at_risk(1.0)
    with pytest.raises(FamilyError, match="ends of the support"):
        lk.fit(NORMAL, "uniform").quantile(0.9)
