"""The page of families is what the code says; after a change run `python docs/families.py`."""

import importlib.util
from pathlib import Path

import pytest

import likeliest as lk
from likeliest.distributions.catalogue import entry

DOCS = Path(__file__).parents[1] / "docs"
pytestmark = pytest.mark.skipif(not DOCS.exists(), reason="not beside an installed package")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("families_page", DOCS / "families.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_made_from_the_code(script):
    assert script.page() == script.PAGE.read_text(encoding="utf-8"), "run python docs/families.py"
    assert script.elsewhere() == script.ELSEWHERE.read_text(encoding="utf-8")


def test_every_family_has_a_picture(script):
    drawn = {path.stem for path in script.PICTURES.glob("*.png")}
    assert drawn == {script.slug(family.name) for family in lk.families.all_families()}


def test_every_entry_is_whole(family):
    one = entry(family)
    assert one.summary.endswith(".")
    assert one.formula.startswith(("f(x)", "p(x)", "p(1)"))
    assert list(one.parameters) == list(family.constraints)
    assert all(len(words) > 2 and "array" not in words for words in one.parameters.values())
    assert one.source


def test_relations_are_told_from_both_sides():
    assert "With shape = 1 it is exponential." in entry(lk.Gamma).relations
    assert "It is gamma with shape = 1." in entry(lk.Exponential).relations
    assert "grows without limit as std → 0" in " ".join(entry(lk.Normal).limits)
    assert entry(lk.Weibull).elsewhere["SciPy"] == "weibull_min(c=shape, scale=scale)"
    assert "survival" in entry(lk.Weibull).sets
