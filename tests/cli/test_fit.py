"""`likeliest fit`: every kind of file, every kind of output."""

import json
import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

import likeliest as lk


@pytest.fixture
def values():
    return lk.Gamma(3.0, 2.0).sample(60, seed=1)


def write(path, frame):
    writers = {
        ".csv": frame.write_csv, ".json": frame.write_json,
        ".tsv": lambda p: frame.write_csv(p, separator="\t"),
        ".txt": lambda p: frame.write_csv(p, include_header=False),
        ".parquet": frame.write_parquet, ".feather": frame.write_ipc, ".arrow": frame.write_ipc,
        ".jsonl": frame.write_ndjson,
    }  # fmt: skip
    writers[path.suffix](path)


@pytest.mark.parametrize(
    "name", ["a.csv", "a.tsv", "a.txt", "a.parquet", "a.feather", "a.arrow", "a.json", "a.jsonl"]
)
def test_reads_every_kind_of_file(command, tmp_path, values, name):
    write(tmp_path / name, pl.DataFrame({"width": values}))
    code, out, err = command("fit", name, "--family", "gamma", "--json")
    assert (code, err) == (0, "")
    record = json.loads(out)
    assert record["log_likelihood"] == lk.fit(values, "gamma").log_likelihood


@pytest.mark.parametrize(
    "text",
    [
        "x\n1.5\n2.5\n4\n", "1.5\n2.5\n4", "1.5\r\n2.5\r\n4\r\n\r\n", "\ufeffx\n1.5\n2.5\n4\n\n\n",
        "name;x\na;1.5\nb;2.5\nc;4\n",
        "name\tx\na\t1.5\nb\t2.5\nc\t4\n", "name,x\na,1.5\nb,2.5\nc,4\n",
    ],
)  # fmt: skip
def test_reads_text_however_it_is_cut(command, tmp_path, text):
    (tmp_path / "a.csv").write_text(text, newline="")
    code, out, err = command("fit", "a.csv", "--family", "normal", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["log_likelihood"] == lk.fit([1.5, 2.5, 4.0], "normal").log_likelihood


def test_reads_standard_input(process, values):
    given = "\n".join(map(repr, values.tolist())).encode()
    done = process("fit", "-", "--family", "gamma", "--json", given=given)
    assert done.returncode == 0
    assert done.stderr == b""
    record = json.loads(done.stdout)
    assert record["log_likelihood"] == lk.fit(values, "gamma").log_likelihood


def test_the_readme_command(command, golden, tmp_path):
    code, out, err = command("fit", "old_faithful", "--column", "waiting", "--plot", "w.png")
    assert (code, err) == (0, "picture: w.png\n")
    golden("fit_waiting", out)
    assert (tmp_path / "w.png").read_bytes()[:4] == b"\x89PNG"
    assert [p.name for p in tmp_path.iterdir()] == ["w.png"]


def test_one_family(command, golden):
    code, out, _ = command("fit", "seattle_rain", "--family", "gamma")
    assert code == 0
    golden("fit_gamma", out)


def test_several_families_by_a_criterion(command, golden):
    code, out, _ = command(
        "fit", "seattle_rain", "-f", "Log-Normal", "-f", "gamma", "--criterion", "bic"
    )
    assert code == 0
    golden("fit_two", out)


def test_json_is_json_alone(command):
    code, out, err = command("fit", "seattle_rain", "--json")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert record["fits"][0]["distribution"]["family"] == "lognormal"
    assert sum(fit["weight"] for fit in record["fits"]) == pytest.approx(1.0)
    assert "poisson" in record["left_out"]


def test_infinite_criteria_are_null_in_json(command, tmp_path):
    (tmp_path / "three.csv").write_text("1.5\n2.5\n4\n")
    code, out, _ = command("fit", "three.csv", "--json")
    assert code == 0
    fits = {fit["distribution"]["family"]: fit for fit in json.loads(out)["fits"]}
    assert fits["normal"]["value"] is fits["normal"]["delta"] is None
    assert fits["normal"]["weight"] == 0.0
    assert fits["rayleigh"]["delta"] == 0.0


def test_an_infinite_parameter_is_text_in_json(command, tmp_path):
    code, out, _ = command("fit", "old_faithful", "-c", "waiting", "--json")
    assert code == 0
    record = json.loads(out)
    assert record["same_as"] == {"student t": "normal"}
    assert "student t" not in [fit["distribution"]["family"] for fit in record["fits"]]
    code, out, _ = command(
        "fit", "old_faithful", "-c", "waiting", "-f", "t", "--save", "t.json", "--json"
    )
    assert code == 0
    assert json.loads(out)["diagnostics"]["bounds"] == {"df": "inf"}
    assert lk.Fit.load(tmp_path / "t.json").parameters["df"] == np.inf


def test_save_then_sample(command, tmp_path):
    assert command("fit", "seattle_rain", "--save", "rain.json")[0] == 0
    saved = lk.Fit.load(tmp_path / "rain.json")
    code, out, _ = command("sample", "rain.json", "-n", "5", "--seed", "3")
    assert code == 0
    assert [float(line) for line in out.split()] == saved.distribution.sample(5, seed=3).tolist()


def test_rounding(command):
    record = json.loads(
        command("fit", "seattle_rain", "-f", "gamma", "--rounding", "0.1", "--json")[1]
    )
    assert record["measure"] == "mass"


def test_dropping_the_missing_is_said(command, tmp_path):
    (tmp_path / "o.csv").write_text("day,ozone\n1,41\n2,NA\n3,36\n4,\n5,12\n6,18.5\n")
    code, out, err = command("fit", "o.csv", "-c", "ozone", "--drop-missing", "-f", "normal")
    assert code == 0
    assert err == "left out: 2 of 6 cells, missing\n"
    assert "4 values" in out


def on_a_terminal(out, *arguments):
    """Run a command with standard error on a terminal; return its output and what that showed."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "likeliest", *arguments]
    terminal = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with (
        out.open("wb") as file,
        subprocess.Popen(command, stdout=file, stderr=theirs, env=terminal) as running,  # noqa: S603
    ):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65_536):
                shown += part
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    assert running.returncode == 0
    return out.read_text(encoding="utf-8"), shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_bar_is_shown_on_a_terminal(tmp_path):
    out, shown = on_a_terminal(tmp_path / "out.txt", "fit", "seattle_rain")
    assert "reading seattle_rain" in shown
    assert "fitting 623 values" in shown
    assert "20/20" in shown
    assert out.startswith("15 families")
    out, shown = on_a_terminal(
        tmp_path / "out.txt", "sample", "normal:0,1", "-n", "150000", "--seed", "1"
    )
    assert "drawing" in shown
    assert out.count("\n") == 150_000


def test_a_reader_that_leaves_early_is_no_error(process):
    with subprocess.Popen(
        [sys.executable, "-m", "likeliest", "sample", "normal:0,1", "-n", "300000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


def test_help_names_the_verbs(command):
    code, out, _ = command("--help")
    assert code == 0
    for verb in ("fit", "probability", "likelihood", "logarithm", "sample", "families"):
        assert verb in out
    assert np.all([command(verb, "--help")[0] == 0 for verb in ("fit", "sample")])


def test_a_picture_is_drawn_by_its_name(command, tmp_path, values):
    write(tmp_path / "a.csv", pl.DataFrame({"width": values}))
    for kind, name in (("qq", "q.svg"), ("four", "f.png"), ("return level", "r.pdf")):
        code, _, err = command("fit", "a.csv", "--family", "gamma", "--plot", name, "--kind", kind)
        assert code == 0, err
        assert (tmp_path / name).stat().st_size > 1000
    code, _, err = command("fit", "a.csv", "--family", "gamma", "--plot", "x.png", "--kind", "qqq")
    assert (code, "Did you mean 'qq'" in err) == (2, True)
    assert not (tmp_path / "x.png").exists()
    code, _, err = command("fit", "a.csv", "--family", "gamma", "--kind", "qq")
    assert (code, "--plot" in err) == (2, True)


def test_a_comparison_is_drawn_by_its_names_and_by_those_of_its_best_fit(command, tmp_path, values):
    write(tmp_path / "a.csv", pl.DataFrame({"width": values}))
    for kind in ("tails", "cdf"):
        families = ("--family", "gamma", "--family", "normal")
        code, _, err = command("fit", "a.csv", *families, "--plot", "p.png", "--kind", kind)
        assert code == 0, err
        assert (tmp_path / "p.png").stat().st_size > 1000
