"""What holds for all of the source, and for all of the tests."""

import ast
from pathlib import Path

import pytest

import likeliest as lk

SOURCE = Path(lk.__file__).parent
TESTS = sorted(Path(__file__).parent.rglob("test_*.py"))

UPWARD = {
    "distributions/distribution.py": {
        "fit",
        "log_likelihood",
        "nll",
        "plot",
        "limited_expected_value",
        "layer_mean",
        "loss_elimination_ratio",
    },
    "fitting/fit.py": {"_with_errors_of_a_sample", "_of_rows"},
    "fitting/result.py": {
        "plot",
        "report",
        "explore",
        "uncertainty",
        "uncertainty_by",
        "bootstrap",
        "contour",
        "with_errors",
        "attach",
        "estimate",
        "quantile",
        "probability",
        "mean",
        "survival",
        "hazard",
        "return_level",
        "tail_value_at_risk",
        "limited_expected_value",
        "layer_mean",
        "loss_elimination_ratio",
        "yields",
        "b_life",
    },
    "fitting/comparison.py": {"plot", "report", "_ranked_of_rows"},
    "distributions/multivariate/multivariate.py": {"fit"},
    "fitting/columns.py": {"report"},
    "language/models/model.py": {"report"},
    "language/models/predictor.py": {"explore"},
    "fitting/fits.py": {"report"},
    "fitting/comparisons.py": {"report"},
}


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("name", UPWARD)
def test_what_delegates_upward_is_one_line(name):
    methods = {n.name: n for n in functions(SOURCE / name)}
    for method in UPWARD[name]:
        body = methods[method].body
        assert len(body) == 3  # the docstring, the import, the call
        assert isinstance(body[1], ast.ImportFrom)
        assert isinstance(body[2], ast.Return)


def test_every_file_of_a_family_is_registered():
    """And every family has a file of its own."""
    decorated = {
        path.stem
        for path in (SOURCE / "distributions" / "families").glob("*.py")
        if "\n@family\n" in path.read_text(encoding="utf-8")
    }
    names = [family.name for family in lk.families.all_families()]
    assert sorted(name.replace(" ", "_").replace("-", "_") for name in names) == sorted(decorated)


def test_every_family_is_public_and_found_by_its_name(family):
    assert getattr(lk, family.__name__) is family
    assert lk.families.find(family.name) is family


def test_every_family_says_where_it_comes_from(family):
    assert "Source:" in family.__doc__
    assert ">>>" in family.__doc__
    assert any(f"{p} =" in family.__doc__ for p in ("f(x)", "p(x)", "p(1)"))
    for name in family.constraints:
        assert f"{name} : " in family.__doc__ or f"{name}, " in family.__doc__


def test_families_stand_in_the_docs(family):
    docs = SOURCE.parents[1] / "docs" / "parameters.md"
    if docs.exists():  # not beside an installed package
        assert f"| {family.name} |" in docs.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_no_test_leaves_early(path):
    """A bare `return` would pass with nothing held: choose the cases, or skip them and say why."""
    for function in functions(path):
        if function.name.startswith("test_"):
            bare = [n for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is None]
            assert not bare, f"line {bare[0].lineno} of {path.name}"
