"""`likeliest quantile`, `return-level` and `probability` of a saved fit, with their intervals."""

import json

import pytest

import likeliest as lk

LIVES = lk.Weibull(1.7, 4.0).sample(60, seed=3)


@pytest.fixture
def fit(tmp_path):
    made = lk.fit(LIVES, "weibull")
    made.save(tmp_path / "fit.json")
    return made


def test_quantiles_of_a_fit(command, fit):
    code, out, err = command("quantile", "fit.json", "0.5", "0.99", "--level", "0.9")
    assert (code, err) == (0, "")
    assert "90 % interval" in out
    record = json.loads(command("quantile", "fit.json", "0.5", "0.99", "--json")[1])
    found = fit.quantile([0.5, 0.99])
    assert [row["quantile"] for row in record["values"]] == pytest.approx(found.value.tolist())
    for i, row in enumerate(record["values"]):
        assert row["interval"] == pytest.approx([end[i] for end in found.interval()])
        assert row["standard_error"] == pytest.approx(found.standard_error[i])


def test_return_levels_of_a_fit(command, fit):
    record = json.loads(command("return-level", "fit.json", "100", "--rate", "3", "--json")[1])
    found = fit.return_level(100.0, rate=3.0)
    assert record["values"][0]["return_level"] == pytest.approx(found.value)
    assert record["values"][0]["interval"] == pytest.approx(found.interval())
    assert "return level" in command("return-level", "fit.json", "10")[1]


def test_a_probability_under_a_fit(command, fit):
    code, out, _ = command("probability", "fit.json", "--above", "5")
    low, high = fit.survival(5.0).interval()
    assert code == 0
    assert f"95 % interval {low:.7g} to {high:.7g}" in out
    record = json.loads(command("probability", "fit.json", "--above", "5", "--json")[1])
    assert record["interval"] == pytest.approx([low, high])


def test_without_a_fit_there_is_no_interval(command, tmp_path):
    out = command("quantile", "weibull:shape=2,scale=3", "0.99")[1]
    assert "6.4379" in out
    assert "interval" not in out
    record = json.loads(command("quantile", "normal:0,1", "0.5", "--json")[1])
    assert record["values"] == [
        {"share": 0.5, "quantile": 0.0, "standard_error": None, "interval": None}
    ]
    lk.fit([1.0, 2.0, 4.0], "uniform").save(tmp_path / "uniform.json")
    assert "no interval: No parameter" in command("quantile", "uniform.json", "0.5")[1]


def test_what_is_no_share_or_period(refused, fit):
    assert "between 0 and 1" in refused("quantile", "fit.json", "1.5")
    assert "more than one value" in refused("return-level", "fit.json", "1")
    assert "level" in refused("quantile", "fit.json", "0.5", "--level", "2")
