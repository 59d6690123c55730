"""The documentation site in the browser: `sphinx-build -W docs build/site` comes first."""

from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "build" / "site"
PAGES = [
    "index",
    "likelihood",
    "how-to",
    "observe",
    "pictures",
    "families",
    "losses",
    "api/distributions",
    "api/generated/likeliest.fit",
]
ON_A_PHONE = ["index", "likelihood", "observe", "losses-tables", "api/generated/likeliest.fit"]
LOOKS = [(name, {}) for name in PAGES] + [(n, {"dark": True, "phone": True}) for n in ON_A_PHONE]


@pytest.fixture(scope="module")
def address(serve):
    assert (SITE / "index.html").exists(), "No site: run sphinx-build -W docs build/site."
    return serve(SITE)


@pytest.fixture
def open_page(visit, address):
    """Open a page of the site by its name."""

    def call(name, **look):
        return visit(f"{address}/{name}.html", **look)

    return call


@pytest.mark.parametrize(
    ("name", "look"), LOOKS, ids=[f"{name}{'-dark-phone' if look else ''}" for name, look in LOOKS]
)
def test_every_reader_can_read_it(open_page, name, look):
    page = open_page(name, **look)
    assert page.serious() == []
    assert page.overflow() <= 0


def test_formulas_are_drawn(open_page):
    page = open_page("likelihood").page
    page.wait_for_selector("mjx-container svg")
    formulas = page.locator("div.math").count()
    assert page.locator("div.math mjx-container svg").count() == formulas > 5
    assert page.locator("mjx-assistive-mml").count() >= formulas


def test_the_search_finds_a_page(visit, address):
    page = visit(f"{address}/search.html?q=deductible").page
    page.wait_for_selector("#search-results li a >> nth=2")
    page.wait_for_load_state("networkidle")  # it goes on to fetch what it shows of each page
    found = [link.get_attribute("href") for link in page.locator("#search-results a").all()]
    assert any("observe" in each for each in found)
