"""A body and a tail against fits of both by themselves, and a maximum sought by SciPy."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk

FIRES = np.array(
    json.loads(
        (Path(__file__).parents[1] / "published/data/danish_fires.json").read_text(encoding="utf-8")
    )["values"]
)


def test_the_tail_of_the_danish_fires_is_mcneils():
    fit = lk.fit(FIRES, lk.spliced("lognormal", at=10.0))
    estimates, errors = fit.parameters, fit.standard_errors
    # As evir 1.7-4, the software of McNeil (1997), ASTIN Bulletin 27, fits excesses of 10 million.
    assert (estimates["tail_shape"], errors["tail_shape"]) == pytest.approx(
        (0.49681, 0.13621), abs=3e-4
    )
    assert (estimates["tail_scale"], errors["tail_scale"]) == pytest.approx(
        (6.97455, 1.11310), abs=6e-3
    )
    assert estimates["tail_share"] == pytest.approx(np.mean(FIRES > 10.0), rel=1e-9)


def test_with_a_jump_body_and_tail_are_fitted_apart():
    fit = lk.fit(FIRES, lk.spliced("lognormal", "weibull", at=5.0))
    great = FIRES > 5.0
    body = lk.fit(FIRES[~great], lk.truncated("lognormal", upper=5.0))
    tail = lk.fit(FIRES[great], lk.truncated("weibull", lower=5.0))
    share, n = great.mean(), FIRES.size
    count = n * (share * np.log(share) + (1.0 - share) * np.log1p(-share))
    assert fit.log_likelihood == pytest.approx(
        body.log_likelihood + tail.log_likelihood + count, rel=1e-12
    )
    for prefix, part in (("body", body), ("tail", tail)):
        for name in part.parameters:
            ours = f"{prefix}_{name}"
            assert fit.parameters[ours] == pytest.approx(part.parameters[name], rel=1e-5)
            assert fit.standard_errors[ours] == pytest.approx(part.standard_errors[name], rel=1e-4)


def test_without_a_jump_it_is_the_maximum():
    def nll(p):
        (m, s), (xi, beta) = p[:2], p[2:]
        log_body = stats.norm.logpdf(np.log(FIRES), m, s) - np.log(FIRES)
        at = stats.norm.logpdf(np.log(10.0), m, s) - np.log(10.0)
        odds = np.exp(at - stats.norm.logcdf(np.log(10.0), m, s)) * beta
        body = log_body - stats.norm.logcdf(np.log(10.0), m, s) - np.log1p(odds)
        tail = stats.genpareto.logpdf(FIRES - 10.0, xi, 0.0, beta) + np.log(odds / (1.0 + odds))
        return -np.sum(np.where(FIRES <= 10.0, body, tail))

    fit = lk.fit(FIRES, lk.spliced("lognormal", at=10.0, continuous=True))
    at = np.array(list(fit.parameters.values()))
    assert fit.nll == pytest.approx(nll(at), rel=1e-12)
    best = optimize.minimize(nll, at * 1.02, method="Nelder-Mead", options={"maxiter": 400})
    assert fit.nll <= best.fun + 1e-8
    below, beyond = fit.distribution.log_prob([10.0, np.nextafter(10.0, 11.0)])
    assert below == pytest.approx(beyond, abs=1e-12)  # at the value itself it is the body's alone


@pytest.mark.parametrize("continuous", [False, True])
def test_intervals_may_lie_across(continuous):
    family = lk.spliced("gamma", at=5.0, continuous=continuous)
    member = family(*(() if continuous else (0.3,)), 2.0, 3.0, 0.2, 4.0)
    lower, upper = np.array([1.0, 4.0, 6.0, 4.9]), np.array([2.0, 9.0, 7.0, 5.0])
    expected = np.log(member.cdf(upper) - member.cdf(lower))
    assert member.log_interval(lower, upper) == pytest.approx(expected, rel=1e-10)
    terms = member.interval_derivatives(lower, upper)
    for i, (name, value) in enumerate(member.parameters.items()):
        step = 1e-5 * value
        near, far = (
            family(**{**member.parameters, name: value + move}).log_interval(lower, upper)
            for move in (-step, step)
        )
        assert terms.score[i] == pytest.approx((far - near) / (2.0 * step), rel=1e-6, abs=1e-8)


def test_censored_grouped_and_saved(tmp_path):
    family, event = lk.spliced("lognormal", at=10.0), FIRES < 20.0
    fit = lk.fit(np.minimum(FIRES, 20.0), family, event=event)
    tail = lk.fit(
        np.minimum(FIRES, 20.0)[FIRES > 10.0] - 10.0, "generalized pareto",
        event=event[FIRES > 10.0],
    )  # fmt: skip
    assert fit.parameters["tail_shape"] == pytest.approx(tail.parameters["shape"], abs=1e-6)
    fits = lk.fit(FIRES, family, by=np.arange(FIRES.size) % 2)
    one = lk.fit(FIRES[::2], family)
    assert fits[0].parameters == pytest.approx(one.parameters, rel=1e-7)
    one.save(tmp_path / "fit.json")
    assert lk.Fit.load(tmp_path / "fit.json").distribution == one.distribution
    assert pickle.loads(pickle.dumps(one.distribution)) == one.distribution  # noqa: S301
    assert lk.families.find(family.name) is family


def test_a_known_shift_is_a_family():
    x = lk.Weibull(1.5, 3.0).sample(100, seed=1)
    moved, plain = lk.fit(x + 30.0, "shifted(weibull, by=30)"), lk.fit(x, "weibull")
    assert moved.parameters == pytest.approx(plain.parameters, rel=1e-9)
    assert float(moved.distribution.mean) == pytest.approx(float(plain.distribution.mean) + 30.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spliced(poisson, at=3)", "counts whole numbers"),
        ("spliced(lognormal, at=-1)", "leaves nothing of a part"),
        ("spliced(lognormal)", "takes body and tail"),
        ("spliced(lognormal, pareto, at=3)", "corners"),
        ("mixture(spliced(gamma, at=5), normal)", "its body and tail are components already"),
    ],
)
def test_what_cannot_be_made_is_said(text, message):
    with pytest.raises(lk.errors.FamilyError, match=message):
        lk.families.find(text)


def test_a_side_without_values_is_told():
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="no value lies beyond 300"):
        lk.fit(FIRES, lk.spliced("lognormal", at=300.0))
