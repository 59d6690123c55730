"""Functions of the fits of many groups: what each single fit says, at once."""

from __future__ import annotations

import numpy as np
import pytest

import likeliest as lk

Q = np.array([0.1, 0.5, 0.99])
ASKED = {
    "quantiles": (lambda fit: fit.quantile(Q)),
    "return level": (lambda fit: fit.return_level(100.0)),
    "survival": (lambda fit: fit.survival(2.5)),
    "probability": (lambda fit: fit.probability(1.0, [2.0, 4.0])),
    "mean": (lambda fit: fit.mean()),
    "hazard": (lambda fit: fit.hazard([1.0, 3.0])),
    "tail value at risk": (lambda fit: fit.tail_value_at_risk(0.9)),
    "layer mean": (lambda fit: fit.layer_mean([1.0, 2.0], limit=3.0)),
    "b life": (lambda fit: fit.b_life(10.0)),
    "a user's": (lambda fit: fit.estimate(lambda d: d.quantile(0.75) - d.quantile(0.25))),
    "a sign": (lambda fit: fit.estimate(lambda d: np.log(d.quantile(0.3)))),
    "one at a time": (lambda fit: fit.estimate(lambda d: float(d.quantile(0.5)) ** 2)),
}


def data(seed: int, groups: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    keys = np.repeat(np.arange(groups), rng.integers(8, 40, groups))
    return rng.gamma(2.0 + keys % 3, 1.0 + keys / 7.0), keys


@pytest.mark.parametrize("name", ["exponential", "gamma", "lognormal", "weibull", "gumbel"])
@pytest.mark.parametrize("asked", ASKED)
def test_each_group_is_as_its_own_fit(name, asked):
    values, keys = data(seed=3)
    ask = ASKED[asked]
    fits = lk.fit(values, name, by=keys)
    many = ask(fits)
    low, high = many.interval(0.9)
    for key in (0, 5, 11):
        one = ask(fits[key])
        np.testing.assert_allclose(many.value[key], one.value, rtol=1e-7)
        np.testing.assert_allclose(many.standard_error[key], one.standard_error, rtol=2e-6)
        for ours, theirs in zip((low[key], high[key]), one.interval(0.9), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=2e-6)


def test_three_parameters_with_their_correlations():
    rng = np.random.default_rng(5)
    keys = np.repeat(np.arange(6), 300)
    fits = lk.fit(rng.standard_t(4.0, keys.size) * (1 + keys), "student t", by=keys)
    many = fits.quantile(0.99)
    assert np.isfinite(many.standard_error).all()
    for key in range(6):
        one = fits[key].quantile(0.99)
        assert many.standard_error[key] == pytest.approx(one.standard_error, rel=1e-5)


def test_groups_that_failed_have_no_value_and_stop_nobody():
    fits = lk.fit([1.0, 2.0, 4.0, 7.0, 7.0, 7.0], "gamma", by=[1, 1, 1, 2, 2, 2])
    many = fits.quantile(0.9)
    assert many.value[0] == pytest.approx(fits[1].quantile(0.9).value)
    assert np.isnan(
        [many.value[1], many.standard_error[1], *(end[1] for end in many.interval())]
    ).all()
    assert "–" in repr(many)


def test_what_does_not_move_has_no_error():
    fits = lk.fit([3, 1, 4, 9, 8, 7], "poisson", by=[1, 1, 1, 2, 2, 2])
    many = fits.quantile(0.5)  # whole numbers: no slope
    assert many.value.tolist() == [2.0, 8.0]
    assert np.isnan(many.standard_error).all()


def test_a_probability_beyond_the_support_is_certain():
    fits = lk.fit([3.0, 1.0, 4.0, 9.0, 8.0, 7.0], "gamma", by=[1, 1, 1, 2, 2, 2])
    many = fits.survival([-1.0, 5.0])
    assert many.value[:, 0].tolist() == [1.0, 1.0]
    assert many.standard_error[:, 0].tolist() == [0.0, 0.0]
    assert many.interval()[0][:, 0].tolist() == [1.0, 1.0]


def test_fixed_parameters_are_held():
    values, keys = data(seed=8)
    fits = lk.fit(values, "gamma", by=keys, fixed={"shape": 2.0})
    one = fits[4].quantile(0.9)
    assert fits.quantile(0.9).standard_error[4] == pytest.approx(one.standard_error, rel=1e-6)


def test_an_end_of_the_support_is_held_as_in_a_single_fit():
    values, keys = data(seed=9)
    fits = lk.fit(1.0 + values, "pareto", by=keys)
    one = fits[4].quantile(0.9)
    assert fits.quantile(0.9).standard_error[4] == pytest.approx(one.standard_error, rel=1e-6)


def test_a_grid_of_cells_and_its_frame():
    cells = np.random.default_rng(1).gamma(2.0, 3.0, (2, 3, 50))
    many = lk.fit(cells, "gamma", axis=-1).return_level([10.0, 100.0])
    assert many.value.shape == (6, 2)
    frame = many.to_frame(level=0.8)
    assert frame.columns == [
        "axis 0", "axis 1",
        "return level 10", "return level 10 error", "return level 10 low", "return level 10 high",
        "return level 100", "return level 100 error", "return level 100 low",
        "return level 100 high",
    ]  # fmt: skip
    high = many.interval(0.8)[1]
    assert frame["return level 100 high"].to_list() == high[:, 1].tolist()
    assert many.to_frame("pandas", level=0.8).shape == (6, 10)


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (lambda fits: fits.estimate(lambda d: d.mean, scale="sqrt"), "scale"),
        (lambda fits: fits.estimate(lambda d: -d.mean, scale="log"), "above 0"),
        (lambda fits: fits.estimate(lambda d: []), "empty"),
        (lambda fits: fits.return_level(0.5), "period"),
        (lambda fits: fits.mean().interval(1.0), "level"),
    ],
)
def test_bad_input(ask, word):
    fits = lk.fit([1.0, 2.0, 4.0, 7.0, 8.0, 6.0], "gamma", by=[1, 1, 1, 2, 2, 2])
    with pytest.raises(lk.errors.LikeliestError, match=word):
        ask(fits)


def test_no_group_was_fitted():
    fits = lk.fit([7.0, 7.0, 7.0], "gamma", by=[1, 1, 1])
    with pytest.raises(lk.errors.ParameterError, match="No group"):
        fits.mean()


def censored(seed: int) -> tuple[lk.Fits, list[int]]:
    """Groups with censored rows, and one that cannot be fitted."""
    values, keys = data(seed, groups=5)
    seen = np.random.default_rng(seed).random(keys.size) < 0.8
    values, keys = np.append(values, [2.0, 2.0]), np.append(keys, [9, 9])
    return lk.fit(values, "weibull", by=keys, event=np.append(seen, [True, True])), [0, 4]


@pytest.mark.parametrize("method", ["profile", "bootstrap"])
def test_what_takes_rows_is_asked_of_each_fit(method):
    fits, keys = censored(seed=4)
    ends = fits.intervals(0.9, method)
    many = fits.quantile([0.5, 0.9], method)
    low, high = many.interval(0.9)
    for key in keys:
        one = fits[key].intervals(0.9, method)
        assert {n: (low[key], high[key]) for n, (low, high) in ends.items()} == one
        estimate = fits[key].quantile([0.5, 0.9], method)
        assert many.standard_error[key].tolist() == estimate.standard_error.tolist()
        assert [low[key].tolist(), high[key].tolist()] == [
            end.tolist() for end in estimate.interval(0.9)
        ]
    assert many.method == method
    assert np.isnan([ends["shape"][0][5], *many.value[5], *low[5]]).all()


def test_robust_errors_of_each_group_go_into_all_that_follows():
    fits, keys = censored(seed=5)
    robust = fits.with_errors("sandwich")
    for key in keys:
        one = fits[key].with_errors("sandwich")
        assert robust[key].standard_errors == one.standard_errors
        assert robust.standard_errors["shape"][key] == one.standard_errors["shape"]
        assert robust.intervals()["shape"][1][key] == pytest.approx(one.intervals()["shape"][1])
        error = one.quantile(0.9).standard_error
        assert robust.quantile(0.9).standard_error[key] == pytest.approx(error, rel=2e-6)
    back = robust.with_errors("observed").standard_errors["scale"]
    np.testing.assert_allclose(back, fits.standard_errors["scale"], rtol=1e-9)


def test_goodness_of_each_group():
    fits, keys = censored(seed=6)
    tests = fits.goodness("cvm", draws=49, seed=3)
    frame = tests.to_frame()
    for key in keys:
        one = fits[key].goodness("cvm", draws=49, seed=3)
        assert (tests.statistic[key], tests.p_value[key]) == (one.statistic, one.p_value)
        assert frame.row(key) == (key, one.statistic, one.p_value, one.effect, None)
    assert frame["reason"][5] == fits.reasons[9]
    assert "1 not tested, such as 9" in repr(tests)


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (lambda fits: fits.with_errors("cluster"), "fits\\[key\\]"),
        (lambda fits: fits.with_errors("expected"), "censoring"),
        (lambda fits: fits.with_errors("sandwich").mean("profile"), "takes it for right"),
        (lambda fits: fits.intervals(method="delta"), "wald, profile, bootstrap"),
        (lambda fits: fits.mean("wald"), "delta, profile, bootstrap"),
        (lambda fits: fits.goodness("t"), "ad, ks"),
        (lambda fits: fits.goodness(draws=0), "draws"),
        (lambda fits: fits.quantile("half"), "q must be"),
        (lambda fits: fits.estimate(lambda _: "high"), "no number"),
        (lambda fits: fits.estimate(lambda d: d.scale * np.inf), "not finite for any"),
    ],
)
def test_what_groups_do_not_answer_is_one_clear_error(ask, word):
    with pytest.raises(lk.errors.LikeliestError, match=word):
        ask(censored(seed=7)[0])
