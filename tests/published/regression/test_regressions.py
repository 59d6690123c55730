"""Regressions of published data, against R: coefficients, standard errors, log likelihood.

`models.R` fits each model and writes `models.json`; README.md names the publications.
"""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import likeliest as lk

HERE = Path(__file__).parent
CASES = json.loads((HERE / "models.json").read_text(encoding="utf-8"))


def data_of(name):
    return pl.read_csv(HERE / "data" / f"{name}.csv", null_values="NA")


def name_of(case):
    return f"{case['data']} {case['family']} {case['formula']} {case.get('links', '')}"


def rows_of(case):
    frame = data_of(case["data"])
    if case["data"] == "motors":
        frame = frame.filter(pl.col("temp") > 150)
    if case["data"] == "stanford":
        frame = frame.filter(pl.col("time") > 0)
    return frame


def fitted(case):
    return lk.regress(
        case["formula"],
        rows_of(case),
        case["family"],
        formulas=case.get("formulas"),
        links=case.get("links"),
        fixed=case.get("fixed"),
        **(case.get("words") or {}),
    )


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_as_r_fits_it(case):
    r = fitted(case)
    theirs = np.array(case["coefficients"])
    ours = r.estimates[: theirs.size]
    scale = np.abs(theirs) + r.errors[: theirs.size]
    assert np.all(np.abs(ours - theirs) <= 1e-6 * scale)
    if "errors" in case:
        errors = np.array(case["errors"])
        assert np.all(np.abs(r.errors[: errors.size] / errors - 1.0) <= 1e-5)
    if "expected" in case:
        errors = np.array(case["expected"])
        expected = r.with_errors("expected").errors[: errors.size]
        assert np.all(np.abs(expected / errors - 1.0) <= 1e-5)
    if "log_likelihood" in case:
        size = max(1.0, abs(case["log_likelihood"]))
        assert r.log_likelihood >= case["log_likelihood"] - 1e-7 * size
    weights = r.problem.observations.weights
    scores = r.scores() if weights is None else r.scores() * weights[:, None]
    assert np.max(np.abs(scores.sum(axis=0) * r.errors)) < 1e-8
