"""Levels in an order and without: masses, derivatives, fits, and what is refused."""

import pickle
from itertools import pairwise

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.distributions.derivatives import Side

MEMBERS = [
    lk.ordered(5)(0.3, 0.5, 1e-6, 2.0),
    lk.ordered(4)(-30.0, 0.2, 45.0),
    lk.ordered(2)(0.2),
    lk.categorical(4)(0.3, -2.0, 40.0),
    lk.categorical(2)(-0.7),
]
EACH = [(member, k) for member in MEMBERS for k in range(1, member.levels + 1)]


def masses(member, values):
    """Return the mass of each level to 50 digits, by the definition."""
    if member.name.startswith("categorical"):
        odds = [mpf(1), *(mp.exp(v) for v in values)]
        return [one / mp.fsum(odds) for one in odds]
    loc, *steps = values
    cuts = [mp.fsum(steps[:k]) for k in range(member.levels - 1)]
    below = [mpf(0), *(1 / (1 + mp.exp(loc - cut)) for cut in cuts), mpf(1)]
    return [high - low for low, high in pairwise(below)]


def log_of(member, values, k, part):
    each = masses(member, values)
    chosen = {"mass": each[k - 1 : k], Side.BELOW: each[:k], Side.ABOVE: each[k:]}[part]
    return mp.log(mp.fsum(chosen))


@pytest.mark.parametrize(("member", "k"), EACH, ids=str)
def test_masses_and_tails_have_all_their_digits(member, k):
    with mp.workdps(60):
        values = [mpf(v) for v in member.parameters.values()]
        assert abs(member.log_prob(k) - log_of(member, values, k, "mass")) <= 1e-12 * max(
            1.0, abs(member.log_prob(k))
        )
        assert member.cdf(k) == pytest.approx(
            float(mp.exp(log_of(member, values, k, Side.BELOW))), rel=1e-12
        )
        if k < member.levels:
            truth = log_of(member, values, k, Side.ABOVE)
            assert abs(member.log_sf(k) - truth) <= 1e-12 * max(1.0, abs(truth))


@pytest.mark.parametrize(("member", "k"), EACH, ids=str)
def test_derivatives_are_those_of_the_definition(member, k):
    x = np.array([float(k)])
    parts = {"mass": member.density_terms(x)}
    parts |= {side: member.tail_terms(x, side) for side in Side if k < member.levels}
    with mp.workdps(60):
        values = [mpf(v) for v in member.parameters.values()]
        for part, terms in parts.items():
            at = 0
            for i in range(len(values)):
                orders = [int(i == m) for m in range(len(values))]
                truth = mp.diff(lambda *v, p=part: log_of(member, v, k, p), values, orders)
                assert np.ravel(terms.score[i])[0] == pytest.approx(
                    float(truth), rel=1e-9, abs=1e-13
                )
                for j in range(i, len(values)):
                    orders = [int(i == m) + int(j == m) for m in range(len(values))]
                    truth = mp.diff(lambda *v, p=part: log_of(member, v, k, p), values, orders)
                    got = np.ravel(terms.hessian[at])[0]
                    assert got == pytest.approx(float(truth), rel=1e-7, abs=1e-12)
                    at += 1


@pytest.mark.parametrize("make", [lk.ordered, lk.categorical])
def test_a_fit_gives_the_shares_of_the_data(make):
    counts = np.array([7, 30, 3, 60])
    fit = lk.fit([1, 2, 3, 4], make(4), weights=counts)
    np.testing.assert_allclose(fit.distribution.level_probabilities, counts / 100, rtol=1e-9)
    assert fit.log_likelihood == pytest.approx(np.sum(counts * np.log(counts / 100)), rel=1e-12)
    again = lk.fit(np.repeat([1, 2, 3, 4], counts), f"{fit.family}")
    assert again.parameters == pytest.approx(fit.parameters, rel=1e-8)
    assert pickle.loads(pickle.dumps(fit.distribution)) == fit.distribution  # noqa: S301


def test_levels_of_many_groups_are_those_of_each():
    rng = np.random.default_rng(1)
    x, key = rng.integers(1, 4, 600), rng.integers(0, 5, 600)
    fits = lk.fit(x, lk.ordered(3), by=key)
    for group in range(5):
        one = lk.fit(x[key == group], lk.ordered(3))
        assert fits[group].log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)


def test_levels_known_between_bounds():
    # Of those known to be 3 or above the share of each is that of the others (EM by hand).
    rows = {"lower": [1, 2, 3, 4, 3], "upper": [1, 2, 3, 4, 4], "weights": [10, 20, 5, 15, 50]}
    fit = lk.fit(lk.observe(**rows), lk.categorical(4))
    expected = [0.1, 0.2, 0.7 * 0.25, 0.7 * 0.75]
    np.testing.assert_allclose(fit.distribution.level_probabilities, expected, rtol=1e-7)


def test_samples_have_the_shares_of_the_law():
    member = lk.ordered(4)(0.3, 0.5, 1.2)
    seen = np.bincount(member.sample(40_000, seed=3).astype(int), minlength=5)[1:] / 40_000
    np.testing.assert_allclose(seen, member.level_probabilities, atol=0.01)
    k = np.arange(1.0, 5.0)
    mean = member.level_probabilities @ k
    assert member.mean == pytest.approx(mean, rel=1e-14)
    assert member.var == pytest.approx(member.level_probabilities @ (k - mean) ** 2, rel=1e-13)


def test_what_is_wrong_is_said():
    with pytest.raises(lk.errors.ParameterError, match="whole number from 2 to 100"):
        lk.ordered(1)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="level 2 → 0, which was never"):
        lk.fit([1, 1, 3, 3], lk.categorical(3))
    with pytest.raises(lk.errors.SupportError):
        lk.fit([0, 1, 2], lk.ordered(3))
    with pytest.raises(lk.errors.FamilyError, match=r"ordered\(5\)"):
        lk.fit([1, 2, 3], "ordered")
