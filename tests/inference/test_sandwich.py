"""Standard errors by choice against formulas by hand and simulation."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, FamilyError, ParameterError

WAITS = lk.Gamma(0.5, 4.0).sample(200, seed=1)
COUNTS = lk.NegativeBinomial(4.0, 0.8).sample(300, seed=2)


def test_exponential_and_poisson_by_formula():
    fit = lk.fit(WAITS, "exponential").with_errors("sandwich")
    n, mean = WAITS.size, WAITS.mean()
    assert fit.standard_errors["rate"] == pytest.approx(
        WAITS.std() / mean**2 / np.sqrt(n), rel=1e-12
    )
    fit = lk.fit(COUNTS, "poisson").with_errors("sandwich")
    assert fit.standard_errors["rate"] == pytest.approx(
        COUNTS.std() / np.sqrt(COUNTS.size), rel=1e-12
    )


def test_normal_by_formula():
    fit = lk.fit(WAITS, "normal").with_errors("sandwich")
    n, d = WAITS.size, WAITS - WAITS.mean()
    var = np.mean(d**2)
    assert fit.standard_errors["mean"] == pytest.approx(np.sqrt(var / n), rel=1e-10)
    error = np.sqrt((np.mean(d**4) - var**2) / n) / (2 * np.sqrt(var))
    assert fit.standard_errors["std"] == pytest.approx(error, rel=1e-10)
    covariance = np.mean(d**3) / n / (2 * np.sqrt(var))
    assert fit.covariance[0, 1] == pytest.approx(covariance, rel=1e-9)


@pytest.mark.parametrize("name", ["gamma", "weibull", "t", "lognormal", "negative binomial"])
def test_copies_within_clusters_are_the_single_rows(name):
    data = COUNTS if name == "negative binomial" else WAITS
    single = lk.fit(data, name)
    copied = lk.fit(np.tile(data, 3), name)
    ids = np.tile(np.arange(data.size), 3)
    clustered = copied.with_errors("cluster", ids)
    alone = single.with_errors("sandwich")
    assert clustered.errors == pytest.approx(alone.errors, rel=1e-6)
    naive = copied.with_errors("sandwich")
    assert clustered.errors == pytest.approx(np.sqrt(3) * naive.errors, rel=1e-12)


def test_copies_of_a_closed_form_are_exact():
    single = lk.fit(WAITS, "exponential").with_errors("sandwich")
    ids = np.repeat(np.arange(WAITS.size), 4)
    copied = lk.fit(np.repeat(WAITS, 4), "exponential").with_errors("cluster", ids)
    assert copied.errors == pytest.approx(single.errors, rel=1e-12)


def test_weights_are_repetitions():
    times = np.arange(WAITS.size) % 3 + 1
    weighted = lk.fit(WAITS, "gamma", weights=times).with_errors("sandwich")
    repeated = lk.fit(np.repeat(WAITS, times), "gamma").with_errors("sandwich")
    assert weighted.errors == pytest.approx(repeated.errors, rel=1e-7)


def test_sampling_weights_count_each_row_once():
    weight = 1.0 + np.arange(WAITS.size) % 5
    fit = lk.fit(WAITS, "exponential", sampling_weights=weight)
    robust = fit.with_errors("sandwich")
    assert fit.errors == pytest.approx(robust.errors, rel=1e-12)  # the default
    mean = np.average(WAITS, weights=weight)
    total = np.sum(weight)
    error = np.sqrt(np.sum((weight * (WAITS - mean)) ** 2)) / total  # of a ratio mean
    assert robust.mean().standard_error == pytest.approx(error, rel=1e-9)
    assert robust.intervals()["rate"] is not None
    each = lk.fit(WAITS, "exponential", sampling_weights=weight * 7.0).with_errors("sandwich")
    assert each.errors == pytest.approx(robust.errors, rel=1e-9)
    for ask in (
        lambda: fit.with_errors("observed"),
        lambda: robust.intervals(method="profile"),
        robust.bootstrap,
    ):
        with pytest.raises(DataError, match="how many of the population"):
            ask()


def test_observed_and_expected():
    x = lk.Weibull(1.7, 4.0).sample(80, seed=3)
    fit = lk.fit(x, "weibull")
    assert fit.with_errors("observed").errors == pytest.approx(fit.errors, rel=1e-7)
    shape, scale = fit.distribution.shape, fit.distribution.scale
    euler = np.euler_gamma
    information = np.array(
        [
            [(np.pi**2 / 6 + (1 - euler) ** 2) / shape**2, -(1 - euler) / scale],
            [-(1 - euler) / scale, (shape / scale) ** 2],
        ]
    )
    errors = np.sqrt(np.linalg.inv(80 * information).diagonal())
    assert fit.with_errors("expected").errors == pytest.approx(errors, rel=1e-9)


def test_under_truncation_the_score_is_the_rows_own():
    """Exponential lives seen only past a random entry: simulated spread of the estimates."""
    rng = np.random.default_rng(4)
    estimates, errors = [], []
    for _ in range(400):
        entry = rng.exponential(2.0, 300)
        life = entry + rng.gamma(2.0, 1.0, 300)  # not exponential: the information is wrong
        fit = lk.fit(lk.observe(life, entry=entry), "exponential")
        estimates.append(fit.distribution.rate)
        errors.append(fit.with_errors("sandwich").standard_errors["rate"])
        own = life - entry
        assert errors[-1] == pytest.approx(own.std() / own.mean() ** 2 / np.sqrt(300), rel=1e-9)
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.1)


def test_functions_and_intervals_take_them():
    fit = lk.fit(WAITS, "exponential")
    robust = fit.with_errors("sandwich")
    ratio = robust.standard_errors["rate"] / fit.standard_errors["rate"]
    assert robust.mean().standard_error == pytest.approx(ratio * fit.mean().standard_error)
    back = lk.Fit.from_dict(robust.to_dict())
    assert back.errors_by == "sandwich"
    assert back.intervals() == robust.intervals()
    assert robust.diagnostics.outcome == fit.diagnostics.outcome
    assert robust.with_errors("observed").errors == pytest.approx(fit.errors, rel=1e-9)
    assert robust.bootstrap(50).by == "rows"


def test_what_has_no_ground_is_refused():
    fit = lk.fit(WAITS, "gamma")
    with pytest.raises(DataError, match="profile"):
        fit.with_errors("sandwich").intervals(method="profile")
    with pytest.raises(DataError, match="profile"):
        fit.with_errors("sandwich").quantile(0.9, method="profile")
    with pytest.raises(DataError, match="clusters"):
        fit.with_errors("cluster", np.arange(200)).bootstrap()
    with pytest.raises(DataError, match="boundary"):
        lk.fit(np.linspace(-1.0, 1.0, 41), "t").with_errors("sandwich")
    with pytest.raises(FamilyError, match="corners"):
        lk.fit(WAITS, "laplace").with_errors("sandwich")
    with pytest.raises(ParameterError, match="observed, expected, sandwich, cluster"):
        fit.with_errors("robust")
    with pytest.raises(ParameterError, match="clusters="):
        fit.with_errors("cluster")
    with pytest.raises(ParameterError, match="clusters="):
        fit.with_errors("sandwich", np.arange(200))
    with pytest.raises(DataError, match="one id for each of the 200 rows"):
        fit.with_errors("cluster", np.arange(199))
    with pytest.raises(DataError, match="one cluster"):
        fit.with_errors("cluster", np.zeros(200))
    with pytest.raises(DataError, match="1 of the 200 clusters are missing"):
        fit.with_errors("cluster", np.append(np.nan, np.arange(199)))
    with pytest.raises(DataError, match="kinds that cannot be sorted"):
        fit.with_errors("cluster", np.array(["a", 1] * 100, dtype=object))
    with pytest.raises(DataError, match="expected information"):
        lk.fit(lk.observe(WAITS, event=WAITS < 5.0), "exponential").with_errors("expected")
