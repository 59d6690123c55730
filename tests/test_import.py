"""`import likeliest` is light, and the core needs no extra."""

import ast
import importlib
import inspect
import pickle
import subprocess
import sys

import pytest

import likeliest as lk

HEAVY = ("scipy", "polars", "matplotlib", "rich", "typer", "torch", "dask", "pandas", "pyarrow")


def run(code):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


ELSEWHERE = {
    "likeliest.data.distributed", "likeliest.data.groups", "likeliest.data.reading",
    "likeliest.data.scan", "likeliest.distributions.combinators", "likeliest.distributions.own",
    "likeliest.explorer", "likeliest.fitting.comparison", "likeliest.fitting.fits",
    "likeliest.fitting.many", "likeliest.fitting.routes.ends", "likeliest.fitting.routes.mixtures",
    "likeliest.inference",
    "likeliest.language", "likeliest.losses", "likeliest.multivariate", "likeliest.plots",
    "likeliest.regression", "likeliest.report",
}  # fmt: skip
"""Rooms that a plain fit has no use for."""


def loaded(code):
    return {*run(f"import sys\n{code}\nprint(*sys.modules)").split()}


def test_a_normal_fit_loads_nothing_heavy():
    modules = loaded("import likeliest; likeliest.fit([1.0, 2.0, 4.0], 'normal')")
    assert modules & {*HEAVY, *ELSEWHERE, "numpy.random"} == set()


def test_a_gamma_fit_loads_special_functions_and_no_more():
    modules = loaded("import likeliest; likeliest.fit([1.0, 2.0, 4.0], 'gamma')")
    assert "scipy.special" in modules
    heavy = {*HEAVY, "scipy.optimize", "scipy.integrate", "scipy.stats", "scipy.interpolate"}
    assert modules & (heavy - {"scipy"} | ELSEWHERE) == set()
    family = {m for m in modules if m.startswith("likeliest.distributions.families.")}
    assert not any(m.endswith((".weibull", ".beta", ".student_t")) for m in family)


def test_the_command_line_loads_nothing_heavy_before_it_is_told_what_to_do():
    modules = loaded("import likeliest.cli")
    assert modules & ({*HEAVY, *ELSEWHERE, "numpy"} - {"typer"}) == set()


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


def for_type_checkers(package):
    """Return where a type checker is told that the names of a package stand."""
    for block in ast.parse(inspect.getsource(package)).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for line in block.body:
                yield from ((name.name, line.module) for name in line.names)


@pytest.mark.parametrize("package", [lk, lk.families, lk.distributions])
def test_a_name_is_what_type_checkers_are_told(package):
    told = dict(for_type_checkers(package))
    assert set(told) <= set(package.__all__)
    assert package is not lk or set(told) == set(lk.__all__)
    for name, place in told.items():
        module = importlib.import_module(place)
        there = getattr(module, name, None) or importlib.import_module(f"{place}.{name}")
        assert getattr(package, name) is there


def test_the_file_of_a_family_is_called_as_the_family_is():
    told = {place.rpartition(".")[2]: name for name, place in for_type_checkers(lk.families)}
    assert {f.__module__.rpartition(".")[2] for f in lk.families.all_families()} == set(told)
    for file, name in told.items():
        assert lk.families.find(file.replace("_", " ")) is getattr(lk.families, name)


@pytest.mark.parametrize("name", ["gamma", "zero-inflated poisson", "mixture(normal, 2)"])
def test_a_pickle_opens_where_nothing_is_imported(name, tmp_path):
    fit = lk.fit([0, 1, 2, 2, 0, 7, 9, 8.0] if "poisson" in name else [1, 2, 4, 9, 11, 14.0], name)
    path = tmp_path / "fit.pickle"
    path.write_bytes(pickle.dumps(fit))
    code = f"import pickle; print(pickle.load(open({str(path)!r}, 'rb')).log_likelihood)"
    assert float(run(code)) == fit.log_likelihood


def test_every_public_name_is_there():
    assert sorted(lk.__all__) == sorted(set(lk.__all__))
    for name in lk.__all__:
        assert getattr(lk, name) is not None
