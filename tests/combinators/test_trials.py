"""The binomial and the beta-binomial of a known number of trials."""

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy import stats

import likeliest as lk

BOYS = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]  # of 12: Geissler (1889)
WELDON = [185, 1149, 3265, 5475, 6114, 5194, 3067, 1331, 403, 105, 14, 4, 0]  # fives and sixes


def test_weldons_dice():
    fit = lk.fit(np.arange(13), lk.binomial(12), weights=WELDON)
    assert fit.parameters["prob"] == pytest.approx(106_602 / (12 * 26_306), rel=1e-14)
    error = np.sqrt(0.3376986 * 0.6623014 / (12 * 26_306))
    assert fit.standard_errors["prob"] == pytest.approx(error, rel=1e-6)


def test_boys_among_the_first_twelve_children():
    fit = lk.fit(np.arange(13), lk.beta_binomial(12), weights=BOYS)
    published = {"alpha": 34.09558, "beta": 31.5715}  # Lindsey & Altham (1998): of a flat top
    assert fit.parameters == pytest.approx(published, rel=1e-3)
    ours, theirs = (
        np.dot(BOYS, stats.betabinom.logpmf(np.arange(13), 12, *parameters.values()))
        for parameters in (fit.parameters, published)
    )
    assert fit.log_likelihood == pytest.approx(ours, rel=1e-12)
    assert theirs - 1e-9 <= ours <= theirs + 1e-4


@pytest.mark.parametrize("prob", [0.0, 1e-200, 0.3, 0.5, 1.0 - 1e-9, 1.0])
def test_masses_of_the_binomial_are_scipys(prob):
    x, peer = np.arange(8.0), stats.binom(7, prob)
    member = lk.binomial(7)(prob)
    assert member.log_prob(x) == pytest.approx(peer.logpmf(x), rel=1e-12, abs=1e-14)
    assert member.cdf(x) == pytest.approx(peer.cdf(x), rel=1e-12)
    assert member.sf(x) == pytest.approx(peer.sf(x), rel=1e-12)


@pytest.mark.parametrize(("n", "x", "prob"), [(10**6, 3e5, 0.3), (10**12, 5e11, 0.5)])
def test_masses_of_many_trials_keep_their_digits(n, x, prob):
    with mp.workdps(60):
        k, p = mpf(x), mpf(prob)
        choose = mp.loggamma(mpf(n) + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
        truth = choose + k * mp.log(p) + (n - k) * mp.log1p(-p)
        assert abs(mpf(float(lk.binomial(n)(prob).log_prob(x))) - truth) <= 1e-12 * abs(truth)


def test_one_trial_is_a_bernoulli():
    x = [0, 1, 1, 0, 1]
    assert lk.fit(x, lk.binomial(1)).log_likelihood == pytest.approx(
        lk.fit(x, "bernoulli").log_likelihood, rel=1e-14
    )


def test_tails_of_a_beta_binomial_keep_their_digits_by_row_and_by_group():
    member = lk.beta_binomial(200)(0.5, 40.0)
    x = np.array([150.0, 190.0, 199.0])
    for at, log_sf in zip(x, member.log_sf(x), strict=True):
        above = stats.betabinom.logpmf(np.arange(at + 1, 201), 200, 0.5, 40.0)
        assert log_sf == pytest.approx(np.logaddexp.reduce(above), rel=1e-12)
    rows = lk.beta_binomial(200)([0.5, 0.5, 0.5], 40.0)
    assert rows.log_sf(x) == pytest.approx(member.log_sf(x), rel=1e-14)


def test_all_or_nothing_is_a_named_limit():
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="alpha → 0: all values can be 0"):
        lk.fit([0, 0, 0], lk.beta_binomial(5))
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="beta → 0: all values can be 5"):
        lk.fit([5, 5], lk.beta_binomial(5))


@pytest.mark.parametrize("trials", [0, -3, 2.5, True, "many", None, [3]])
def test_trials_are_a_whole_number(trials):
    with pytest.raises(lk.errors.ParameterError, match="number of trials"):
        lk.binomial(trials)


@pytest.mark.parametrize("name", ["binomial", "binom", "beta-binomial", "betabinom"])
def test_without_its_trials_it_is_told_how_to_give_them(name):
    with pytest.raises(lk.errors.FamilyError, match=r"\(20\)"):
        lk.families.find(name)


def test_in_text():
    assert lk.families.find("binomial(20)") is lk.binomial(20)
    assert lk.families.find("Beta binomial(trials=12)") is lk.beta_binomial(12)
