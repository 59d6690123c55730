"""What the documents point to is there."""

import ast
import re
import shlex
from functools import reduce
from pathlib import Path

import pytest
from typer.main import get_command

import likeliest as lk
from likeliest.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
TREE = re.compile(r"```\{toctree\}\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
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


def blocks(page, *languages):
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [code for language, code in found if language in languages]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_are_spelled_as_they_are_read(page):
    for line in "".join(blocks(page, "bash", "sh")).splitlines():
        for part in re.findall(r"(?:^|[|/] ?)(likeliest [^|>]+)", line):
            verb, words = get_command(app), shlex.split(part, comments=True)[1:]
            while hasattr(verb, "commands"):
                verb = verb.commands[words.pop(0)]
            verb.make_context("shown", words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_that_needs_more_than_this_machine_is_python_and_names_what_there_is(page):
    """Examples with prompts are run; of the others, for a cluster say, this is held."""
    for code in blocks(page, "python"):
        if ">>>" not in code:
            for node in ast.walk(ast.parse(code)):
                name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
                if re.fullmatch(r"lk(\.\w+)+", name):
                    reduce(getattr, name.split(".")[1:], lk)
