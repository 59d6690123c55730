"""A user's error is one clear line and exit code 2; nothing is half-written."""

import os

import numpy as np
import polars as pl
import pytest

CSV = {
    "empty.csv": "", "header.csv": "x\n", "one.csv": "x\n3.5\n", "same.csv": "x\n2\n2\n2\n",
    "nan.csv": "x\n1\nNaN\n3\ninf\n", "text.csv": "x\n1\n2\nthree\n4\n", "words.csv": "x\na\nb\n",
    "negative.csv": "x\n1.5\n-2.5\n3\n", "two.csv": "a,b\n1,2\n3,4\n", "hole.csv": "a,x\n1,2\n2,\n",
    "groups.csv": 'x\n"1,234"\n"2,500"\n', "twice.csv": "x,x\n1,2\n",
    "dates.csv": "x\n2020-01-01\n2020-01-02\n",
    "row.csv": "1 2 3 4\n",
    "big.csv": "x\n9007199254740993\n1\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def files(tmp_path):
    for name, text in CSV.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "latin.csv").write_bytes("x\n1\n2 \xe9\n".encode("latin-1"))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing of the kind PAR1")
    (tmp_path / "bad.json").write_text('[{"x": 1}, {"x": ')
    (tmp_path / "bad.jsonl").write_text('{"x": 1}\n{"x": ')
    (tmp_path / "folder.csv").mkdir()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["empty.csv"], ["empty.csv", "empty"]),
        (["header.csv"], ["no values"]),
        (["one.csv", "-f", "normal"], ["2 parameters", "1"]),
        (["same.csv", "-f", "normal"], ["grows without limit", "std → 0", "all values are 2"]),
        (["nan.csv"], ["1 of 4", "row 3", "inf"]),
        (["text.csv"], ["1 of 4", "row 2", "'three'"]),
        (["words.csv"], ["2 of 2", "'a'"]),
        (["absent.csv"], ["no file absent.csv"]),
        (["two.csv"], ["2 columns", "a, b", "--column"]),
        (["two.csv", "-c", "c"], ["no column 'c'", "a, b"]),
        (["hole.csv", "-c", "x"], ["1 of 2", "row 1: empty", "--missing drop"]),
        (["groups.csv"], ["'1,234'", "1.234 or 1234", "--decimal"]),
        (["row.csv"], ["several numbers on line 1", "one a line"]),
        (["bad.json"], ["bad.json"]),
        (["twice.csv"], ["several columns", "'x'"]),
        (["dates.csv"], ["dates"]),
        (["big.csv"], ["2^53"]),
        (["negative.csv", "-f", "gamma"], ["1 of 3", "row 1, -2.5", "normal"]),
        (["negative.csv", "-f", "gama"], ["gama", "gamma"]),
        (["binary.csv"], ["not text"]),
        (["latin.csv"], ["1 of 2", "row 1", "'2 é'"]),
        (["bad.parquet"], ["bad.parquet"]),
        (["bad.jsonl"], ["bad.jsonl"]),
        (["folder.csv"], ["folder"]),
        (["five_points", "--plot", "x.gif"], [".png"]),
        (["five_points", "--plot", "nowhere/x.png"], ["nowhere"]),
        (["five_points", "--save", "nowhere/x.json"], ["nowhere"]),
        (["five_points", "--save", "folder.csv"], ["folder"]),
        (["five_points", "--criterion", "best"], ["aicc"]),
        (["five_points", "--rounding", "-1"], ["rounding"]),
        ([], ["data"]),
        (["five_points", "--nonsense"], ["nonsense"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_fit(refused, tmp_path, arguments, said):
    before = sorted(tmp_path.rglob("*"))
    line = refused("fit", *arguments)
    for part in said:
        assert part in line, line
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["probability", "normal:50,2.5"], ["--between"]),
        (["probability", "normal:50", "--above", "1"], ["std"]),
        (["probability", "normal:mean=50,sd=2.5", "--above", "1"], ["'sd'", "std"]),
        (["probability", "normal:mean=50,std=-1", "--above", "1"], ["std must be > 0"]),
        (["probability", "norml:0,1", "--above", "1"], ["normal"]),
        (["probability", "normal:0,1", "--between", "2", "1"], ["lower end first"]),
        (["probability", "normal:0,1", "--above", "nan"], ["nan is no number"]),
        (["probability", "normal:0,1", "--between", "nan", "1"], ["nan is no number"]),
        (["probability", "normal:0,1", "--above", "1", "--below", "2"], ["one event"]),
        (["sample", "normal:0,1", "-n", "2", "--seed", "-1"], ["--seed"]),
        (["sample", "poisson:1e19", "-n", "2"], ["poisson cannot be drawn"]),
        (["probability", "__import__('os')", "--above", "1"], ["no family"]),
        (["probability", "normal:mean=__import__('os'),std=1", "--above", "1"], ["number"]),
        (["likelihood", "five_points", "normal"], ["parameters"]),
        (["sample", "normal:0,1", "-n", "-3"], ["-n"]),
        (["sample", "absent.json", "-n", "3"], ["absent.json"]),
        (["sample", "bad.json", "-n", "3"], ["not JSON"]),
        (["sample", "other.json", "-n", "3"], ["not a saved fit"]),
        (["families", "nromal"], ["normal"]),
        (["logarithm", "--plot", "x.txt"], [".png"]),
        (["nonsense"], ["nonsense"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_other_verbs(refused, tmp_path, arguments, said):
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "other.json").write_text('{"format": 1}')
    line = refused(*arguments)
    for part in said:
        assert part in line, line


def test_values_that_no_family_holds_together(refused, tmp_path):
    (tmp_path / "minus.csv").write_text("x\n-2.5\n-2.5\n")
    assert "No family could be fitted" in refused("fit", "minus.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file(refused, tmp_path):
    (tmp_path / "one.csv").chmod(0)
    assert "cannot be read" in refused("fit", "one.csv")


def test_no_traceback_in_a_process_of_its_own(process):
    done = process("fit", "absent.csv")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"likeliest: ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("bad", "said"), [(np.nan, "nan"), (-2.5, "-2.5")])
def test_one_bad_value_in_ten_million(refused, tmp_path, bad, said):
    x = np.ones(10_000_000)
    x[7_654_321] = bad
    pl.DataFrame({"x": x}).write_parquet(tmp_path / "long.parquet")
    line = refused("fit", "long.parquet", "-f", "gamma")
    assert "1 of 10,000,000" in line
    assert "row 7654321" in line
    assert said in line
