"""The beta where all shares are tiny: it is then a gamma."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.errors import ConvergenceError
from truth import log_density


@pytest.mark.parametrize("unit", [1e-14, 1e-16, 1e-17, 1e-30, 1e-100, 1e-150, 1e-200, 1e-300])
def test_tiny_shares_are_a_gammas(unit):
    for seed in range(3):
        x = unit * np.random.default_rng(seed).gamma(2.0, 1.0, 20)
        beta, gamma = lk.fit(x, "beta"), lk.fit(x, "gamma")
        close = 10.0 * unit + 1e-12
        assert abs(beta.parameters["alpha"] / gamma.parameters["shape"] - 1.0) < close
        assert abs(beta.parameters["beta"] * gamma.parameters["scale"] - 1.0) < close
        assert abs(beta.log_likelihood - gamma.log_likelihood) < 1e-9
        assert np.max(np.abs(beta.correlation + gamma.correlation - 2.0 * np.eye(2))) < 1e-12
        relative = beta.errors / list(beta.parameters.values())
        expected = gamma.errors / list(gamma.parameters.values())
        assert np.max(np.abs(relative / expected - 1.0)) < close


def test_shares_too_small_to_be_fitted_are_a_gammas_by_name():
    with pytest.raises(ConvergenceError, match="gamma"):
        lk.fit([5e-308, 6e-308, 9e-308], "beta")


SMALLEST = 5e-324
AT_THE_ENDS = [
    (0.01, 3.0, SMALLEST), (1e-8, 1e-8, SMALLEST), (1.0, 3.0, 1e-315), (0.3, 0.2, 1e-300),
    (5.4, 2.7e300, 2e-300), (5.4, 2.7e300, 2e-320), (1e12, 1e300, 1.00001e-288),
    (1e300, 1e300, 0.5), (2.0, 3.0, 1.0 - 2.0**-53), (1e16, 2.0, 1.0 - 2.0**-53),
]  # fmt: skip


@pytest.mark.parametrize(("alpha", "beta", "x"), AT_THE_ENDS)
def test_log_prob_at_the_ends(alpha, beta, x):
    member = lk.Beta(alpha, beta)
    with mp.workdps(700):
        truth = log_density(member, x)
        error = abs(mp.mpf(float(member.log_prob(x))) - truth)
    assert error <= 1e-12 * max(1, abs(truth))


def test_shares_from_one_end_to_the_other():
    x = [1e-300, 1e-200, 0.3, 0.5, 0.7, 1.0 - 2.0**-53]
    fit = lk.fit(x, "beta")
    for name, score in fit.distribution.score(x).items():
        assert abs(np.sum(score)) * fit.standard_errors[name] < 1e-12


def below(x, alpha, beta):
    return mp.betainc(alpha, beta, 0, x, regularized=True)


def above(x, alpha, beta):
    return mp.betainc(beta, alpha, 0, 1 - x, regularized=True)


def has_tail(tail, x, q, member):
    """Whether the tail at x is q, to a part in 1e10 and to the rounding of x."""
    alpha, beta, slack = mpf(member.alpha), mpf(member.beta), 2 * mpf(float(np.spacing(x)))
    with mp.workdps(60):
        ends = [tail(e, alpha, beta) for e in (max(x - slack, 0), min(x + slack, 1))]
        return min(ends) <= q * (1 + mpf("1e-10")) and max(ends) >= q * (1 - mpf("1e-10"))


@pytest.mark.parametrize(
    ("alpha", "beta", "q"),
    [
        (1.0039615860665108, 0.17669156613718098, 2.97e-19),
        (1.004528910883062, 0.3082243628749147, 7.064e-18),
        (4.824440053280868, 1.8739776872950917, 1e-150),
        (4.824440053280868, 1.8739776872950917, 1e-100),
        (2.698869851583185, 0.029264742007970877, 2.0494179336867306e-47),
        (0.01, 3.0, 1e-4),
        (300.0, 500.0, 1e-250),
        (269.5163606194726, 27.147829045275248, 8e-290),
        (9141.625463470386, 23.45597683778544, 6e-296),
    ],
)
def test_quantiles_where_an_inverse_is_hard_to_find(alpha, beta, q):
    member = lk.Beta(alpha, beta)
    x, rest = float(member.quantile(q)), float(member.reflected().upper_quantile(q))
    assert has_tail(below, x, q, member)
    assert abs(rest - (1.0 - x)) <= 1e-15


def test_quantiles_of_random_members():
    rng = np.random.default_rng(5)
    for _ in range(150):
        member = lk.Beta(*10.0 ** rng.uniform(-2.0, 3.0, 2))
        q = 10.0 ** (-300.0 * rng.random() ** 3)
        assert has_tail(below, float(member.quantile(q)), q, member), (member, q)
        assert has_tail(above, float(member.upper_quantile(q)), q, member), (member, q)


def test_quantiles_undo_the_tails_far_out():
    rng = np.random.default_rng(6)
    member = lk.Beta(*10.0 ** rng.uniform(-2.0, 4.0, (2, 5_000)))
    q = 10.0 ** rng.uniform(-300.0, 0.0, 5_000)
    below, above = member.quantile(q), member.upper_quantile(q)
    for x, log_tail in ((below, member.log_cdf(below)), (above, member.log_sf(above))):
        assert np.all((x >= 0.0) & (x <= 1.0))
        held = (x > 1e-300) & (x < 1.0 - 1e-5)
        assert np.all(np.abs(log_tail - np.log(q))[held] < 1e-9)
