"""Every report is one file that stands alone, all can read, and where hostile text stays text."""

import json
import re
import shlex

import numpy as np
import pytest

import likeliest as lk
from html_tree import assert_is_accessible, assert_stands_alone, cells, tree
from likeliest import report as reports
from likeliest.errors import MissingExtraError, ReadError
from likeliest.report import recipes
from likeliest.report.text import visible

RAIN = lk.datasets.seattle_rain()
HOSTILE = {
    "script": '</script><script>alert("1")</script>',
    "markup": "<img src=x onerror=alert(1)> & <b>",
    "comment": "--><svg onload=alert(1)><!--",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "formula": r"cost in $ \frac{ of $x_{",
    "jinja": "{{ 7 * 7 }}{% raw %}",
    "bidi": "total\u202egnp.exe\u2066",
    "control": "a\x00b\x1b[31m\x7f",
    "lines": "first\nsecond\r\n\u2028third",
    "surrogate": "half \ud800",
    "long": "width_of_the_" * 800,
    "chinese": "宽度",
}


def named(name, n=60):
    """Return the observations of a column of that name."""
    x = lk.Gamma(3.0, 2.0).sample(n, seed=1)
    return lk.observe({name: x.tolist()}, column=name)


UNITS = {"hours": [31, 55, 90, 100, 100, 100, 12, 44], "failed": [1, 1, 1, 0, 0, 0, 1, 1]}
FEW = ["weibull", "gamma", "poisson", "student t", "normal", "beta"]
TABLE = {
    **{
        HOSTILE[kind]: [float(at), 2.5, 4.0, 3.25, 9.0, 7.5]
        for at, kind in enumerate(["script", "comment", "bidi", "long"], 1)
    },
    "row": [1, 2, 3, 4, 5, 6],
    "empty": [None] * 6,
    "gap": [1.5, None, 2.0, 4.0, 3.0, 2.5],
}
REPORTS = {
    "fit": lambda: lk.fit(RAIN, "gamma").report("rain.csv"),
    "comparison": lambda: lk.compare("old_faithful", FEW, column="waiting").report("old_faithful"),
    "censored": lambda: lk.fit(UNITS, "weibull", column="hours", event="failed").report(),
    "counts": lambda: lk.compare([3, 1, 4, 1, 5, 9, 0, 2, 6, 5, 3, 5], "counts").report(),
    "on a bound": lambda: lk.fit(np.linspace(-1, 1, 40), "student t").report(),
    "loaded": lambda: lk.Fit.from_dict(lk.fit(RAIN, "gamma").to_dict()).report(),
    "columns": lambda: lk.compare(TABLE, ["gamma", "normal", "poisson"]).report("t.csv"),
    "groups": lambda: lk.fit(RAIN, "gamma", by=np.arange(RAIN.size) // 80).report("rain.csv"),
    "groups ranked": lambda: lk.compare(RAIN, ["gamma", "normal"], by=RAIN > 5.0).report(),
    "held": lambda: lk.fit(RAIN, "gamma", fixed={"shape": 1.0}).report(level=0.9),
}


@pytest.fixture(params=[*HOSTILE, None], scope="module")
def page(request):
    """A page with a hostile name, and one without."""
    name = HOSTILE[request.param] if request.param else "width"
    compared = lk.compare(named(name), ["gamma", "weibull", "normal", "poisson"])
    return name, compared.report(f"{name}.csv").html


@pytest.mark.parametrize("kind", REPORTS)
def test_stands_alone_and_is_accessible(kind):
    report = REPORTS[kind]()
    assert_stands_alone(report.html)
    assert_is_accessible(report.html)
    assert len(report.html.encode()) < 500_000


def test_hostile_names_stay_text(page):
    name, html = page
    assert_stands_alone(html)
    assert_is_accessible(html)
    root = tree(html)
    assert len([*root.all("script")]) == 2
    assert not [*root.all("b")]
    assert "49" not in root.one("h1").text
    shown = visible(name)
    assert (
        root.one("h1").text == f"Which distribution describes {shown[:59]}…?"
        if len(shown) > 60
        else f"Which distribution describes {shown}?"
    )
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    [svg] = [s for s in root.all("svg") if "ranking" in s.attributes["aria-labelledby"]]
    assert shown[:20] in svg.text
    record = json.loads(next(iter(root.all("script"))).raw)
    assert record["fits"][0]["data"]["column"] == name
    assert len(html.encode()) < 500_000


def test_commands_hold_the_name_as_it_is(page):
    name, html = page
    in_python, in_a_shell = (node.text for node in tree(html).all("pre"))
    called = next(line for line in in_python.splitlines() if line.startswith("result = "))
    assert eval(re.search(r"column=('.*?(?<!\\)'|\".*?\")[,)]", called)[1]) == name  # noqa: S307
    if visible(name) == name:
        words = shlex.split(in_a_shell)
        assert words[:4] == ["likeliest", "report", f"{name}.csv", "--column"]
        assert words[4] == name


def test_the_same_result_gives_the_same_file():
    pages = {lk.compare(RAIN, ["gamma", "weibull"]).report().html for _ in range(2)}
    assert len(pages) == 1


def test_numbers_are_those_of_the_fit():
    fit = lk.fit(RAIN, "gamma")
    root = tree(fit.report(level=0.9).html)
    for name, value, error, interval in cells(root, "gamma · 623"):
        low, high = fit.intervals(0.9)[name]
        assert float(value) == pytest.approx(fit.parameters[name], rel=1e-5)
        assert float(error) == pytest.approx(fit.standard_errors[name], rel=1e-5)
        assert [*map(float, interval.split(" to "))] == pytest.approx([low, high], rel=1e-5)
    quantiles = cells(root, "Quantiles")
    for share, value, interval, own in quantiles:
        q = float(share.removesuffix(" %")) / 100.0
        estimate = fit.quantile(q)
        assert float(value) == pytest.approx(fit.distribution.quantile(q), rel=1e-5)
        assert [*map(float, interval.split(" to "))] == pytest.approx(
            estimate.interval(0.9), rel=1e-5
        )
        assert float(own) == pytest.approx(np.quantile(RAIN, q, method="inverted_cdf"))
    record = json.loads(next(iter(root.all("script"))).raw)
    assert record["log_likelihood"] == fit.log_likelihood


def test_the_ranking_is_that_of_the_comparison():
    compared = lk.compare("old_faithful", FEW, column="waiting")
    root = tree(compared.report().html)
    [table] = [t for t in root.all("table") if "data-sorts" in t.attributes]
    rows = cells(root, table.one("caption").text)
    assert [row[0] for row in rows] == [fit.family for fit in compared]
    assert [float(row[1]) for row in rows] == pytest.approx(compared.values, abs=0.005)
    assert [float(row[3]) for row in rows] == pytest.approx(compared.weights, abs=0.0005)
    told = root.one("main").text
    for name, why in compared.left_out.items():
        assert name in told
        assert why in told
    ratio = np.exp(0.5 * compared.deltas[1])
    assert f"it is {ratio:,.0f} times likelier than the next, {compared.fits[1].family}" in told
    assert "describes waiting best, but not well" in told
    assert compared.best.misfit in told


def test_the_table_of_columns_is_that_of_the_comparison():
    x = {"a": lk.Gamma(2.0, 3.0).sample(80, seed=1), "b": lk.Normal(0, 1).sample(80, seed=2)}
    compared = lk.compare(
        {**x, "c": np.r_[-9.0 - np.arange(40) / 40, 9.0 + np.arange(40) / 40]}, ["gamma", "normal"]
    )
    root = tree(compared.report().html)
    rows = cells(root, "3 columns")
    frame = compared.to_frame()
    assert [row[0] for row in rows] == frame["column"].to_list()
    assert [row[3] for row in rows] == frame["family"].to_list()
    assert [float(row[4]) for row in rows] == pytest.approx(frame["weight"], abs=0.0005)
    assert [row[7] for row in rows] == ["none found", "none found", "found"]
    headings = [node.text for node in root.all("h2")]
    assert headings == ["The columns", "a", "b", "c", "What is doubtful", "Make it again"]
    assert "In 1 of them even the likeliest is not a good description: c." in root.one("main").text


def test_the_table_of_groups_is_that_of_the_fits():
    keys = ["a"] * 300 + ["b"] * 300 + ["none fits"] * 23
    fits = lk.fit(np.r_[RAIN[:600], [5.0] * 23], "gamma", by=keys)
    root = tree(fits.report(level=0.9).html)
    rows = cells(root, "gamma")
    frame = fits.to_frame(level=0.9).to_dicts()
    for row, group in zip(rows, frame, strict=True):
        assert (row[0], float(row[1]), row[-1]) == (group["key"], group["n"], group["status"])
        if group["shape"] is not None:
            assert float(row[2]) == pytest.approx(group["shape"], rel=1e-5)
            ends = [group["shape_low"], group["shape_high"]]
            assert [*map(float, row[3].split(" to "))] == pytest.approx(ends, rel=1e-5)
    assert rows[-1][2] == "–"
    assert "was fitted to the values in 2 of 3 groups" in root.one("main").text
    assert fits.reasons["none fits"] in root.one("main").text


def test_families_that_do_as_well_are_named():
    compared = lk.compare(lk.Gamma(9.0, 1.0).sample(30, seed=2), ["gamma", "lognormal", "weibull"])
    close = [f.family for f, d in zip(compared, compared.deltas, strict=True) if 0 < d < 2]
    told = tree(compared.report().html).one("main").text
    assert close
    assert f"{close[0]}" in told.split("the data cannot tell them apart")[0]


def test_a_set_of_families_is_named_and_mixtures_that_were_tried_are_not():
    common = lk.compare("old_faithful", column="waiting")
    assert common.best.family.startswith("mixture(")
    assert recipes.of_comparison(common, "").families == "common"
    some = lk.compare(RAIN, ["gamma", "lognormal"])
    assert recipes.of_comparison(some, "").families == ("lognormal", "gamma")


def test_doubts_are_told():
    few = tree(lk.fit([2.0, 3.0, 5.0], "normal").report().html).one("main").text
    assert "There are only 3 values" in few
    assert "All values are whole numbers" in few
    bound = lk.fit(np.linspace(-1, 1, 40), "student t")
    assert bound.diagnostics.notes[0] in tree(bound.report().html).one("main").text


def test_what_the_data_were_is_told():
    seen = lk.observe({"rain (mm)": [0.5, 1.5, None, 4.0]}, column="rain (mm)", missing="drop")
    rows = dict(cells(tree(lk.fit(seen, "gamma").report("r.csv").html), "The data"))
    assert rows["file"] == "r.csv"
    assert rows["values"] == "3"
    assert rows["missing, left out"] == "1"
    assert (rows["least"], rows["greatest"], rows["mean"]) == ("0.5", "4", "2")


def test_is_written_whole_and_never_over_the_data(tmp_path):
    data = tmp_path / "rain.csv"
    data.write_text("mm\n1.5\n2.5\n4.0\n")
    report = lk.fit(data, "gamma", column="mm").report(data)
    with pytest.raises(ReadError, match="holds the data"):
        report.save(data)
    link = tmp_path / "link.html"
    link.symlink_to(data)
    with pytest.raises(ReadError, match="holds the data"):
        report.save(link)
    assert data.read_text() == "mm\n1.5\n2.5\n4.0\n"
    report.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report.html
    with pytest.raises(ReadError, match="There is no folder"):
        report.save(tmp_path / "nowhere" / "report.html")


def test_without_jinja_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'likeliest\[report\]'"):
        lk.fit(RAIN, "gamma").report()


def test_shows_itself():
    report = lk.fit(RAIN, "gamma").report()
    assert repr(report).startswith("<report 'The gamma distribution fitted to the values': ")
    [frame] = tree(report._repr_html_()).all("iframe")
    assert frame.attributes["srcdoc"] == report.html
    assert reports.Report(report.html) == report
