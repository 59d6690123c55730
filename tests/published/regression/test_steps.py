"""Terms chosen step by step, against MASS::stepAIC of R (steps.R): the path and the value."""

import json
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import likeliest as lk

HERE = Path(__file__).parent
CASES = json.loads((HERE / "steps.json").read_text())
FULL = {
    "quine": (
        "days ~ eth * sex * age + learner + eth:learner + sex:learner",
        "negative binomial",
    ),
    "cars32": ("mpg ~ cyl + disp + hp + drat + wt + qsec + vs + am + gear + carb", "normal"),
    "drawn": ("y ~ a + b + c + d + e", "normal"),
}


@cache
def frame_of(name):
    return pl.read_csv(HERE / "data" / f"{name}.csv")


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['data']}-{c['direction']}")
def test_steps_are_those_of_stepaic(case):
    formula, family = FULL[case["data"]]
    data = frame_of(case["data"])
    r = lk.regress(formula, data, family).stepwise(case["criterion"].upper(), case["direction"])
    changes = [step.change.replace(" mean: ", "") for step in r.steps.path[1:]]
    assert changes == case["changes"]
    assert getattr(r, case["criterion"]) == pytest.approx(case["value"], abs=1e-6)
    assert r.steps.path[-1].value == pytest.approx(case["value"], abs=1e-6)
    # What was chosen is a regression like others: it predicts new rows by its own formula.
    again = lk.regress(f"{formula.split()[0]} ~ {' + '.join(case['terms'])}", data, family)
    assert r.predict(data.head(3)) == pytest.approx(again.predict(data.head(3)), rel=1e-7)
