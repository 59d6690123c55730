"""A report in the browser, as its reader meets it."""

import json

import pytest

import likeliest as lk

HOSTILE = "</script><script>document.title = 'taken'</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the addresses of reports, each written once."""
    folder = tmp_path_factory.mktemp("reports")
    written = {}

    def call(name):
        if name not in written:
            REPORTS[name]().save(folder / f"{name}.html")
            written[name] = (folder / f"{name}.html").as_uri()
        return written[name]

    return call


def _table():
    rain = lk.datasets.seattle_rain()
    return {HOSTILE: rain.tolist(), "half": (rain / 2 + 1).tolist()}


REPORTS = {
    "comparison": lambda: lk.compare("old_faithful", column="waiting").report("old_faithful"),
    "columns": lambda: lk.compare(_table(), ["gamma", "normal"]).report("table.csv"),
    "groups": lambda: lk.fit(
        lk.datasets.seattle_rain(), "gamma", by=lk.datasets.seattle_rain() > 5.0
    ).report(),
    "language": lambda: lk.language.fit(list(lk.datasets.first_names())[:500], order=3).report(),
}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", REPORTS)
def test_every_reader_can_read_it(visit, address, name, dark, phone):
    report = visit(address(name), dark=dark, phone=phone)
    assert report.serious() == []
    assert report.overflow() <= 0


def test_hostile_names_stay_text(visit, address):
    page = visit(address("columns")).page
    assert "taken" not in page.title()
    assert page.locator("img[src=x]").count() == 0
    assert HOSTILE[:40] in page.inner_text("body")
    assert json.loads(page.text_content("#record"))


def test_a_table_sorts_by_mouse_and_keyboard(visit, address):
    page = visit(address("comparison")).page
    table = page.locator("table[data-sorts]").first
    names = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    at = names.index("ΔAICc")

    def column():
        cells = table.locator(f"tbody tr > :nth-child({at + 1})").all_inner_texts()
        return [float(cell.replace(",", "")) for cell in cells if cell.strip("– ")]

    head = table.locator("thead th").nth(at)
    ranked = column()
    head.locator("button").click()
    assert column() == sorted(ranked)
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").press("Enter")
    assert column() == sorted(ranked, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
