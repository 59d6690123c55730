"""`likeliest regress`: the table, JSON, a saved model, and errors in one line."""

import json

import numpy as np
import polars as pl
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
    assert run([*verb, "--stepwise", "aic"]) == 0
    shown = capsys.readouterr().out
    assert "Terms by AIC, backward" in shown
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


@pytest.mark.parametrize("y", [["1,5", "2,5", "4,1", "5", "6"], ["1", "2", "4", "5", "6"]])
def test_decimal_commas_are_numbers_and_no_categories(tmp_path, capsys, y):
    x = ["2,5", "-999", "3,25", "5", "6,5"]
    path = tmp_path / "a.csv"
    path.write_text("y;x\n" + "".join(f"{a};{b}\n" for a, b in zip(y, x, strict=True)))
    verb = ["regress", str(path), "y ~ x", "--family", "normal", "--json"]
    assert run(verb) == 2
    assert (
        "--missing-code -999; if it is a value, with --missing-code none" in capsys.readouterr().err
    )
    assert run([*verb, "--missing-code", "-999", "--missing", "drop"]) == 0
    found = json.loads(capsys.readouterr().out)["coefficients"]
    slope = np.polyfit(
        [2.5, 3.25, 5, 6.5], [float(y[i].replace(",", ".")) for i in (0, 2, 3, 4)], 1
    )
    assert found["mean"]["x"] == pytest.approx(slope[0], rel=1e-8)


def test_a_column_of_numbers_but_for_a_few_is_no_category(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("y,x\n1.5,2\n2.5,3\n4.1,oops\n5,5\n6,7\n")
    assert run(["regress", str(tmp_path / "a.csv"), "y ~ x", "--family", "normal"]) == 2
    assert "column 'x': 1 of 5 cells is not a number (first: row 2" in capsys.readouterr().err


def test_groups(quine, capsys, tmp_path):
    verb = ["regress", quine, "days ~ eth + sex", "-f", "poisson", "--by", "age"]
    saved = tmp_path / "groups.csv"
    assert run([*verb, "--save", str(saved)]) == 0
    assert "poisson regressions of 4 groups" in capsys.readouterr().out
    rows = pl.read_csv(saved).filter(pl.col("age") == "F2")
    alone = lk.regress(
        "days ~ eth + sex", pl.read_csv(quine).filter(pl.col("age") == "F2"), "poisson"
    )
    assert rows["estimate"].to_list() == alone.estimates.tolist()
    assert run([*verb, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 12
    assert run([*verb, "--exp"]) == 2
    assert "--by goes with one --family" in capsys.readouterr().err


def test_several_families_and_a_picture(quine, capsys, tmp_path):
    verb = ["regress", quine, "days ~ eth + sex", "-f", "poisson", "-f", "negative binomial"]
    picture, saved = tmp_path / "worm.svg", tmp_path / "best.json"
    assert run([*verb, "--plot", str(picture), "--kind", "worm", "--save", str(saved)]) == 0
    shown = capsys.readouterr().out
    assert shown.index("2 regressions") < shown.index("negative binomial regression")
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    assert lk.Regression.load(saved).family == "negative binomial"
    assert run([*verb, "--kind", "worm"]) == 2
