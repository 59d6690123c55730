"""Bootstrap intervals against SciPy's, against refits one by one, and against exact laws."""

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import ConvergenceError, DataError, ParameterError
from likeliest.inference.replicates import Batch, by_rows, from_model, refitted
from members import HUMPED, ORDINARY, REPRESENTED

RNG = np.random.default_rng
FAMILIES = [
    m for f, m in ORDINARY.items() if f is not lk.Uniform and f not in {*REPRESENTED, *HUMPED}
]


def close(found, one, fit):
    """To within a thousandth of a standard error."""
    for name, value in one.parameters.items():
        error = fit.standard_errors[name] or 1e-6
        assert found[name] == pytest.approx(value, abs=1e-3 * error, rel=1e-9), name


@pytest.mark.parametrize("member", FAMILIES, ids=lambda m: m.name)
def test_replicates_by_rows_are_fits(member):
    x = member.sample(60, seed=3)
    fit = lk.fit(x, type(member))
    batch = next(by_rows(fit.observations, 8, RNG(1)))
    found = refitted(fit, fit.observations, batch)
    for i, weights in enumerate(batch.weights):
        one = lk.fit(x, type(member), weights=weights)
        close({n: v[i] for n, v in found.items()}, one, fit)


@pytest.mark.parametrize("member", FAMILIES, ids=lambda m: m.name)
def test_replicates_from_the_model_are_fits(member):
    fit = lk.fit(member.sample(60, seed=3), type(member))
    batch = next(from_model(fit.distribution, 60, 8, RNG(1)))
    found = refitted(fit, fit.observations, batch)
    for i, x in enumerate(batch.values):
        close({n: v[i] for n, v in found.items()}, lk.fit(x, type(member)), fit)


def test_replicates_at_a_closed_end_are_fits():
    """Some of a nearly normal sample's replicates have df = ∞, others not."""
    x = lk.StudentT(9.0, 0.0, 1.0).sample(60, seed=3)
    fit = lk.fit(x, "t")
    batch = next(from_model(lk.StudentT(12.0, 0.0, 1.0), 60, 40, RNG(1)))
    found = refitted(fit, fit.observations, batch)
    singles = [lk.fit(values, "t") for values in batch.values]
    ends = np.array([np.isinf(one.distribution.df) for one in singles])
    assert 0 < ends.sum() < 40
    assert (np.isinf(found["df"]) == ends).all()
    for i, one in enumerate(singles):
        assert found["scale"][i] == pytest.approx(one.distribution.scale, rel=1e-4)


def test_censored_rows_are_drawn_with_their_bounds():
    life = lk.Weibull(1.7, 4.0).sample(80, seed=3)
    data = lk.observe(np.minimum(life, 5.0), event=life <= 5.0)
    fit = lk.fit(data, "weibull")
    assert fit.bootstrap(20).by == "rows"
    batch = Batch(weights=RNG(2).multinomial(80, np.full(80, 1 / 80), 5).astype(float))
    found = refitted(fit, fit.observations, batch)
    for i, weights in enumerate(batch.weights):
        some = np.repeat(np.arange(80), weights.astype(int))
        again = lk.observe(np.minimum(life, 5.0)[some], event=(life <= 5.0)[some])
        close({n: v[i] for n, v in found.items()}, lk.fit(again, "weibull"), fit)
    drawn = fit.bootstrap(199, seed=1, by="model")
    assert drawn.by == "model"
    # Exponential lifetimes under a common limit: the error of log rate is 1/√(expected failures).
    life = lk.Exponential(0.5).sample(150, seed=1)
    rate = lk.fit(np.minimum(life, 3.0), "exponential", event=life <= 3.0)
    spread = np.std(np.log(rate.bootstrap(1999, seed=1, by="model").parameters["rate"]))
    failures = 150 * -np.expm1(-3.0 * rate.distribution.rate)
    assert spread == pytest.approx(1.0 / np.sqrt(failures), rel=0.06)


@pytest.mark.parametrize("kind", ["percentile", "bca"])
def test_intervals_agree_with_scipys(kind):
    x = lk.Gamma(2.0, 3.0).sample(60, seed=4)
    fit = lk.fit(x, "normal")
    found = fit.bootstrap(9_999, seed=1, by="rows").intervals(kind=kind)
    # Hesterberg's level for 60 rows and two estimates.
    level = 1.0 - 2.0 * stats.norm.sf(np.sqrt(60 / 58) * stats.t(58).isf(0.025))
    for name, statistic in (("mean", np.mean), ("std", np.std)):
        peer = stats.bootstrap(
            (x,), statistic, n_resamples=9_999, method=kind, confidence_level=level, rng=RNG(2)
        ).confidence_interval
        width = peer.high - peer.low
        assert found[name] == pytest.approx((peer.low, peer.high), abs=0.05 * width)


def test_of_six_rows_a_mean_has_the_ends_of_students_t():
    x = stats.norm(10.0, 2.0).ppf((np.arange(6) + 0.5) / 6)
    made = lk.fit(x, "normal", fixed={"std": 2.0}).bootstrap(19_999, seed=1, by="rows")
    low, high = made.intervals(kind="percentile")["mean"]
    exact = stats.t(5, np.mean(x), stats.sem(x)).interval(0.95)
    assert (low, high) == pytest.approx(exact, abs=0.04 * (exact[1] - exact[0]))


def test_from_the_model_an_exponential_has_the_exact_law():
    """n times the mean is a gamma: BCa is right to second order."""
    x = lk.Exponential(0.2).sample(30, seed=6)
    fit = lk.fit(x, "exponential")
    made = fit.bootstrap(19_999, seed=3)
    assert made.by == "model"
    exact = stats.chi2(60).ppf([0.025, 0.975]) / (2 * x.sum())
    assert made.intervals()["rate"] == pytest.approx(exact, rel=0.02)
    low, high = fit.mean(method="bootstrap").interval()
    assert (1 / high, 1 / low) == pytest.approx(exact, rel=0.06)


def test_seeds_and_batches():
    fit = lk.fit(lk.Gamma(2.0, 3.0).sample(50, seed=1), "gamma")
    one, two = fit.bootstrap(99, seed=5), fit.bootstrap(99, seed=5)
    assert (one.parameters["shape"] == two.parameters["shape"]).all()
    assert fit.bootstrap(99, seed=6).intervals() != one.intervals()
    assert (one.draws, one.failed) == (99, 0)
    many = lk.fit(lk.Gamma(2.0, 3.0).sample(40_000, seed=1), "gamma").bootstrap(7, by="rows")
    assert many.draws == 7


def test_weights_are_drawn_by_their_size():
    values, weights = [0.0, 1.0, 2.0, 5.0], [5.0, 3.0, 1.0, 1.0]
    fit = lk.fit(values, "normal", weights=weights)
    made = fit.bootstrap(4_999, seed=1)  # a few have all values alike, and no estimate
    assert made.by == "rows"
    assert np.nanmean(made.parameters["mean"]) == pytest.approx(1.0, abs=0.03)
    expected = np.sqrt(np.average((np.array(values) - 1.0) ** 2, weights=weights) / 10)
    assert np.nanstd(made.parameters["mean"]) == pytest.approx(expected, rel=0.05)


def test_functions():
    fit = lk.fit(lk.Weibull(1.7, 4.0).sample(100, seed=1), "weibull")
    found = fit.quantile([0.5, 0.99], method="bootstrap")
    delta = fit.quantile([0.5, 0.99])
    assert found.method == "bootstrap"
    assert found.standard_error == pytest.approx(delta.standard_error, rel=0.15)
    for by_bootstrap, by_delta in zip(found.interval(), delta.interval(), strict=True):
        assert by_bootstrap == pytest.approx(by_delta, rel=0.05)
    apart = fit.estimate(lambda d: float(d.quantile(0.5)), method="bootstrap")
    assert apart.interval() == pytest.approx([end[0] for end in found.interval()], rel=1e-9)
    counts = lk.fit(lk.Poisson(4.0).sample(50, seed=1), "poisson")
    low, high = counts.quantile(0.9, method="bootstrap").interval()
    assert low <= counts.distribution.quantile(0.9) <= high


def test_ends_of_the_support_keep_their_own_law():
    fit = lk.fit(lk.Pareto(2.5, 3.0).sample(50, seed=1), "pareto")
    assert fit.intervals(method="bootstrap")["scale"] == fit.intervals()["scale"]
    assert fit.bootstrap(99).intervals()["scale"] == fit.intervals()["scale"]


def test_what_cannot_be_drawn_is_named():
    fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "gamma")
    with pytest.raises(ParameterError, match="draws must be"):
        fit.bootstrap(0)
    with pytest.raises(ParameterError, match='by must be "model" or "rows"'):
        fit.bootstrap(by="blocks")
    with pytest.raises(ParameterError, match="kind must be"):
        fit.bootstrap(9).intervals(kind="basic")
    with pytest.raises(DataError, match="whole numbers can be drawn"):
        lk.fit([1.0, 2.0, 4.0], "normal", weights=[0.5, 1.0, 1.2]).bootstrap(by="model")
    with pytest.raises(DataError, match="two rows or more"):
        lk.fit([2.0], "exponential").bootstrap(by="rows")
    with pytest.raises(ConvergenceError, match="profile intervals"):
        lk.fit([1.0, 2.0, 4.0], "gamma").bootstrap(by="rows")
