"""Regressions of published data against statsmodels and lifelines: see `peers.py`."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import likeliest as lk

HERE = Path(__file__).parent
CASES = json.loads((HERE / "peers.json").read_text(encoding="utf-8"))
LINKS = {"bernoulli probit": {"prob": "probit"}}
EVENTS = {"rossi": "arrest"}


def named(case):
    return f"{case['data']} {case['family']} {case['formula']}"


def case_of(family):
    return next(case for case in CASES if case["family"] == family)


def data_of(name):
    return pl.read_csv(HERE / "data" / f"{name}.csv", null_values="NA")


def fitted(case):
    family = case["family"].split(" probit")[0]
    return lk.regress(
        case["formula"], data_of(case["data"]), family, links=LINKS.get(case["family"]),
        event=EVENTS.get(case["data"]),
    )  # fmt: skip


def theirs_in_our_order(r, said):
    """Return what a peer says of the main parameter's coefficients, in our order of columns."""
    main = {"lambda_", "mu_", "alpha_"}  # lifelines' names
    own = {
        name.replace("np.log", "log").split(":")[-1]: value
        for name, value in said.items()
        if ":" not in name or name.partition(":")[0] in main
    }
    return np.array([own[column] for column in r.predictors[r.form.main].terms.columns])


# statsmodels' BFGS leaves five digits of a negative binomial; lifelines stops at a gradient of 1e-8
# of the mean log likelihood, up to a hundredth of a standard error from the top.
LOOSE = {"negative binomial": 2e-5, "weibull": 1e-3, "lognormal": 1e-3, "loglogistic": 2e-2}


@pytest.mark.parametrize("case", [c for c in CASES if "errors" in c], ids=named)
def test_as_the_peer_fits_it(case):
    r = fitted(case)
    theirs = theirs_in_our_order(r, case["coefficients"])
    ours, errors = r.estimates[: theirs.size], r.errors[: theirs.size]
    loose = LOOSE.get(case["family"], 1e-6)
    assert np.all(np.abs(ours - theirs) <= loose * (np.abs(theirs) + errors))
    assert np.allclose(errors, theirs_in_our_order(r, case["errors"]), rtol=max(1e-5, 5 * loose))
    assert r.log_likelihood >= case["log_likelihood"] - 1e-7 * abs(case["log_likelihood"])


def test_a_gamma_glm_has_the_same_means():
    # Its errors are others: the dispersion of a GLM is by moments.
    case = case_of("gamma")
    r = fitted(case)
    theirs = theirs_in_our_order(r, case["coefficients"])
    assert np.allclose(r.estimates[: theirs.size], theirs, rtol=1e-6)
    new = {"wt": [2.0, 3.5], "hp": [90.0, 200.0]}
    assert np.allclose(r.predict(new), case["predicted"], rtol=1e-7)


@pytest.mark.parametrize("name", ["bernoulli", "bernoulli probit"])
def test_average_effects(name):
    case = case_of(name)
    r = fitted(case)
    for column, value in case["effects"].items():
        effect = r.average_effect(column)
        assert effect.value == pytest.approx(value, rel=1e-6)
        assert effect.standard_error == pytest.approx(case["effect_errors"][column], rel=1e-5)


def test_robust_and_clustered_errors():
    case = case_of("poisson")
    r = fitted(case)
    robust = r.with_errors("sandwich")
    assert np.allclose(robust.errors, theirs_in_our_order(r, case["robust"]), rtol=1e-6)
    groups = np.repeat(np.arange(59), 4)
    clustered = r.with_errors("cluster", groups)
    assert np.allclose(clustered.errors, theirs_in_our_order(r, case["clustered"]), rtol=1e-6)
