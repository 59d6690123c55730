"""Zero-inflated and hurdle families against likelihoods written here and maximised by SciPy."""

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk

COUNTS = np.concatenate([np.zeros(37), lk.NegativeBinomial(3.0, 0.6).sample(150, seed=4)])


def zip_nll(p, x):
    zero = p[0] + (1 - p[0]) * np.exp(-p[1])
    rest = np.log1p(-p[0]) + stats.poisson.logpmf(x, p[1])
    return -np.sum(np.where(x == 0, np.log(zero), rest))


def zinb_nll(p, x):
    r = 1 / p[2]
    mass = stats.nbinom.logpmf(x, r, r / (r + p[1]))
    none = stats.nbinom.pmf(0, r, r / (r + p[1]))
    return -np.sum(np.where(x == 0, np.log(p[0] + (1 - p[0]) * none), np.log1p(-p[0]) + mass))


def hurdle_nll(p, x):
    rest = np.log1p(-p[0]) + stats.poisson.logpmf(x, p[1]) - np.log(-np.expm1(-p[1]))
    return -np.sum(np.where(x == 0, np.log(p[0]), rest))


def numerical_errors(function, at):
    """Return standard errors from a Hessian by central differences."""
    k, h = len(at), 1e-4 * np.abs(at)
    hessian = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            e, f = np.eye(k)[i] * h, np.eye(k)[j] * h
            hessian[i, j] = function(at + e + f) - function(at + e - f)
            hessian[i, j] += function(at - e - f) - function(at - e + f)
            hessian[i, j] /= 4 * h[i] * h[j]
    return np.sqrt(np.diag(np.linalg.inv(hessian)))


@pytest.mark.parametrize(
    ("name", "nll", "start"),
    [
        ("zero-inflated poisson", zip_nll, (0.2, 3.0)),
        ("zero-inflated negative binomial", zinb_nll, (0.2, 3.0, 0.5)),
        ("hurdle poisson", hurdle_nll, (0.3, 3.0)),
    ],
)
def test_a_fit_is_the_maximum_of_the_likelihood(name, nll, start):
    fit = lk.fit(COUNTS, name)
    at = np.array(list(fit.parameters.values()))
    bounds = [(1e-6, 0.999)] + [(1e-6, None)] * (len(start) - 1)
    best = optimize.minimize(nll, start, args=(COUNTS,), bounds=bounds, tol=1e-12)
    assert fit.nll == pytest.approx(nll(at, COUNTS), rel=1e-12)
    assert fit.nll <= best.fun + 1e-9
    assert at == pytest.approx(best.x, rel=1e-3)
    errors = numerical_errors(lambda p: nll(p, COUNTS), at)
    assert np.array(list(fit.standard_errors.values())) == pytest.approx(errors, rel=1e-5)


def test_articles_of_biochemists():
    """Counts of articles of 915 biochemists: Long (1997), table 8.1; each count's frequency.

    The maximum of the zero-inflated Poisson solves 2 equations: the mean of the positive counts is
    rate / (1 - exp(-rate)), and as many zeros are expected as were seen.
    """
    number = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 19])
    seen = np.array([275, 246, 178, 84, 67, 27, 17, 12, 1, 2, 1, 1, 2, 1, 1])
    assert seen.sum() == 915
    fit = lk.fit(number, "zip", weights=seen)
    rate = optimize.brentq(
        lambda m: m / -np.expm1(-m) - (number * seen).sum() / seen[1:].sum(), 0.1, 9
    )
    share = (275 / 915 - np.exp(-rate)) / -np.expm1(-rate)
    assert fit.parameters["rate"] == pytest.approx(rate, rel=1e-8)
    assert fit.parameters["inflation"] == pytest.approx(share, rel=1e-7)


def test_a_hurdle_is_two_fits():
    rain = np.concatenate([np.zeros(30), lk.Gamma(2.0, 3.0).sample(70, seed=3)])
    fit, wet = lk.fit(rain, lk.hurdle("gamma")), lk.fit(rain[rain > 0], "gamma")
    assert fit.parameters["zero_share"] == pytest.approx(0.3, rel=1e-12)
    assert fit.parameters["shape"] == pytest.approx(wet.parameters["shape"], rel=1e-8)
    assert fit.standard_errors["scale"] == pytest.approx(wet.standard_errors["scale"], rel=1e-6)
    share = 30 * np.log(0.3) + 70 * np.log(0.7)
    assert fit.log_likelihood == pytest.approx(wet.log_likelihood + share, rel=1e-12)


def test_an_atom_is_in_the_cdf_the_quantile_and_in_bounds():
    member = lk.hurdle("gamma")(0.3, 2.0, 3.0)
    gamma = stats.gamma(2.0, scale=3.0)
    assert member.cdf([-1.0, 0.0, 3.0]) == pytest.approx([0.0, 0.3, 0.3 + 0.7 * gamma.cdf(3.0)])
    assert member.quantile([0.1, 0.3]).tolist() == [0.0, 0.0]
    assert float(member.quantile(0.65)) == pytest.approx(gamma.ppf(0.5), rel=1e-12)
    lower, upper = np.array([-0.5, 0.0, 0.5]), np.array([0.5, 0.5, 1.5])
    within = 0.7 * (gamma.cdf(upper) - gamma.cdf(lower)) + np.array([0.3, 0.0, 0.0])
    assert np.exp(member.log_interval(lower, upper)) == pytest.approx(within, rel=1e-12)


def test_rounded_and_censored_rows_have_their_probabilities():
    gamma, x = stats.gamma, np.round(lk.hurdle("gamma")(0.3, 2.0, 3.0).sample(200, seed=5))
    fit = lk.fit(x, "hurdle gamma", rounding=1.0)

    def nll(p):
        cell = gamma.cdf(x + 0.5, p[1], scale=p[2]) - gamma.cdf(x - 0.5, p[1], scale=p[2])
        return -np.sum(np.log((1 - p[0]) * cell + p[0] * (x == 0)))

    at = np.array(list(fit.parameters.values()))
    assert fit.nll == pytest.approx(nll(at), rel=1e-10)
    best = optimize.minimize(nll, at * 1.1, method="Nelder-Mead", options={"xatol": 1e-8})
    assert fit.nll <= best.fun + 1e-9
    assert np.array(list(fit.standard_errors.values())) == pytest.approx(
        numerical_errors(nll, at), rel=1e-5
    )


def test_too_few_zeros_leave_no_inflation():
    x = np.array([1.0, 1, 2, 1, 0, 1, 1, 2, 1, 1])
    fit = lk.fit(x, "zip")
    assert fit.parameters["inflation"] == 0.0
    assert fit.standard_errors["inflation"] is None
    assert fit.parameters["rate"] == pytest.approx(x.mean(), rel=1e-9)
    assert any("no more zeros than poisson" in note for note in fit.diagnostics.notes)


def test_a_density_with_zeros_has_one_name():
    assert lk.zero_inflated("gamma") is lk.hurdle("gamma")
    assert lk.families.find("zero inflated gamma").name == "hurdle gamma"
    assert lk.families.find("ZIP") is lk.zero_inflated(lk.Poisson)


@pytest.mark.parametrize("name", ["zero-inflated(zip)", "hurdle(hurdle gamma)", "hurdle zip"])
def test_two_shares_of_zeros_are_refused(name):
    with pytest.raises(lk.errors.FamilyError, match="has a share of zeros of its own"):
        lk.families.find(name)


@pytest.mark.parametrize("name", ["zip", "hurdle poisson", "hurdle gamma"])
def test_nothing_but_zeros_has_no_single_maximum(name):
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="all values are 0"):
        lk.fit([0.0, 0.0, 0.0, 0.0], name)


def test_a_way_that_is_not_known_is_one_error():
    saved = {"family": "blurred", "of": {"family": "normal"}, "parameters": {"mean": 1.0}}
    with pytest.raises(lk.errors.FamilyError, match="no way to make a family called 'blurred'"):
        lk.families.from_dict(saved)


def test_groups_are_fitted_each():
    x, by = np.tile(COUNTS, 2), np.repeat(["a", "b"], COUNTS.size)
    fits = lk.fit(x, "zip", by=by)
    alone = lk.fit(COUNTS, "zip")
    assert fits["b"].parameters["rate"] == pytest.approx(alone.parameters["rate"], rel=1e-9)


def test_a_density_is_not_ranked_against_an_atom():
    x = np.concatenate([np.zeros(30), lk.Gamma(2.0, 3.0).sample(70, seed=3)])
    compared = lk.compare(x, ["hurdle gamma", "hurdle weibull", "exponential"])
    assert [fit.family for fit in compared] == ["hurdle gamma", "hurdle weibull"]
    assert "a density at 0 is not ranked" in compared.left_out["exponential"]
    rounded = lk.compare(x, ["hurdle gamma", "exponential"], rounding=0.01)
    assert len(rounded) == 2


def test_information_of_an_atom_beside_a_density_is_refused():
    member = lk.hurdle("gamma")(0.3, 2.0, 3.0)
    with pytest.raises(lk.errors.FamilyError, match="has a probability at 0 and a density"):
        lk.kl_divergence(member, lk.Gamma(2.0, 3.0))
