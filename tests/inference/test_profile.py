"""Profile intervals: each end has the deviance of its level, and agrees with exact formulas."""

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk
from likeliest.errors import DataError, FamilyError, ParameterError
from members import HUMPED, ORDINARY, enough

Q = stats.chi2(1).ppf(0.95)
SMOOTH = [m for family, m in ORDINARY.items() if not family.non_smooth and family not in HUMPED]


def deviance(fit, name, value):
    """Twice the log likelihood lost with a parameter at a value, by a fit of the others."""
    held = {**fit.fixed, name: value}
    if len(held) == len(fit.parameters):
        return 2 * (
            fit.log_likelihood - type(fit.distribution)(**held).log_likelihood(fit.observations)
        )
    other = lk.fit(fit.observations, type(fit.distribution), fixed=held)
    return 2 * (fit.log_likelihood - other.log_likelihood)


@pytest.mark.parametrize("n", [10, 100])
@pytest.mark.parametrize("member", SMOOTH, ids=lambda m: m.name)
def test_each_end_has_the_deviance_of_its_level(member, n):
    fit = lk.fit(member.sample(enough(type(member), n), seed=n), type(member))
    for name, sure in fit.uncertainty_by("profile").items():
        for end in sure.ends():
            if end.is_limit:
                constraint = member.constraints[name]
                assert end.value in {constraint.low, constraint.high}
                assert end.deviance < Q
                continue
            assert end.deviance == pytest.approx(Q, abs=1e-6)
            assert deviance(fit, name, end.value) == pytest.approx(Q, abs=2e-6)


def test_ends_take_few_evaluations():
    counts = []
    for member in SMOOTH:
        for n in (20, 100, 1000):
            fit = lk.fit(member.sample(enough(type(member), n), seed=n + 1), type(member))
            if not fit.found.bounds:
                made = fit.uncertainty_by("profile").values()
                counts += [end.evaluations for sure in made for end in sure.ends()]
    assert len(counts) > 100
    assert np.median(counts) <= 8
    assert max(counts) <= 30


def test_the_mean_of_a_normal_by_formula():
    x = lk.Normal(3.0, 2.0).sample(25, seed=5)
    n, width = x.size, np.sqrt(np.expm1(Q / x.size)) * x.std()
    fit = lk.fit(x, "normal")
    expected = (x.mean() - width, x.mean() + width)
    assert fit.intervals(method="profile")["mean"] == pytest.approx(expected, rel=1e-9)

    def lost(std):
        return 2 * n * (np.log(std / x.std()) + (x.var() / std**2 - 1) / 2) - Q

    ends = [optimize.brentq(lost, *pair) for pair in ((0.5, x.std()), (x.std(), 9.0))]
    assert fit.intervals(method="profile")["std"] == pytest.approx(ends, rel=1e-9)


def test_the_rate_of_an_exponential_by_formula():
    x = lk.Exponential(0.2).sample(12, seed=5)

    def lost(ratio):
        return 2 * x.size * (ratio - 1 - np.log(ratio)) - Q

    ends = [optimize.brentq(lost, *pair) / x.mean() for pair in ((0.1, 1.0), (1.0, 9.0))]
    fit = lk.fit(x, "exponential")
    assert fit.intervals(method="profile")["rate"] == pytest.approx(ends, rel=1e-9)
    # Close to the exact interval by chi-squared, which the deviance only approximates.
    exact = stats.chi2(2 * x.size).ppf([0.025, 0.975]) / (2 * x.sum())
    assert fit.intervals(method="profile")["rate"] == pytest.approx(exact, rel=0.04)
    # A quantile is a function of the rate alone.
    assert fit.quantile(0.9, method="profile").interval() == pytest.approx(
        -np.log(0.1) / np.array(ends[::-1]), rel=1e-8
    )


def test_proportions_against_the_roots_of_the_deviance():
    fit = lk.fit([1] * 7 + [0] * 13, "bernoulli")
    k, n = 7, 20

    def lost(p):
        return 2 * (k * np.log(k / n / p) + (n - k) * np.log((1 - k / n) / (1 - p))) - Q

    ends = [optimize.brentq(lost, *pair) for pair in ((0.01, k / n), (k / n, 0.99))]
    assert fit.intervals(method="profile")["prob"] == pytest.approx(ends, rel=1e-9)


def test_corners_and_bounds():
    laplace = lk.fit(lk.Laplace(5.0, 2.0).sample(40, seed=3), "laplace")
    for name, (low, high) in laplace.intervals(method="profile").items():
        assert deviance(laplace, name, low) == pytest.approx(Q, abs=1e-5)
        assert deviance(laplace, name, high) == pytest.approx(Q, abs=1e-5)
    light = lk.fit(np.linspace(-1.0, 1.0, 41), "t")
    assert light.distribution.df == np.inf
    low, high = light.uncertainty_by("profile")["df"].ends()
    assert high.is_limit
    assert high.value == np.inf
    assert deviance(light, "df", low.value) == pytest.approx(Q, abs=1e-5)
    # With df free the scale reaches down to where a smaller df makes it as likely.
    scale = light.intervals(method="profile")["scale"]
    assert deviance(light, "scale", scale[0]) == pytest.approx(Q, abs=1e-5)


def test_ends_of_the_support_keep_their_own_law():
    fit = lk.fit([1.0, 3.0, 4.0], "uniform")
    assert fit.intervals(method="profile") == fit.intervals()
    pareto = lk.fit([1.0, 2.0, 9.0, 1.2], "pareto")
    assert pareto.intervals(method="profile")["scale"] == pareto.intervals()["scale"]


@pytest.mark.parametrize("level", [0.5, 0.99])
def test_extremes_of_a_function_are_extremes(level):
    x = lk.Weibull(1.7, 4.0).sample(30, seed=3)
    fit, q = lk.fit(x, "weibull"), stats.chi2(1).ppf(level)
    low, high = fit.quantile(0.99, method="profile").interval(level)
    assert fit.quantile(0.99, method="profile").method == "profile"

    def profile(quantile):
        """The greatest log likelihood with the 0.99 quantile held, by a search."""

        def nll(log_shape):
            shape = np.exp(log_shape)
            scale = quantile / (-np.log(0.01)) ** (1 / shape)
            return -lk.Weibull(shape, scale).log_likelihood(x)

        return -optimize.minimize_scalar(nll, bounds=(-3.0, 3.0), options={"xatol": 1e-9}).fun

    for end in (low, high):
        assert 2 * (fit.log_likelihood - profile(end)) == pytest.approx(q, abs=1e-5)


def test_a_band_by_profile_is_each_value_by_itself():
    fit = lk.fit(lk.Gamma(3.0, 2.0).sample(50, seed=1), "gamma")
    grid = np.array([0.1, 0.5, 0.99])
    low, high = fit.quantile(grid, method="profile").interval()
    for i, q in enumerate(grid):
        alone = fit.quantile(q, method="profile").interval()
        assert (low[i], high[i]) == pytest.approx(alone, rel=1e-7)


def test_a_parameter_as_a_function_has_its_profile():
    fit = lk.fit(lk.StudentT(4.0, 5.0, 2.0).sample(100, seed=1), "t")
    for name, pair in fit.intervals(method="profile").items():
        found = fit.estimate(lambda d, name=name: getattr(d, name), method="profile")
        assert found.interval() == pytest.approx(pair, rel=1e-6)


def test_a_quantile_whose_rate_may_be_0():
    """Of one parameter the ends are the quantile at that one's; at rate 0 the law is uniform."""
    family = lk.truncated("exponential", upper=2.0)
    fit = lk.fit(family(0.05).sample(30, seed=[2, 30]), family)
    low, high = fit.intervals(method="profile")["rate"]
    assert low == 0.0
    for q in (0.01, 0.99):
        ends = fit.quantile(q, method="profile").interval()
        assert ends == pytest.approx((float(family(high).quantile(q)), 2.0 * q), rel=1e-9)


def test_contours_have_the_deviance_of_two():
    q2 = stats.chi2(2).ppf(0.95)
    fit = lk.fit(lk.Weibull(1.7, 4.0).sample(30, seed=1), "weibull")
    ring = fit.contour("shape", "scale", points=16)
    assert ring.shape == (16, 2)
    for shape, scale in ring:
        there = lk.Weibull(shape, scale).log_likelihood(fit.observations)
        assert 2 * (fit.log_likelihood - there) == pytest.approx(q2, abs=1e-6)
    t = lk.fit(lk.StudentT(4.0, 5.0, 2.0).sample(100, seed=1), "t")
    for df, scale in t.contour("df", "scale", level=0.5, points=8):
        other = lk.fit(t.observations, "t", fixed={"df": df, "scale": scale})
        lost = 2 * (t.log_likelihood - other.log_likelihood)
        assert lost == pytest.approx(stats.chi2(2).ppf(0.5), abs=1e-6)


def test_censored_rows_and_values_far_from_0():
    times = lk.Weibull(1.7, 4.0).sample(60, seed=3)
    data = lk.observe(np.minimum(times, 5.0), event=times <= 5.0)
    fit = lk.fit(data, "weibull")
    for name, (low, high) in fit.intervals(method="profile").items():
        assert deviance(fit, name, low) == pytest.approx(Q, abs=1e-5)
        assert deviance(fit, name, high) == pytest.approx(Q, abs=1e-5)
    near = lk.Logistic(0.0, 1.0).sample(50, seed=2)
    low, high = lk.fit(near, "logistic").intervals(method="profile")["loc"]
    far = lk.fit(1e9 + near, "logistic").intervals(method="profile")["loc"]
    assert far == pytest.approx((1e9 + low, 1e9 + high), abs=1e-5, rel=0)


def test_what_cannot_be_had_is_named():
    fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "gamma")
    with pytest.raises(ParameterError, match="method must be one of wald"):
        fit.intervals(method="likelihood")
    with pytest.raises(ParameterError, match="level must be"):
        fit.intervals(0.0, method="profile")
    with pytest.raises(ParameterError, match="two of the parameters shape, scale"):
        fit.contour("shape", "rate")
    back = lk.Fit.from_dict(fit.to_dict())
    for ask in (
        lambda: back.intervals(method="profile"),
        lambda: back.quantile(0.9, method="profile"),
        lambda: back.contour("shape", "scale"),
        back.bootstrap,
        lambda: back.with_errors("sandwich"),
    ):
        with pytest.raises(DataError, match=r"fit\.attach\(data\)"):
            ask()
    with pytest.raises(FamilyError, match="corners"):
        lk.fit([1.0, 2.0, 4.0], "laplace").quantile(0.9, method="profile").interval()
