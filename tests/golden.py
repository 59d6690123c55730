"""Holding text against a file that a person has looked at."""

import pytest


def assert_is_golden(path, text):
    """Assert that text is what the file holds; an empty one is filled in, and fails.

    To renew a file after a change that is meant, empty it, run the tests twice, and read the diff.
    """
    lines = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if not path.exists() or not path.read_text(encoding="utf-8"):
        path.write_text(lines, encoding="utf-8")
        pytest.fail(f"{path} was empty and has been written: look at it")
    assert lines == path.read_text(encoding="utf-8")
