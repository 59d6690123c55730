"""Pages in a real browser: Chromium, driven by Playwright, judged by axe-core.

These tests run only when they are asked for: `pytest tests/browser --browser`. Then whatever they
need and do not find is a failure, not a skip.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}


def pytest_addoption(parser):
    parser.addoption("--browser", action="store_true", help="Run the tests in a real browser.")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--browser", default=False):
        asked = pytest.mark.skip(reason="in a browser only by: pytest tests/browser --browser")
        for item in items:
            if item.path.is_relative_to(Path(__file__).parent):
                item.add_marker(asked)


@dataclass
class Visit:
    """One page that is open in the browser, and what went wrong on it."""

    page: object
    axe: str
    problems: list[str] = field(default_factory=list)

    def serious(self):
        """Return what axe-core finds that is serious or critical, a line for each rule."""
        self.page.evaluate(self.axe)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {each['help']} ({each['nodes'][0]['html'][:200]})"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
        ]

    def overflow(self):
        """Return by how many pixels the page is wider than the window."""
        needed = self.page.evaluate("document.documentElement.scrollWidth")
        return needed - self.page.viewport_size["width"]


@pytest.fixture(scope="session")
def chromium():
    """Return the browser: $CHROMIUM, or the one on the path."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "No Chromium: apt-get install chromium, or say where it is in CHROMIUM."
    with sync_playwright() as driver:
        # Root has no sandbox: pages are our own, from disk or from this machine.
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe():
    """Return the source of axe-core, which is run within a page."""
    source = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    assert source.exists(), "No axe-core: run npm ci."
    return source.read_text(encoding="utf-8")


@pytest.fixture
def visit(chromium, axe):
    """Open pages by their address; when the test ends, none may have had a problem.

    A problem is a message of the browser's console, an error that no script caught, a request that
    failed, or one that went elsewhere than the page's own address. The page is
    shown light and on a desktop, or as if the reader's machine is set to `dark`, or on a `phone`.
    """
    visits, contexts = [], []

    def call(address, *, dark=False, phone=False):
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            is_mobile=phone,
        )
        page = context.new_page()
        one = Visit(page, axe)
        _listen(page, one.problems, urlsplit(address))
        contexts.append(context)
        visits.append(one)
        page.goto(address, wait_until="load")
        return one

    yield call
    for context in contexts:
        context.close()
    assert [problem for one in visits for problem in one.problems] == []


def _listen(page, problems, own):
    """Note every problem of a page."""

    def on_request(request):
        to = urlsplit(request.url)
        if to.scheme not in {"data", "blob"} and (to.scheme, to.netloc) != (own.scheme, own.netloc):
            problems.append(f"a request to elsewhere: {request.url}")

    def on_console(message):
        if message.type in {"error", "warning"}:
            problems.append(f"{message.type}: {message.text}")

    page.on("request", on_request)
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on(
        "response",
        lambda answer: answer.status >= 400 and problems.append(f"{answer.status}: {answer.url}"),
    )
