"""New rows for a fit: as all the rows fitted anew."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.bases import WithStatistics
from likeliest.errors import DataError, SupportError


def require_same(ours, anew):
    assert ours.n == pytest.approx(anew.n, rel=1e-14)
    assert ours.log_likelihood == pytest.approx(anew.log_likelihood, rel=1e-12)
    assert ours.diagnostics.outcome == anew.diagnostics.outcome
    for name, value in anew.parameters.items():
        error = anew.standard_errors[name]
        assert ours.parameters[name] == pytest.approx(value, rel=1e-12, abs=1e-12 * (error or 0.0))
        if error:
            assert ours.standard_errors[name] == pytest.approx(error, rel=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.families(where=lambda f: issubclass(f, WithStatistics) and f.name != "laplace")
def test_rows_that_come_later_give_the_fit_of_all(family, ordinary, weighted, tmp_path):
    x = np.asarray(ordinary.sample(900, seed=3), dtype=np.float64)
    w = np.random.default_rng(3).integers(0, 3, x.size).astype(float) if weighted else None
    parts = [slice(0, 300), slice(300, 301), slice(301, 900)]
    made = None
    for part in parts:
        some = None if w is None else np.maximum(w[part], w[part].sum() == 0.0)
        if made is None:
            made = lk.fit(x[part], family, weights=some)
        else:
            made = made.update(x[part], weights=some)
        if w is not None:
            w[part] = some
    require_same(made, lk.fit(x, family, weights=w))
    saved = lk.fit(x[:300], family, weights=None if w is None else w[:300])
    saved.save(tmp_path / "fit.json")
    loaded = lk.Fit.load(tmp_path / "fit.json")
    require_same(loaded.update(x[300:], weights=None if w is None else w[300:]), made)


@pytest.mark.parametrize(
    ("law", "fixed"),
    [("gamma", {"shape": 2.0}), ("pareto", {"scale": 0.1})],
)
def test_what_is_fixed_stays_so(law, fixed):
    x = lk.Gamma(2.0, 3.0).sample(500, seed=1) + 0.2
    ours = lk.fit(x[:100], law, fixed=fixed).update(x[100:])
    require_same(ours, lk.fit(x, law, fixed=fixed))
    assert ours.fixed == fixed


def test_values_far_from_0_keep_their_digits():
    x = np.random.default_rng(2).normal(1e9, 1e-2, 4_000)
    require_same(lk.fit(x[:50], "normal").update(x[50:]), lk.fit(x, "normal"))


def test_the_result_tells_what_it_was_made_of():
    made = lk.fit([1.0, 2.0, 4.0], "gamma").update({"x": [3.0, 8.0], "y": [0, 1]}, column="x")
    assert str(made.description) == "5 values"
    assert made.observations is None
    whole = made.attach([1.0, 2.0, 4.0, 3.0, 8.0])
    assert whole.observations is not None


def test_a_bound_is_left_where_new_rows_say_so():
    none = lk.fit([0.0] * 5, "poisson")
    assert none.found.bounds
    require_same(none.update([1.0, 3.0]), lk.fit([0, 0, 0, 0, 0, 1, 3], "poisson"))


@pytest.mark.parametrize(
    ("fit", "more", "error", "match"),
    [
        (
            lambda: lk.fit([1.0, 2.0, 4.0], "weibull"),
            [1.0],
            DataError,
            "not follow from sums.*lk.fit",
        ),
        (lambda: lk.fit([1.0, 2.0, 4.0], "laplace"), [1.0], DataError, "is a median"),
        (lambda: lk.fit([1.0, 2.0, 4.0], "gamma"), [-1.0], SupportError, "row 0, -1"),
        (
            lambda: lk.fit([1.0, 2.0, 4.0], "gamma", event=[1, 1, 0]),
            [1.0],
            DataError,
            "does not follow from sums",
        ),
        (
            lambda: lk.fit([1.0, 2.0, 4.0], "gamma"),
            lk.observe([1.0, 2.0], event=[1, 0]),
            DataError,
            "have bounds",
        ),
        (
            lambda: lk.fit([1.0, 2.0, 4.0], "gamma", sampling_weights=[1, 2, 3]),
            [1.0],
            DataError,
            "do not add up",
        ),
        (
            lambda: lk.fit([0.0, 1e-3, 2e-3], "normal"),
            1e6 + np.random.default_rng(0).normal(0.0, 1.0, 1_000_000),
            DataError,
            "have lost digits of the std",
        ),
    ],
)
def test_what_cannot_be_updated_says_so(fit, more, error, match):
    with pytest.raises(error, match=match):
        fit().update(more)
