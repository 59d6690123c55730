"""Maximum product of spacings and L-moments against formulas and a maximum sought here."""

import numpy as np
import pytest
from scipy import optimize, special, stats

import likeliest as lk
from likeliest.fitting.estimators.l_moments import _spread, l_moments, sample_l_moments

X = lk.Weibull(1.5, 3.0).sample(200, seed=1) + 5.0


def test_spacings_are_as_even_as_they_can_be():
    def spacings(p):
        law = stats.weibull_min(np.exp(p[1]), X.min() - np.exp(p[0]), np.exp(p[2]))
        inner = np.concatenate([[0.0], law.cdf(np.sort(X)), [1.0]])
        return -np.sum(np.log(np.diff(inner)))

    best = optimize.minimize(spacings, [-3.0, 0.4, 1.1], method="Nelder-Mead", tol=1e-12)
    gap, shape, scale = np.exp(best.x)
    fit = lk.fit(X, "shifted weibull", method="spacings")
    expected = {"shift": X.min() - gap, "shape": shape, "scale": scale}
    assert fit.parameters == pytest.approx(expected, rel=1e-5)
    assert fit.log_likelihood == pytest.approx(fit.distribution.log_likelihood(X), rel=1e-12)
    assert fit.log_likelihood < lk.fit(X, "shifted weibull").log_likelihood


def test_of_a_uniform_the_spacings_have_a_formula():
    fit = lk.fit(X, "uniform", method="spacings")
    beyond = (X.max() - X.min()) / (X.size - 1)
    assert fit.parameters["low"] == pytest.approx(X.min() - beyond, rel=1e-6)
    assert fit.parameters["high"] == pytest.approx(X.max() + beyond, rel=1e-6)


def by_formula(name, l1, l2):
    """Return the estimates of families whose L-moments have a closed form: Hosking (1990)."""
    if name == "normal":
        return {"mean": l1, "std": np.sqrt(np.pi) * l2}
    if name == "gumbel":
        return {"loc": l1 - np.euler_gamma * l2 / np.log(2.0), "scale": l2 / np.log(2.0)}
    if name == "logistic":
        return {"loc": l1, "scale": l2}
    shape = 2.0 - l1 / l2  # generalized pareto
    return {"shape": shape, "scale": l1 * (1.0 - shape)}


@pytest.mark.parametrize("name", ["normal", "gumbel", "logistic", "generalized pareto"])
def test_l_moments_have_a_formula(name):
    n, x = X.size, np.sort(X - 5.0)
    l1, l2 = x.mean(), 2.0 * np.sum(np.arange(n) * x) / (n * (n - 1)) - x.mean()
    fit = lk.fit(X - 5.0, name, method="l-moments")
    assert fit.parameters == pytest.approx(by_formula(name, l1, l2), rel=1e-7)
    if name == "normal":
        assert fit.standard_errors["mean"] == pytest.approx(x.std(ddof=1) / np.sqrt(n), rel=1e-6)


def test_three_parameters_meet_three_l_moments():
    fit = lk.fit(X, "gev", method="l-moments")
    shape, loc, scale = fit.parameters.values()
    gamma = special.gamma(1.0 - shape)
    l1, l2 = loc + scale * (gamma - 1.0) / shape, scale * gamma * (2.0**shape - 1.0) / shape
    skew = 2.0 * (3.0**shape - 1.0) / (2.0**shape - 1.0) - 3.0
    assert sample_l_moments(np.sort(X), 3) == pytest.approx([l1, l2, l2 * skew], rel=1e-8)
    assert l_moments(fit.distribution, 3)[0] == pytest.approx([l1, l2, l2 * skew], rel=1e-8)


def test_the_jackknife_leaves_out_one_value_after_the_other():
    x = np.sort(X[:30])
    left = np.array([sample_l_moments(np.delete(x, i), 3) for i in range(30)])
    expected = 29.0 / 30.0 * np.cov(left.T, bias=True) * 30.0
    assert _spread(x, 3) == pytest.approx(expected, rel=1e-9)


def test_what_rests_on_the_likelihood_is_refused(tmp_path):
    fit = lk.fit(X, "shifted weibull", method="spacings")
    for call in (
        lambda: fit.intervals(method="profile"),
        lambda: fit.bootstrap(9),
        lambda: lk.likelihood_ratio(lk.fit(X, "weibull"), fit),
    ):
        with pytest.raises(lk.errors.DataError, match="estimated by spacings"):
            call()
    assert fit.misfit is None
    assert fit.residuals().size == X.size
    fit.save(tmp_path / "fit.json")
    assert lk.Fit.load(tmp_path / "fit.json").method == "spacings"


@pytest.mark.parametrize("method", ["spacings", "l-moments"])
@pytest.mark.parametrize(
    ("name", "options"),
    [("poisson", {}), ("weibull", {"event": X > 6.0}), ("weibull", {"weights": X})],
)
def test_only_plain_values_of_a_density(method, name, options):
    with pytest.raises(lk.errors.DataError, match="takes exact values without weights"):
        lk.fit(np.round(X), name, method=method, **options)


def test_a_method_is_one_of_three():
    with pytest.raises(lk.errors.ParameterError, match="likelihood, spacings, l-moments"):
        lk.fit(X, "weibull", method="moments")
    with pytest.raises(lk.errors.ParameterError, match="Groups are fitted by likelihood"):
        lk.fit(X, "weibull", method="spacings", by=np.arange(200) % 2)


def test_values_beyond_the_support_of_an_estimate_are_told():
    fit = lk.fit(X, "shifted weibull", method="l-moments")
    assert fit.log_likelihood == -np.inf
    assert "L-moments do not see" in " ".join(fit.diagnostics.notes)
