"""Count of the laws that each family passed; a whole run with too few fails.

A law is a test in tests/laws that runs on a family, or on a member of one. Reports are counted, not
names: a law whose cases are all skipped holds nothing.
"""

from collections import defaultdict
from pathlib import Path

import pytest

import likeliest as lk

LAWS = Path(__file__).parent / "laws"
FEWEST = 35


def note_the_law(item):
    """Write a law's file, name and family into its reports, which xdist carries to the counter."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    family = parameters.get("family", type(parameters.get("member")))
    if item.path.parent == LAWS and hasattr(family, "constraints"):
        law = f"{item.path.name}::{item.originalname}"
        item.user_properties.append(("law", (item.path.name, law, family.name)))


class Tally:
    """Plugin that counts laws by family and judges the counts when the run ends."""

    def __init__(self, config):
        self.config = config
        self.files = set()
        self.laws = set()
        self.passed = defaultdict(set)
        self.faults = []

    def pytest_runtest_logreport(self, report):
        file, law, family = dict(report.user_properties).get("law", (None, None, None))
        if law is None:
            return
        self.files.add(file)
        self.laws.add(law)
        if report.when == "call" and report.passed:
            self.passed[family].add(law)

    def is_whole(self):
        """Whether every file of laws ran, on all families."""
        chosen = self.config.option.keyword or self.config.option.markexpr
        return not chosen and self.files == {path.name for path in LAWS.glob("test_*.py")}

    def find_faults(self):
        """Return a line for each family with too few laws, and each law that no family passed."""
        families = [family.name for family in lk.families.all_families()]
        counts = {name: len(self.passed[name]) for name in families}
        idle = self.laws - set().union(*self.passed.values())
        return [
            *(
                f"{name} passed {n} laws, fewer than {FEWEST}"
                for name, n in counts.items()
                if n < FEWEST
            ),
            *(f"{law} passed on no family" for law in sorted(idle)),
        ]

    def pytest_sessionfinish(self, session, exitstatus):
        if exitstatus == pytest.ExitCode.OK and self.is_whole():
            self.faults = self.find_faults()
            if self.faults:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for fault in self.faults:
            terminalreporter.write_line(f"LAWS {fault}", red=True)
        if self.is_whole():
            counts = [len(laws) for laws in self.passed.values()]
            terminalreporter.write_line(
                f"{len(self.laws)} laws on {len(counts)} families: {sum(counts)} passes, "
                f"{min(counts)} to {max(counts)} a family"
            )
