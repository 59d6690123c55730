"""Maxima of families of rows against closed forms, SciPy's optimiser and numerical Hessians."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.optimize
import scipy.stats

import likeliest as lk

GAP = np.nan
TRUTH = {
    "multivariate normal": lk.MultivariateNormal([1.7, 70.0], [[0.01, 0.5], [0.5, 100.0]]),
    "multivariate t": lk.MultivariateT(4.0, [1.0, -2.0], [[1.0, 0.6], [0.6, 2.0]]),
    "dirichlet": lk.Dirichlet([2.0, 0.5, 6.0]),
    "dirichlet-multinomial": lk.DirichletMultinomial(12, [2.0, 0.5, 6.0]),
}
ROWS = {name: member.sample(150, seed=7) for name, member in TRUTH.items()}
CEMENT = np.array([
    [7, 26, 6, 60, 78.5], [1, 29, 15, 52, 74.3], [11, 56, 8, 20, 104.3], [11, 31, 8, 47, 87.6],
    [7, 52, 6, 33, 95.9], [11, 55, 9, 22, 109.2], [3, 71, 17, GAP, 102.7], [1, 31, 22, GAP, 72.5],
    [2, 54, 18, GAP, 93.1], [GAP, GAP, 4, GAP, 115.9], [GAP, GAP, 23, GAP, 83.8],
    [GAP, GAP, 9, GAP, 113.3], [GAP, GAP, 8, GAP, 109.4],
])  # fmt: skip


def made_of(family, flat):
    """Return SciPy's log densities of rows for parameters in the order of ours; d = 2 or shares."""
    if family == "multivariate normal":
        mean, cov = flat[:2], [[flat[2], flat[3]], [flat[3], flat[4]]]
        return lambda x: scipy.stats.multivariate_normal(mean, cov).logpdf(x)
    if family == "multivariate t":
        mean, cov = flat[1:3], [[flat[3], flat[4]], [flat[4], flat[5]]]
        return lambda x: scipy.stats.multivariate_t(mean, cov, flat[0]).logpdf(x)
    if family == "dirichlet":
        return lambda x: scipy.stats.dirichlet.logpdf(x.T, flat)
    return lambda x: scipy.stats.dirichlet_multinomial.logpmf(x, flat, x.sum(axis=1).astype(int))


def hessian(function, at, steps):
    """Return second derivatives by central differences."""
    moves = np.diag(steps)
    return np.array([
        [
            (function(at + a + b) - function(at + a - b) - function(at - a + b)
             + function(at - a - b)) / (4.0 * i * j)
            for b, j in zip(moves, steps, strict=True)
        ]
        for a, i in zip(moves, steps, strict=True)
    ])  # fmt: skip


@pytest.mark.parametrize("law", TRUTH)
def test_maximum_and_errors(law):
    """SciPy's likelihood is level there, no optimiser rises, and its curvature gives the errors."""
    rows = ROWS[law]
    fit = lk.fit(rows, law)
    flat = np.array([*fit.parameters.values()])

    def value(x):
        return float(made_of(law, x)(rows).sum())

    assert fit.log_likelihood == pytest.approx(value(flat), rel=1e-12, abs=1e-9)
    steps = 1e-3 * fit.errors
    slopes = [(value(flat + s) - value(flat - s)) / 2e-3 for s in np.diag(steps)]
    np.testing.assert_allclose(slopes, 0.0, atol=1e-4)  # in units of a standard error
    steps *= 30.0
    covariance = np.linalg.inv(-hessian(value, flat, steps))
    np.testing.assert_allclose(fit.errors, np.sqrt(covariance.diagonal()), rtol=2e-3)
    np.testing.assert_allclose(
        fit.correlation, covariance / np.outer(fit.errors, fit.errors), atol=4e-3
    )
    found = scipy.optimize.minimize(
        lambda u: -value(flat + u * fit.errors), np.full(flat.size, 0.3), method="Nelder-Mead",
        options={"maxiter": 400},
    )  # fmt: skip
    assert fit.log_likelihood >= -found.fun - 1e-9


def test_normal_in_closed_form():
    rows = ROWS["multivariate normal"]
    fit = lk.fit(pd.DataFrame(rows, columns=["height", "weight"]), lk.MultivariateNormal)
    np.testing.assert_allclose(fit.distribution.mean, rows.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(fit.distribution.cov, np.cov(rows.T, bias=True), rtol=1e-12)
    # Anderson (2003), theorem 3.4.4: n Cov(s_ij, s_kl) = σ_ik σ_jl + σ_il σ_jk.
    s, errors = fit.distribution.cov, fit.standard_errors
    assert errors["cov[height, weight]"] == pytest.approx(
        np.sqrt((s[0, 0] * s[1, 1] + s[0, 1] ** 2) / 150), rel=1e-12
    )
    # Fisher (1915): (1 - r²)/√n; his z has an interval of even width.
    r, error, (low, high) = fit.derived["correlation[height, weight]"]
    assert error == pytest.approx((1 - r**2) / np.sqrt(150), rel=1e-12)
    np.testing.assert_allclose(
        [np.arctanh(low), np.arctanh(high)], np.arctanh(r) + np.array([-1, 1]) * 1.96 / 150**0.5,
        rtol=1e-4,
    )  # fmt: skip
    slope = fit.estimate(lambda d: d.cov[0, 1] / d.cov[0, 0])
    left = s[1, 1] - s[0, 1] ** 2 / s[0, 0]
    assert slope.standard_error == pytest.approx(np.sqrt(left / s[0, 0] / 150), rel=1e-9)
    assert fit.estimated == 5
    assert fit.aic == pytest.approx(10 - 2 * fit.log_likelihood)


def test_missing_cells_as_published():
    """Little & Rubin (2002), table 7.4: means and variances of the cement data by EM."""
    fit = lk.fit(CEMENT, "multivariate normal", missing="em")
    np.testing.assert_allclose(
        fit.distribution.mean, [6.655, 49.965, 11.769, 27.047, 95.423], atol=6e-4
    )
    np.testing.assert_allclose(
        fit.distribution.cov.diagonal(), [21.826, 238.012, 37.870, 294.183, 208.905], atol=6e-4
    )
    assert "15 cells in 7 rows are missing" in fit.notes[0]


def test_a_step_of_em_as_published():
    """Johnson & Wichern (2007), example 5.13."""
    from likeliest.data.matrix import Matrix
    from likeliest.multivariate import normals

    rows = np.array([[GAP, 0, 3], [7, 2, 6], [5, 1, 2], [GAP, GAP, 5]])
    start = lk.MultivariateNormal([6, 1, 4], [[0.5, 0.25, 1], [0.25, 0.5, 0.75], [1, 0.75, 2.5]])
    patterns = [
        *normals._patterns(Matrix(rows, tuple("abc")), normals.Frame(np.zeros(3), np.ones(3)))
    ]
    made = normals._em_step(start, [*normals._projected(start, patterns)])
    np.testing.assert_allclose(made.mean, [6.03, 1.08, 4.00], atol=6e-3)
    np.testing.assert_allclose(
        made.cov, [[0.61, 0.33, 1.17], [0.33, 0.59, 0.83], [1.17, 0.83, 2.50]], atol=6e-3
    )


def test_missing_cells_by_the_likelihood_of_what_was_seen():
    rows = ROWS["multivariate normal"][:60].copy()
    rows[:12, 0] = rows[12:30, 1] = GAP
    fit = lk.fit(rows, "multivariate normal", missing="em")
    flat = np.array([*fit.parameters.values()])

    def value(x):
        def column(at):
            there = rows[np.isnan(rows[:, 1 - at])][:, at]
            return scipy.stats.norm(x[at], np.sqrt(x[2 + 2 * at])).logpdf(there).sum()

        whole = rows[~np.isnan(rows).any(axis=1)]
        return made_of("multivariate normal", x)(whole).sum() + column(0) + column(1)

    assert fit.log_likelihood == pytest.approx(value(flat), abs=1e-9)
    steps = 0.03 * fit.errors
    covariance = np.linalg.inv(-hessian(value, flat, steps))
    np.testing.assert_allclose(fit.covariance, covariance, rtol=2e-2, atol=1e-9)
    steps /= 30.0
    slopes = [(value(flat + s) - value(flat - s)) / 2e-3 for s in np.diag(steps)]
    np.testing.assert_allclose(slopes, 0.0, atol=1e-4)
    # Rows without a cell tell nothing, and rows that are whole are the plain fit.
    more = np.concatenate([rows, [[GAP, GAP]]])
    assert lk.fit(more, "multivariate normal", missing="em").parameters == fit.parameters
    whole = rows[30:]
    assert (
        lk.fit(whole, "multivariate normal", missing="em").parameters
        == lk.fit(rows, "multivariate normal", missing="drop").parameters
    )


@pytest.mark.parametrize("law", TRUTH)
def test_weights_are_repetition(law):
    rows = ROWS[law][:40]
    weights = np.arange(40) % 3
    by_weight = lk.fit(rows, law, weights=weights)
    repeated = lk.fit(np.repeat(rows, weights, axis=0), law)
    assert by_weight.n == repeated.n
    np.testing.assert_allclose(
        [*by_weight.parameters.values()], [*repeated.parameters.values()], rtol=1e-7
    )
    np.testing.assert_allclose(by_weight.errors, repeated.errors, rtol=1e-6)
    assert by_weight.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-11)


@pytest.mark.parametrize(
    ("law", "gaps"),
    [("multivariate normal", False), ("multivariate t", False), ("multivariate normal", True)],
)
def test_other_units_and_origins(law, gaps):
    """Columns of 1e9 + noise and of 1e-9 keep their digits; powers of two are exact."""
    rows = np.round(ROWS["multivariate t"] * 2.0**20) / 2.0**20
    words = {}
    if gaps:
        rows[::7, 0] = GAP
        words = {"missing": "em"}
    unit, origin = np.array([2.0**-30, 1.0]), np.array([0.0, 2.0**30])
    plain, moved = lk.fit(rows, law, **words), lk.fit(rows * unit + origin, law, **words)
    np.testing.assert_allclose(
        moved.distribution.matrix, plain.distribution.matrix * np.outer(unit, unit), rtol=1e-8
    )
    np.testing.assert_allclose(
        (moved.distribution.centre - origin) / unit, plain.distribution.centre, rtol=1e-6
    )
    cells = (~np.isnan(rows)).sum(axis=0)
    assert moved.log_likelihood == pytest.approx(
        plain.log_likelihood - cells @ np.log(unit), rel=1e-10
    )
    turned = lk.fit(rows[::-1, ::-1], law, **words)
    np.testing.assert_allclose(
        turned.distribution.matrix[::-1, ::-1], plain.distribution.matrix, rtol=1e-7
    )


@pytest.mark.parametrize("law", ["multivariate normal", "multivariate t", "dirichlet"])
def test_one_thread_is_many(law):
    rows = TRUTH[law].sample(70_000, seed=1)
    before = lk.set_threads(1)
    try:
        one = lk.fit(rows, law)
        lk.set_threads(2)
        assert lk.fit(rows, law).parameters == one.parameters
    finally:
        lk.set_threads(before)


def test_counts_and_labels():
    counts = TRUTH["dirichlet-multinomial"].sample(30, seed=1)
    fit = lk.fit(pl.DataFrame(counts, schema=["a", "b", "c"]), "multinomial")
    total, p = counts.sum(), counts.sum(axis=0) / counts.sum()
    assert [*fit.parameters.values()] == pytest.approx(p)
    np.testing.assert_allclose(fit.covariance, (np.diag(p) - np.outer(p, p)) / total, atol=1e-15)
    assert fit.distribution.n == 12
    assert fit.estimated == 2
    assert fit.log_likelihood == pytest.approx(
        sum(scipy.stats.multinomial(12, p).logpmf(row) for row in counts)
    )
    uneven = np.concatenate([counts, [[1, 2, 0]]])
    assert lk.fit(uneven, "multinomial").distribution.n is None
    assert lk.fit(uneven, "dirichlet-multinomial").distribution.n is None

    labels = ["b", "a", "b", 3, "b"]
    for seen in (labels, {"x": labels, "n": [1] * 5}, pd.Series(labels)):
        words = {"weights": "n", "column": "x"} if isinstance(seen, dict) else {}
        if isinstance(seen, dict):
            seen["x"] = [str(label) for label in labels]
        made = lk.fit(seen, "categorical", **words)
        assert made.parameters == {"p[3]": 0.2, "p[a]": 0.2, "p[b]": 0.6}
        assert made.standard_errors["p[b]"] == pytest.approx(np.sqrt(0.6 * 0.4 / 5))
        assert made.log_likelihood == pytest.approx(3 * np.log(0.6) + 2 * np.log(0.2))
    known = lk.fit([*labels, None, float("nan")], "categorical", missing="drop")
    assert known.distribution.p == {3: 0.2, "a": 0.2, "b": 0.6}
    assert "5 labels of 3 categories; 2 missing left out" in str(known)
    assert {*known.sample(40, seed=1).tolist()} == {3, "a", "b"}
    arrow = pl.DataFrame({"x": ["a", None, "b", "a"]}).to_arrow()["x"]
    seen = lk.fit(arrow, "categorical", missing="drop").distribution
    assert seen.p == {"a": 2 / 3, "b": 1 / 3}
    assert np.exp(seen.log_prob(arrow)) == pytest.approx([2 / 3, 0.0, 1 / 3, 2 / 3])
    pairs = lk.Categorical({("a", 1): 0.5, ("b",): 0.5}).sample(20, seed=1)
    assert {*pairs.tolist()} == {("a", 1), ("b",)}


@pytest.mark.parametrize("far", [1e7, 1e10])
def test_a_t_stands_a_row_however_far_out(far):
    """A row so far out that to float64 all others lie on one point moves the centre but little."""
    rows = np.random.default_rng(3).normal(size=(60, 2)) @ [[1, 0.6], [0, 0.8]]
    fit = lk.fit(np.concatenate([rows, [[far, far]]]), "multivariate t")
    assert 0.3 < fit.parameters["df"] < 2.0
    assert np.abs(fit.distribution.loc - np.median(rows, axis=0)).max() < 0.2
    law, ends = fit.distribution, np.concatenate([rows, [[far, far]]])
    assert fit.log_likelihood == pytest.approx(law.log_likelihood(ends), rel=1e-12)
    score = np.array([part.sum() for part in law.score(ends).values()])
    assert np.abs(score * fit.errors).max() < 1e-4


def test_columns_by_their_number_and_of_a_lazy_frame():
    law = lk.MultivariateT(2.0, [0, 1], [[1, 0], [0, 4]])
    assert repr(law.marginal(1)) == repr(law.marginal("1"))
    rows = pl.DataFrame({"1": [1.0, 2.0], "0": [0.5, 0.0]})
    assert law.log_prob(rows.lazy()).tolist() == law.log_prob([[0.5, 1.0], [0.0, 2.0]]).tolist()
    assert law.std.tolist() == [np.inf, np.inf]


def test_what_may_be_negative_has_no_interval_on_the_logarithm():
    """However far from 0 a correlation or a slope lies, its range goes below 0."""
    law = lk.MultivariateNormal([9.0, 9.0, 9.0], [[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
    fit = lk.fit(law.sample(60, seed=2), "multivariate normal")
    assert fit.estimate(lambda d: d.correlation[0, 1]).law.scale == "identity"
    assert fit.estimate(lambda d: d.cov[0, 1] / d.cov[0, 0]).law.scale == "identity"
    assert fit.estimate(lambda d: d.std).law.scale == "log"
    assert fit.estimate(lambda d: d.marginal("0").cdf(9.0)).law.scale == "logit"


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_a_category_that_never_came(kind):
    known = ["low", "middle", "high"]
    cells = ["low", "high", "low", "low"]
    seen = (
        pd.Series(pd.Categorical(cells, known))
        if kind == "pandas"
        else pl.Series(cells, dtype=pl.Enum(known))
    )
    fit = lk.fit(seen, "categorical")
    assert fit.distribution.p == {"low": 0.75, "middle": 0.0, "high": 0.25}
    assert fit.outcome == "on a boundary"
    assert fit.standard_errors["p[middle]"] is None
    assert fit.intervals()["p[middle]"] is None
    # 0 of 4 has the exact upper limit 1 - 0.05^(1/4).
    assert "middle was never seen" in fit.notes[0]
    assert "below 0.527" in fit.notes[0]
    assert fit.estimated == 2


def test_a_t_of_short_tails_is_the_normal():
    rows = np.random.default_rng(0).uniform(size=(200, 2))
    t, normal = lk.fit(rows, "multivariate t"), lk.fit(rows, "multivariate normal")
    assert t.parameters["df"] == np.inf
    assert t.log_likelihood == normal.log_likelihood
    assert t.standard_errors["df"] is None
    assert t.standard_errors["loc[0]"] == normal.standard_errors["mean[0]"]
    assert "df is infinite" in t.notes[0]
    assert t.estimated == normal.estimated + 1
    again = lk.MultivariateFit.from_dict(t.to_dict())
    assert repr(again) == repr(t)


def test_comparison():
    compared = lk.compare(ROWS["multivariate t"], ["multivariate normal", "multivariate t"])
    assert [fit.family for fit in compared] == ["multivariate t", "multivariate normal"]
    assert compared["mvn"].log_likelihood < compared.best.log_likelihood
    assert sum(compared.weights) == pytest.approx(1.0)
    assert compared.to_frame()["family"][0] == "multivariate t"
    level = np.random.default_rng(1).multinomial(30, [0.2, 0.3, 0.5], size=40)
    compared = lk.compare(level, ["multinomial", "dirichlet-multinomial"], criterion="bic")
    assert compared.best.family == "multinomial"
    assert "towards that of the multinomial" in compared.left_out["dirichlet-multinomial"]
    assert "left out: dirichlet-multinomial" in repr(compared)


def test_a_saved_fit_is_whole(tmp_path):
    fit = lk.fit({"x": ROWS["dirichlet"][:, 0], "y": ROWS["dirichlet"][:, 1],
                  "z": ROWS["dirichlet"][:, 2]}, "dirichlet")  # fmt: skip
    fit.save(tmp_path / "fit.json")
    again = lk.MultivariateFit.load(tmp_path / "fit.json")
    assert repr(again) == repr(fit)
    assert again.estimate(lambda d: d.mean).standard_error.tolist() == pytest.approx(
        fit.estimate(lambda d: d.mean).standard_error.tolist()
    )
    assert again.sample(3, seed=1).tolist() == fit.sample(3, seed=1).tolist()
    with pytest.raises(lk.errors.DataError, match="MultivariateFit"):
        lk.Fit.load(tmp_path / "fit.json")
    with pytest.raises(lk.errors.DataError, match="not a saved fit"):
        lk.MultivariateFit.from_dict({**fit.to_dict(), "covariance": None})
    with pytest.raises(lk.errors.DataError, match="not a saved fit"):
        lk.MultivariateFit.from_dict(lk.fit([1.0, 2.0, 4.0], "normal").to_dict())


def test_intervals_cover():
    """Of the t's loc, df and scale, and of a correlation where cells lack."""
    truth = TRUTH["multivariate t"]
    rng = np.random.default_rng(5)
    t, r = [], []
    for _ in range(80):
        ends = lk.fit(truth.sample(100, seed=rng), "multivariate t").intervals()
        t.append([
            ends[name] is None or ends[name][0] < value < ends[name][1]
            for name, value in truth.parameters.items()
        ])  # fmt: skip
        rows = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 60)
        rows[rng.random(60) < 0.25, 1] = GAP
        fit = lk.fit(rows, "multivariate normal", missing="em")
        low, high = fit.derived["correlation[0, 1]"][2]
        r.append(low < 0.5 < high)
    # 3 standard errors of a share of 80 below 0.95 and above it
    assert (np.abs(np.mean(t, axis=0) - 0.95) < 0.08).all()
    assert abs(np.mean(r) - 0.95) < 0.08
