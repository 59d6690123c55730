"""Every figure of the document that the project grew from."""

import math

import numpy as np
import pytest

import likeliest as lk

DATA = [48.8292, 49.3087, 52.4836, 53.2384, 57.6151]
A, B = lk.Normal(50, 5), lk.Normal(45, 8)
DENSITIES_A = [0.0776, 0.0790, 0.0705, 0.0647, 0.0250]
DENSITIES_B = [0.0445, 0.0431, 0.0322, 0.0293, 0.0144]


def test_probability_of_an_interval():
    assert round(float(lk.Normal(50, 2.5).probability(50, 52.5)), 4) == 0.3413


@pytest.mark.parametrize(
    ("width", "share", "shown"),
    [(1, "68.27", 68), (2, "95.45", 95), (3, "99.73", 99.7)],
)
def test_empirical_rule(width, share, shown):
    within = 100 * float(lk.Normal(50, 2.5).probability(50 - 2.5 * width, 50 + 2.5 * width))
    assert f"{within:.2f}" == share
    assert abs(within - shown) < 0.5
    assert abs(within - 100 * math.erf(width / math.sqrt(2))) < 1e-12


def test_half_of_the_middle_is_the_shaded_interval():
    n = lk.Normal(50, 2.5)
    assert abs(n.probability(47.5, 52.5) - 2 * n.probability(50, 52.5)) < 1e-15


@pytest.mark.parametrize(
    ("candidate", "shown"), [(A, DENSITIES_A), (B, DENSITIES_B)], ids=["A", "B"]
)
def test_densities(candidate, shown):
    assert [round(float(d), 4) for d in candidate.pdf(DATA)] == shown


def test_joint_likelihoods():
    assert f"{A.likelihood(DATA):.6e}" == "7.002975e-07"
    assert f"{B.likelihood(DATA):.6e}" == "2.606803e-08"
    assert A.likelihood(DATA) > B.likelihood(DATA)
    assert abs(math.log(A.likelihood(DATA)) - A.log_likelihood(DATA)) < 1e-13


def test_the_documents_products_are_those_of_the_rounded_densities():
    assert math.prod(DENSITIES_A) == pytest.approx(6.99072501e-07, rel=1e-8)
    assert math.prod(DENSITIES_B) == pytest.approx(2.6056931140799998e-08, rel=1e-9)
    assert abs(A.likelihood(DATA) / math.prod(DENSITIES_A) - 1) > 1e-3


def test_maximum_likelihood_estimate():
    fit = lk.fit(DATA, "normal")
    assert round(fit.parameters["mean"], 3) == 52.295
    assert round(fit.parameters["std"], 3) == 3.167  # the divisor is n
    assert abs(fit.parameters["std"] - np.std(DATA)) < 1e-14
    assert abs(fit.parameters["std"] - np.std(DATA, ddof=1)) > 0.3
    assert fit.log_likelihood > max(A.log_likelihood(DATA), B.log_likelihood(DATA))


def test_sum_of_logs():
    parts = [0.015, 0.05, 0.01]
    total = sum(lk.Bernoulli(p).log_prob(1.0) for p in parts)
    assert f"{total:.2f}" == "-11.80"
    assert abs(total - -11.800607681274414) < 1e-6  # the document computes in float32
    assert math.exp(total) == pytest.approx(7.5e-06, rel=1e-14)


def test_a_product_underflows_where_its_log_does_not():
    x = A.sample(10_000, seed=0)
    assert math.prod(A.pdf(x)) == 0.0 == A.likelihood(x)
    exact = -0.5 * math.fsum(((v - 50) / 5) ** 2 for v in x) - x.size * math.log(
        5 * math.sqrt(2 * math.pi)
    )
    assert abs(A.log_likelihood(x) - exact) < 1e-13 * abs(exact)
    assert A.nll(x) == -A.log_likelihood(x)


def test_score_is_zero_at_the_maximum():
    fit = lk.fit(DATA, "normal")
    for name, terms in fit.distribution.score(DATA).items():
        assert abs(math.fsum(terms)) * fit.standard_errors[name] < 1e-13


def test_one_optimiser_for_likelihood_log_likelihood_and_nll():
    best = lk.fit(DATA, "normal").parameters["mean"]
    means = best + np.arange(-400, 401) * 0.01
    members = [lk.Normal(m, 3.167) for m in means]
    for values in (
        [m.likelihood(DATA) for m in members],
        [m.log_likelihood(DATA) for m in members],
        [-m.nll(DATA) for m in members],
    ):
        assert abs(means[int(np.argmax(values))] - best) < 1e-12


def test_nll_of_a_mass_is_at_least_zero():
    discrete = [lk.Bernoulli(0.3), lk.Poisson(4.0), lk.Geometric(0.3), lk.NegativeBinomial(4, 0.5)]
    for member in discrete:
        x = member.sample(1000, seed=0)
        assert np.all(member.nll(x, reduction="none") >= 0)
    assert lk.Bernoulli(1.0).nll([1.0]) == 0.0


def test_nll_tends_to_infinity_as_the_probability_tends_to_zero():
    p = 10.0 ** -np.arange(0, 301, 50)
    nll = np.array([lk.Bernoulli(v).nll([1.0]) for v in p])
    assert np.all(np.diff(nll) > 0)
    assert nll == pytest.approx(-np.log(p), rel=1e-15, abs=0)
    assert lk.Bernoulli(0.0).nll([1.0]) == np.inf
