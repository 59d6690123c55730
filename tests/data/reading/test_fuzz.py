"""Bytes of any kind are numbers or one clear error, never a traceback."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import likeliest as lk
from likeliest.errors import LikeliestError

PIECES = [
    "1", "2.5", "-3", "1,5", "1.250", "1,250.00", "<5", ">100", "NA", "", " ", "x", "name", "mm",
    "2019", "2020-01-01", "12 mm", "$5", "5%", "é", "−1", "1e5", "inf", "nan", "#N/A", '"', '"a"',
    "'", "#", "# x", "sep=;", "{", "[1, 2]", '{"x": 1}', "null", "\0", "\ufeff", "9" * 20,
]  # fmt: skip
LINES = st.lists(
    st.tuples(st.lists(st.sampled_from(PIECES), max_size=4), st.sampled_from(",;\t| ")).map(
        lambda line: line[1].join(line[0])
    ),
    max_size=8,
)
TEXTS = st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r"])).map(lambda t: t[1].join(t[0]))
STARTS = st.sampled_from(
    [b"", b"PAR1", b"ARROW1", b"\x93NUMPY", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", b"(\xb5/\xfd",
     b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xff\xff\xff", b"{", b"["]
)  # fmt: skip
ENDINGS = st.sampled_from(
    [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".npy", ".gz", ".txt", ""]
)
ASKED = st.fixed_dictionaries(
    {
        "column": st.sampled_from([None, "x", "column_0", "2019", ""]),
        "missing": st.sampled_from(["raise", "drop"]),
        "limits": st.booleans(),
        "decimal": st.sampled_from([None, ".", ","]),
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


def check(path, asked):
    try:
        column = lk.read(path, **asked)
    except LikeliestError as error:
        assert str(error)  # noqa: PT017  (either is right)
        return
    assert column.values.dtype == np.float64
    assert np.isfinite(column.values).all()
    assert len(column) > 0


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, ending=ENDINGS, asked=ASKED)
def test_text(folder, text, ending, asked):
    path = folder / f"a{ending}"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    check(path, asked)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=STARTS, rest=st.binary(max_size=200), ending=ENDINGS, asked=ASKED)
def test_bytes(folder, start, rest, ending, asked):
    path = folder / f"a{ending}"
    path.write_bytes(start + rest)
    check(path, asked)


CELLS = st.one_of(
    st.integers(), st.floats(), st.text(max_size=5), st.none(), st.booleans(), st.just([1]),
    st.just({"a": 1}),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(cells=st.lists(CELLS, max_size=6), asked=ASKED)
def test_cells_in_memory(cells, asked):
    check({"x": cells, "k": ["a"] * len(cells)}, asked)


@settings(max_examples=100, deadline=None)
@given(
    values=st.lists(
        # -999 among others stands for a missing value; it is refused, which has a test of its own.
        st.floats(allow_nan=False, allow_infinity=False).filter(lambda v: not -1e5 < v <= -99.0),
        min_size=1,
        max_size=20,
    )
)
def test_written_floats_come_back(folder, values):
    path = folder / "back.csv"
    path.write_text("x,k\n" + "".join(f"{value!r},a\n" for value in values))
    np.testing.assert_array_equal(lk.read(path, "x").values, values)
