"""`likeliest regress`: the table, JSON, a saved model, and errors in one line."""

import json

import numpy as np
import pytest

import likeliest as lk
from likeliest.cli import run

QUINE = "tests/published/regression/data/quine.csv"


@pytest.fixture
def quine(request):
    return str(request.config.rootpath / QUINE)


def test_a_table(quine, capsys):
    verb = ["regress", quine, "days ~ eth + sex", "--family", "negative binomial"]
    assert run([*verb, "--formula", "dispersion ~ sex"]) == 0
    shown = capsys.readouterr().out
    assert "mean: eth[T.N]" in shown
    assert "dispersion: sex[T.M]" in shown
    assert "against intercepts alone" in shown


def test_json_is_the_regression(quine, capsys, tmp_path):
    saved = tmp_path / "r.json"
    assert (
        run(["regress", quine, "days ~ eth + age", "-f", "poisson", "--json", "--save", str(saved)])
        == 0
    )
    record = json.loads(capsys.readouterr().out)
    assert record == json.loads(saved.read_text(encoding="utf-8"))
    again = lk.Regression.load(saved)
    assert np.isfinite(again.predict({"eth": ["N"], "age": ["F1"]})).all()


def test_ratios_and_terms(quine, capsys):
    verb = ["regress", quine, "days ~ eth + sex", "-f", "poisson", "--exp", "--drop-one"]
    assert run(verb) == 0
    shown = capsys.readouterr().out
    assert "exp(estimate)" in shown
    assert "Regression without one term" in shown


def test_censored_rows(request, capsys):
    lung = str(request.config.rootpath / "tests/published/regression/data/lung.csv")
    verb = ["regress", lung, "time ~ sex + ph_ecog", "-f", "weibull", "--event", "died"]
    assert run(verb) == 2
    assert "ph_ecog" in capsys.readouterr().err
    assert run([*verb, "--drop-missing", "--entry", "1"]) == 0


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["days ~ open('x')", "-f", "poisson"], "not evaluated"),
        (["days ~ nothing", "-f", "poisson"], "no column 'nothing'"),
        (["days ~ eth", "-f", "poisson", "--formula", "sex"], "--formula takes"),
        (["days ~ eth", "-f", "poisson", "--link", "log"], "--link takes"),
        (["days ~ eth", "-f", "nonesuch"], "no family"),
    ],
)
def test_errors_are_one_line(quine, options, word, capsys):
    assert run(["regress", quine, *options]) == 2
    said = capsys.readouterr().err
    assert word in said
    assert said.count("\n") == 1
