import os

import hypothesis
import pytest

import likeliest as lk
from tally import Tally, note_the_law

# CI draws the same examples each time; HYPOTHESIS_PROFILE=random draws others.
for profile, derandomize in (("fixed", True), ("random", False)):
    hypothesis.settings.register_profile(
        profile, derandomize=derandomize, deadline=None, print_blob=True
    )
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the process that reports, with xdist or without
        config.pluginmanager.register(Tally(config))


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `family` on every registered one that its marker lets through."""
    if "family" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("families")
        families = lk.families.all_families()
        if metafunc.definition.path.parent.name == "laws":
            from members import MADE

            families = [*families, *MADE]
        if marker:
            families = [f for f in families if marker.kwargs["where"](f)]
        metafunc.parametrize("family", families, ids=[f.name for f in families])


def pytest_itemcollected(item):
    note_the_law(item)


@pytest.fixture
def ordinary(family):
    """The ordinary member of a family."""
    from members import ORDINARY

    return ORDINARY[family]
