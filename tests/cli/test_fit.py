"""`likeliest fit`: every kind of file, every kind of output."""

import json

import numpy as np
import polars as pl
import pytest

import likeliest as lk


@pytest.fixture
def values():
    return lk.Gamma(3.0, 2.0).sample(60, rng=1)


def write(path, frame):
    writers = {
        ".csv": frame.write_csv, ".tsv": lambda p: frame.write_csv(p, separator="\t"),
        ".txt": lambda p: frame.write_csv(p, include_header=False),
        ".parquet": frame.write_parquet, ".feather": frame.write_ipc, ".arrow": frame.write_ipc,
        ".jsonl": frame.write_ndjson,
    }  # fmt: skip
    writers[path.suffix](path)


@pytest.mark.parametrize(
    "name", ["a.csv", "a.tsv", "a.txt", "a.parquet", "a.feather", "a.arrow", "a.jsonl"]
)
def test_reads_every_kind_of_file(command, tmp_path, values, name):
    write(tmp_path / name, pl.DataFrame({"width": values}))
    code, out, err = command("fit", name, "--family", "gamma", "--json")
    assert (code, err) == (0, "")
    record = json.loads(out)
    assert record["log_likelihood"] == lk.fit(values, "gamma").log_likelihood


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


def test_save_then_sample(command, tmp_path):
    assert command("fit", "seattle_rain", "--save", "rain.json")[0] == 0
    saved = lk.Fit.load(tmp_path / "rain.json")
    code, out, _ = command("sample", "rain.json", "-n", "5", "--seed", "3")
    assert code == 0
    assert [float(line) for line in out.split()] == saved.distribution.sample(5, rng=3).tolist()


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


def test_a_reader_that_leaves_early_is_no_error(process):
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-m", "likeliest.cli", "sample", "normal:0,1", "-n", "300000"],
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
