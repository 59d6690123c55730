"""`likeliest report`: the file, the messages, and commands that make it again."""

import json
import shlex

import pytest

import likeliest as lk
from html_tree import tree

PUMPS = "hours,failed,site\n31,1,a\n55,1,a\n90,1,b\n100,0,b\n100,0,b\n12,1,a\n44,1,b\n"


@pytest.fixture
def pumps(tmp_path):
    (tmp_path / "my pumps.csv").write_text(PUMPS)
    return "my pumps.csv"


def written(tmp_path, name="r.html"):
    return tree((tmp_path / name).read_text(encoding="utf-8"))


def record(root):
    return json.loads(next(iter(root.all("script"))).raw)


def test_a_comparison(command, tmp_path):
    code, out, err = command("report", "old_faithful", "-c", "waiting", "-o", "r.html",
                             "-f", "weibull", "-f", "gamma")  # fmt: skip
    assert (code, out, err) == (0, "", "report: r.html\n")
    compared = lk.compare("old_faithful", ["weibull", "gamma"], column="waiting")
    root = written(tmp_path)
    assert [fit["distribution"]["family"] for fit in record(root)["fits"]] == [
        fit.family for fit in compared
    ]
    assert root.one("h1").text == "Which distribution describes waiting?"


def test_the_commands_make_the_same_report(command, tmp_path, monkeypatch, pumps):
    options = ["--column", "hours", "--family", "weibull", "--event", "failed"]
    assert command("report", pumps, *options, "--output", "report.html")[0] == 0
    first = (tmp_path / "report.html").read_text(encoding="utf-8")
    in_python, in_a_shell = (node.text for node in tree(first).all("pre"))
    words = shlex.split(in_a_shell)
    assert words == ["likeliest", "report", pumps, *options, "--output", "report.html"]
    (tmp_path / "report.html").unlink()
    exec(in_python, {})  # noqa: S102
    again = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert record(tree(again)) == record(tree(first))


@pytest.mark.parametrize(
    "options",
    [
        ["--drop-missing", "--criterion", "bic", "--family", "gamma", "--family", "rayleigh"],
        ["--limits", "--decimal", ".", "--family", "gamma", "--fixed", "shape=1.5"],
        ["--missing-code", "-999", "--family", "gamma", "--drop-missing"],
        ["--rounding", "0.5", "--weights", "v", "--family", "gamma", "--drop-missing"],
    ],
)
def test_options_come_back_in_the_commands(command, tmp_path, options):
    gap = "" if "--drop-missing" in options else "3.5"
    (tmp_path / "w.csv").write_text(f"w,v\n1.5,1\n2.5,2\n{gap},3\n7.0,4\n4.5,5\n2.5,6\n6.5,7\n")
    assert command("report", "w.csv", "-c", "w", *options, "-o", "report.html")[0] == 0
    first = (tmp_path / "report.html").read_text(encoding="utf-8")
    in_python, in_a_shell = (node.text for node in tree(first).all("pre"))
    assert command(*shlex.split(in_a_shell)[1:])[0] == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == first
    exec(in_python, {})  # noqa: S102
    again = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert record(tree(again)) == record(tree(first))


WIDE = (
    "id,site,w,n,gap,conc\n1,a,2.5,3,1.5,<5\n2,b,3.5,4,,7.5\n3,c,1.25,2,2.5,8\n"
    "4,a,7.0,0,3.25,9\n5,b,4.5,6,1.0,12\n6,c,2.25,3,2.0,11\n"
)


@pytest.mark.parametrize(
    "options",
    [
        ["--all-columns", "--drop-missing", "--families", "counts"],
        ["--all-columns", "--drop-missing", "--limits", "--family", "gamma", "--family", "normal"],
        ["--column", "w", "--column", "gap", "--family", "gamma", "--family", "normal",
         "--drop-missing"],
        ["--column", "w", "--by", "site", "--family", "exponential"],
        ["--column", "w", "--by", "site", "--family", "exponential", "--family", "uniform"],
    ],
)  # fmt: skip
def test_columns_and_groups_come_back_in_the_commands(command, tmp_path, options):
    (tmp_path / "wide.csv").write_text(WIDE)
    assert command("report", "wide.csv", *options, "-o", "report.html")[0] == 0
    first = (tmp_path / "report.html").read_text(encoding="utf-8")
    in_python, in_a_shell = (node.text for node in tree(first).all("pre"))
    assert shlex.split(in_a_shell)[1:] == [
        "report", "wide.csv", *sorted_like(in_a_shell, options), "--output", "report.html"
    ]  # fmt: skip
    assert command(*shlex.split(in_a_shell)[1:])[0] == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == first
    names = {}
    exec(in_python, names)  # noqa: S102
    if ".report(" in in_python:
        again = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert record(tree(again)) == record(tree(first))
    else:
        best = {row["column"]: row["family"] for row in record(tree(first))["columns"]}
        assert {name: one.best.family for name, one in names["result"].items()} == best


def sorted_like(line, options):
    """Return the options as they stand in the line, none lost and none more."""
    found = shlex.split(line)[3:-2]
    assert sorted(found) == sorted(options)
    return found


def test_standard_input(process, tmp_path):
    done = process("report", "-", "-f", "gamma", "-o", tmp_path / "r.html", given=b"1.5\n2.5\n4\n")
    assert done.returncode == 0, done.stderr
    assert "DATA" in written(tmp_path).one("main").text


def test_refused_before_the_long_work(refused, command, tmp_path, pumps):
    assert "There is no folder" in refused("report", "nowhere.csv", "-o", "no/r.html")
    assert "holds the data" in refused("report", pumps, "-c", "hours", "-o", pumps)
    assert (tmp_path / pumps).read_text() == PUMPS
    assert "Missing option '--output'" in refused("report", pumps)
    assert "--all-columns and --column" in refused(
        "report", pumps, "--all-columns", "-c", "hours", "-o", "r.html"
    )
    assert "--by goes with one column" in refused(
        "report", pumps, "--all-columns", "--by", "site", "-o", "r.html"
    )
    assert "--level" in refused("report", pumps, "-o", "r.html", "--level", "95")


def test_a_language_model(command, tmp_path):
    names = list(lk.datasets.first_names())
    lk.language.fit(names[::2], order=3).save(tmp_path / "a model.lm")
    (tmp_path / "other.txt").write_text("\n".join(names[1::2]))
    options = ["language", "report", "a model.lm", "other.txt"]
    code, out, err = command(*options, "-o", "report.html")
    assert (code, out, err) == (0, "", "report: report.html\n")
    first = (tmp_path / "report.html").read_text(encoding="utf-8")
    in_python, in_a_shell = (node.text for node in tree(first).all("pre"))
    assert shlex.split(in_a_shell) == ["likeliest", *options, "--output", "report.html"]
    (tmp_path / "report.html").unlink()
    exec(in_python, {})  # noqa: S102
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == first
    before = (tmp_path / "a model.lm").read_bytes()
    for over in ("a model.lm", "other.txt"):
        code, _, err = command(*options, "-o", over)
        assert code == 2
        assert "holds the data" in err
    assert (tmp_path / "a model.lm").read_bytes() == before
