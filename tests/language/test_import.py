"""What an import takes in."""

import subprocess
import sys

import pytest

import likeliest as lk


def imported(code):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_likeliest_alone_takes_no_language_models():
    assert not any(name.startswith("likeliest.language") for name in imported("import likeliest"))


def test_language_models_take_numpy_alone():
    code = "import likeliest as lk; lk.language.fit(['emma', 'ava'], order=3).generate(2)"
    modules = imported(code)
    assert "likeliest.language.fit" in modules
    assert not modules & {"torch", "tokenizers", "matplotlib", "polars", "pandas", "rich"}


def test_no_such_attribute():
    with pytest.raises(AttributeError, match="no attribute 'languages'"):
        _ = lk.languages
