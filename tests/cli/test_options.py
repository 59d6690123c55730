"""What the verbs take: columns, missing cells, limits, fixed parameters, levels, completion."""

import json

import pytest

import likeliest as lk


@pytest.fixture
def ozone(tmp_path):
    (tmp_path / "o.csv").write_text("day,ozone\n1,41\n2,NA\n3,36\n4,\n5,12\n6,18.5\n")
    return "o.csv"


def test_the_column_is_named_wherever_a_fit_is_shown(command, tmp_path):
    code, out, _ = command("fit", "seattle_rain", "--plot", "p.svg")
    assert code == 0
    assert out.startswith("15 families · rain · 623 values\n")
    assert "\nlognormal · rain · 623 values\n" in out
    assert "623 values of rain" in (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert json.loads(command("fit", "seattle_rain", "--json")[1])["column"] == "rain"
    out = command("fit", "seattle_rain", "-f", "gamma", "--json")[1]
    assert json.loads(out)["column"] == "rain"
    out = command("likelihood", "seattle_rain", "gamma:1,9")[1]
    assert out.startswith("Likelihood of 623 values of rain\n")


def test_a_unit_stands_beside_the_name(command, tmp_path):
    (tmp_path / "u.csv").write_text("length\nmm\n1.5\n2.5\n4\n")
    assert command("fit", "u.csv", "-f", "normal")[1].startswith("normal · length (mm) · 3 values")


@pytest.mark.parametrize("option", [["--drop-missing"], ["--missing", "drop"]])
def test_missing_cells_are_left_out_and_counted(command, ozone, option):
    code, out, err = command("fit", ozone, "-c", "ozone", "-f", "normal", *option)
    assert code == 0
    assert err == "left out: 2 of 6 cells, missing\n"
    assert "4 values" in out


def test_five_families_and_all(command):
    short = command("fit", "old_faithful", "-c", "waiting")[1]
    assert "14 more, and 2 left out, with the reasons: --full" in short
    assert "left out: beta" not in short
    full = command("fit", "old_faithful", "-c", "waiting", "--full")[1]
    assert "left out: beta" in full
    assert "--full" not in full
    assert len(full.splitlines()) > len(short.splitlines()) + 12


def test_a_fixed_parameter(command, refused):
    out = command("fit", "seattle_rain", "-f", "t", "--fixed", "df=5", "--json")[1]
    record = json.loads(out)
    assert record["fixed"] == {"df": 5.0}
    expected = lk.fit(lk.datasets.seattle_rain(), "t", fixed={"df": 5.0})
    assert record["log_likelihood"] == expected.log_likelihood
    assert "--family" in refused("fit", "seattle_rain", "--fixed", "df=5")
    assert "df=5" in refused("fit", "seattle_rain", "-f", "t", "--fixed", "df")
    assert "twice" in refused("fit", "five_points", "-f", "t", "--fixed", "df=5", "--fixed", "df=6")
    assert "no parameter 'sd'" in refused("fit", "five_points", "-f", "normal", "--fixed", "sd=5")


def test_a_level(command, refused):
    verb = ("fit", "seattle_rain", "-f", "gamma", "--level", "0.9")
    assert "90 % interval" in command(*verb)[1]
    ends = json.loads(command(*verb, "--json")[1])["intervals"]
    fit = lk.fit(lk.datasets.seattle_rain(), "gamma")
    assert ends == {"level": 0.9, **{n: list(e) for n, e in fit.intervals(0.9).items()}}
    assert "--level" in refused("fit", "seattle_rain", "--level", "95")


def test_limits(command, tmp_path):
    (tmp_path / "l.csv").write_text("id,conc\n1,<5\n2,7.5\n3,9\n4,12\n5,<5\n6,20\n7,>50\n")
    code, _, err = command("fit", "l.csv", "-c", "conc", "--limits", "-f", "exponential", "--json")
    assert code == 0
    assert err == "limits: 3 of 7 values are known only to lie below or above\n"


def test_a_decimal_mark(command, tmp_path):
    (tmp_path / "d.txt").write_text("1,234\n5,678\n")
    verb = ("fit", "d.txt", "-f", "exponential", "--json", "--decimal")
    means = [1 / json.loads(command(*verb, mark)[1])["distribution"]["parameters"]["rate"]
             for mark in ",."]  # fmt: skip
    assert means == [pytest.approx(3.456), pytest.approx(3456.0)]


def test_a_saved_fit_is_a_distribution_and_no_data(command, refused):
    assert command("fit", "seattle_rain", "-f", "gamma", "--save", "g.json")[0] == 0
    code, out, _ = command("probability", "g.json", "--above", "10")
    assert code == 0
    assert "gamma:shape=0.79" in out
    assert command("likelihood", "seattle_rain", "g.json", "lognormal:1,1")[0] == 0
    assert "saved fit" in refused("fit", "g.json")


def test_the_version(command):
    assert command("--version") == (0, f"likeliest {lk.__version__}\n", "")


def test_shells_complete(monkeypatch, process):
    monkeypatch.setenv("_LIKELIEST_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "likeliest families wei")
    monkeypatch.setenv("COMP_CWORD", "2")
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'likeliest'\n"
         "from likeliest.cli import main; main()"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout.decode().splitlines() == ["weibull", "weibull of maxima"]


def test_option_help_is_whole_sentences(command):
    import typer

    from likeliest.cli import app

    group = typer.main.get_command(app)
    for verb in ("fit", "probability", "likelihood", "logarithm", "sample", "families"):
        for parameter in group.commands[verb].params:
            said = getattr(parameter, "help", None)
            if parameter.name != "help":
                assert said, parameter.name
                assert said[0].isupper(), said
                assert said.endswith("."), said


def test_a_mixture_is_named_in_text(command):
    code, out, _ = command(
        "fit", "old_faithful", "--column", "waiting", "--family", "mixture(normal, 2)", "--json"
    )
    assert code == 0
    law = json.loads(out)["distribution"]
    assert (law["family"], law["of"]) == ("mixture", [{"family": "normal"}] * 2)
    assert law["parameters"]["mean_2"] == pytest.approx(80.09, abs=0.01)
    code, out, _ = command(
        "likelihood",
        "old_faithful",
        "mixture(normal, 2):0.36,54.6,5.9,80.1,5.9",
        "--column",
        "waiting",
    )
    assert (code, "-1034.0" in out) == (0, True)
