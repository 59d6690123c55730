"""What a regression predicts: distributions, errors, effects, residuals, other standard errors."""

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError, ParameterError

RNG = np.random.default_rng(3)
N = 400
FRAME = {
    "x": RNG.normal(size=N),
    "z": RNG.normal(size=N) + 100.0,
    "g": np.tile(["a", "b", "c", "d"], N // 4),
}
FRAME["count"] = RNG.negative_binomial(2, 2.0 / (2.0 + np.exp(1.0 + 0.5 * FRAME["x"]))).astype(
    float
)
FRAME["life"] = np.exp(1.0 + 0.4 * FRAME["x"]) * RNG.weibull(1.5, N)
FRAME["known"] = (FRAME["life"] < 5.0).astype(int)
NEW = {"x": [-1.0, 0.0, 2.0], "z": [99.0, 100.0, 101.0], "g": ["b", "a", "d"]}


def counts(terms="x + g"):
    return lk.regress(f"count ~ {terms}", FRAME, "negative binomial")


def lives(**words):
    return lk.regress("life ~ x + z", FRAME, "weibull", formulas={"shape": "~ x"}, **words)


def test_the_mean_is_the_link_of_the_terms():
    r = counts()
    b = r.coefficients["mean"]
    by_hand = np.exp(
        b["Intercept"] + b["x"] * np.array(NEW["x"]) + np.array([b["g[T.b]"], 0.0, b["g[T.d]"]])
    )
    assert np.allclose(r.predict(NEW), by_hand, rtol=1e-12)
    assert r.distribution(NEW).batch_shape == (3,)
    assert np.allclose(r.predict()[:4], r.predict({n: c[:4] for n, c in FRAME.items()}))


def test_the_error_of_a_mean_under_a_log_link():
    r = counts("x + z")
    rows = np.column_stack([np.ones(3), NEW["x"], NEW["z"]])
    covariance = r.covariance[:3, :3]
    mean = r.estimate(lambda d: d.mean, NEW)
    by_hand = mean.value * np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
    assert np.allclose(mean.standard_error, by_hand, rtol=1e-6)
    assert mean.scale == "log"


def test_the_error_of_a_quantile_against_many_refits():
    x = FRAME["x"]
    r = lk.regress("life ~ x", FRAME, "weibull")
    truth = r.distribution()
    new = {"x": [0.5]}
    found = []
    for seed in range(200):
        drawn = {"life": truth.sample((), seed=seed), "x": x}
        found.append(lk.regress("life ~ x", drawn, "weibull").distribution(new).quantile(0.9)[0])
    high = r.estimate(lambda d: d.quantile(0.9), new)
    assert high.standard_error[0] == pytest.approx(np.std(found), rel=0.2)


def test_a_number_of_all_rows():
    r = counts()
    total = r.estimate(lambda d: np.sum(d.mean), NEW)
    assert total.value == pytest.approx(r.predict(NEW).sum())
    low, high = total.interval()
    assert low < total.value < high


def test_a_location_that_can_be_negative_has_no_log_interval():
    r = lk.regress("life ~ x", FRAME, "normal")
    assert r.estimate(lambda d: d.mean, {"x": [0.0]}).scale == "identity"
    assert r.estimate(lambda d: d.std, {"x": [0.0]}).scale == "log"
    assert r.estimate(lambda d: d.sf(3.0), {"x": [0.0]}).scale == "logit"


def test_new_rows_that_do_not_fit():
    r = counts()
    with pytest.raises(DataError, match=r"level 'e'.*it saw 'a', 'b'"):
        r.predict({**NEW, "g": ["a", "b", "e"]})
    with pytest.raises(DataError, match="no column 'g'"):
        r.predict({"x": [1.0]})
    with pytest.raises(DataError, match="no value of x"):
        r.predict({**NEW, "x": [1.0, np.nan, 2.0]})
    by_array = lk.regress(FRAME["life"], FRAME["x"], "gamma", formulas={"shape": FRAME["z"]})
    with pytest.raises(DataError, match="1 column"):
        by_array.predict({"mean": np.ones((2, 3)), "shape": np.ones(2)})
    with pytest.raises(DataError, match="shape are needed"):
        by_array.predict(np.ones(2))


def test_some_levels_in_new_rows():
    assert counts().predict({"x": [0.0], "g": ["c"]}) == pytest.approx(
        counts().predict({"x": [0.0, 0.0], "g": ["a", "c"]})[1]
    )


def test_splines_keep_their_knots_in_new_rows():
    for term in ("bs(x, df=5)", "cr(x, df=4, constraints='center')", "poly(x, 3)", "scale(x)"):
        r = lk.regress(f"life ~ {term}", FRAME, "gamma")
        some = {"x": FRAME["x"][10:13]}
        assert np.allclose(r.predict(some), r.predict()[10:13], rtol=1e-9)


def test_functions_of_a_caller():
    r = lk.regress("life ~ hinge(x)", FRAME, "gamma", context={"hinge": lambda x: np.maximum(x, 0)})
    low, middle, high = r.predict({"x": [-3.0, -1.0, 2.0]})
    assert low == pytest.approx(middle)
    assert middle != pytest.approx(high)


def test_an_offset_is_found_in_new_rows():
    frame = {**FRAME, "hours": np.exp(FRAME["z"] - 100.0)}
    r = lk.regress("count ~ x", frame, "poisson", exposure="hours")
    one, two = r.predict({"x": [0.3, 0.3], "hours": [1.0, 2.0]})
    assert two == pytest.approx(2.0 * one)
    by_array = lk.regress("count ~ x", frame, "poisson", exposure=frame["hours"])
    with pytest.raises(DataError, match="exposure"):
        by_array.predict({"x": [0.3]})
    assert by_array.predict({"x": [0.3]}, exposure=2.0) == pytest.approx(two)


@pytest.mark.parametrize("words", [{}, {"event": "known"}], ids=["exact", "censored"])
def test_residuals_are_normal_if_the_regression_is_right(words):
    life = np.minimum(FRAME["life"], 5.0) if words else FRAME["life"]
    r = lk.regress("life ~ x", {**FRAME, "life": life}, "weibull", **words)
    assert stats.kstest(r.residuals(seed=1), "norm").pvalue > 0.01
    wrong = lk.regress("life ~ 1", {**FRAME, "life": life}, "normal", **words)
    assert stats.kstest(wrong.residuals(seed=1), "norm").pvalue < 0.01


def test_residuals_of_counts_are_drawn_and_seeded():
    r = counts()
    assert np.array_equal(r.residuals(seed=4), r.residuals(seed=4))
    assert not np.array_equal(r.residuals(seed=4), r.residuals(seed=5))
    assert stats.kstest(r.residuals(seed=1), "norm").pvalue > 0.01
    poisson = lk.regress("count ~ x + g", FRAME, "poisson")
    assert np.std(poisson.residuals()) > 1.2


def test_residuals_of_truncated_rows():
    seen = FRAME["life"] > 1.0
    late = {name: column[seen] for name, column in FRAME.items()}
    r = lk.regress("life ~ x", late, "weibull", entry=1.0)
    assert stats.kstest(r.residuals(), "norm").pvalue > 0.01
    blind = lk.regress("life ~ x", late, "weibull", entry=1.0, fixed={"shape": 5.0})
    assert stats.kstest(blind.residuals(), "norm").pvalue < 0.01


def test_an_effect_under_an_identity_link_is_the_coefficient():
    r = lk.regress("life ~ x + g", FRAME, "normal")
    effect = r.average_effect("x")
    assert effect.value == pytest.approx(r.coefficients["mean"]["x"], rel=1e-7)
    assert effect.standard_error == pytest.approx(r.standard_errors["mean"]["x"], rel=1e-6)
    levels = r.average_effect("g")
    assert np.allclose(levels.value, [r.coefficients["mean"][f"g[T.{g}]"] for g in "bcd"])


def test_an_effect_of_an_interaction_sees_both_terms():
    r = lk.regress("life ~ x * z", FRAME, "normal")
    b = r.coefficients["mean"]
    assert r.average_effect("x").value == pytest.approx(
        b["x"] + b["x:z"] * np.mean(FRAME["z"]), rel=1e-6
    )
    assert r.average_effect("x", new={"x": [0.0], "z": [99.0]}).value == pytest.approx(
        b["x"] + 99.0 * b["x:z"], rel=1e-6
    )


def test_an_effect_on_something_else():
    r = lives()
    by_hand = r.distribution({"x": [0.5 + 1e-5, 0.5 - 1e-5], "z": [100.0, 100.0]}).quantile(0.1)
    effect = r.average_effect("x", lambda d: d.quantile(0.1), {"x": [0.5], "z": [100.0]})
    assert effect.value == pytest.approx((by_hand[0] - by_hand[1]) / 2e-5, rel=1e-5)
    with pytest.raises(ParameterError, match=r"no column 'g'|they read x, z"):
        r.average_effect("g")


def test_an_effect_of_a_column_of_an_array():
    by_array = lk.regress(FRAME["life"], np.column_stack([FRAME["x"], FRAME["z"]]), "gamma")
    by_formula = lk.regress("life ~ x + z", FRAME, "gamma")
    assert by_array.average_effect("x1").value == pytest.approx(
        by_formula.average_effect("x").value, rel=1e-6
    )


def test_expected_errors_where_observed_ones_are_the_same():
    r = lk.regress("count ~ x + g", FRAME, "poisson")
    assert np.allclose(r.with_errors("expected").errors, r.errors, rtol=1e-8)
    assert np.allclose(r.with_errors("observed").errors, r.errors, rtol=1e-6)


def test_expected_errors_of_many_draws():
    # The expected information is what observed ones come to on average.
    r = lk.regress("life ~ x", FRAME, "gamma", formulas={"shape": "~ x"})
    truth = r.distribution()
    drawn = [
        lk.regress("life ~ x", {**FRAME, "life": truth.sample((), seed=seed)}, "gamma",
                   formulas={"shape": "~ x"}, start=None).covariance
        for seed in range(30)
    ]  # fmt: skip
    assert np.allclose(
        np.diag(r.with_errors("expected").covariance), np.diag(np.mean(drawn, axis=0)), rtol=0.1
    )


def test_clusters_of_copies_are_the_errors_of_one_copy():
    double = {name: np.repeat(column, 2) for name, column in FRAME.items()}
    r = lk.regress("life ~ x", double, "gamma").with_errors("cluster", np.repeat(np.arange(N), 2))
    single = lk.regress("life ~ x", FRAME, "gamma").with_errors("sandwich")
    assert np.allclose(r.errors, single.errors, rtol=1e-6)


def test_sampling_weights_have_robust_errors():
    weights = RNG.uniform(1.0, 9.0, N)
    r = lk.regress("life ~ x", FRAME, "gamma", sampling_weights=weights)
    assert r.errors_by == "sandwich"
    scaled = lk.regress("life ~ x", FRAME, "gamma", sampling_weights=1000.0 * weights)
    assert np.allclose(r.errors, scaled.errors, rtol=1e-6)
    with pytest.raises(DataError, match="sandwich"):
        r.with_errors("observed")
    with pytest.raises(ParameterError, match="clusters="):
        r.with_errors("cluster")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["poisson", "negative binomial", "gamma", "weibull"])
def test_intervals_cover(name):
    rng = np.random.default_rng(11)
    x = rng.normal(size=500)
    last = {"poisson": [], "negative binomial": [-0.5], "gamma": [0.7], "weibull": [0.3]}[name]
    truth = np.array([1.0, 0.4, *last])
    mean = np.exp(truth[0] + truth[1] * x)
    draw = {
        "poisson": lambda: rng.poisson(mean),
        "negative binomial": lambda: rng.poisson(
            mean * rng.gamma(np.exp(0.5), np.exp(-0.5), x.size)
        ),
        "gamma": lambda: mean * rng.gamma(np.exp(0.7), np.exp(-0.7), x.size),
        "weibull": lambda: mean * rng.weibull(np.exp(0.3), x.size),
    }[name]
    held = []
    for _ in range(300):
        r = lk.regress("y ~ x", {"y": draw(), "x": x}, name)
        held.append(np.abs(r.estimates - truth) < 1.959964 * r.errors)
    # 300 draws: 95 % give or take three standard errors of 1.26 %.
    assert np.all(np.abs(np.mean(held, axis=0) - 0.95) < 0.038)
