"""Estimates, standard errors and log likelihoods against R's, and against maxima in 40 digits.

See tests/truth_from_r.R and tests/truth_from_mpmath.py.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk

TESTS = Path(__file__).parents[1]
TRUTH = json.loads((TESTS / "truth" / "r.json").read_text(encoding="utf-8"))
OF_MPMATH = json.loads((TESTS / "truth" / "mpmath.json").read_text(encoding="utf-8"))


def values_of(data):
    if data in TRUTH:
        return TRUTH[data]["values"]
    path = TESTS / "published" / "data" / f"{data}.json"
    return json.loads(path.read_text(encoding="utf-8"))["values"]


CASES = [
    pytest.param(entry["values"], name, truth, id=f"{name} of {data}")
    for data, entry in TRUTH.items()
    for name, truth in entry["fits"].items()
] + [
    pytest.param(values_of(data), name, truth, id=f"{name} of {data}")
    for data, fits in OF_MPMATH.items()
    for name, truth in fits.items()
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
        assert abs(error / theirs - 1) <= 1e-5, parameter  # which moves with the estimate


def test_every_family_is_held_against_a_maximum(family):
    fits = [*(entry["fits"] for entry in TRUTH.values()), *OF_MPMATH.values()]
    assert any(family.name in names for names in fits)
