"""Fits of published data, censored, truncated and counted, against maxima from elsewhere.

README.md beside this file says what the collection holds and how to add to it.
"""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk
from likeliest.likelihood.objective import Objective

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
PRINTED = json.loads((HERE / "printed.json").read_text(encoding="utf-8"))
POINTS = json.loads((HERE / "points.json").read_text(encoding="utf-8"))
DATA = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((HERE / "data").glob("*.json"))
}
UNBOUNDED = json.loads((HERE / "unbounded.json").read_text(encoding="utf-8"))
PLAIN = {"exact", "weights"}


LN10 = np.log(10.0)
CONVERTED = {
    "x": lambda x: x,
    "1/x": lambda x: 1.0 / x,
    "ln10": lambda x: x * LN10,
    "10^x": lambda x: 10.0**x,
    "1/(x ln10)": lambda x: 1.0 / (x * LN10),
}


def last_place(text):
    return float(Decimal(1).scaleb(Decimal(text).as_tuple().exponent))


def log10_jacobian(observations):
    """Return what the log likelihood of log10 x has more than that of x: exact rows alone."""
    lower, upper = observations.lower, observations.upper
    exact = np.asarray(observations.values, dtype=float)
    if lower is not None:
        exact = exact[lower == upper]
    return np.sum(np.log(exact * LN10))


def name_of(case):
    held = [f"{name}={value:g}" for name, value in case.get("fixed", {}).items()]
    return " ".join([case["data"], case["family"], *held])


def column(values, *, missing):
    return np.array([missing if v is None else v for v in values], dtype=np.float64)


def observations_of(data):
    """Return the rows of a data set by the calls that a user would make."""
    more = {"weights": data["weights"]} if "weights" in data else {}
    for end, missing in (("entry", -np.inf), ("exit", np.inf)):
        if isinstance(data.get(end), list):
            more[end] = column(data[end], missing=missing)
        elif end in data:
            more[end] = data[end]
    if "values" in data:
        return lk.observe(data["values"], **more)
    if "time" in data:
        return lk.observe(data["time"], event=data["event"], **more)
    lower, upper = column(data["lower"], missing=-np.inf), column(data["upper"], missing=np.inf)
    return lk.observe(lower=lower, upper=upper, **more)


def fitted(case):
    data = DATA[case["data"]]
    fixed = case.get("fixed")
    if data["kind"] in PLAIN:
        weights = data.get("weights")
        return lk.fit(data["values"], case["family"], weights=weights, fixed=fixed)
    if not hasattr(lk, "observe"):
        pytest.skip("likeliest.observe is not there yet")
    return lk.fit(observations_of(data), case["family"], fixed=fixed)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_fit_reaches_the_published_maximum(case):
    maximum = case["maximum"]
    fit = fitted(case)
    slack = 1e-9 + 1e-13 * maximum["terms"]
    assert list(fit.parameters) == list(maximum["estimates"])
    assert fit.log_likelihood >= maximum["log_likelihood"] - slack
    # Nobody stands above a maximum that was climbed to in 40 digits, or the constants differ.
    assert fit.log_likelihood <= maximum["log_likelihood"] + slack
    for name, given in maximum["estimates"].items():
        estimate, error = float(given), maximum["errors"][name]  # "inf" is a closed end
        if np.isinf(estimate):
            assert fit.parameters[name] == estimate
            continue
        if name in maximum.get("level", {}):  # as likely anywhere between two values
            low, high = maximum["level"][name]
            assert low <= fit.parameters[name] <= high
            continue
        # A corner has no error of its own: it is held to the scale's.
        size = 1e-6 * (error or maximum["errors"].get("scale") or 0.0)
        assert abs(fit.parameters[name] - estimate) <= size + 4 * np.spacing(abs(estimate)), name
        # The errors of a Laplace fit are the expected information's (see the family's notes).
        if error is not None and case["family"] != "laplace":
            assert abs(fit.standard_errors[name] / error - 1) <= 1e-5, name


@pytest.mark.parametrize("case", UNBOUNDED, ids=name_of)
def test_likelihood_without_a_maximum_is_named_as_such(case):
    with pytest.raises(lk.errors.UnboundedLikelihoodError) as caught:
        fitted(case)
    assert any(f"{name} → {end}" in str(caught.value) for name, end in case["towards"].items())


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_package_stands_just_below_the_maximum(case):
    """The maximum and the package come from different formulas: here one checks the other."""
    maximum, package = case["maximum"], case["oracle"]
    slack = 1e-9 + 1e-13 * maximum["terms"]
    assert package["log_likelihood"] <= maximum["log_likelihood"] + slack
    assert package["log_likelihood"] >= maximum["log_likelihood"] - 1e-3
    if "scipy" in case:
        assert case["scipy"]["log_likelihood"] <= maximum["log_likelihood"] + slack
    for name, error in maximum["errors"].items():
        if error is None:
            continue
        assert abs(package["estimates"][name] - maximum["estimates"][name]) <= 0.1 * error


@pytest.mark.parametrize("printed", PRINTED, ids=name_of)
def test_printed_figures_are_those_of_the_maximum(printed):
    [maximum] = [c["maximum"] for c in CASES if name_of(c) == name_of(printed)]
    figures = {**printed.get("estimates", {})}
    if "log_likelihood" in printed:
        figures["log_likelihood"] = printed["log_likelihood"]
    for name, text in figures.items():
        ours = maximum["log_likelihood"] if name == "log_likelihood" else maximum["estimates"][name]
        last = Decimal(1).scaleb(Decimal(text).as_tuple().exponent)
        tolerance = printed.get("units_in_last_place", 0.5)  # more where the print stops short
        assert abs(ours - float(text)) <= tolerance * float(last) * (1 + 1e-9) + 1e-12 * abs(ours)


@pytest.mark.parametrize("printed", POINTS, ids=lambda p: f"{name_of(p)} {p['source']:.40}")
def test_printed_point_stands_at_or_below_ours(printed):
    """A package's optimiser stopped near the top, by no more than `deviance` below."""
    fit = fitted(printed)
    objective = Objective.of(type(fit.distribution), fit.observations, fit.fixed)
    here = objective(objective.coordinates.of(fit.distribution)[None, :])
    errors = 1.0 / np.sqrt(-np.diagonal(here.hessian[0]))
    assert np.max(np.abs(here.gradient[0] * errors)) < 1e-8
    values = {n: CONVERTED[how](float(text)) for n, (text, how) in printed["estimates"].items()}
    point = type(fit.distribution)(**{**fit.fixed, **values})
    deviance = 2.0 * (fit.log_likelihood - float(point.log_likelihood(fit.observations)))
    assert -1e-9 <= deviance <= printed["deviance"]
    if "log_likelihood" in printed:
        ours = fit.log_likelihood
        ours += log10_jacobian(fit.observations) if printed.get("of_log10") else 0.0
        text = printed["log_likelihood"]
        assert abs(ours - float(text)) <= 0.5 * last_place(text) + printed["deviance"]
    for name, text in printed["errors"].items():
        error = CONVERTED[printed["estimates"][name][1]](float(text))
        assert fit.standard_errors[name] == pytest.approx(error, rel=2e-3)


def test_point_that_had_not_converged_stands_well_below():
    stopped = [p for p in POINTS if "not converged" in p["source"]]
    assert [name_of(p) for p in stopped] == ["ground_beef gamma"]
    [printed] = stopped
    scale = 1.0 / float(printed["estimates"]["scale"][0])
    x = fitted(printed).observations
    there = lk.Gamma(float(printed["estimates"]["shape"][0]), scale).log_likelihood(x)
    assert fitted(printed).log_likelihood - there > 0.05


def test_collection_names_its_sources_and_uses_all_its_data():
    assert {c["data"] for c in CASES + UNBOUNDED + POINTS} == set(DATA)
    assert len({name_of(c) for c in CASES}) == len(CASES)
    assert sum(DATA[c["data"]]["kind"] not in PLAIN for c in CASES) >= 60
    for data in DATA.values():
        assert len(data["source"]) > 20
        assert len({len(v) for v in data.values() if isinstance(v, list)}) == 1
