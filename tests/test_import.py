"""`import likeliest` is light, and the core needs no extra."""

import subprocess
import sys

HEAVY = ("scipy", "polars", "matplotlib", "rich", "typer", "torch", "dask", "pandas", "pyarrow")


def run(code):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_loads_nothing_heavy():
    loaded = run("import sys, likeliest; print(*sorted({m.split('.')[0] for m in sys.modules}))")
    assert not set(HEAVY) & set(loaded.split())


def test_the_core_works_without_extras():
    run(
        """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"torch", "tokenizers", "dask", "pandas", "pyarrow", "jinja2"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Hidden())
import likeliest as lk
rain = lk.datasets.seattle_rain()
table = lk.compare(rain)
assert table.best.family == "lognormal"
table.plot()
assert lk.Gamma(2.0, 3.0).log_prob([1.0, 2.0]).shape == (2,)
assert lk.language.fit(["ab", "ba"], order=2).prob("b", after="a") > 0
"""
    )


def test_every_public_name_is_there():
    import likeliest as lk

    assert sorted(lk.__all__) == sorted(set(lk.__all__))
    for name in lk.__all__:
        assert getattr(lk, name) is not None
