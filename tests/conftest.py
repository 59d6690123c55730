import hypothesis
import pytest

import likeliest as lk

hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("fixed")


def pytest_generate_tests(metafunc):
    """Run a test that asks for a `family` on every registered one."""
    if "family" in metafunc.fixturenames:
        families = lk.families.all_families()
        metafunc.parametrize("family", families, ids=[f.name for f in families])


@pytest.fixture
def ordinary(family):
    """The ordinary member of a family."""
    from members import ORDINARY

    return ORDINARY[family]
