"""log_prob is the textbook's density, to the last digits."""

import numpy as np
import pytest
from mpmath import mp

import likeliest as lk
from likeliest.data.vectors import LARGEST_COUNT
from members import EVERY, TABLE
from truth import log_density

PROBABILITIES = np.array([1e-290, 1e-100, 1e-12, 1e-3, 0.1, 0.4])


def points(member):
    """Return values from the far lower to the far upper tail, inside the support."""
    with np.errstate(all="ignore"):
        x = np.concatenate([member.quantile(PROBABILITIES), member.upper_quantile(PROBABILITIES)])
    x = np.unique(x[x < LARGEST_COUNT] if member.discrete else x[np.isfinite(x)])
    return x[np.isfinite(member.log_prob(x))]


def test_every_family_has_members():
    assert set(TABLE) == set(lk.families.all_families())


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_log_prob_is_the_textbooks(member):
    x = points(member)
    assert x.size >= 2
    truth = [log_density(member, v) for v in x]
    errors = [abs(mp.mpf(float(a)) - b) for a, b in zip(member.log_prob(x), truth, strict=True)]
    worst = max(float(e / max(1, abs(b))) for e, b in zip(errors, truth, strict=True))
    assert worst <= 1e-12


FAR = [
    (lk.Cauchy(0.0, 1e-72), 2e277), (lk.Cauchy(-3e90, 1e-290), 0.0),
    (lk.StudentT(3.0, 0.0, 1e-200), -4e250), (lk.StudentT(1e6, 4e89, 4e-165), -4e296),
    (lk.Rayleigh(6e-231), 1e-100), (lk.InverseGaussian(2e-5, 8e-177), 3e238),
    (lk.NegativeBinomial(1e9, 50.0), 1.0), (lk.NegativeBinomial(2.6e16, 45e3), 2.0),
    (lk.NegativeBinomial(1e12, 1.0), 1e3), (lk.NegativeBinomial(1e6, 50.0), 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("member", "x"), FAR, ids=repr)
def test_log_prob_far_out(member, x):
    truth = log_density(member, x)
    assert abs(mp.mpf(float(member.log_prob(x))) - truth) <= 1e-12 * max(1, abs(truth))


@pytest.mark.parametrize(
    ("member", "x"),
    [
        (lk.Gumbel(0.0, 1e-188), -4e279), (lk.Gumbel(0.0, 1.0), -np.inf),
        (lk.Rayleigh(6e-231), 3e141), (lk.Gamma(1e-6, 5e-127), 2e283),
    ],
)  # fmt: skip
def test_where_the_density_underflows_its_log_is_no_nan(member, x):
    assert member.log_prob(x) == -np.inf


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_outside_the_support_the_density_is_zero(member):
    bounds = member.bounds()
    outside = [v for v in (bounds.low - 1.0, bounds.high + 1.0) if np.isfinite(v)]
    outside = [v for v in outside if v < bounds.low or v > bounds.high]
    assert np.all(
        np.isneginf(member.log_prob(np.array([*outside, np.inf, -np.inf])[: len(outside)]))
    )
    assert np.isnan(member.log_prob(np.nan))


@pytest.mark.families(where=lambda f: f.discrete)
def test_masses_add_up_to_the_distribution_function(family, ordinary):
    low, high = (float(q) for q in ordinary.quantile([0.05, 0.9]))
    total = np.exp(ordinary.log_prob(np.arange(low + 1, high + 1))).sum()
    assert total == pytest.approx(ordinary.cdf(high) - ordinary.cdf(low), rel=1e-12)


@pytest.mark.families(where=lambda f: not f.discrete)
def test_density_integrates_to_the_distribution_function(family, ordinary):
    from scipy.integrate import quad

    low, high = (float(q) for q in ordinary.quantile([0.05, 0.9]))
    area = quad(ordinary.pdf, low, high, epsabs=0, epsrel=1e-11, limit=200)[0]
    assert area == pytest.approx(ordinary.probability(low, high), rel=1e-10)
