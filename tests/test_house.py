"""The house: small functions, small files, and a law for every family without being told."""

import ast
from pathlib import Path

import pytest

import likeliest as lk

SOURCE = Path(lk.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
LAWS = Path(__file__).parent / "laws"
# Functions whose length is a table or a list of options.
LONG = {"compare", "fit", "read"}


def code_lines(function):
    """Return how many lines a function has beside its docstring."""
    body = function.body
    has_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if has_docstring and len(body) > 1 else body[0]
    return function.end_lineno - first.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_files_and_functions_are_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name not in LONG:
            assert code_lines(node) <= 40, f"{node.name} is {code_lines(node)} lines"


UPWARD = {
    "distributions/distribution.py": {"fit", "plot"},
    "fitting/result.py": {"intervals", "plot"},
    "fitting/comparison.py": {"plot"},
}


@pytest.mark.parametrize("name", UPWARD)
def test_what_delegates_upward_is_one_line(name):
    tree = ast.parse((SOURCE / name).read_text(encoding="utf-8"))
    methods = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    for method in UPWARD[name]:
        body = methods[method].body
        assert len(body) == 3  # the docstring, the import, the call
        assert isinstance(body[1], ast.ImportFrom)
        assert isinstance(body[2], ast.Return)


def test_the_registry_has_twenty_families():
    families = lk.families.all_families()
    assert len(families) == 20
    assert len({f.name for f in families}) == 20
    for family in families:
        assert getattr(lk, family.__name__) is family
        assert lk.families.find(family.name) is family


def test_one_file_a_family():
    for family in lk.families.all_families():
        name = family.name.replace(" ", "_")
        assert (SOURCE / "distributions" / "families" / f"{name}.py").exists()


def test_every_law_runs_on_every_family():
    """Each file of laws has a test that asks for `family`, and so runs on all of them."""
    checks = 0
    for path in LAWS.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        arguments = [
            {a.arg for a in node.args.args}
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        checks += sum("family" in names for names in arguments)
    assert checks >= 25
    assert checks * len(lk.families.all_families()) >= 500


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
