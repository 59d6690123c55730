"""The count of laws tells a family with too few, and a law that ran on none."""

from types import SimpleNamespace

import likeliest as lk
from tally import FEWEST, LAWS, Tally

FILES = sorted(path.name for path in LAWS.glob("test_*.py"))
FAMILIES = [family.name for family in lk.families.all_families()]


def tally(**chosen):
    return Tally(
        SimpleNamespace(option=SimpleNamespace(**{"keyword": "", "markexpr": ""} | chosen))
    )


def report(counter, file, law, family, *, passed=True, when="call"):
    properties = [("law", (file, f"{file}::{law}", family))]
    counter.pytest_runtest_logreport(
        SimpleNamespace(user_properties=properties, when=when, passed=passed)
    )


def whole_run(counter, *, without=None):
    for family in FAMILIES:
        for i in range(FEWEST + len(FILES)):
            if family != without or i < FEWEST - 1:
                report(counter, FILES[i % len(FILES)], f"test_{i}", family)


def finish(counter):
    session = SimpleNamespace(exitstatus=0)
    counter.pytest_sessionfinish(session, 0)
    return int(session.exitstatus)


def test_a_whole_run_passes():
    counter = tally()
    whole_run(counter)
    assert counter.is_whole()
    assert finish(counter) == 0


def test_a_family_with_too_few_laws_fails_the_run():
    counter = tally()
    whole_run(counter, without="gamma")
    assert finish(counter) == 1
    assert counter.faults == [f"gamma passed {FEWEST - 1} laws, fewer than {FEWEST}"]


def test_a_law_that_is_skipped_on_all_families_fails_the_run():
    counter = tally()
    whole_run(counter)
    report(counter, FILES[0], "test_skipped", "gamma", when="setup")
    report(counter, FILES[0], "test_skipped", "normal", passed=False)
    assert finish(counter) == 1
    assert counter.faults == [f"{FILES[0]}::test_skipped passed on no family"]


def test_a_part_of_the_laws_is_not_judged():
    few, chosen = tally(), tally(keyword="gamma")
    report(few, FILES[0], "test_one", "gamma")
    whole_run(chosen, without="gamma")
    assert finish(few) == finish(chosen) == 0
