"""Data on which others fail: each is fitted, or refused by name and with a reason."""

import numpy as np
import pytest
from mpmath import mp, mpf

import likeliest as lk
from likeliest.errors import ConvergenceError, DataError, LikeliestError, UnboundedLikelihoodError
from members import ORDINARY, enough
from truth import log_density

SCIPY_ISSUE_22328 = [
    0.7122827, 0.04830956, 0.54410219, 0.04173127, 0.54462469,
    0.54565197, 0.05497849, 0.07792652, 0.6817948, 0.19735519,
]  # fmt: skip


def exact_log_likelihood(member, x):
    return mp.fsum(log_density(member, v) for v in x)


def test_the_ten_betas_on_which_scipy_raised():
    fit = lk.fit(SCIPY_ISSUE_22328, "beta")
    assert f"{fit.parameters['alpha']:.6f}" == "0.847754"
    assert f"{fit.parameters['beta']:.6f}" == "1.692417"
    assert f"{fit.log_likelihood:.6f}" == "1.829587"


@pytest.mark.parametrize("n", [5, 8, 13, 20])
def test_few_values(family, ordinary, n):
    if n < 20 and enough(family, n) == enough(family, 20):
        pytest.skip("it is given as many values as at n = 20, and the same")
    for seed in range(3 if family is lk.Tweedie else 10):
        x = ordinary.sample(enough(family, n), seed=seed)
        if family.unbounded(lk.Observations.of(x), {}):  # rare: counts that are all the same
            assert len(set(x)) == 1
            with pytest.raises(UnboundedLikelihoodError, match=r"all values are|%"):
                lk.fit(x, family)
            continue
        fit = lk.fit(x, family)
        assert np.isfinite(fit.log_likelihood)
        assert all(np.isfinite(e) and e > 0 for e in fit.errors)
        intervals = fit.intervals()
        for name, value in fit.parameters.items():
            low, high = intervals[name] or (value, value)
            assert low <= value <= high
        gradient = fit.diagnostics.gradient_norm
        assert gradient is None or gradient < 4e-6  # before the last step


@pytest.mark.parametrize("n", [5, 8, 13, 20])
def test_few_values_of_a_t_name_the_singularity(n):
    for seed in range(25):
        x = lk.StudentT(3.0, 0.0, 1.0).sample(n, seed=seed)
        fit = lk.fit(x, "t")
        assert fit.parameters["df"] > 1 / (n - 1)  # the interior maximum
        if n < 20:
            notes = " ".join(fit.diagnostics.notes)
            assert "interior maximum" in notes
            assert "without limit" in notes
            assert f"{1 / (n - 1):.3g}" in notes
            held = lk.fit(x, "t", fixed={"df": 3.0})
            assert "interior maximum" not in " ".join(held.diagnostics.notes)


def test_the_singularity_of_a_t_is_there():
    x = lk.StudentT(3.0, 0.0, 1.0).sample(8, seed=0)
    best = lk.fit(x, "t").log_likelihood
    beside = lk.StudentT(0.5 / 7, float(x[0]), 1e-200)
    assert beside.log_likelihood(x) > best


WITH_A_MAXIMUM = {
    lk.Exponential, lk.Rayleigh, lk.HalfNormal, lk.Chi2, lk.Maxwell, lk.Levy, lk.HalfCauchy,
    lk.Chi, lk.Logarithmic, lk.YuleSimon, lk.Zeta, lk.DiscreteUniform,
}  # fmt: skip


@pytest.mark.parametrize("value", [1.0, 0.0, 7.0])
@pytest.mark.parametrize("n", [2, 5, 1000])
def test_ties_only(family, value, n):
    """Densities pile up on the one value; masses need not."""
    x = np.full(n, value)
    if not family.support.contains(x).all():
        with pytest.raises(lk.errors.SupportError):
            lk.fit(x, family)
    elif family in WITH_A_MAXIMUM and value > family.support.low:
        assert np.isfinite(lk.fit(x, family).log_likelihood)
    elif family in {lk.Bernoulli, lk.Geometric}:
        fit = lk.fit(x, family)
        expected = {lk.Bernoulli: value, lk.Geometric: 1 / (1 + value)}[family]
        assert fit.parameters["prob"] == expected
        assert (value in {0.0, 1.0} and fit.log_likelihood == 0.0) or fit.log_likelihood < 0
    elif family is lk.Poisson and value == 0:
        fit = lk.fit(x, family)
        assert fit.diagnostics.bounds == {"rate": 0.0} == fit.parameters
        assert fit.log_likelihood == 0.0
    elif (
        family in {lk.Poisson, lk.NegativeBinomial, lk.GeneralizedPoisson, lk.Skellam} and value > 0
    ):
        fit = lk.fit(x, family)
        assert abs(fit.distribution.mean - value) < 1e-12
    elif n < len(family.constraints):
        with pytest.raises(LikeliestError):
            lk.fit(x, family)
    else:
        with pytest.raises(
            UnboundedLikelihoodError,
            match=r"grows without limit|rises towards 1|"
            r"rises as (shape|dfn|dispersion|concentration)",
        ):
            lk.fit(x, family)


@pytest.mark.parametrize("share", [0.5, 0.6, 0.9])
def test_a_cauchy_with_a_majority_tie_is_unbounded(share):
    rng = np.random.default_rng(0)
    n = 40
    ties = int(share * n)
    x = np.concatenate([np.full(ties, 2.5), rng.normal(0, 1, n - ties)])
    with pytest.raises(UnboundedLikelihoodError, match=r"2\.5.*2\.5") as caught:
        lk.fit(x, "cauchy")
    assert f"{share:.0%}" in str(caught.value)
    assert "scale → 0" in str(caught.value)


def test_a_cauchy_with_a_minority_tie_has_its_maximum():
    rng = np.random.default_rng(0)
    x = np.concatenate([np.full(19, 2.5), rng.normal(0, 1, 21)])
    fit = lk.fit(x, "cauchy")
    for name, terms in fit.distribution.score(x).items():
        assert abs(np.sum(terms)) * fit.standard_errors[name] < 2e-6


@pytest.mark.parametrize("shape", [1e-2, 1e4])
def test_gammas_of_extreme_shape(shape):
    x = lk.Gamma(shape, 3.0).sample(2_000, seed=0)
    fit = lk.fit(x, "gamma")
    assert abs(np.log(fit.parameters["shape"] / shape)) < 0.1
    # The likelihood equation log k - ψ(k) = log mean - mean log, to 60 digits.
    exact = [mpf(float(v)) for v in x]
    mean = mp.fsum(exact) / len(x)
    gap = mp.log(mean) - mp.fsum(mp.log(v) for v in exact) / len(x)
    root = mp.findroot(lambda k: mp.log(k) - mp.digamma(k) - gap, mpf(fit.parameters["shape"]))
    assert abs(fit.parameters["shape"] / root - 1) < 1e-12
    assert abs(fit.parameters["scale"] * root / mean - 1) < 1e-12
    value = exact_log_likelihood(fit.distribution, x)
    assert abs(fit.log_likelihood - value) < 1e-12 * len(x) * max(1, abs(value) / len(x))


def test_a_t_without_heavy_tails_is_said_to_be_the_normal():
    x = np.linspace(-1, 1, 401)  # lighter tails than any t's
    fit = lk.fit(x, "t")
    normal = lk.fit(x, "normal")
    assert fit.parameters["df"] == np.inf
    assert fit.diagnostics.bounds == {"df": np.inf}
    assert fit.diagnostics.outcome == "on a boundary"
    assert "is the normal" in " ".join(fit.diagnostics.notes)
    assert fit.standard_errors["df"] is None
    assert abs(fit.parameters["scale"] - normal.parameters["std"]) < 1e-12
    assert abs(fit.log_likelihood - normal.log_likelihood) < 1e-10


@pytest.mark.parametrize(
    "x",
    [[3, 4, 4, 5, 4, 3, 5, 4], [0, 1] * 20, [1] * 10, lk.Poisson(4.0).sample(1000, seed=1)],
    ids=["regular", "zeros and ones", "all one", "a Poisson's"],
)
def test_counts_without_overdispersion_are_said_to_be_poisson(x):
    assert np.var(x) <= np.mean(x)
    fit, poisson = lk.fit(x, "negative binomial"), lk.fit(x, "poisson")
    assert fit.parameters["dispersion"] == 0.0
    assert fit.diagnostics.bounds == {"dispersion": 0.0}
    assert "poisson" in " ".join(fit.diagnostics.notes).lower()
    assert fit.standard_errors["dispersion"] is None
    assert abs(fit.parameters["mean"] - poisson.parameters["rate"]) < 1e-9
    assert abs(fit.log_likelihood - poisson.log_likelihood) < 1e-10 * abs(fit.log_likelihood)


@pytest.mark.parametrize("n", [17_000, 40_000, 300_000])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("law", ["student t", "negative binomial"])
def test_a_bound_that_a_subsample_ends_on_is_looked_at_again_with_all_rows(law, seed, n):
    """The samples of normal and Poisson values end on the bound in half of the cases."""
    rng = np.random.default_rng(seed)
    plain, x = (
        ("normal", rng.normal(3.0, 2.0, n))
        if law == "student t"
        else ("poisson", rng.poisson(4.0, n))
    )
    for weights in (None, rng.integers(0, 4, n)):
        fit, least = lk.fit(x, law, weights=weights), lk.fit(x, plain, weights=weights)
        assert fit.log_likelihood >= least.log_likelihood - 1e-9 - 1e-13 * abs(fit.log_likelihood)


EPS = float(np.finfo(float).eps)
TIED = [  # the likelihood within a few units in the last place of its limit, and above it
    ("student t", "df", np.inf, "normal", np.random.default_rng(19).uniform(-1, 1, 11)),
    ("negative binomial", "dispersion", 0.0, "poisson",
     np.array([3, 6, 3, 3, 3, 3, 5, 2, 6, 6, 0, 4, 2, 3, 4, 4, 4, 6, 3, 3, 5, 6, 6, 6])),
]  # fmt: skip


@pytest.mark.parametrize(("of", "name", "end", "limit", "x"), TIED)
def test_a_top_that_only_rounding_lifts_is_the_end(of, name, end, limit, x):
    fit = lk.fit(x, of)
    assert fit.parameters[name] == end
    assert fit.diagnostics.outcome == "on a boundary"
    assert limit in " ".join(fit.diagnostics.notes).lower()
    assert fit.standard_errors[name] is None


def light_tailed(rng):
    n = int(rng.integers(4, 60))
    return "student t", "df", np.inf, "normal", rng.uniform(-1, 1, n) * 10.0 ** rng.uniform(-3, 3)


def underdispersed(rng):
    x = rng.binomial(int(rng.integers(4, 15)), 0.5, int(rng.integers(5, 60)))
    return "negative binomial", "dispersion", 0.0, "poisson", x


@pytest.mark.parametrize("draw", [light_tailed, underdispersed])
def test_an_end_or_more_than_rounding_above_it(draw):
    rng = np.random.default_rng(14)
    for _ in range(80):
        of, name, end, limit, x = draw(rng)
        fit, of_limit = lk.fit(x, of), lk.fit(x, limit).log_likelihood
        if fit.parameters[name] == end:
            assert limit in " ".join(fit.diagnostics.notes).lower()
            assert abs(fit.log_likelihood - of_limit) < 1e-10 * (len(x) + abs(of_limit))
        else:
            assert fit.log_likelihood - of_limit > 2.0 * EPS * (len(x) + abs(of_limit))


@pytest.mark.parametrize("unit", [2.0**-300, 1e-9, 3.0, 2.0**40, 1e200])
def test_a_unit_does_not_move_a_t_off_its_end(unit):
    rng = np.random.default_rng(15)
    for _ in range(8):
        x = rng.uniform(-1, 1, int(rng.integers(4, 40)))
        one, other = lk.fit(x, "t").parameters["df"], lk.fit(x * unit, "t").parameters["df"]
        assert other == pytest.approx(one, rel=1e-5)


OFFSET, SPREAD = 1e9, 1e-3
STEP = np.spacing(OFFSET)


def tight(seed=0, n=2_000):
    """Return values of 1e9 that spread by 1e-3: what the rounding leaves of them is the data."""
    return OFFSET + SPREAD * np.random.default_rng(seed).standard_normal(n)


def exact_logs(x):
    with mp.workdps(60):
        return [mp.log(mpf(float(v))) for v in x]


def mean_and_variance(values):
    mean = mp.fsum(values) / len(values)
    return mean, mp.fsum((v - mean) ** 2 for v in values) / len(values)


def test_offset_gamma():
    x = tight()
    fit = lk.fit(x, "gamma")
    with mp.workdps(60):
        exact = [mpf(float(v)) for v in x]
        mean = mp.fsum(exact) / len(x)
        gap = mp.log(mean) - mp.fsum(exact_logs(x)) / len(x)
        # log k - ψ(k) = 1/(2k) + 1/(12k²) - …, and k is about 1e24.
        shape = (1 + mp.sqrt(1 + 4 * gap / 3)) / (4 * gap)
        assert abs(fit.parameters["shape"] / shape - 1) < 1e-12
        assert abs(fit.parameters["shape"] * fit.parameters["scale"] / mean - 1) < 1e-15


def test_offset_lognormal():
    x = tight()
    fit = lk.fit(x, "lognormal")
    with mp.workdps(60):
        mean, var = mean_and_variance(exact_logs(x))
        assert abs(fit.parameters["log_mean"] - mean) < 1e-14
        assert abs(fit.parameters["log_std"] / mp.sqrt(var) - 1) < 1e-12


def test_offset_inverse_gaussian():
    x = tight()
    fit = lk.fit(x, "inverse gaussian")
    with mp.workdps(60):
        exact = [mpf(float(v)) for v in x]
        mean = mp.fsum(exact) / len(x)
        spread = mp.fsum(1 / v for v in exact) / len(x) - 1 / mean
        assert abs(fit.parameters["mean"] / mean - 1) < 1e-15
        assert abs(fit.parameters["shape"] * spread - 1) < 1e-12


def test_offset_weibull():
    # -log of a Weibull's is a Gumbel's: log(x/1e9) is small, and exact to its own digits.
    x = OFFSET + SPREAD * np.log(np.random.default_rng(0).standard_exponential(2_000))
    fit = lk.fit(x, "weibull")
    with mp.workdps(60):
        small = np.array([float(mp.log(mpf(float(v)) / mpf(OFFSET))) for v in x])
    mirror = lk.fit(-small * 1e12, "gumbel")
    shape = 1e12 / mirror.parameters["scale"]
    assert abs(fit.parameters["shape"] / shape - 1) < 1e-7
    scale = OFFSET * np.exp(-mirror.parameters["loc"] / 1e12)
    assert abs(fit.parameters["scale"] / scale - 1) < 1e-15
    errors = mirror.standard_errors["scale"] / mirror.parameters["scale"]
    assert abs(fit.standard_errors["shape"] / shape / errors - 1) < 1e-4


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("near", [0.0, 1.0])
@pytest.mark.parametrize("distance", [1e-3, 1e-8, 1e-14])
def test_betas_close_to_an_end(near, distance, seed):
    y = distance * np.random.default_rng(seed).gamma(3.0, 1.0, 200)
    x = y if near == 0.0 else 1.0 - y
    x = x[(x > 0) & (x < 1)]
    y = x if near == 0.0 else 1.0 - x  # what is left of it after rounding
    fit = lk.fit(x, "beta")
    close, far = ("alpha", "beta") if near == 0.0 else ("beta", "alpha")
    mirror = lk.fit(y, "gamma")  # what a beta of small values tends to
    assert abs(fit.parameters[close] / mirror.parameters["shape"] - 1) < 10 * distance + 1e-12
    assert abs(fit.parameters[far] * mirror.parameters["scale"] - 1) < 10 * distance + 1e-12
    score = fit.distribution.score(x)
    for name, error in fit.standard_errors.items():
        assert abs(np.sum(score[name])) * error < 1e-11, name


@pytest.mark.parametrize("exponent", [-300, -150, 150, 300])
def test_scales_from_one_end_of_float64_to_the_other(family, ordinary, exponent):
    if family.anchored or not any(c.power for c in family.constraints.values()):
        pytest.skip("the family has no unit, or one that depends on a parameter")
    x = ordinary.sample(500, seed=1)
    factor = 2.0 ** round(exponent / np.log10(2.0))  # exact, so that the data are the same
    with np.errstate(over="ignore"):
        moved = x * factor
    if not (np.isfinite(moved).all() and (np.abs(moved[x != 0]) > 1e-307).all()):
        moved = x[np.abs(x) < 50] * (factor := factor / 64 if exponent > 0 else factor * 64)
        x = x[np.abs(x) < 50]
    here, there = lk.fit(x, family), lk.fit(moved, family)
    for name, constraint in family.constraints.items():
        scaled = here.parameters[name] * factor**constraint.power
        if name == "log_mean":
            scaled = here.parameters[name] + np.log(factor)
        assert abs(there.parameters[name] / scaled - 1) < 1e-9, name
        if here.standard_errors[name] is not None and name != "log_mean":
            error = here.standard_errors[name] * factor**constraint.power
            assert abs(there.standard_errors[name] / error - 1) < 1e-5, name
    jacobian = 0.0 if family.discrete else len(x) * np.log(factor)
    assert abs(there.log_likelihood - (here.log_likelihood - jacobian)) < 1e-12 * abs(jacobian)


def test_one_value_is_too_few_where_two_parameters_are_free():
    for family in ORDINARY:
        if len(family.constraints) == 2:
            with pytest.raises((DataError, UnboundedLikelihoodError)):
                lk.fit([0.5 if family is lk.Beta else 2.0], family)


WIDE = [1.7e308, -1.7e308, 1e308, 5.0, 1e300, 3.0]
FEW = [1.5, 2.25, 3.5, 7.0, 4.0, 2.0]
BEYOND = [
    (FEW, "gamma", {"scale": 1e-300}),
    (FEW, "normal", {"std": 1e-200}),
    (FEW, "weibull", {"shape": 1e200}),
    (FEW, "logistic", {"scale": 1e-300}),
    (FEW, "gumbel", {"scale": 1e-300}),
]


def test_values_up_to_the_end_of_float64_are_fitted():
    small = lk.fit(np.array(WIDE) * 2.0**-1000, "student t").distribution
    wide = lk.fit(WIDE, "student t").distribution
    assert (wide.df, small.df) == (np.inf, np.inf)
    assert wide.loc == pytest.approx(small.loc * 2.0**1000, rel=1e-9)
    assert wide.scale == pytest.approx(small.scale * 2.0**1000, rel=1e-9)


def test_a_scale_that_the_data_hardly_tell_is_level():
    fit = lk.fit(FEW, "weibull", fixed={"shape": 1e-200})
    assert fit.diagnostics.outcome == "flat direction"
    assert fit.standard_errors["scale"] is None


@pytest.mark.parametrize(("x", "name", "fixed"), BEYOND)
def test_values_beyond_float64_are_named(x, name, fixed):
    with pytest.raises(ConvergenceError, match=f"{name}.*beyond what float64 can hold"):
        lk.fit(x, name, fixed=fixed)
