"""What the documents point to is there."""

import re

import pytest

import likeliest as lk
from pages import PAGES, ROOT

TREE = re.compile(r"```\{toctree\}\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(
    r"`((?:src|tests|docs|benchmarks|language|families|fitting|numerics|engines)/[\w/.]+)`"
)


def headings(page):
    """Return the anchors of a page as they are made of its headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://", "api/generated/")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in headings(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_that_are_named_exist(page):
    for path in PATH.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists() or (ROOT / "src" / "likeliest" / path).exists(), path


def entries(page):
    """Return the pages that the trees of a page name: each stands in the site's navigation."""
    for tree in TREE.findall(page.read_text(encoding="utf-8")):
        for line in tree.splitlines():
            if line and not line.startswith(":"):
                name = re.sub(r".*<(.*)>", r"\1", line)
                yield from page.parent.glob(f"{name}.md")


def test_every_page_stands_in_the_navigation():
    pages = {page for page in PAGES if "docs" in page.parts}
    reached = {ROOT / "docs" / "index.md"}
    while more := {entry for page in reached for entry in entries(page)} - reached:
        reached |= more
    assert pages == reached


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_first_line_says_what_one_can_do(page):
    """It is a sentence, before any heading, table or code; pages that include another have its."""
    first = page.read_text(encoding="utf-8").partition("\n")[2].lstrip()
    assert first[:1].isupper() or "{include}" in page.read_text(encoding="utf-8")[:20], first[:80]


def test_every_public_name_stands_in_the_reference():
    pages = "".join(page.read_text(encoding="utf-8") for page in ROOT.glob("docs/api/*.rst"))
    told = set(re.findall(r"^   (\w+)$", pages, flags=re.MULTILINE))
    rooms = (lk, lk.plots, lk.language, lk.losses, lk.errors)
    public = {name: getattr(room, name) for room in rooms for name in getattr(room, "__all__", ())}
    assert {name for name, value in public.items() if callable(value)} <= told
