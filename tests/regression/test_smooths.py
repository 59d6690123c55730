"""Smooth terms: strengths against an integral by hand, curves against the truth, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

import likeliest as lk
from likeliest.errors import DataError, ParameterError
from likeliest.regression.smooths import _columns

pytest.importorskip("formulaic")


def _waves(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(0.0, 1.0, (2, n))
    mean = np.exp(1.0 + np.sin(2.0 * np.pi * x))
    return {
        "x": x,
        "z": z,
        "y": np.log(mean) + rng.normal(0.0, 0.4, n),
        "waiting": rng.gamma(2.0, 0.5 * mean),
        "count": rng.poisson(mean).astype(float),
    }


def test_the_strength_is_that_of_restricted_maximum_likelihood() -> None:
    """With the spread known, integrating coefficients out leaves a normal law of contrasts."""
    data, spread = _waves(120, 1), 0.4
    r = lk.regress("y ~ s(x)", data, "normal", fixed={"std": spread})
    columns = _columns(data["x"], None, {})
    free, bends = np.column_stack([np.ones(120), columns[:, 0]]), columns[:, 1:]

    def lost(log_strength: float) -> float:
        variance = spread**2 * np.eye(120) + bends @ bends.T / np.exp(log_strength)
        inverse = np.linalg.inv(variance)
        inner = free.T @ inverse @ free
        left = data["y"] - free @ np.linalg.solve(inner, free.T @ inverse @ data["y"])
        volumes = np.linalg.slogdet(variance)[1] + np.linalg.slogdet(inner)[1]
        return float(0.5 * (volumes + left @ inverse @ left))

    best = optimize.minimize_scalar(lost, bounds=(-15.0, 10.0), method="bounded").x
    (curve,) = r.smooths
    assert np.log(curve.strength) == pytest.approx(best, abs=2e-3)
    assert lost(np.log(curve.strength)) <= lost(best) + 1e-6
    # At a known strength the curve is that of penalised least squares, its errors the inverse.
    whole = np.column_stack([free, bends])
    penalty = curve.strength * np.diag([0.0, 0.0, *np.ones(bends.shape[1])])
    information = whole.T @ whole / spread**2 + penalty
    coefficients = np.linalg.solve(information, whole.T @ data["y"] / spread**2)
    assert r.predict() == pytest.approx(whole @ coefficients, abs=1e-9)
    assert r.covariance == pytest.approx(np.linalg.inv(information), rel=1e-6, abs=1e-9)
    share = np.linalg.solve(information, whole.T @ whole / spread**2)
    assert r.estimated == pytest.approx(np.trace(share), rel=1e-8)
    assert r.log_likelihood == pytest.approx(
        float(np.sum(lk.Normal(whole @ coefficients, spread).log_prob(data["y"]))), rel=1e-12
    )


@pytest.mark.parametrize(
    ("response", "law"), [("y", "normal"), ("waiting", "gamma"), ("count", "poisson")]
)
def test_a_curve_is_found_and_a_straight_line_stays_straight(response: str, law: str) -> None:
    r = lk.regress(f"{response} ~ s(x) + s(z)", _waves(500, 2), law)
    wave, flat = r.smooths
    assert 5.0 < wave.edf < 12.0
    assert wave.p_value < 1e-10
    assert flat.edf < 2.5
    assert flat.p_value > 0.01
    at = {"x": np.linspace(0.05, 0.95, 19), "z": np.full(19, 0.5)}
    truth = 1.0 + np.sin(2.0 * np.pi * at["x"])
    low, high = r.estimate(lambda d: d.mean, at).interval(0.999)
    truth = truth if law == "normal" else np.exp(truth)
    assert np.mean((low <= truth) & (truth <= high)) > 0.9


def test_units_of_a_covariate_and_of_the_response_do_not_matter() -> None:
    data = _waves(200, 3)
    plain = lk.regress("waiting ~ s(x)", data, "gamma")
    moved = lk.regress(
        "waiting ~ s(x)", {"x": 1e3 * data["x"] - 5e5, "waiting": 1e-4 * data["waiting"]}, "gamma"
    )
    assert moved.estimated == pytest.approx(plain.estimated, abs=2e-3)
    assert moved.predict() == pytest.approx(1e-4 * plain.predict(), rel=1e-3)


def test_every_parameter_may_have_curves_and_a_straight_one_equals_the_line() -> None:
    rng = np.random.default_rng(4)
    x = rng.uniform(0.0, 1.0, 600)
    data = {"x": x, "y": 2.0 + 3.0 * x + rng.normal(0.0, np.exp(np.sin(6.0 * x)))}
    r = lk.regress("y ~ s(x)", data, "normal", formulas={"std": "~ s(x)"})
    line, wave = r.smooths
    assert (line.parameter, wave.parameter) == ("mean", "std")
    assert line.edf == pytest.approx(1.0, abs=0.1)
    assert wave.edf > 3.0
    straight = lk.regress("y ~ x", data, "normal", formulas={"std": "~ s(x)"})
    assert r.predict() == pytest.approx(straight.predict(), abs=0.02)
    # Beyond the values that were fitted a curve goes on straight.
    far = r.distribution({"x": [1.2, 1.4, 1.6]}).std
    assert np.diff(np.log(far))[0] == pytest.approx(np.diff(np.log(far))[1], rel=1e-9)


def test_a_saved_regression_predicts_the_same(tmp_path) -> None:
    data = _waves(150, 5)
    r = lk.regress("count ~ s(x, df=9) + z", data, "poisson")
    r.save(tmp_path / "curve.json")
    loaded = lk.Regression.load(tmp_path / "curve.json")
    new = {"x": [-0.2, 0.3, 1.5], "z": [0.1, 0.2, 0.3]}
    assert loaded.predict(new) == pytest.approx(r.predict(new), rel=1e-13)
    assert loaded.smooths == r.smooths
    assert loaded.aic == r.aic
    assert "curve," in str(loaded)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ s(x):z", "by itself"),
        ("y ~ s(x) * z", "by itself"),
        ("y ~ s(s(x))", "by itself"),
        ("y ~ s(x)**2", "by itself"),
        ("y ~ z - s(x)", "by itself"),
        ("s(y) ~ x", "response"),
        ("y ~ s(x, df=2)", "from 4 to 200"),
        ("y ~ s(x, df=150)", "different values"),
        ("y ~ s(few)", "5 different values"),
        ("y ~ s(word)", "numbers"),
    ],
)
def test_what_no_smooth_term_is(formula: str, words: str) -> None:
    data = _waves(100, 6) | {"few": np.arange(100) % 4, "word": np.array(["a", "b"] * 50)}
    with pytest.raises((ParameterError, DataError), match=words):
        lk.regress(formula, data, "normal")


def test_what_is_of_the_likelihood_alone_is_refused() -> None:
    data = _waves(100, 7)
    r = lk.regress("y ~ s(x)", data, "normal")
    line = lk.regress("y ~ x", data, "normal")
    for refused in (
        lambda: r.intervals(method="profile"),
        r.drop_one,
        lambda: lk.likelihood_ratio(line, r),
        lambda: r.with_errors("sandwich"),
    ):
        with pytest.raises(ParameterError, match="AIC"):
            refused()
    assert r.aic < line.aic
    with pytest.raises(ParameterError, match="robust errors"):
        lk.regress("y ~ s(x)", data | {"w": 1.0 + data["z"]}, "normal", sampling_weights="w")


def test_a_curve_for_each_level_is_the_curve_of_each_group():
    rng = np.random.default_rng(4)
    x, group = np.tile(np.linspace(0.0, 6.0, 80), 2), np.repeat(["a", "b"], 80)
    y = np.where(group == "a", np.sin(x), 0.2 * x) + 0.3 * rng.normal(size=160)
    data, words = {"x": x, "y": y, "g": group, "on": (group == "b") * 1.0}, {"fixed": {"std": 0.3}}
    whole = lk.regress("y ~ g + s(x,by=g)", data, "normal", **words)
    parts = [
        lk.regress("y ~ s(x)", {"x": x[group == g], "y": y[group == g]}, "normal", **words)
        for g in "ab"
    ]
    assert whole.log_likelihood == pytest.approx(sum(p.log_likelihood for p in parts), abs=5e-3)
    for g, part, curve in zip("ab", parts, whole.smooths, strict=True):
        assert curve.term.endswith(f"[{g}]")
        assert curve.edf == pytest.approx(part.smooths[0].edf, rel=1e-2)
        new = {"x": [1.0, 5.0], "g": [g, g]}
        assert whole.predict(new) == pytest.approx(part.predict(new), abs=2e-3)
    # Times a number that is 0 in one group, there is no curve in that.
    one = lk.regress("y ~ on + s(x, by=on)", data, "normal", **words)
    flat = one.predict({"x": [1.0, 5.0], "on": [0.0, 0.0]})
    assert flat[0] == pytest.approx(flat[1])


def test_an_interaction_of_a_curve_names_by():
    with pytest.raises(ParameterError, match=r"s\(x, by = z\)"):
        lk.regress("y ~ s(x):z", {"y": [1.0], "x": [1.0], "z": [1.0]}, "normal")
