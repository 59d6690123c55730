"""Tests of hypotheses: against formulas, by simulation, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.distributions import families
from likeliest.errors import DataError, FamilyError, ParameterError
from likeliest.inference.nesting import Nesting
from likeliest.inference.weighted_chi2 import tail_of_weighted_chi2

CASES = [
    (big.name, small, dict(held))
    for big in families.all_families()
    for small, held in big.special_cases.items()
]
SMALL = {
    "exponential": lk.Exponential(0.5), "chi2": lk.Chi2(4.0), "rayleigh": lk.Rayleigh(2.0),
    "gumbel": lk.Gumbel(1.0, 2.0), "poisson": lk.Poisson(4.0), "geometric": lk.Geometric(0.3),
    "normal": lk.Normal(3.0, 2.0), "cauchy": lk.Cauchy(1.0, 2.0), "lomax": lk.Lomax(3.0, 2.0),
    "loglogistic": lk.LogLogistic(3.0, 2.0), "levy": lk.Levy(2.0),
    "weibull": lk.Weibull(1.5, 3.0), "logistic": lk.Logistic(1.0, 2.0),
    "half-normal": lk.HalfNormal(2.0), "lognormal": lk.LogNormal(1.0, 0.5),
    "gumbel of minima": lk.GumbelOfMinima(1.0, 2.0), "laplace": lk.Laplace(1.0, 2.0),
    "log-uniform": lk.LogUniform(2.0, 20.0),
}  # fmt: skip


@pytest.mark.parametrize(("big", "small", "held"), CASES, ids=[f"{b}-{s}" for b, s, _ in CASES])
def test_a_special_case_is_the_family_it_is_said_to_be(
    big: str, small: str, held: dict[str, float]
) -> None:
    x = SMALL[small].sample(500, seed=4)
    one, other = lk.fit(x, small), lk.fit(x, big, fixed=held)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=1e-6)
    test = lk.likelihood_ratio(one, lk.fit(x, big))
    assert test.statistic >= 0.0
    assert 0.0 < test.p_value <= 1.0


def test_ratio_of_a_mean_is_that_of_the_textbook() -> None:
    """With the variance free the ratio is n log(1 + t²/(n − 1))."""
    x = lk.Normal(0.3, 1.0).sample(25, seed=1)
    test = lk.likelihood_ratio(lk.fit(x, "normal", fixed={"mean": 0.0}), lk.fit(x, "normal"))
    t = stats.ttest_1samp(x, 0.0).statistic
    assert test.statistic == pytest.approx(25 * np.log1p(t**2 / 24), rel=1e-12)
    assert test.p_value == pytest.approx(stats.chi2.sf(test.statistic, 1), rel=1e-12)


def test_a_null_on_a_boundary_has_half_of_the_p_value() -> None:
    x = lk.NegativeBinomial(4.0, 0.1).sample(200, seed=1)
    test = lk.likelihood_ratio(lk.fit(x, "poisson"), lk.fit(x, "negative binomial"))
    assert test.p_value == pytest.approx(0.5 * stats.chi2.sf(test.statistic, 1), rel=1e-12)
    assert "boundary" in test.law


def test_a_poisson_lies_on_the_boundary_of_its_zero_inflated_family() -> None:
    x = lk.Poisson(2.0).sample(300, seed=1)
    small, big = lk.fit(x, "poisson"), lk.fit(x, lk.zero_inflated("poisson"))
    test = lk.likelihood_ratio(small, big)
    assert "boundary" in test.law
    assert test.null == "zero-inflated poisson with inflation = 0, which is poisson"
    with pytest.raises(ParameterError, match=r"on its boundary.*\s.*likelihood_ratio"):
        lk.vuong(small, big)


def test_wald_of_several_parameters_is_their_quadratic_form() -> None:
    x = lk.Gamma(2.0, 3.0).sample(80, seed=1)
    fit = lk.fit(x, "gamma")
    away = np.array([fit.parameters["shape"] - 1.5, fit.parameters["scale"] - 4.0])
    expected = away @ np.linalg.inv(fit.covariance) @ away
    test = fit.wald_test({"shape": 1.5, "scale": 4.0})
    assert test.statistic == pytest.approx(expected, rel=1e-9)
    assert test.p_value == pytest.approx(stats.chi2.sf(expected, 2), rel=1e-9)


def test_score_of_an_exponential_within_weibulls_is_that_of_the_formula() -> None:
    """At shape 1 the Weibull has the score n + Σ log z − Σ z log z, z = x over the mean."""
    x = lk.Exponential(0.5).sample(60, seed=2)
    z = x / x.mean()
    shape = 60 + np.log(z).sum() - (z * np.log(z)).sum()
    second = 60 + (z * np.log(z) ** 2).sum()
    # By shape and log scale, whose score is 0: second derivatives at the exponential fit.
    cross = -(60 - z.sum() - (z * np.log(z)).sum())
    information = second - cross**2 / 60
    test = lk.score_test(lk.fit(x, "exponential"), "weibull")
    assert test.statistic == pytest.approx(shape**2 / information, rel=1e-9)


@pytest.mark.parametrize("weights", [(2.0, 1.0, 0.3), (1.0, 1e-4), (1e5, 1e4, 1.0)])
def test_tails_of_pairs_of_weighted_chi2_are_sums_of_exponentials(
    weights: tuple[float, ...],
) -> None:
    """Two χ² of one weight are an exponential, and P(Σ > x) = Σ Πₖ wⱼ/(wⱼ − wₖ) exp(−x/2wⱼ)."""
    w = np.array(weights)
    share = np.array([np.prod([one / (one - k) for k in w if k != one]) for one in w])
    for x in np.array([1e-3, 0.1, 1.0, 1.9, 2.1, 5.0, 30.0, 300.0]) * w.max():
        expected = np.sum(share * np.exp(-0.5 * x / w))
        assert tail_of_weighted_chi2(x, np.repeat(w, 2)) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("k", [1, 2, 5, 40])
def test_tails_of_equal_weights_are_those_of_chi2(k: int) -> None:
    for x in np.array([1e-4, 0.3, 0.99, 1.01, 1.5, 4.0, 40.0]) * k:
        of_two = tail_of_weighted_chi2(2.0 * x, np.full(k, 2.0))
        assert of_two == pytest.approx(stats.chi2.sf(x, k), rel=1e-10)
    assert tail_of_weighted_chi2(0.0, np.ones(k)) == 1.0
    assert tail_of_weighted_chi2(1.0, np.zeros(k)) == 0.0


def test_vuong_is_the_mean_over_its_error() -> None:
    x = lk.Gamma(2.0, 1.0).sample(300, seed=1)
    a, b = lk.fit(x, "gamma"), lk.fit(x, "lognormal")
    d = a.distribution.log_prob(x) - b.distribution.log_prob(x)
    test = lk.vuong(a, b)
    assert test.statistic == pytest.approx(np.sqrt(300) * d.mean() / d.std(), rel=1e-9)
    assert test.effect == pytest.approx(d.mean(), rel=1e-9)
    assert lk.vuong(b, a).statistic == pytest.approx(-test.statistic, rel=1e-9)
    c = lk.vuong(a, lk.fit(x, "rayleigh"), correction="bic")
    d = a.distribution.log_prob(x) - lk.fit(x, "rayleigh").distribution.log_prob(x)
    expected = (d.sum() - 0.5 * np.log(300)) / (np.sqrt(300) * d.std())
    assert c.statistic == pytest.approx(expected, rel=1e-9)


def test_vuong_takes_weights_as_repetition() -> None:
    x, w = np.array([1.0, 2.0, 3.5, 0.4, 7.0]), np.array([3.0, 1.0, 2.0, 4.0, 1.0])
    long = np.repeat(x, w.astype(int))
    weighed = lk.vuong(lk.fit(x, "gamma", weights=w), lk.fit(x, "lognormal", weights=w))
    repeated = lk.vuong(lk.fit(long, "gamma"), lk.fit(long, "lognormal"))
    assert weighed.statistic == pytest.approx(repeated.statistic, rel=1e-7)
    assert weighed.notes == repeated.notes


def test_vuong_of_fits_that_are_one_law_says_so() -> None:
    x = lk.Exponential(1.0).sample(60, seed=2)  # both families hold it
    test = lk.vuong(lk.fit(x, "gamma"), lk.fit(x, "weibull"))
    assert "cannot be told apart" in test.notes[0]


@pytest.mark.parametrize("method", ["asymptotic", "bootstrap"])
def test_size_of_the_ratio(method: str) -> None:
    """Under the null hypothesis a p-value is below 5 % in about 5 % of samples."""
    runs, rejected = (400, 0) if method == "asymptotic" else (60, 0)
    for seed in range(runs):
        x = lk.Exponential(1.0).sample(100, seed=seed)
        one, other = lk.fit(x, "exponential"), lk.fit(x, "gamma")
        test = lk.likelihood_ratio(one, other, method, draws=99, seed=seed)  # type: ignore[arg-type]
        rejected += test.p_value <= 0.05
    assert stats.binomtest(int(rejected), runs, 0.05).pvalue > 0.01


def test_bootstrap_of_censored_rows_agrees_with_the_law() -> None:
    rng = np.random.default_rng(0)
    x, limit = lk.Weibull(1.3, 2.0).sample(300, seed=1), rng.uniform(0.5, 4.0, 300)
    seen = lk.observe(np.minimum(x, limit), event=x <= limit)
    small, big = lk.fit(seen, "exponential"), lk.fit(seen, "weibull")
    law = lk.likelihood_ratio(small, big)
    drawn = lk.likelihood_ratio(small, big, "bootstrap", draws=199, seed=1)
    assert law.p_value < 0.01
    assert drawn.p_value <= 0.02
    assert "random" in drawn.notes[0]


def test_families_made_alike_are_nested_as_their_parts() -> None:
    x = lk.Poisson(2.0).sample(200, seed=1)
    small, big = (lk.fit(x, lk.zero_inflated(name)) for name in ("poisson", "negative binomial"))
    assert lk.likelihood_ratio(small, big).null.endswith(
        "negative binomial with dispersion = 0, which is zero-inflated poisson"
    )
    with pytest.raises(ParameterError, match="inflation and dispersion lie on boundaries"):
        lk.likelihood_ratio(lk.fit(x, "poisson"), big, "asymptotic")
    waits = lk.Exponential(1.0).sample(100, seed=1)
    seen = waits[waits > 0.1]
    one, other = (lk.fit(seen, lk.truncated(name, 0.1)) for name in ("exponential", "gamma"))
    assert "shape = 1" in lk.likelihood_ratio(one, other).null
    elsewhere = lk.fit(seen, lk.truncated("gamma", 0.05))
    with pytest.raises(ParameterError, match="not known to be a special case"):
        lk.likelihood_ratio(one, elsewhere)


def test_counts_lie_within_their_hurdle_family() -> None:
    x = lk.Poisson(2.0).sample(300, seed=1)
    small, big = lk.fit(x, "poisson"), lk.fit(x, lk.hurdle("poisson"))
    test = lk.likelihood_ratio(small, big)
    assert test.null.startswith("hurdle poisson with the share of zeros that the family itself has")
    assert test.p_value == pytest.approx(stats.chi2.sf(test.statistic, 1), rel=1e-12)
    with pytest.raises(ParameterError, match=r"lies within hurdle poisson"):
        lk.vuong(small, big)


def test_a_frechet_is_a_gev_whose_support_begins_at_0() -> None:
    x = lk.Frechet(2.0, 10.0).sample(200, seed=1)
    small, big = lk.fit(x, "frechet"), lk.fit(x, "gev")
    shape, scale = small.parameters.values()
    same = lk.GEV(1.0 / shape, scale, scale / shape)
    assert same.log_likelihood(x) == pytest.approx(small.log_likelihood, rel=1e-12)
    test = lk.likelihood_ratio(small, big)
    assert test.null == "gev with a support that begins at 0, which is frechet"
    assert test.statistic == pytest.approx(2.0 * (big.log_likelihood - small.log_likelihood))
    assert test.p_value == pytest.approx(float(stats.chi2(1).sf(test.statistic)))
    with pytest.raises(ParameterError, match="frechet lies within gev"):
        lk.vuong(big, small)


def test_vuong_of_one_law_by_two_names_is_refused() -> None:
    x = lk.Lomax(3.0, 2.0).sample(200, seed=1)
    with pytest.raises(DataError, match="cannot be told apart"):
        lk.vuong(lk.fit(x, "lomax"), lk.fit(x, "generalized pareto"))


def test_vuong_beside_corners_leaves_the_variance_untested() -> None:
    x = lk.StudentT(3.0, 0.0, 1.0).sample(200, seed=1)
    a, b = lk.fit(x, "laplace"), lk.fit(x, "normal")
    test = lk.vuong(a, b)
    d = a.distribution.log_prob(x) - b.distribution.log_prob(x)
    assert test.statistic == pytest.approx(np.sqrt(200) * d.mean() / d.std(), rel=1e-9)
    assert test.notes == (
        "Whether the difference varies at all was not tested: the likelihood of laplace has "
        "corners.",
    )


def test_of_loaded_fits_it_is_said_that_their_data_may_differ() -> None:
    x = lk.Gamma(2.0, 1.0).sample(50, seed=1)
    loaded = [lk.Fit.from_dict(lk.fit(x, f).to_dict()) for f in ("exponential", "gamma")]
    assert "is not known" in lk.likelihood_ratio(*loaded).notes[0]
    assert not lk.likelihood_ratio(loaded[0], lk.fit(x, "gamma")).notes


def test_errors() -> None:
    x, y = lk.Gamma(2.0, 1.0).sample(50, seed=1), lk.Gamma(2.0, 1.0).sample(50, seed=2)
    gamma, exponential = lk.fit(x, "gamma"), lk.fit(x, "exponential")
    with pytest.raises(ParameterError, match="not known to be a special case of lognormal"):
        lk.likelihood_ratio(exponential, lk.fit(x, "lognormal"))
    with pytest.raises(ParameterError, match="nothing to test"):
        lk.likelihood_ratio(gamma, gamma)
    with pytest.raises(DataError, match="not of the same data"):
        lk.likelihood_ratio(exponential, lk.fit(y, "gamma"))
    with pytest.raises(DataError, match="densities"):
        lk.likelihood_ratio(exponential, lk.fit(np.round(x, 1), "gamma", rounding=0.1))
    with pytest.raises(ParameterError, match="lies within gamma"):
        lk.vuong(gamma, exponential)
    with pytest.raises(ParameterError, match="nothing to tell apart"):
        lk.vuong(gamma, lk.fit(x, "gamma"))
    with pytest.raises(ParameterError, match="method must be"):
        lk.likelihood_ratio(exponential, gamma, "exact")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="'rate' is no parameter"):
        gamma.wald_test({"rate": 1.0})
    with pytest.raises(ParameterError, match="names parameters"):
        gamma.wald_test({})
    with pytest.raises(FamilyError, match="boundary"):
        lk.score_test(lk.fit([1, 2, 3, 0, 4], "poisson"), "negative binomial")
    with pytest.raises(ParameterError, match="No parameter of this fit was fixed"):
        lk.score_test(gamma, "gamma")
    other = lk.Fit.from_dict(lk.fit(y, "gamma").to_dict())
    with pytest.raises(DataError, match="not of the same data"):
        lk.likelihood_ratio(exponential, other)
    with pytest.raises(ParameterError, match=r"a whole number; got 2\.5"):
        lk.likelihood_ratio(exponential, gamma, "bootstrap", draws=2.5)  # type: ignore[arg-type]
    loaded = lk.Fit.from_dict(gamma.to_dict())
    assert lk.likelihood_ratio(exponential, loaded).statistic > 0.0
    with pytest.raises(DataError, match="attach"):
        lk.vuong(loaded, lk.fit(x, "lognormal"))
    with pytest.raises(ParameterError, match=r"got Fits\. Fits of groups are tested one by one"):
        lk.likelihood_ratio(lk.fit(x, "exponential", by=np.arange(50) % 2), gamma)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="inside the range of shape"):
        gamma.wald_test({"shape": -2.0})
    with pytest.raises(ParameterError, match="got 'two'"):
        gamma.wald_test({"shape": "two"})  # type: ignore[dict-item]
    with pytest.raises(ParameterError, match="seed must be a whole number"):
        lk.likelihood_ratio(exponential, gamma, "bootstrap", seed=-1)


def test_a_mixture_holds_those_with_fewer_components():
    two_rates = lk.mixture("poisson", 2)
    x = two_rates(0.5, 2.0, 12.0).sample(60, seed=1)
    one, two = lk.fit(x, "poisson"), lk.fit(x, two_rates)
    nesting = Nesting.of(one, two)
    assert (nesting.df, nesting.null) == (
        2,
        "mixture(poisson, 2) with fewer components, which is poisson",
    )
    with pytest.raises(ParameterError, match="component without weight"):
        lk.likelihood_ratio(one, two, "asymptotic")
    with pytest.raises(ParameterError, match=r"Use lk\.likelihood_ratio"):
        lk.vuong(one, two)
    with pytest.raises(ParameterError, match="not known to be a special case"):
        lk.likelihood_ratio(lk.fit(x, "geometric"), two)
    assert len(two.maxima(10)) == 1  # components in another order are the same maximum
    x = lk.Poisson(3.0).sample(60, seed=2)  # near to one component, as its samples are
    test = lk.likelihood_ratio(lk.fit(x, "poisson"), lk.fit(x, two_rates), draws=19)
    assert "has no maximum of its own" in test.notes[0]
    assert 20 * test.p_value == pytest.approx(round(20 * test.p_value))  # every sample counts
