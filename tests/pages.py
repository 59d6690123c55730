"""The pages of the documentation and their blocks of code."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(page, *languages):
    """Return the blocks of a page that are of these languages and have no prompt."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [code for language, code in found if language in languages and ">>>" not in code]


def run_block(page, code, space):
    """Run a block of a page with the names that are given; it adds its own."""
    exec(compile(code, str(page), "exec"), space)  # noqa: S102 - our own page


def recipe(name, mention, **given):
    """Run the one block of docs/<name> that mentions a word; return all names after it."""
    page = ROOT / "docs" / name
    (code,) = [block for block in blocks(page, "python") if mention in block]
    space = dict(given)
    run_block(page, code, space)
    return space
