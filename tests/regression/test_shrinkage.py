"""Ridge and lasso: against scikit-learn and the conditions of a top, the path, refusals."""

from __future__ import annotations

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError

_SLOPES = np.array([1.0, 0.0, 0.0, -0.7, 0.0, 0.4, 0.0, 0.0])


def _rows(n: int = 200, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 8)) * np.array([1.0, 1e3, 1.0, 1.0, 1e-3, 1.0, 1.0, 1.0])
    x[:, 2] += x[:, 0]
    x += 5.0
    eta = (x - 5.0) @ _SLOPES
    return x, eta


def _noisy(eta: np.ndarray) -> np.ndarray:
    return eta + np.random.default_rng(2).normal(size=len(eta))


@pytest.mark.parametrize("strength", [0.3, 0.03])
def test_a_normal_response_of_known_spread_is_as_scikit_learn_has_it(strength: float) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    x, eta = _rows()
    y = _noisy(eta)
    spread = x.std(axis=0)
    z = (x - x.mean(axis=0)) / spread
    how = {"strength": strength, "fixed": {"std": 1.0}}
    lasso = lk.regress(y, x, "normal", penalty="lasso", **how)
    theirs = linear.Lasso(alpha=strength, tol=1e-13, max_iter=100_000).fit(z, y)
    assert lasso.estimates[1:] * spread == pytest.approx(theirs.coef_, abs=1e-9)
    assert lasso.estimated == 1 + np.count_nonzero(theirs.coef_)
    ridge = lk.regress(y, x, "normal", penalty="ridge", **how)
    theirs = linear.Ridge(alpha=strength * len(y)).fit(z, y)
    assert ridge.estimates[1:] * spread == pytest.approx(theirs.coef_, abs=1e-9)


@pytest.mark.parametrize("law", ["gamma", "negative binomial", "student t"])
def test_a_lasso_is_at_the_top_of_its_likelihood(law: str) -> None:
    """The score of a slope at 0 is below the strength, that of another equals it."""
    x, eta = _rows()
    rng = np.random.default_rng(3)
    mean = np.exp(1.0 + 0.3 * eta)
    y = {
        "gamma": rng.gamma(2.0, 0.5 * mean),
        "negative binomial": rng.poisson(rng.gamma(2.0, 0.5 * mean)),
        "student t": eta + rng.standard_t(4, size=len(eta)),
    }[law]
    strength = 0.1
    r = lk.regress(y, x, law, penalty="lasso", strength=strength, formulas={})
    main = r.form.main
    at = r.slices[main]
    score = r.scores()[:, at].sum(axis=0) / len(y)
    slopes = r.estimates[at]
    # A slope's score about the mean of its column, in units of its spread.
    score = (score - score[0] * np.array([1.0, *x.mean(axis=0)])) / np.array([1.0, *x.std(axis=0)])
    kept = slopes[1:] != 0.0
    assert 0 < kept.sum() < 8
    assert score[1:][kept] == pytest.approx(strength * np.sign(slopes[1:][kept]), abs=2e-5)
    assert np.all(np.abs(score[1:][~kept]) < strength)


def test_the_strength_chosen_foretells_better_than_none() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(60, 25))
    new = rng.normal(size=(4000, 25))
    slopes = np.zeros(25)
    slopes[:3] = 0.5, -0.5, 0.4
    y, later = (rng.poisson(np.exp(one @ slopes)) for one in (x, new))
    plain = lk.regress(y, x, "poisson")
    for penalty in ("lasso", "ridge"):
        r = lk.regress(y, x, "poisson", penalty=penalty)
        assert r.log_score(new, later).mean() > plain.log_score(new, later).mean() + 0.01
        path = r.path
        assert path.held_out[path.chosen] == path.held_out.max()
        assert path.strengths[path.chosen] == r.shrunk.strength
        assert path.slopes[0] == (0 if penalty == "lasso" else 25)
        again = lk.regress(y, x, "poisson", penalty=penalty, strength=r.shrunk.strength)
        assert again.estimates == pytest.approx(r.estimates, abs=1e-4)


def test_a_small_strength_gives_the_plain_regression() -> None:
    x, eta = _rows()
    y = np.random.default_rng(5).gamma(3.0, np.exp(0.3 * eta))
    plain = lk.regress(y, x, "gamma")
    for penalty in ("lasso", "ridge"):
        r = lk.regress(y, x, "gamma", penalty=penalty, strength=1e-10)
        assert r.predict() == pytest.approx(plain.predict(), rel=1e-5)
        assert r.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)


def test_a_saved_lasso_predicts_the_same_and_has_no_errors(tmp_path) -> None:
    x, eta = _rows()
    y = _noisy(eta)
    r = lk.regress(y, x, "normal", penalty="lasso", strength=0.1)
    r.save(tmp_path / "lasso.json")
    loaded = lk.Regression.load(tmp_path / "lasso.json")
    assert loaded.predict(x[:5]) == pytest.approx(r.predict(x[:5]), rel=1e-13)
    assert (loaded.aic, loaded.shrunk.kind) == (r.aic, "lasso")
    assert "nan" not in str(loaded)
    with pytest.raises(ParameterError, match="no standard errors"):
        loaded.estimate(lambda d: d.mean, x[:5])
    with pytest.raises(DataError, match="no path"):
        _ = loaded.path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"penalty": "elastic"}, '"ridge" or "lasso"'),
        ({"penalty": "lasso", "strength": -1.0}, "above 0"),
        ({"penalty": "lasso", "folds": 1}, "from 2"),
        ({"penalty": "lasso", "folds": 500}, "200 rows"),
        ({"strength": 1.0}, "that of a penalty"),
    ],
)
def test_what_no_penalty_is(words: dict, said: str) -> None:
    x, eta = _rows()
    with pytest.raises(ParameterError, match=said):
        lk.regress(_noisy(eta), x, "normal", **words)


def test_a_penalty_needs_slopes_and_refuses_what_is_of_the_likelihood() -> None:
    x, eta = _rows()
    with pytest.raises(ParameterError, match="no slope"):
        lk.regress(_noisy(eta), np.ones((200, 1)), "normal", penalty="ridge")
    ridge = lk.regress(_noisy(eta), x, "normal", penalty="ridge", strength=0.1)
    with pytest.raises(ParameterError, match="AIC"):
        ridge.drop_one()
