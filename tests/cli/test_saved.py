"""Tests and intervals of saved fits, as Python gives them: `likeliest goodness` and its fellows."""

import json

import numpy as np
import pytest

import likeliest as lk

LIVES = lk.Weibull(1.7, 4.0).sample(60, seed=3)
SEEN = lk.observe(np.minimum(LIVES, 5.0), event=LIVES <= 5.0)


@pytest.fixture
def fits(tmp_path):
    """Save fits to lives that were censored at 5, beside the file of the data."""
    rows = zip(np.minimum(LIVES, 5.0), (LIVES <= 5.0).astype(int), strict=True)
    lines = [f"{float(life)!r},{failed}" for life, failed in rows]
    (tmp_path / "lives.csv").write_text("\n".join(["life,failed", *lines]) + "\n")
    made = {name: lk.fit(SEEN, name) for name in ("exponential", "weibull", "lognormal")}
    for name, one in made.items():
        one.save(tmp_path / f"{name}.json")
    return made


def as_json(record):
    return json.loads(json.dumps(record))


OPTIONS = ("lives.csv", "-c", "life", "--event", "failed")


def test_goodness(command, fits):
    for method in ("ad", "smooth"):
        asked = ("goodness", "weibull.json", *OPTIONS, "--method", method, "--draws", "19")
        record = json.loads(command(*asked, "--json")[1])
        assert record == as_json(fits["weibull"].goodness(method, draws=19).to_dict())
        assert "p-value" in command(*asked)[1]


def test_two_fits(command, fits):
    small, big, other = fits.values()
    asked = ("likelihood-ratio", "exponential.json", "weibull.json", *OPTIONS)
    assert json.loads(command(*asked, "--json")[1]) == as_json(
        lk.likelihood_ratio(small, big).to_dict()
    )
    drawn = json.loads(command(*asked, "--method", "bootstrap", "--draws", "19", "--json")[1])
    assert drawn == as_json(lk.likelihood_ratio(small, big, "bootstrap", draws=19).to_dict())
    asked = ("vuong", "weibull.json", "lognormal.json", *OPTIONS, "--correction", "aic", "--json")
    assert json.loads(command(*asked)[1]) == as_json(
        lk.vuong(big, other, correction="aic").to_dict()
    )


@pytest.mark.parametrize("method", ["wald", "profile", "bootstrap"])
def test_intervals(command, fits, method):
    asked = ("intervals", "exponential.json", *OPTIONS, "--method", method, "--level", "0.9")
    record = json.loads(command(*asked, "--json")[1])
    expected = fits["exponential"].intervals(0.9, method=method)["rate"]
    assert record["intervals"]["rate"] == pytest.approx(expected, rel=1e-9)
    assert "90 % interval" in command(*asked)[1]


def test_a_contour(command, fits):
    asked = ("contour", "weibull.json", *OPTIONS, "--points", "5")
    record = json.loads(command(*asked[:2], "lives.csv", "shape", "scale", *asked[3:], "--json")[1])
    expected = fits["weibull"].contour("shape", "scale", points=5)
    assert np.array(record["points"]) == pytest.approx(expected, rel=1e-9)


def test_rounded_values_are_rounded_again(command, tmp_path):
    whole = np.round(LIVES * 10.0)
    (tmp_path / "whole.csv").write_text("\n".join(["x", *map(str, whole)]) + "\n")
    fit = lk.fit(whole, "gamma", rounding=1.0)
    fit.save(tmp_path / "fit.json")
    record = json.loads(command("intervals", "fit.json", "whole.csv", "--json")[1])
    expected = fit.intervals(method="profile")["shape"]
    assert record["intervals"]["shape"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.usefixtures("fits")
def test_what_cannot_be_tested(refused, tmp_path):
    (tmp_path / "other.csv").write_text("life\n1\n2\n3\n")
    assert "not the data of the fit" in refused("goodness", "weibull.json", "other.csv")
    assert "vuong" in refused("likelihood-ratio", "lognormal.json", "weibull.json", *OPTIONS)
    assert "lies within" in refused("vuong", "exponential.json", "weibull.json", *OPTIONS)
    assert "profile" in refused("intervals", "weibull.json", *OPTIONS, "--method", "exact")
