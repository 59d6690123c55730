"""What the page asks and gets: the numbers are the library's own."""

import json
import math

import numpy as np
import pytest

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.errors import MissingExtraError, ParameterError
from likeliest.explorer.thinned import thinned

POINTS = [48.8292, 49.3087, 52.4836, 53.2384, 57.6151]
CENSORED = {"hours": [31, 55, 90, 100, 100, 62], "failed": [1, 1, 1, 0, 0, 1]}


def asked(explorer, kind, **request):
    answer = json.loads(json.dumps(explorer.ask({"kind": kind, **request}), allow_nan=False))
    assert "error" not in answer, answer["error"]
    return answer


def plain(parameters):
    return {name: float(value) for name, value in parameters.items()}


DATA = {
    "points": lambda: lk.observe(POINTS),
    "rain": lambda: lk.observe(lk.datasets.seattle_rain()),
    "whole": lambda: lk.observe([12, 15, 9, 11, 20, 13, 13, 14]),
    "weighted": lambda: lk.observe([1.5, 2.5, 4.0, 7.5], weights=[3, 2.5, 4, 1]),
    "censored": lambda: lk.observe(CENSORED, column="hours", event="failed"),
    "below": lambda: lk.observe(lower=[np.nan, np.nan, 2.0, 3.0], upper=[1.0, 1.5, 2.0, 3.0]),
    "between": lambda: lk.observe(lower=[1, 2, 2, 4, 5], upper=[3, 2.5, 6, 9, np.inf]),
    "seen above": lambda: lk.observe([620.5, 540.2, 790.4, 700.1, 660.3, 655.5], entry=500),
    "windows": lambda: lk.observe([6.0, 9, 24, 7], entry=[5, 5, 6, 1], event=[1, 1, 1, 0]),
    "bins": lambda: lk.observe(edges=[0, 1, 2, 5, np.inf], counts=[4, 9, 6, 2]),
}


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("chosen", ["gamma", "weibull"])
def test_numbers_are_the_library_s(name, chosen):
    seen = DATA[name]()
    explorer = lk.explore(seen, chosen)
    opened = asked(explorer, "open")
    told = asked(explorer, "family", family=opened["family"])
    assert told["family"] == chosen
    step = 1.0 if name == "whole" else 0.0
    fit = lk.fit(seen, chosen, rounding=step)
    assert told["best"] == pytest.approx(fit.parameters, rel=1e-12)
    assert told["bestLogLikelihood"] == pytest.approx(fit.log_likelihood, rel=1e-12)
    at = plain(told["start"])
    made = asked(explorer, "at", family=chosen, parameters=at, between=[1.0, 5.0])
    member = type(fit.distribution)(**at)
    rounded = Observations.of(seen, rounding=step)
    assert made["logLikelihood"] == pytest.approx(member.log_likelihood(rounded), rel=1e-12)
    assert made["probability"] == pytest.approx(float(member.probability(1.0, 5.0)), rel=1e-12)
    times = told["points"]["times"] or np.ones(len(made["logs"]))
    if not told["points"]["shares"]:
        assert np.dot(times, made["logs"]) == pytest.approx(made["logLikelihood"], rel=1e-9)
    assert len(made["y"]) == len(told["view"]["x"])


def test_each_family_can_be_dragged(family):
    """From its start, with a curve, and with a surface that nowhere lies above its top."""
    truth = {name: 0.5 if c.high == 1.0 else 1.5 for name, c in family.constraints.items()}
    truth |= {"low": 1.0, "high": 3.0} if "low" in truth else {}
    data = family(**truth).sample(60, seed=1)
    explorer = lk.explore(data, family, rounding=0)
    told = asked(explorer, "family", family=family.name)
    ranges = {each["name"]: each["wide"] for each in told["sliders"][:2]}
    for start in (told["start"], told["best"] or told["start"]):
        made = asked(explorer, "at", family=family.name, parameters=start)
        member = family(**plain(start))
        expected = member.log_likelihood(data)
        assert float(made["logLikelihood"]) == pytest.approx(expected, rel=1e-10)
        assert np.isfinite([value for value in made["y"] if value != "inf"]).all()
    hill = asked(explorer, "surface", family=family.name, parameters=told["start"], ranges=ranges)
    values = np.array(hill["values"], dtype=np.float64)
    assert np.isfinite(values).any()
    if told["best"] and len(ranges) == len(told["sliders"]):
        assert hill["top"] <= told["bestLogLikelihood"] + 1e-6 * abs(told["bestLogLikelihood"])


def test_a_curve_is_what_is_drawn():
    explorer = lk.explore(POINTS, "normal")
    view = asked(explorer, "family", family="normal")["view"]
    made = asked(explorer, "at", family="normal", parameters={"mean": 50, "std": 5})
    expected = np.exp(-0.5 * ((np.array(view["x"]) - 50) / 5) ** 2) / (5 * math.sqrt(2 * math.pi))
    np.testing.assert_allclose(made["y"], expected, rtol=1e-12)
    assert made["likelihood"] == "7.00297e-07"  # the reference document's distribution A


def test_steps_of_descent_reach_the_estimate():
    explorer = lk.explore(POINTS, "normal")
    told = asked(explorer, "family", family="normal")
    request = {"family": "normal", "parameters": {"mean": 50.0, "std": 5.0}, "rate": told["rate"]}
    first = asked(explorer, "descend", steps=1, **request)
    x, (mean, std) = np.array(POINTS), (50.0, 5.0)
    slope = (
        np.mean(mean - x) / std**2,
        1.0 - np.mean((x - mean) ** 2) / std**2,
    )  # by mean, log std
    expected = {
        "mean": mean - told["rate"] * slope[0],
        "std": std * math.exp(-told["rate"] * slope[1]),
    }
    assert first["path"][1]["std"] == pytest.approx(expected["std"], rel=1e-9)
    assert first["path"][1]["mean"] == pytest.approx(expected["mean"], rel=1e-9)
    for _ in range(4):
        walked = asked(explorer, "descend", steps=100, **request)
        request["parameters"] = walked["path"][-1]
    assert walked["there"]
    assert walked["path"][-1] == pytest.approx(told["best"], rel=1e-2)


def test_a_step_too_far_is_told():
    explorer = lk.explore(lk.datasets.seattle_rain(), "gamma")
    start = {"shape": 500.0, "scale": 500.0}
    walked = asked(explorer, "descend", family="gamma", parameters=start, rate=1e6, steps=1)
    assert walked["lost"] == "This step leaves the range: the rate is too high."
    assert len(walked["path"]) == 1


def test_the_divergence_adds_up_to_the_cross_entropy():
    explorer = lk.explore(POINTS, "normal")
    here = {"mean": 50.0, "std": 5.0}
    made = asked(explorer, "at", family="normal", parameters=here, divergence=True)
    best = lk.fit(POINTS, "normal").distribution
    total = made["entropy"] + made["divergence"]
    assert total == pytest.approx(lk.cross_entropy(best, lk.Normal(50.0, 5.0)), rel=1e-9)
    # Of a normal, whose log density is a quadratic, it is the mean NLL of the data as well.
    assert total == pytest.approx(-made["logLikelihood"] / 5, rel=1e-9)


def test_what_cannot_be_fitted_can_still_be_dragged():
    explorer = lk.explore([5.0, 5.0, 5.0, 7.5], "cauchy", rounding=0)
    told = asked(explorer, "family", family="cauchy")
    assert "grows without limit" in told["whyNoBest"]
    assert told["best"] is None
    asked(explorer, "at", family="cauchy", parameters=told["start"])
    # Values that a family cannot hold have likelihood 0, and the reason is told.
    told = asked(explorer, "family", family="beta")
    assert "beta needs" in told["whyNoBest"]
    made = asked(explorer, "at", family="beta", parameters=told["start"])
    assert made["logLikelihood"] == "-inf"
    assert made["likelihood"] == "0"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"kind": "at", "family": "none"}, "no family 'none'"),
        ({"kind": "at", "family": "normal"}, "parameters must name"),
        ({"kind": "at", "family": "normal", "parameters": {"mean": 1}}, "has the parameters"),
        ({"kind": "at", "family": "normal", "parameters": {"mean": 1, "std": -1}}, "std must be"),
        ({"kind": "at", "family": "normal", "parameters": {"mean": 1, "std": "x"}}, "a number"),
        ({"kind": "at", "family": "normal", "parameters": {"mean": True, "std": 1}}, "a number"),
        (
            {"kind": "at", "family": "normal", "parameters": {"mean": 1, "std": 1}, "between": [1]},
            "two numbers",
        ),
        (
            {"kind": "descend", "family": "normal", "parameters": {}, "rate": 1, "steps": 1e9},
            "whole number",
        ),
        (
            {"kind": "descend", "family": "normal", "parameters": {}, "rate": 0, "steps": 1},
            "above 0",
        ),
        (
            {"kind": "descend", "family": "normal", "parameters": {}, "rate": 1, "steps": 101},
            "100 steps",
        ),
        ({"kind": "surface", "family": "normal", "ranges": 3}, "ranges must name"),
        (
            {
                "kind": "surface",
                "family": "normal",
                "ranges": {"mean": [2, 1]},
                "parameters": {"mean": 1, "std": 1},
            },
            "which is none",
        ),
        ({"kind": "surface", "family": "normal", "ranges": {}, "parameters": {}}, "one or two"),
    ],
)
def test_wrong_requests_are_told(request_, message):
    answer = lk.explore(POINTS, "normal").ask(request_)
    assert message in answer["error"]


@pytest.mark.parametrize("kind", [None, 3, "toString", "_open", ["open"]])
def test_unknown_kinds_are_refused(kind):
    with pytest.raises(ParameterError, match="asks nothing of kind"):
        lk.explore(POINTS, "normal").ask({"kind": kind})


def test_sums_do_not_hide_a_value_beyond_the_support():
    explorer = lk.explore([-1.0, 2.0, 3.0], "normal")
    for name in ("exponential", "gamma", "lognormal"):
        told = asked(explorer, "family", family=name)
        made = asked(explorer, "at", family=name, parameters=told["start"])
        assert made["logLikelihood"] == "-inf"


def test_the_first_family():
    """Of few values the simplest; else the best whose likelihood has no corners."""
    assert asked(lk.explore([2.1, 1.9, 3.4]), "open")["family"] == "normal"
    assert asked(lk.explore([2, 0, 3]), "open")["family"] == "poisson"
    rain = lk.datasets.seattle_rain()
    opened = asked(lk.explore(rain), "open")
    compared = lk.compare(rain)
    assert opened["family"] == compared.best.family
    behind = {each["name"]: each["behind"] for each in opened["families"]}
    for fit in compared.fits:
        assert behind[fit.family] == pytest.approx(fit.aicc - compared.best.aicc, abs=1e-9)
    assert behind["beta"] is None


def test_a_fit_is_explored_from_its_estimate():
    mixed = lk.fit("old_faithful", lk.mixture("normal", 2), column="duration")
    explorer = mixed.explore()
    opened = asked(explorer, "open")
    assert opened["atBest"]
    told = asked(explorer, "family", family=opened["family"])
    assert told["best"] == pytest.approx(mixed.parameters)
    made = asked(explorer, "at", family=opened["family"], parameters=told["best"])
    assert made["logLikelihood"] == pytest.approx(mixed.log_likelihood, rel=1e-10)


@pytest.mark.parametrize("name", ["student t", "gamma", "gumbel"])
def test_very_many_rows_are_followed_by_few(name):
    """While a slider moves at least five digits are right, at rest all of them."""
    seen = lk.observe(lk.Gamma(2.0, 3.0).sample(60_000, seed=3))
    explorer = lk.explore(seen, name)
    told = asked(explorer, "family", family=name)
    member = type(lk.fit(seen, name).distribution)(**plain(told["start"]))
    for exact, digits in ((False, 1e-5), (True, 1e-12)):
        made = asked(explorer, "at", family=name, parameters=told["start"], exact=exact)
        assert made["logLikelihood"] == pytest.approx(member.log_likelihood(seen), rel=digits)
        assert made["exact"] is (exact or name == "gamma")  # of which the sums suffice
    walk = {"family": name, "parameters": told["best"], "rate": told["rate"], "steps": 100}
    walked = asked(explorer, "descend", **walk)
    assert walked["there"]
    assert walked["path"][-1] == pytest.approx(told["best"], rel=1e-4)


def test_few_stand_for_very_many_of_each_kind():
    rng = np.random.default_rng(5)
    values, event = rng.weibull(1.5, 30_000) + 1e6, rng.random(30_000) < 0.7
    seen = lk.observe(values, event=event)
    few = thinned(seen)
    assert len(few) < len(seen) / 3
    assert few.n == seen.n
    member = lk.Normal(1e6 + 1.0, 0.7)
    assert member.log_likelihood(few) == pytest.approx(member.log_likelihood(seen), rel=1e-5)
    counts = lk.observe(rng.poisson(3.0, 30_000))
    member = lk.Poisson(2.5)
    expected = member.log_likelihood(counts)
    assert member.log_likelihood(thinned(counts)) == pytest.approx(expected, rel=1e-12)


def test_a_notebook_shows_it(monkeypatch):
    explorer = lk.explore(POINTS, "normal")
    assert "application/vnd.jupyter.widget-view+json" in str(explorer._repr_mimebundle_())
    sent = []
    widget = explorer.widget()
    monkeypatch.setattr(widget, "send", sent.append)
    at = {"kind": "at", "family": "normal", "parameters": {"mean": 50, "std": 5}}
    widget._handle_custom_msg({"id": 7, "request": at}, [])
    widget._handle_custom_msg({"id": 8, "request": {"kind": "none"}}, [])
    assert sent[0]["id"] == 7
    assert sent[0]["answer"]["logLikelihood"] == pytest.approx(-14.17176, abs=1e-4)
    assert "asks nothing" in sent[1]["answer"]["error"]


def test_a_notebook_without_anywidget_is_told(monkeypatch):
    explorer = lk.explore(POINTS, "normal")
    monkeypatch.setitem(__import__("sys").modules, "anywidget", None)
    monkeypatch.delitem(__import__("sys").modules, "likeliest.explorer.widget", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'likeliest\[explore\]'"):
        explorer.widget()
    assert "anywidget" in explorer._repr_mimebundle_()["text/plain"]
