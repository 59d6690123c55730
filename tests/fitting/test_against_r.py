"""Estimates, standard errors and log likelihoods against R's (see tests/truth_from_r.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk

TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "r.json").read_text(encoding="utf-8"))
CASES = [
    pytest.param(entry["values"], name, truth, id=f"{name} of {data}")
    for data, entry in TRUTH.items()
    for name, truth in entry["fits"].items()
]


@pytest.mark.parametrize(("values", "name", "truth"), CASES)
def test_fit_is_rs(values, name, truth):
    fit = lk.fit(values, name)
    assert list(truth["estimates"]) == list(fit.parameters)
    size = abs(truth["log_likelihood"])
    assert abs(fit.log_likelihood - truth["log_likelihood"]) <= 1e-12 * max(len(values), size)
    for parameter, estimate in truth["estimates"].items():
        ours, error = fit.parameters[parameter], fit.standard_errors[parameter]
        theirs = truth["errors"][parameter]
        assert (error is None) == (theirs is None)
        if error is None:  # an end of the support
            assert ours == estimate
            continue
        # A climb ends within 1e-12 nats of the top: √2 · 1e-6 standard errors.
        assert abs(ours - estimate) <= 1.5e-6 * error + 4 * np.spacing(abs(estimate)), parameter
        assert abs(error / theirs - 1) <= 1e-6, parameter


def test_every_family_is_held_against_r(family):
    assert any(family.name in entry["fits"] for entry in TRUTH.values())
