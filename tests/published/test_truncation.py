"""Log likelihoods of truncated and censored rows far in the tails, against mpmath.

truncation.json is made by scripts/truncation.py.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError

MEMBERS = json.loads((Path(__file__).parent / "truncation.json").read_text(encoding="utf-8"))
ROWS = [row for member in MEMBERS for row in member["rows"]]
# Their tails are incomplete gamma and beta functions, good to 1e-10.
INCOMPLETE = {"gamma", "beta", "student t", "inverse gaussian", "poisson", "negative binomial"}


def observed(row, *, counted):
    seen = {end: row[end] for end in ("entry", "exit") if end in row}
    if "values" in row:
        return lk.observe(row["values"], weights=row["weights"], **seen)
    if row["lower"] == row["upper"]:
        return lk.observe([row["lower"]], **seen)
    # lower < X; where X is counted, `observe` takes the least count that it can be.
    lower = [-np.inf if row["lower"] is None else row["lower"] + float(counted)]
    upper = [np.inf if row["upper"] is None else row["upper"]]
    return lk.observe(lower=lower, upper=upper, **seen)


def tells_nothing(row):
    """Whether what is known of a value is no more than that it was seen."""
    return row.get("lower", 0) is None and row["upper"] == row.get("exit", row["upper"] + 1)


def named(member):
    return " ".join([member["family"], *(f"{v:g}" for v in member["parameters"].values())])


@pytest.mark.skipif(not hasattr(lk, "observe"), reason="likeliest.observe is not there yet")
@pytest.mark.parametrize("member", MEMBERS, ids=named)
def test_log_likelihood_far_in_a_tail(member):
    distribution = lk.families.find(member["family"])(**member["parameters"])
    relative = 1e-10 if member["family"] in INCOMPLETE else 1e-12
    off = []
    for row in member["rows"]:
        if tells_nothing(row):
            with pytest.raises(DataError, match="tells nothing"):
                observed(row, counted=distribution.discrete)
            continue
        ours = distribution.log_likelihood(observed(row, counted=distribution.discrete))
        # Both terms, what was seen and that it was seen, are as good as a tail is.
        if not abs(ours - row["log_likelihood"]) <= relative * max(1.0, row["terms"]):
            off.append((row, ours))
    assert not off, f"{len(off)} of {len(member['rows'])} rows, first: {off[:3]}"


def units(parameters):
    """Return the size that each parameter is measured in: its own, or for a place the scale."""
    scale = parameters.get("scale", parameters.get("std", parameters.get("log_std")))
    places = {"loc", "log_mean"} | ({"mean"} if "std" in parameters else set())
    return np.array([scale if name in places else p for name, p in parameters.items()])


@pytest.mark.skipif(not hasattr(lk, "observe"), reason="likeliest.observe is not there yet")
@pytest.mark.parametrize("member", MEMBERS, ids=named)
def test_score_and_hessian_far_in_a_tail(member):
    from likeliest.distributions.derivatives import keep
    from likeliest.likelihood import kernels
    from likeliest.likelihood.matching import matched

    family = lk.families.find(member["family"])
    distribution, unit = family(**member["parameters"]), units(member["parameters"])
    upper = np.triu_indices(len(unit))
    rows = [row for row in member["rows"] if "gradient" in row and not tells_nothing(row)]
    assert rows
    for row in rows:
        [part] = matched(family, observed(row, counted=family.discrete))
        with np.errstate(all="ignore"):
            ours, _ = kernels.derivatives(distribution, part, keep)
        score, hessian = unit * row["gradient"], np.outer(unit, unit) * row["hessian"]
        given = np.ravel(np.broadcast_arrays(*ours.score)) * unit
        assert np.abs(given - score).max() <= 1e-8 * max(1.0, np.abs(score).max()), row
        given = np.ravel(np.broadcast_arrays(*ours.hessian)) * np.outer(unit, unit)[upper]
        assert np.abs(given - hessian[upper]).max() <= 1e-5 * max(1.0, np.abs(hessian).max()), row


def test_rows_reach_far():
    """The collection itself: tails of 1e-200, thin cells, sums that cancel, derivatives."""
    deep = [m["family"] for m in MEMBERS for r in m["rows"] if r["terms"] > 900]
    assert len(set(deep)) >= 12
    assert sum(r["what"].startswith("thin") for r in ROWS) >= 40
    assert sum(r["terms"] > 1e5 * abs(r["log_likelihood"]) for r in ROWS) >= 1
    assert sum("gradient" in r for r in ROWS) >= 40
