"""Running the command line as a user does, and holding its output against golden files."""

import subprocess
import sys
from pathlib import Path

import pytest

from golden import assert_is_golden
from likeliest.cli import run

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    """Run a command in an empty folder; return exit code, output and messages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments):
        code = run([str(a) for a in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def refused(command):
    """Run a command that must fail; return its one line."""

    def call(*arguments):
        code, out, err = command(*arguments)
        assert code == 2, out
        assert out == ""
        assert err.startswith("likeliest: ")
        assert err.count("\n") == 1, err
        assert "Traceback" not in err
        return err

    return call


@pytest.fixture
def process():
    """Run the command line in a process of its own, with bytes on standard input."""

    def call(*arguments, given=b""):
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "likeliest", *map(str, arguments)],
            input=given,
            capture_output=True,
            check=False,
            timeout=120,
        )

    return call


@pytest.fixture
def golden():
    """Hold text against tests/cli/golden/<name>.txt, and its lines against 80 columns."""

    def check(name, text):
        assert_is_golden(GOLDEN / f"{name}.txt", text)
        assert max(len(line.rstrip()) for line in text.splitlines()) <= 80

    return check
