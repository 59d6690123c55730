"""Files that are read in chunks at each pass: as in memory."""

import gzip

import numpy as np
import polars as pl
import pytest

import likeliest as lk
from likeliest.data import scan as module
from likeliest.errors import DataError, ReadError, SupportError

N = 5_000


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 700)


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    return pl.DataFrame(
        {
            "x": rng.gamma(2.5, 4.0, N),
            "k": rng.poisson(5.0, N),
            "w": rng.integers(0, 4, N),
            "far": rng.normal(1e9, 1e-2, N),
            "single": rng.normal(0.0, 1.0, N).astype(np.float32),
            "word": ["a"] * N,
        }
    )


@pytest.fixture(scope="module")
def folder(frame, tmp_path_factory):
    made = tmp_path_factory.mktemp("scan")
    frame.write_parquet(made / "all.parquet")
    frame.write_ipc(made / "all.arrow")
    frame.write_csv(made / "all.csv")
    frame.write_csv(made / "all.tsv", separator="\t")
    frame.write_ndjson(made / "all.jsonl")
    (made / "all.csv.gz").write_bytes(gzip.compress((made / "all.csv").read_bytes()))
    for i in range(4):
        frame.slice(i * N // 4, N // 4).write_parquet(made / f"part{i}.parquet")
    frame.clear().write_parquet(made / "part4.parquet")  # an empty one among many
    return made


CASES = [
    *((family, "x") for family in ("gamma", "lognormal", "weibull", "laplace", "uniform")),
    *((family, "k") for family in ("poisson", "negative binomial", "geometric")),
    *((family, "far") for family in ("normal", "logistic")),
    *((family, "single") for family in ("normal", "gumbel")),
]


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize(("law", "column"), CASES)
def test_a_fit_of_a_file_is_that_of_its_values(folder, frame, law, column, weights):
    scanned = lk.fit(lk.scan(folder / "all.parquet", column, weights=weights), law)
    seen = None if weights is None else frame[weights].to_numpy()
    held = lk.fit(frame[column].to_numpy().astype(float), law, weights=seen)
    assert scanned.n == held.n
    assert scanned.log_likelihood == pytest.approx(held.log_likelihood, rel=1e-12)
    for name, error in held.standard_errors.items():
        off = abs(scanned.parameters[name] - held.parameters[name])
        assert off <= 1e-6 * (error or abs(held.parameters[name]))


@pytest.mark.parametrize(
    "name", ["all.arrow", "all.csv", "all.tsv", "all.jsonl", "all.csv.gz", "part*.parquet"]
)
def test_every_kind_of_file_holds_the_same(folder, frame, name):
    found = lk.scan(folder / name, "x")
    assert len(found) == N
    assert found.values.tolist() == frame["x"].to_list()
    assert lk.fit(found, "gamma").parameters == pytest.approx(
        lk.fit(frame["x"], "gamma").parameters, rel=1e-12
    )


def test_lists_of_files_and_lazy_frames(folder, frame):
    parts = [folder / f"part{i}.parquet" for i in range(4)]
    assert lk.scan(parts, "x").values.tolist() == frame["x"].to_list()
    lazy = frame.lazy().filter(pl.col("x") > 5.0)
    assert lk.scan(lazy, "x").summary.low == frame.filter(pl.col("x") > 5.0)["x"].min()


def test_a_closed_form_copies_nothing_and_a_climb_once(folder):
    rows = lk.scan(folder / "all.parquet", "x")
    lk.fit(rows, "gamma")
    lk.fit(rows, "lognormal")
    assert "_copied" not in vars(rows)
    lk.fit(rows, "weibull")
    assert "_copied" in vars(rows)
    assert lk.compare(rows).best.family == "gamma"


def test_a_window_common_to_all_is_that_of_observe(folder, frame):
    some = frame.filter(pl.col("x") > 4.0)
    for family in ("gamma", "weibull"):
        held = lk.fit(lk.observe(some["x"], entry=4.0), family)
        scanned = lk.fit(lk.scan(some.lazy(), "x", entry=4.0), family)
        assert scanned.parameters == pytest.approx(held.parameters, rel=1e-9)
    with pytest.raises(DataError, match=r"at or below the entry of 4 \(such as 0\.\d+\)"):
        lk.scan(folder / "all.parquet", "x", entry=4.0)


def test_gaps_are_named_or_left_out():
    holed = pl.LazyFrame({"x": [1.0, None, 3.0] + [2.0] * 900 + [float("nan")]})
    with pytest.raises(DataError, match=r"row 1, counting from 0, has no x.*missing=\"drop\""):
        lk.scan(holed, "x")
    assert len(lk.scan(holed, "x", missing="drop")) == 902
    late = pl.LazyFrame({"x": [1.0] * 900 + [None]})
    with pytest.raises(DataError, match="row 900"):
        lk.scan(late, "x")


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda f: lk.scan(f / "none.parquet", "x"), ReadError, "There is no file"),
        (lambda f: lk.scan(f / "all.xyz", "x"), ReadError, "does not say what it is"),
        (lambda f: lk.scan(f / "all.parquet", "y"), ReadError, "has no column 'y'. It has x, k"),
        (lambda f: lk.scan(f / "all.parquet", "word"), ReadError, "is of type String"),
        (lambda f: lk.scan(f / "all.parquet"), ReadError, "has 6 columns: x, k"),
        (lambda f: lk.scan(f / "part4.parquet", "x"), DataError, "holds no values"),
        (lambda f: lk.scan(f / "all.parquet", "x", weights="far", missing=1), ReadError, "missing"),
        (lambda f: lk.scan(f / "all.parquet", "x", weights="single"), DataError, "a weight is how"),
        (lambda f: lk.scan(f / "all.parquet", "x", entry=[1.0]), DataError, "one number for all"),
        (lambda f: lk.scan([], "x"), ReadError, "at least one"),
        (lambda f: lk.scan([f / "all.csv", f / "all.arrow"], "x"), ReadError, "several kinds"),
        (lambda _: lk.scan(pl.LazyFrame({"x": [1.0, np.inf]})), DataError, "1 values.*infinite"),
        (lambda _: lk.scan(pl.LazyFrame({"x": [2**60, 1]})), ReadError, "beyond 2"),
        (
            lambda _: lk.fit(lk.scan(pl.LazyFrame({"x": [-1.0, 2.0]})), "gamma"),
            SupportError,
            "row 0, -1",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(folder, make, error, match):
    with pytest.raises(error, match=match):
        make(folder)


def test_a_file_that_is_none_and_a_column_that_one_file_lacks(folder, frame, tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(ReadError, match="cannot be read"):
        lk.scan(tmp_path / "bad.parquet", "x")
    frame.select("k").write_parquet(tmp_path / "other.parquet")
    with pytest.raises(ReadError, match="cannot be read"):
        lk.scan([folder / "all.parquet", tmp_path / "other.parquet"], "x")
