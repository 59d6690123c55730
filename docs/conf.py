"""The documentation site: `npm ci && sphinx-build -W docs build/site`."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

import likeliest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "node_modules"

# `lk.families` is a module of another name; the pages call it what users call it.
for alias in ("datasets", "extremes", "families"):
    sys.modules[f"likeliest.{alias}"] = getattr(likeliest, alias)

project = "likeliest"
author = "The likeliest developers"
project_copyright = author
version = release = likeliest.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
]
templates_path = ["_templates"]
exclude_patterns = ["_templates"]
default_role = "literal"
smartquotes = False
highlight_language = "python"
pygments_style = "a11y-high-contrast-light"

myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["myst.strikethrough"]

autodoc_typehints = "none"
autosummary_generate = True
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "pydata_sphinx_theme"
html_title = "likeliest"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "logo": {"text": "likeliest"},
    "navbar_align": "left",
    "collapse_navigation": True,
    "header_links_before_dropdown": 7,
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
}
html_context = {"default_mode": "auto"}
html_sidebars = {"index": [], "likelihood": [], "pictures": []}

# Formulas are drawn by MathJax from a file of the site's own: nothing is loaded from elsewhere.
mathjax_path = "mathjax/tex-svg.js"
mathjax4_config = {
    "output": {"displayOverflow": "linebreak"},
    "options": {
        "enableMenu": False,
        "enableEnrichment": False,
        "enableSpeech": False,
        "enableBraille": False,
        "enableExplorer": False,
        "menuOptions": {"settings": {"assistiveMml": True, "enrich": False}},
    },
}


def _as_sections(*event: Any) -> None:
    """Give the source and the example of a docstring a heading each; link the pages it names."""
    lines: list[str] = event[-1]
    text, prompt, example = "\n".join(lines).partition(">>>")
    text = re.sub(r"docs/([\w-]+)\.md", r":doc:`/\1`", text.replace("|", r"\|"))
    text = re.sub(r"^Source: ", "References\n----------\n", text, flags=re.MULTILINE)
    if prompt and not re.search(r"^Examples?\n-+$", text, flags=re.MULTILINE):
        text = f"{text}\nExamples\n--------\n"
    lines[:] = f"{text}{prompt}{example}".split("\n")


def _without_last_lines(_: Sphinx, tree: nodes.document) -> None:
    """Take the empty lines off the end of each block: a doctest needs them, a reader does not."""
    for block in tree.findall(nodes.literal_block):
        block.rawsource = block.astext().rstrip()
        block[:] = [nodes.Text(block.rawsource)]


def _formulas(app: Sphinx) -> None:
    """Copy MathJax into the site's static files."""
    for name in ("tex-svg.js", "a11y/assistive-mml.js"):
        to = Path(app.outdir) / "_static" / "mathjax" / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(NODE_MODULES / "mathjax" / name, to)


def _command_line(app: Sphinx) -> None:
    """Write the page of the command line from the help of its verbs."""
    from typer.main import get_command

    from likeliest.cli import app as command_line

    first = "Look up any verb and option of the command line."
    lines = ["Command line", "============", "", first, ""]
    lines += _verbs(get_command(command_line), "likeliest")
    page = Path(app.srcdir) / "api" / "generated" / "command-line.rst"
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _verbs(group: Any, name: str) -> Iterator[str]:
    for verb, command in group.commands.items():
        whole = f"{name} {verb}"
        if hasattr(command, "commands"):
            yield from _verbs(command, whole)
            continue
        yield from (whole, "-" * len(whole), "", _escaped(command.help or ""), "")
        with command.make_context(whole, [], resilient_parsing=True) as context:
            for parameter in command.get_params(context):
                record = parameter.get_help_record(context)
                if record:
                    yield from (f"``{record[0]}``", f"    {_escaped(record[1] or '-')}", "")


def _escaped(text: str) -> str:
    """Return text of one line in which no character is markup."""
    return re.sub(r"([\\*`|_])", r"\\\1", " ".join(text.split()))


def setup(app: Sphinx) -> None:
    """Register what the build does beside Sphinx."""
    app.connect("builder-inited", _command_line, priority=100)
    app.connect("autodoc-process-docstring", _as_sections, priority=100)
    app.connect("doctree-read", _without_last_lines)
    app.connect("builder-inited", _formulas)
