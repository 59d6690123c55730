"""Lifetimes of which a share never ends, against figures of Stata."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk

STUDY = json.loads(
    (Path(__file__).parents[1] / "published/data/breast_cancer.json").read_text(encoding="utf-8")
)
DAYS, EVENT = np.array(STUDY["time"], dtype=float), np.array(STUDY["event"])


def test_it_is_statas_weibull_mixture():
    fit = lk.fit(DAYS, lk.cured("weibull"), event=EVENT)
    share, shape, scale = fit.parameters.values()
    # strsmix, link(identity), as the tests of R's flexsurvcure print it
    assert share == pytest.approx(0.3838745, abs=1e-6)
    assert fit.standard_errors["cured_share"] == pytest.approx(0.0388224, abs=1e-6)
    assert np.log(shape) == pytest.approx(0.4481635, abs=1e-6)
    assert fit.standard_errors["shape"] / shape == pytest.approx(0.0576427, abs=5e-6)
    assert -shape * np.log(scale) == pytest.approx(-11.10519, abs=1e-4)


def test_it_is_statas_lognormal_mixture():
    fit = lk.fit(DAYS, "cured lognormal", event=EVENT)
    share, log_mean, log_std = fit.parameters.values()
    errors = fit.standard_errors
    assert (share, errors["cured_share"]) == pytest.approx((0.2774585, 0.0703503), abs=2e-6)
    assert (log_mean, errors["log_mean"]) == pytest.approx((6.982433, 0.1304159), abs=2e-6)
    assert np.log(log_std) == pytest.approx(-0.093395, abs=2e-6)
    assert errors["log_std"] / log_std == pytest.approx(0.0800746, abs=2e-6)


def test_rows_of_every_kind_are_the_sum_of_their_terms():
    family, share = lk.cured("gamma"), 0.3
    member, inner = family(share, 2.0, 3.0), lk.Gamma(2.0, 3.0)
    rows = lk.observe(
        lower=[2.0, 4.0, -np.inf, 5.0], upper=[2.0, np.inf, 3.0, 9.0], entry=[0.0, 1.0, 0.0, 2.0]
    )
    ends = 1.0 - share
    window = share + ends * inner.sf([0.0, 1.0, 0.0, 2.0])
    seen = np.array([
        ends * np.exp(inner.log_prob(2.0)), share + ends * inner.sf(4.0), ends * inner.cdf(3.0),
        ends * inner.probability(5.0, 9.0),
    ])  # fmt: skip
    assert float(member.log_likelihood(rows)) == pytest.approx(
        np.log(seen / window).sum(), rel=1e-12
    )


def test_the_law_has_a_probability_at_infinity():
    member = lk.cured("weibull")(0.25, 2.0, 3.0)
    draws = member.sample(20_000, seed=1)
    assert np.mean(np.isinf(draws)) == pytest.approx(0.25, abs=0.01)
    assert member.sf(1e300) == pytest.approx(0.25)
    assert member.quantile([0.3, 0.75, 0.9]).tolist() == [
        pytest.approx(lk.Weibull(2.0, 3.0).quantile(0.4)), np.inf, np.inf
    ]  # fmt: skip
    assert member.upper_quantile(0.7) == pytest.approx(lk.Weibull(2.0, 3.0).upper_quantile(0.6))
    assert member.mean == np.inf
    assert pickle.loads(pickle.dumps(member)) == member  # noqa: S301


def test_more_lives_than_the_family_explains_are_a_test_on_a_boundary(tmp_path):
    plain, fit = (lk.fit(DAYS, f, event=EVENT) for f in ("weibull", "cured weibull"))
    test = lk.likelihood_ratio(plain, fit)
    assert "half χ²" in test.law
    assert test.p_value < 1e-4
    fit.save(tmp_path / "fit.json")
    assert lk.Fit.load(tmp_path / "fit.json").parameters == fit.parameters


def test_without_a_plateau_it_is_said():
    x = lk.Weibull(1.2, 10.0).sample(300, seed=1)
    event = x < 8.0
    fit = lk.fit(np.minimum(x, 8.0), "cured weibull", event=event)
    assert any("no plateau" in note for note in fit.diagnostics.notes)
    x = np.where(np.arange(300) % 3 == 0, np.inf, lk.Weibull(2.0, 3.0).sample(300, seed=1))
    fit = lk.fit(np.minimum(x, 20.0), "cured weibull", event=x < 20.0)
    assert not any("no plateau" in note for note in fit.diagnostics.notes)
    assert fit.parameters["cured_share"] == pytest.approx(1.0 / 3.0, abs=0.01)


def test_maller_and_zhous_chance():
    rows = lk.observe([1.0, 4.0, 5.0, 9.0, 7.0], event=[1, 1, 1, 0, 0])
    assert rows.chance_of_later_events() == pytest.approx(
        (1.0 - 2.0 / 5.0) ** 5
    )  # events in (1, 5]
    assert lk.observe([1.0, 2.0]).chance_of_later_events() is None


def test_of_lives_that_all_ended_none_is_cured():
    with pytest.raises(lk.errors.DataError, match="needs rows that had not ended"):
        lk.fit(DAYS, "cured weibull")
    with pytest.raises(lk.errors.FamilyError, match="lifetimes are positive"):
        lk.cured("normal")
    with pytest.raises(lk.errors.FamilyError, match="a share of its own"):
        lk.cured("cured weibull")
