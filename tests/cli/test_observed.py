"""What was seen, in the words of `lk.observe`, as options that name columns of a file."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk

UNITS = """id,hours,failed,joined,n,site
1,31,1,0,1,a
2,55,1,5,2,b
3,90,1,,1,a
4,100,0,1,1,c
5,100,0,,3,a
"""
HOURS, FAILED = [31.0, 55.0, 90.0, 100.0, 100.0], [1, 1, 1, 0, 0]
JOINED, N = [0.0, 5.0, np.nan, 1.0, np.nan], [1, 2, 1, 1, 3]


@pytest.fixture
def units(tmp_path):
    (tmp_path / "u.csv").write_text(UNITS)
    return "u.csv"


def fitted(command, *arguments):
    code, out, err = command("fit", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--event", "failed"], {"event": FAILED}),
        (["--event", "failed", "--entry", "joined"], {"event": FAILED, "entry": JOINED}),
        (["--event", "failed", "--entry", "10"], {"event": FAILED, "entry": 10.0}),
        (["--exit", "120", "--weights", "n"], {"exit": 120.0, "weights": N}),
        (["--event", "failed", "--weights", "n"], {"event": FAILED, "weights": N}),
    ],
)
def test_options_are_the_words_of_observe(command, units, options, words):
    record = fitted(command, units, "-c", "hours", "-f", "weibull", *options)
    fit = lk.fit(HOURS, "weibull", **words)
    assert record["distribution"]["parameters"] == fit.parameters
    assert record["log_likelihood"] == fit.log_likelihood
    assert record["column"] == "hours"
    assert record["data"]["text"] == str(fit.description)
    compared = fitted(command, units, "-c", "hours", "-f", "weibull", "-f", "gamma", *options)
    best = lk.compare(HOURS, ["weibull", "gamma"], rounding=0.0, **words)
    if "event" in words:  # others are whole numbers, compared as cells
        assert compared["fits"][0]["log_likelihood"] == best.best.log_likelihood


def test_sampling_weights(command, units):
    verb = (units, "-c", "hours", "-f", "exponential", "--sampling-weights", "n")
    record = fitted(command, *verb)
    rate = 8 / np.dot(N, HOURS)
    assert record["distribution"]["parameters"]["rate"] == pytest.approx(rate, rel=1e-12)
    robust = lk.fit(HOURS, "exponential", sampling_weights=N)
    assert record["errors_by"] == "sandwich"
    assert record["errors"] == robust.errors.tolist()
    laplace = (units, "-c", "hours", "-f", "laplace", "--sampling-weights", "n")
    assert fitted(command, *laplace)["errors"] is None
    assert "none is given" in " ".join(command("fit", *laplace)[1].split())


def test_the_values_are_the_column_that_is_left(command, tmp_path):
    (tmp_path / "t.csv").write_text("time,dead\n1,True\n2,False\n3,TRUE\n")
    record = fitted(command, "t.csv", "--event", "dead", "-f", "exponential")
    assert record["distribution"]["parameters"]["rate"] == pytest.approx(2 / 6)
    assert record["data"]["right_censored"] == 1


@pytest.mark.parametrize("codes", ["yes no", "No YES", "T F", "true FALSE", "Y N", "1 0"])
def test_events_in_words(command, tmp_path, codes):
    one, other = codes.split()
    (tmp_path / "t.csv").write_text(f"time,dead\n1,{one}\n2,{other}\n3, {one}\n4,\n")
    record = fitted(command, "t.csv", "-c", "time", "--event", "dead", "-f", "exponential",
                    "--missing", "drop")  # fmt: skip
    seen = 1 if one == "No" else 2
    assert record["distribution"]["parameters"]["rate"] == pytest.approx(seen / 6)
    assert record["data"]["right_censored"] == 3 - seen
    assert record["data"]["left_out"] == 1


@pytest.mark.parametrize("codes", ["dead alive", "on off", "yes 1", "yes maybe"])
def test_events_in_other_words_are_named(refused, tmp_path, codes):
    one, other = codes.split()
    (tmp_path / "t.csv").write_text(f"time,died\n1,{one}\n2,{other}\n3,NA\n")
    said = refused("fit", "t.csv", "-c", "time", "--event", "died", "-f", "exponential")
    assert f"the cells are {one!r}, {other!r}" in said
    assert "true or yes" in said


def test_events_of_parquet_are_true_and_false(command, tmp_path):
    import polars as pl

    frame = pl.DataFrame({"t": [1.0, 2.0, 3.0, 4.0], "d": [True, False, True, None]})
    frame.write_parquet(tmp_path / "t.parquet")
    record = fitted(command, "t.parquet", "--event", "d", "-f", "exponential", "--missing", "drop")
    assert record["distribution"]["parameters"]["rate"] == pytest.approx(2 / 6)


def test_limits_stand_among_values_alone(refused, tmp_path):
    (tmp_path / "l.csv").write_text("a,b,k,x\n<5,5,2,1\n2,3,>9,2\n4,,1,3\n")
    for options in (["--lower", "a", "--upper", "b"], ["-c", "x", "--weights", "k"]):
        said = refused("fit", "l.csv", *options, "-f", "exponential")
        assert "leave the open end empty" in said
    for verb in (("fit", "l.csv", "-f", "normal"), ("likelihood", "l.csv", "normal:0,1")):
        assert "--lower" in refused(*verb, "--lower", "b", "--limits")


def test_a_plus_behind_a_number_is_right_censored(command, tmp_path):
    (tmp_path / "t.csv").write_text("time\n31\n55\n90\n100+\n100+\n")
    record = fitted(command, "t.csv", "--limits", "-f", "exponential")
    assert record["distribution"]["parameters"]["rate"] == pytest.approx(3 / 376)


def test_bounds_and_the_table(command, tmp_path):
    """The table that JMP was given: 14.04 and 1.44 there, its digits cut."""
    (tmp_path / "i.csv").write_text("a,b,k\n,10,50\n11,20,25\n21,25,15\n26,30,9\n31,,1\n")
    verb = ("i.csv", "--lower", "a", "--upper", "b", "--weights", "k", "-f", "weibull")
    parameters = fitted(command, *verb)["distribution"]["parameters"]
    assert parameters["scale"] == pytest.approx(14.0467, abs=5e-5)
    assert parameters["shape"] == pytest.approx(1.4413, abs=5e-5)
    shown = " ".join(command("fit", *verb)[1].split())
    assert "a to b · 100 values: 50 left-censored, 1 right-censored, 49 in intervals" in shown


def test_rows_with_gaps(command, refused, tmp_path):
    (tmp_path / "g.csv").write_text("t,d,w\n1,1,1\n,1,1\n3,,1\n4,0,2\n5,1,\n")
    verb = ("fit", "g.csv", "-c", "t", "--event", "d", "--weights", "w", "-f", "exponential")
    assert "missing" in refused(*verb)
    for option in (["--missing", "drop"], ["--drop-missing"]):
        code, out, err = command(*verb, *option)
        assert (code, err) == (0, "left out: 3 of 5 cells, missing\n")
        assert "3 values: 1 exact, 2 right-censored; 3 missing left out" in " ".join(out.split())


def test_likelihood_takes_the_same(command, units):
    verb = ("likelihood", units, "weibull:1,50", "exponential:0.01", "-c", "hours")
    code, out, _ = command(*verb, "--event", "failed", "--plot", "l.png")
    assert code == 0
    assert out.startswith("Likelihood of 5 values of hours: 3 exact, 2 right-censored\n")
    records = json.loads(command(*verb, "--event", "failed", "--entry", "joined", "--json")[1])
    by_hand = 3 * np.log(0.01) - 0.01 * (376.0 - 6.0)
    [record] = [r for r in records if r["family"] == "exponential"]
    assert record["log_likelihood"] == pytest.approx(by_hand, rel=1e-12)
    assert record["densities"] is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-c", "hours", "--event", "faild"], "Did you mean 'failed'"),
        (["-c", "hours", "--entry", "ten"], "no column 'ten'"),
        (["-c", "hours", "--event", "n"], "the event is 2"),
        (["--event", "failed"], "columns of numbers: id, hours, joined, n"),
        (["-c", "hours", "--lower", "joined"], "column cannot be given as well"),
        (["-c", "hours", "--entry", "60"], "row 0, 31 with entry 60"),
        (["-c", "joined", "--event", "failed"], "2 of 5 cells are missing"),
    ],
)
def test_what_cannot_be_is_one_line(refused, units, options, said):
    assert said in refused("fit", units, "-f", "weibull", *options)


def test_a_density_of_censored_values_is_not_ranked_against_a_mass(refused, units):
    said = refused(
        "likelihood", units, "weibull:1,50", "poisson:60", "-c", "hours", "--event", "failed"
    )
    assert "not ranked" in said


def test_standard_input_and_every_form_of_file(command, process, tmp_path):
    import polars as pl

    frame = pl.read_csv(UNITS.encode())
    frame.write_parquet(tmp_path / "u.parquet")
    (tmp_path / "u.json").write_text(json.dumps(frame.to_dict(as_series=False)))
    np.savez(tmp_path / "u.npz", hours=HOURS, failed=FAILED, n=N)
    expected = lk.fit(HOURS, "weibull", event=FAILED, weights=N).parameters
    verb = ("-c", "hours", "--event", "failed", "--weights", "n", "-f", "weibull")
    for name in ("u.parquet", "u.json", "u.npz"):
        assert fitted(command, name, *verb)["distribution"]["parameters"] == expected
    done = process("fit", "-", *verb, "--json", given=UNITS.encode())
    assert json.loads(done.stdout)["distribution"]["parameters"] == expected


PAGE = Path(__file__).parents[2] / "docs" / "observe.md"


def test_the_commands_of_the_page_run(command, tmp_path):
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "claims.csv").write_text("id,loss\n7,620\n3,900\n9,2400\n5,700\n")
    (tmp_path / "visits.csv").write_text("last_seen,first_gone,n\n1,2,3\n2,,1\n,3,\n2,4,5\n")
    [block] = re.findall(r"```bash\n(.+?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = block.strip().splitlines()
    assert len(lines) == 4
    for line in lines:
        code, _, err = command(*shlex.split(line)[1:])
        assert code == 0, err
