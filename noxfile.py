"""Runs of the tests that take an environment of their own: pip install nox, then nox --list."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import nox

nox.options.sessions = ["newest", "lowest"]
_QUICK = ("-m", "not slow")


def _lowest() -> list[str]:
    """Return each dependency of the core, and what the tests need, at its lowest version."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    tests = ("pytest", "hypothesis", "mpmath")
    extra = project["optional-dependencies"]["test"]
    wanted = project["dependencies"] + [one for one in extra if one.startswith(tests)]
    return [re.sub(r">=([\d.]+)", r"==\1.*", one) for one in wanted]


@nox.session(python=["3.11", "3.12", "3.13"])
def newest(session: nox.Session) -> None:
    """Test with every extra, as .ci/run does, under each Python."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", *session.posargs)


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """Test the core without extras, at the lowest versions that pyproject.toml allows."""
    session.install(*_lowest())
    session.install("--no-deps", "-e", ".")
    session.run("pytest", "-q", *_QUICK, *session.posargs)


@nox.session(python="3.11")
def coverage(session: nox.Session) -> None:
    """Measure which lines the quick tests run, and list those that they do not."""
    session.install("-e", ".[test]", "pytest-cov>=5")
    report = ("--cov=likeliest", "--cov-report=term-missing:skip-covered")
    session.run("pytest", "-q", "-n", "auto", *_QUICK, *report, *session.posargs)
