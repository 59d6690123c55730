"""Messages and help of the command line: its own words, none of Python's."""

import re

import pytest

from likeliest.cli.wording import on_the_command_line

LINES = {
    "z.csv": "x\n0\n1.5\n2.5\n4\n3\n",
    "u.csv": "t,d,w\n1,1,1\n2,0,\n30,1,2\n",
    "k.csv": "k,x\na,1.5\na,2.5\n,4\n",
}


@pytest.fixture(autouse=True)
def files(tmp_path):
    for name, text in LINES.items():
        (tmp_path / name).write_text(text)


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ('rows have no x. Use missing="drop".', "rows have no x. Use --missing drop."),
        ("name the step, such as rounding=0.1: a 0", "name the step, such as --rounding 0.1: a 0"),
        (
            "If they were rounded down, rounding= names the step.",
            "If they were rounded down, --rounding names the step.",
        ),
        ("Choose one: column='x', or column='y'.", "Choose one: --column x, or --column y."),
        ("Choose one: column='' or column='a (0'.", "Choose one: --column '' or --column 'a (0'."),
        ("give limits=True in lk.read.", "give --limits."),
        ("decimal=',' or decimal='.' in lk.read; for", "--decimal , or --decimal .; for"),
        ("say so with missing_code=-999 in lk.read; if", "say so with --missing-code -999; if"),
        ("name them by lower= and upper=.", "name them by --lower and --upper."),
        ("write 1 for it (in Python event == 2).", "write 1 for it."),
        ("a distribution; in Python lk.Fit.load reads it.", "a distribution."),
        ("hold it there with fixed={'df': 5}.", "hold it there with --fixed df=5."),
        ("with fewer, or start nearer with start={'df': ...}.", "with fewer."),
        (
            "give bounds: likeliest.observe(lower=..., upper=...).",
            "give bounds: --lower and --upper.",
        ),
        ("by='k' is no column", "--by k is no column"),
        ("sampling_weights=w and limits=True", "--sampling-weights w and --limits"),
        ("column='a b'", "--column 'a b'"),
        ("rounding must be 0 or more", "--rounding must be 0 or more"),
        ("normal:mean=50,std=2.5 and rate=0.5", "normal:mean=50,std=2.5 and rate=0.5"),
    ],
)
def test_a_message_is_translated(said, plainly):
    assert on_the_command_line(said) == plainly


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["u.csv", "-c", "w", "-f", "normal"], "--missing drop leaves"),
        (["k.csv", "-c", "x", "--by", "k", "-f", "normal"], "--missing drop"),
        (["z.csv", "-f", "gamma"], "--rounding 0.1: a 0"),
        (["z.csv", "--rounding", "-1"], "--rounding must be"),
        (["u.csv", "-c", "t", "--entry", "0,5", "-f", "normal"], "--entry 0.5"),
        (["u.csv", "-c", "t", "--entry", "1.5", "-f", "normal"], "1 of 3 rows lies"),
        (["z.csv", "-f", "normal", "--level", "0,9"], "decimal point, such as 0.5"),
        (["z.csv", "-f", "normal", "--criterion", "bic"], "--criterion ranks several families"),
        (["z.csv", "-f", "normal", "--full"], "--full ranks several families"),
        (
            ["z.csv", "-f", "normal", "--families", "all"],
            "--family and --families exclude each other",
        ),
        (["k.csv", "-c", "x", "--by", "k", "--full"], "--full does not go with --by"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_verb_says_so(refused, arguments, said):
    line = refused("fit", *arguments)
    assert said in line
    assert "Python" not in line
    assert not re.search(r"[a-z]=['\"]", line), line


def test_other_numbers(refused):
    assert "whole number" in refused("sample", "normal:0,1", "-n", "many")
    assert "decimal point" in refused("probability", "normal:0,1", "--above", "1,5")


def test_notes_of_tables_are_translated(command):
    out = command("fit", "z.csv", "--families", "all")[1]
    assert "--rounding names the step" in " ".join(out.split())


@pytest.mark.parametrize(
    "verb",
    ["", "fit", "probability", "quantile", "return-level", "likelihood", "logarithm", "sample",
     "families", *(f"language {v}" for v in ("fit", "score", "generate", "show", "shrink",
                                             "filter"))],
)  # fmt: skip
def test_help_names_no_type_of_python(command, verb):
    code, out, err = command(*verb.split(), "--help")
    assert (code, err) == (0, "")
    assert "Show this message and exit." in out
    assert not re.search("<(bool|str|float|int|path|list)|list\\[|typing", out)


def test_small_densities_keep_their_digits(command):
    out = command("likelihood", "five_points", "normal:80,5")[1]
    assert "densities under normal:mean=80,std=5: 2.90e-10 5.25e-10 2.12e-08 " in out


def test_families_tell_all_their_names(command):
    import json

    every = {one["family"]: one["aliases"] for one in json.loads(command("families", "--json")[1])}
    assert every["normal"] == ["gaussian", "norm"]
    assert "weibull_min" in every["weibull"]
    assert "expon" in every["exponential"]
    assert "gumbel_r" in every["gumbel"]
