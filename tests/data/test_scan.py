"""Files that are read in chunks at each pass: as in memory."""

import gzip

import numpy as np
import polars as pl
import pytest

import likeliest as lk
from likeliest.data.reading import batches as module
from likeliest.errors import DataError, ReadError, SupportError

N = 5_000


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(module, "BATCH", 700)


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


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "arrow"])
def test_a_total_at_the_end_of_any_of_the_files_is_refused(tmp_path, kind):
    parts = {"a": ["u", "v", "w"], "b": ["u", "v", "Total"], "c": ["Total", "Total", "Total"]}
    for name, labels in parts.items():
        frame = pl.DataFrame({"k": labels, "x": [1.5, 2.5, 4.0]})
        {"csv": frame.write_csv, "parquet": frame.write_parquet, "arrow": frame.write_ipc,
         "tsv": lambda path, frame=frame: frame.write_csv(path, separator="\t"),
         }[kind](tmp_path / f"{name}.{kind}")  # fmt: skip
    with pytest.raises(ReadError, match=rf"b\.{kind} has a row called 'Total' at its end"):
        lk.scan(tmp_path / f"*.{kind}", "x")
    assert len(lk.scan([tmp_path / f"{name}.{kind}" for name in "ac"], "x")) == 6


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
    with pytest.raises(ReadError, match=r"other\.parquet has no column 'x'"):
        lk.scan([folder / "all.parquet", tmp_path / "other.parquet"], "x")


@pytest.mark.parametrize("words", [{}, {"event": "seen"}])
def test_files_of_different_types(tmp_path, words):
    seen = {"seen": [1, 0]}
    for name, x in {"a": [1.5, 2.5], "b": [1, 2], "c": ["u", "v"]}.items():
        pl.DataFrame({"x": x, **seen}).write_parquet(tmp_path / f"{name}.parquet")
    pl.DataFrame({"x": [1.0, 2.0]}).write_parquet(tmp_path / "lacks.parquet")
    for names in ("ab", "ba"):
        found = lk.scan([tmp_path / f"{name}.parquet" for name in names], "x", **words)
        assert sorted(np.asarray(found.values).tolist()) == [1.0, 1.5, 2.0, 2.5]
    with pytest.raises(ReadError, match=r"c\.parquet: column 'x' is of type String"):
        lk.scan([tmp_path / "a.parquet", tmp_path / "c.parquet"], "x", **words)
    if words:
        with pytest.raises(ReadError, match=r"lacks\.parquet has no column 'seen'"):
            lk.scan([tmp_path / "a.parquet", tmp_path / "lacks.parquet"], "x", **words)


def test_an_empty_file_among_many(tmp_path):
    for name, content in {"a": "x\n1.5\n2.5\n", "b": "x\n", "c": "x\n4.5\n"}.items():
        (tmp_path / f"{name}.csv").write_text(content)
    assert np.asarray(lk.scan(tmp_path / "*.csv", "x").values).tolist() == [1.5, 2.5, 4.5]
    (tmp_path / "d.csv").write_text("")
    with pytest.raises(ReadError, match=r"d\.csv cannot be read: empty CSV"):
        lk.scan(tmp_path / "*.csv", "x")
    with pytest.raises(ReadError, match=r"There is no file .*\*\.tsv"):
        lk.scan(tmp_path / "*.tsv", "x")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"k;x\na;1.5\nb;2.5\n", "parted by ';'"),
        ("a.csv", b"k x\n1 1.5\n2 2.5\n", "parted by blanks"),
        ("a.tsv", b"k,x\n1,1.5\n2,2.5\n", "parted by ','"),
        ("a.tsv", b"k\tx\n1\t1,5\n2\t2,5\n", "decimal commas"),
        ("a.csv", b"x\n1,5\n2,5\n", "decimal commas"),
        ("a.csv", b"1.5\n2.5\n3.5\n", "no header"),
        ("a.csv", b"# by hand\nx\n1.5\n2.5\n", "other lines stand about its header"),
        ("a.csv", b"By hand\n\nk,x\n1,1.5\n2,2.5\n", "other lines stand about its header"),
        ("a.csv", b"x\nmm\n1.5\n2.5\n", "other lines stand about its header"),
        ("a.csv", "x\n1.5\n2.5\n".encode("utf-16"), "not text in UTF-8"),
        ("a.csv", b"k,x\nA,1,5\nB,2,7\n", "decimal commas"),
        ("a.csv", b'k,x\na,"1,5"\nb,"2,5"\n', "String"),
        ("a.csv", b"x\n" + b"1\n" * 2_000 + b"NA\n", "the cell 'NA'"),
        ("a.csv", b"x\n" + b"1\n" * 2_000 + b"9007199254740993\n", "2^53"),
        ("a.jsonl", b'{"x": 1}\n' * 2_000 + b'{"x": "NA"}\n', "the cell 'NA'"),
    ],
)
def test_texts_that_need_more_than_a_scan(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError) as caught:
        lk.scan(tmp_path / name, "x")
    assert said in str(caught.value)
    if "2^53" not in said and "A,1" not in content.decode("latin-1"):
        assert "lk.read" in str(caught.value)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.jsonl"])
def test_a_fraction_may_come_late(tmp_path, name):
    rows = ['{"x": 1}'] * 2_000 + ['{"x": 2.5}'] if "json" in name else ["x", *["1"] * 2_000, "2.5"]
    content = "\n".join(rows).encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    seen = lk.scan(tmp_path / name)
    assert (seen.n, seen.summary.high) == (2_001, 2.5)


@pytest.mark.parametrize(
    "data", [pl.Series([1.0]), np.ones(2), {"x": [1.0]}, 3, None, ["a.csv", 3], b"a.csv"]
)
def test_data_in_memory_are_no_scan(data):
    with pytest.raises(ReadError, match=r"reads files by their paths.*lk.fit"):
        lk.scan(data)


def test_a_frame_of_pandas_is_no_scan():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ReadError, match=r"a pandas DataFrame.*lk.fit"):
        lk.scan(pandas.DataFrame({"x": [1.0]}))


def test_true_and_false_are_no_measurement():
    with pytest.raises(ReadError, match="true and false"):
        lk.scan(pl.LazyFrame({"x": [True, False]}))


def test_rows_left_out_are_told():
    lazy = pl.LazyFrame({"x": [1.5, None, 2.5, float("nan"), 4.0] * 400})
    seen = lk.scan(lazy, missing="drop")
    assert repr(seen) == "<scan of 'x' of the frame: 1,200 values, 800 missing left out>"
    assert str(lk.fit(seen, "normal").description) == "1,200 values; 800 missing left out"
    assert str(lk.fit(seen, "gamma").description) == "1,200 values; 800 missing left out"
    assert "1,200 values; 800 missing left out" in repr(lk.compare(seen, ["normal", "laplace"]))
