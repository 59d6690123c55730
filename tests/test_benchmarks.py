"""The benchmark runs on every family; nothing here looks at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

import likeliest as lk

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "distributions.py"
READING = SCRIPT.with_name("reading.py")


@pytest.mark.skipif(not SCRIPT.exists(), reason="not beside an installed package")
def test_every_family_is_measured(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured -->\nstale\n<!-- end of measured -->\nafter\n")
    subprocess.run(  # noqa: S603
        [sys.executable, SCRIPT, "--n", "40", "--runs", "1", "--patience", "20", "--write", page],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    text = page.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "stale" not in text
    for family in lk.families.all_families():
        assert f"| {family.name} | 40 |" in text
    assert "failed" not in text


@pytest.mark.skipif(not READING.exists(), reason="not beside an installed package")
def test_every_kind_of_file_is_measured():
    done = subprocess.run(  # noqa: S603
        [sys.executable, READING, "--rows", "500", "--repeats", "1"],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert done.stdout.decode().count(", csv |") == 4
