"""Files of which wrong numbers were fitted once: the right ones, worked out by hand."""

import json

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import likeliest as lk
from likeliest.errors import ReadError


@pytest.mark.parametrize(
    ("text", "column", "mean"),
    [
        ("Nr;Laenge\n1;2,5\n2;3,5\n3;7,25\n", "Laenge", 13.25 / 3),
        ('id,amount\n1,"1,250.00"\n2,"80.50"\n3,"8,000.01"\n', "amount", 9330.51 / 3),
        ("2019,2020\n10,20\n11,21\n12,25\n", "2019", 11.0),
        ("\n1\n2\n3\n4\n5", None, 3.0),
        ("val,k\n" + "1,a\n" * 15_000 + "3.5,b\n", None, 15_003.5 / 15_001),
    ],
)
def test_the_mean(tmp_path, text, column, mean):
    (tmp_path / "a.csv").write_text(text)
    fit = lk.fit(lk.read(tmp_path / "a.csv", column), "exponential")
    assert 1.0 / fit.parameters["rate"] == pytest.approx(mean, rel=1e-12)


def test_a_headless_file_that_begins_with_a_missing_value(tmp_path):
    (tmp_path / "a.txt").write_text("NA\n1\n2\n3\n4\n5\n")
    column = lk.read(tmp_path / "a.txt", missing="drop")
    assert (len(column), column.left_out) == (5, 1)


def test_limits_are_bounds(tmp_path):
    """Of exponential values, two below 5, one above 50: the likelihood by hand."""
    (tmp_path / "a.csv").write_text("id,conc\n1,<5\n2,7.5\n3,9\n4,12\n5,<5\n6,20\n7,>50\n")
    column = lk.read(tmp_path / "a.csv", "conc", limits=True)
    assert column.limits == 3
    assert column.lower.tolist() == [-np.inf, 7.5, 9, 12, -np.inf, 20, 50]
    assert column.upper.tolist() == [5, 7.5, 9, 12, 5, 20, np.inf]
    with pytest.raises(ValueError, match=r"3 of 7 cells are limits.*observations"):
        np.asarray(column)

    def nll(rate):
        seen = 4 * np.log(rate) - rate * (7.5 + 9 + 12 + 20)
        return -(seen + 2 * np.log1p(-np.exp(-5 * rate)) - 50 * rate)

    best = minimize_scalar(nll, bounds=(1e-4, 1.0), method="bounded", options={"xatol": 1e-12})
    fit = lk.fit(column.observations(), "exponential")
    assert fit.parameters["rate"] == pytest.approx(best.x, rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-best.fun, rel=1e-12)


def test_the_rows_that_are_named_are_the_users(tmp_path):
    (tmp_path / "a.csv").write_text("k,x\na,1\nb,NA\nc,oops\n")
    with pytest.raises(ReadError, match=r"1 of 3 cells is not a number \(first: row 2, .*'oops'"):
        lk.read(tmp_path / "a.csv", "x", missing="drop")


def test_digits_follow_the_spread():
    values = 1.7e9 + np.linspace(0.0, 100.0, 50)
    shown = repr(lk.compare(values, ["uniform", "normal"]))
    assert "low=1.7e+09" not in shown
    assert "low=1700000000" in shown
    assert "high=1700000100" in shown
    assert "mean=1700000050" in shown


def test_public_names():
    assert {"read", "plots", "losses", "language", "datasets", "errors", "fit"} <= set(dir(lk))
    assert not {"annotations", "importlib", "ModuleType", "TYPE_CHECKING"} & set(dir(lk))
    assert lk.plots.fit is not None
    assert json.dumps(sorted(dir(lk)))
