"""What a fit and a comparison look like: as text, and as HTML in a notebook."""

from pathlib import Path

import pytest

import likeliest as lk
from golden import assert_is_golden

GOLDEN = Path(__file__).parent / "golden"


def results():
    rain, waits = lk.datasets.seattle_rain(), lk.datasets.waiting_times()
    few, weights = [1.0, 2.0, 4.0], [1.5, 2, 1]
    return {
        "closed_form": lk.fit(rain, "gamma"),
        "climbed": lk.fit(rain, "weibull"),
        "corner": lk.fit(lk.datasets.eruption_durations(), "uniform"),
        "boundary": lk.fit(waits, "student t"),
        "fixed_and_weighted": lk.fit(few, "gamma", weights=weights, fixed={"shape": 2}),
        "rounded": lk.fit(waits, "normal", rounding=1.0),
        "tight": lk.fit([1e9 + 1e-3, 1e9, 1e9 - 2e-3, 1e9 + 4e-3], "normal"),
        "comparison": lk.compare(rain, ["gamma", "lognormal", "normal", "beta", "poisson"]),
        "comparison_of_counts": lk.compare(waits, ["poisson", "normal", "gamma"], criterion="bic"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return results()


@pytest.mark.parametrize("name", list(results()))
def test_text(made, name):
    assert_is_golden(GOLDEN / f"{name}.txt", repr(made[name]))


@pytest.mark.parametrize("name", ["closed_form", "boundary", "comparison"])
def test_html(made, name):
    assert_is_golden(GOLDEN / f"{name}.html", made[name]._repr_html_().replace("><", ">\n<"))
