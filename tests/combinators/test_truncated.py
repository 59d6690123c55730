"""Truncated families are the textbook's, and fit as the core does with entry and exit."""

import pickle

import numpy as np
import pytest
from scipy import stats

import likeliest as lk


@pytest.mark.parametrize(
    ("name", "parameters", "bounds"),
    [
        ("lognormal", (1.0, 0.7), {"lower": 2.0}),
        ("gamma", (2.0, 3.0), {"lower": 1.0, "upper": 12.0}),
        ("normal", (50.0, 2.5), {"upper": 54.0}),
        ("poisson", (2.0,), {"lower": 0}),
        ("negative binomial", (4.0, 0.5), {"lower": 2, "upper": 30}),
    ],
)
def test_a_fit_is_that_with_entry_and_exit(name, parameters, bounds):
    family = lk.truncated(name, **bounds)
    x = family(*parameters).sample(500, seed=1)
    ours = lk.fit(x, family)
    core = lk.fit(x, name, entry=bounds.get("lower"), exit=bounds.get("upper"))
    assert ours.log_likelihood == pytest.approx(core.log_likelihood, rel=1e-12)
    for key, value in core.parameters.items():
        assert ours.parameters[key] == pytest.approx(value, rel=1e-9)
        assert ours.standard_errors[key] == pytest.approx(core.standard_errors[key], rel=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_a_mixture_cut_off_is_fitted_as_the_search_for_mixtures_does(seed):
    mixed = lk.mixture("normal", 2)
    family = lk.truncated(mixed, lower=0.0)
    x = family(0.6, 1.0, 1.0, 5.0, 1.5).sample(300, seed=seed)
    ours, core = lk.fit(x, family), lk.fit(x, mixed, entry=0.0)
    assert ours.log_likelihood == pytest.approx(core.log_likelihood, rel=1e-12)


def test_it_is_scipys_truncated_normal():
    ours = lk.truncated("normal", lower=1.0, upper=3.0)(0.5, 1.2)
    scipy = stats.truncnorm((1.0 - 0.5) / 1.2, (3.0 - 0.5) / 1.2, 0.5, 1.2)
    x = np.array([1.0001, 1.5, 2.2, 2.9999])
    assert ours.log_prob(x) == pytest.approx(scipy.logpdf(x), rel=1e-12)
    assert ours.cdf(x) == pytest.approx(scipy.cdf(x), rel=1e-11)
    assert ours.sf(x) == pytest.approx(scipy.sf(x), rel=1e-11)
    assert ours.quantile([0.01, 0.5, 0.9]) == pytest.approx(scipy.ppf([0.01, 0.5, 0.9]), rel=1e-10)
    assert ours.mean == 0.5  # the parameter: that of the values before any were cut off
    assert float(ours.moments()[0]) == pytest.approx(scipy.mean(), rel=1e-10)
    assert float(ours.var) == pytest.approx(scipy.var(), rel=1e-9)


def test_it_is_scipys_truncated_exponential():
    ours = lk.truncated("exponential", upper=4.0)(0.5)
    scipy = stats.truncexpon(b=2.0, scale=2.0)
    x = np.array([0.0, 0.3, 2.0, 3.9])
    assert ours.log_prob(x) == pytest.approx(scipy.logpdf(x), rel=1e-12)
    assert ours.cdf(x) == pytest.approx(scipy.cdf(x), rel=1e-12)


def test_counts_begin_above_the_bound():
    ours = lk.truncated("poisson", lower=0)(2.0)
    x = np.arange(1, 40)
    expected = stats.poisson.pmf(x, 2.0) / stats.poisson.sf(0, 2.0)
    assert ours.pmf(x) == pytest.approx(expected, rel=1e-12)
    assert float(ours.pmf(0)) == 0.0
    assert float(ours.mean) == pytest.approx(float(np.sum(x * expected)), rel=1e-12)
    assert float(ours.var) == pytest.approx(float(np.sum(x**2 * expected) - ours.mean**2), rel=1e-9)
    assert ours.support.describe() == "x = 1, 2, …"


def test_the_same_arguments_give_the_same_class():
    family = lk.truncated("lognormal", lower=500)
    assert lk.truncated(lk.LogNormal, lower=500.0) is family
    assert lk.families.find("Truncated( log-normal , lower = 5e2 )") is family
    assert pickle.loads(pickle.dumps(family)) is family  # noqa: S301
    member = family(6.0, 0.5)
    assert pickle.loads(pickle.dumps(member)) == member  # noqa: S301
    assert member.to_dict()["of"] == {"family": "lognormal"}
    assert lk.families.from_dict(member.to_dict()) == member


def test_bounds_of_bounds_are_the_narrower():
    inner = lk.truncated("normal", lower=-1.0)
    assert lk.truncated(inner, lower=0.0, upper=3.0) is lk.truncated("normal", 0.0, 3.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("truncated(beta, lower=2)", "leaves nothing: beta has 0 < x < 1"),
        ("truncated(normal, lower=3, upper=1)", "leaves nothing"),
        ("truncated(poisson, lower=1, upper=1.5)", "leaves nothing"),
        ("truncated(normal)", "needs a bound"),
        ("truncated(normal, lower=1", "does not end with the bracket"),
        ("truncated(normal, low=1)", "takes a family, and lower=, upper="),
        ("truncated(laplace, lower=1)", "corners"),
        ("truncated(nrmal, lower=1)", "Did you mean normal"),
    ],
)
def test_what_cannot_be_made_is_said(text, message):
    with pytest.raises(lk.errors.FamilyError, match=message):
        lk.families.find(text)


def test_a_bound_has_to_be_a_number():
    with pytest.raises(lk.errors.ParameterError, match="lower must be a number"):
        lk.truncated("normal", lower="low")


def test_a_value_out_of_bounds_is_named():
    with pytest.raises(lk.errors.SupportError, match=r"needs 1 < x ≤ 12: 1 of 3"):
        lk.fit([2.0, 3.0, 0.5], lk.truncated("gamma", lower=1, upper=12))
