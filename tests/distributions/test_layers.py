"""Limited expected values and layers against formulas and integrals of the tail."""

import numpy as np
import pytest
from scipy import integrate
from scipy.stats import norm

import likeliest as lk
from likeliest.errors import ParameterError


@pytest.mark.parametrize("limit", [1e-3, 1.0, 50.0, 1e6])
def test_of_families_with_a_formula(limit):
    theta, alpha, scale = 5.0, 1.1, 2.0
    exponential = theta * -np.expm1(-limit / theta)
    lomax = scale / (alpha - 1.0) * (1.0 - (scale / (scale + limit)) ** (alpha - 1.0))
    z = (np.log(limit) - 6.0) / 1.2
    lognormal = np.exp(6.72) * norm.cdf(z - 1.2) + limit * norm.sf(z)
    laws = (lk.Exponential(1.0 / theta), lk.Lomax(alpha, scale), lk.LogNormal(6.0, 1.2))
    for law, expected in zip(laws, (exponential, lomax, lognormal), strict=True):
        assert law.limited_expected_value(limit) == pytest.approx(expected, rel=1e-12)
    at = (limit - 3.0) / 2.0
    normal = 3.0 - 2.0 * norm.pdf(at) + (limit - 3.0) * norm.sf(at)
    assert lk.Normal(3.0, 2.0).limited_expected_value(limit) == pytest.approx(normal, rel=1e-12)


def test_layers_far_out_keep_their_digits():
    law = lk.Exponential(0.2)
    expected = 5.0 * np.exp(-20.0) * -np.expm1(-2.0)
    assert law.layer_mean(100.0, limit=10.0) == pytest.approx(expected, rel=1e-12)
    lomax = 2.0 / 0.1 * (2.0 / 1002.0) ** 0.1
    assert lk.Lomax(1.1, 2.0).layer_mean(1e3) == pytest.approx(lomax, rel=1e-10)
    assert lk.Lomax(0.9, 2.0).layer_mean(1e3) == np.inf


@pytest.mark.parametrize(
    "law",
    [
        lk.mixture("normal", 2)(0.3, 0.0, 1.0, 6.0, 1.5), lk.hurdle("gamma")(0.3, 2.0, 3.0),
        lk.spliced("lognormal", at=10.0)(0.05, 0.6, 0.5, 0.5, 7.0), lk.Beta(0.5, 0.5),
    ],
    ids=lambda law: law.name,
)  # fmt: skip
def test_a_layer_is_an_integral_of_the_tail(law):
    low, high = float(law.quantile(0.4)), float(law.quantile(0.97))
    expected, _ = integrate.quad(law.sf, low, high, points=[10.0], epsabs=1e-12, limit=200)
    assert law.layer_mean(low, high - low) == pytest.approx(expected, rel=1e-9)


def test_of_counts_they_are_sums():
    law, x = lk.Poisson(3.0), np.arange(60)
    for limit in (2.0, 2.5, 40.0):
        expected = np.sum(np.minimum(x, limit) * law.pmf(x))
        assert law.limited_expected_value(limit) == pytest.approx(expected, rel=1e-12)
        expected = np.sum(np.clip(x - 1.3, 0.0, limit) * law.pmf(x))
        assert law.layer_mean(1.3, limit) == pytest.approx(expected, rel=1e-12)
    expected = np.sum(np.clip(x - 1.3, 0.0, None) * law.pmf(x))
    assert law.layer_mean(1.3) == pytest.approx(expected, rel=1e-12)


def test_shapes_are_broadcast():
    laws = lk.Gamma([[1.0], [2.0]], 3.0)
    found = laws.limited_expected_value([1.0, 5.0, 9.0])
    assert found.shape == (2, 3)
    assert found[1, 2] == lk.Gamma(2.0, 3.0).limited_expected_value(9.0)
    assert laws.loss_elimination_ratio(np.inf).ravel().tolist() == [1.0, 1.0]


def test_fits_give_intervals():
    x = lk.Exponential(0.2).sample(400, seed=1)
    fit = lk.fit(x, "exponential")
    rate, error = fit.parameters["rate"], fit.standard_errors["rate"]
    slope = 5.0 * np.exp(-5.0 * rate) / rate - -np.expm1(-5.0 * rate) / rate**2
    found = fit.limited_expected_value(5.0)
    assert found.standard_error == pytest.approx(abs(slope) * error, rel=1e-6)
    low, high = fit.layer_mean(5.0, 10.0, method="profile").interval()
    assert low < fit.layer_mean(5.0, 10.0).value < high
    ratio = fit.loss_elimination_ratio(5.0)
    assert ratio.value == pytest.approx(-np.expm1(-5.0 * rate), rel=1e-10)


def test_what_is_no_layer_is_refused():
    with pytest.raises(ParameterError, match="must be above 0"):
        lk.Gamma(2.0, 3.0).layer_mean(1.0, limit=0.0)
    with pytest.raises(ParameterError, match="must be finite"):
        lk.Gamma(2.0, 3.0).layer_mean(-np.inf)
