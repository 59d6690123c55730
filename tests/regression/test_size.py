"""Regressions of many rows: categories as codes, and rows that are not in memory."""

import tracemalloc

import numpy as np
import polars as pl
import pytest

import likeliest as lk
from likeliest.errors import DataError, LikeliestError, ParameterError
from likeliest.regression import afar, matrices


def rows(n, levels, seed=0):
    rng = np.random.default_rng(seed)
    at, x = rng.integers(0, levels, n), 50.0 + 3.0 * rng.normal(size=n)
    mean = np.exp(0.5 + 0.1 * (x - 50.0) + np.sin(at))
    return pl.DataFrame(
        {
            "y": rng.gamma(2.0, 0.5 * mean), "count": rng.poisson(mean), "x": x, "number": at,
            "g": pl.Series([f"level {i:03d}" for i in range(levels)])[at],
            "h": pl.Series([*"pqrstuvwxyz"])[rng.integers(0, 11, n)],
            "w": rng.integers(1, 4, n), "seen": (rng.random(n) < 0.7).astype(int),
        }
    )  # fmt: skip


def agree(one, other, digits=1e-9):
    assert one.names == other.names
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    assert np.abs(one.estimates - other.estimates).max() <= digits
    assert one.errors == pytest.approx(other.errors, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("y ~ x + g", {"shape": "~ g"}), ("y ~ g + x - 1", {}), ("y ~ g + h", {"shape": "~ h"}),
        ("y ~ C(number) + x:h", {}), ("y ~ s(x) + g", {}),
    ],
)  # fmt: skip
def test_codes_give_what_dummies_give(monkeypatch, text, others):
    data = rows(900, 12)
    coded = lk.regress(text, data, "gamma", formulas=others)
    monkeypatch.setattr(matrices, "FEW_LEVELS", 1_000)
    dense = lk.regress(text, data, "gamma", formulas=others)
    few = data[:20]
    if coded.smooths:  # whose strengths are told to some digits alone
        assert coded.predict(few) == pytest.approx(dense.predict(few), rel=1e-3)
    else:
        agree(coded, dense, 1e-8)
        assert coded.predict(few) == pytest.approx(dense.predict(few), rel=1e-10)
        for kind in ("sandwich", "expected"):
            agree(coded.with_errors(kind), dense.with_errors(kind), 1e-8)
        pairs = zip(coded.drop_one().tests, dense.drop_one().tests, strict=True)
        assert all(a.statistic == pytest.approx(b.statistic, rel=1e-7) for a, b in pairs)


def test_profiles_beside_codes(monkeypatch):
    data = rows(200, 9)
    coded = lk.regress("count ~ x + g", data, "poisson")
    monkeypatch.setattr(matrices, "FEW_LEVELS", 1_000)
    dense = lk.regress("count ~ x + g", data, "poisson")
    for ours, theirs in zip(
        coded.ends(method="profile"), dense.ends(method="profile"), strict=True
    ):
        assert ours == pytest.approx(theirs, abs=1e-5)


def test_a_ridge_of_codes_is_that_of_dummies(monkeypatch):
    data = rows(900, 12)
    words = {"penalty": "ridge", "strength": 0.1}
    coded = lk.regress("count ~ x + g", data, "poisson", **words)
    monkeypatch.setattr(matrices, "FEW_LEVELS", 1_000)
    dense = lk.regress("count ~ x + g", data, "poisson", **words)
    assert np.abs(coded.estimates - dense.estimates).max() <= 1e-7
    assert coded.errors == pytest.approx(dense.errors, rel=1e-6)


def test_no_dummies_are_made_of_many_levels():
    data = rows(40_000, 400)  # whose dummies take 128 MB
    tracemalloc.start()
    r = lk.regress("count ~ x + g", data, "poisson")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6
    assert len(r.names) == 401


def test_a_category_within_another_is_named():
    data = rows(900, 12).with_columns(pl.col("number").cast(pl.String).alias("same"))
    with pytest.raises(DataError, match=r"'same\[T.*combination of 'g\[T"):
        lk.regress("count ~ g + same", data, "poisson")


@pytest.mark.parametrize(
    ("text", "room", "said"),
    [
        ("count ~ g:h", 500_000, "model matrix of 'g:h'.* 0.0 GB"),
        ("count ~ g", 10_000, "information of 12 coefficients of rate"),
    ],
)
def test_what_does_not_fit_into_memory_is_refused(monkeypatch, text, room, said):
    monkeypatch.setattr("likeliest.engines.memory.available", lambda: room)
    with pytest.raises(DataError, match=said):
        lk.regress(text, rows(900, 12), "poisson")


@pytest.fixture
def in_batches(monkeypatch):
    for name, value in {"IN_MEMORY": 1_000, "BATCH": 1_500, "_STAND_IN": 1_200}.items():
        monkeypatch.setattr(afar, name, value)


@pytest.mark.usefixtures("in_batches")
@pytest.mark.parametrize(
    ("text", "of", "words"),
    [
        ("y ~ x + C(number)", "gamma", {"formulas": {"shape": "~ g"}}),
        ("count ~ x", "negative binomial", {"weights": "w"}),
        ("y ~ log(x)", "weibull", {"event": "seen", "offset": "w"}),
        ("count ~ x + g", "poisson", {"exposure": "w"}),
        ("~ x", "lognormal", {"lower": "y", "upper": "above"}),
    ],
)
def test_rows_read_at_each_pass_give_what_those_in_memory_give(text, of, words):
    data = rows(5_000, 12)
    above = pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).otherwise(2.0 * pl.col("y"))
    data = data.with_columns(above.alias("above"))  # no bound in a third of the rows
    here = lk.regress(text, data, of, **words)
    there = lk.regress(text, data.lazy(), of, **words)
    agree(there, here)
    assert there.n == here.n
    assert there.null_log_likelihood == pytest.approx(here.null_log_likelihood, rel=1e-12)


@pytest.mark.usefixtures("in_batches")
def test_files_and_partitions_are_such_rows(tmp_path):
    dask = pytest.importorskip("dask.dataframe")
    data = rows(5_000, 12)
    data.write_parquet(tmp_path / "rows.parquet")
    here = lk.regress("count ~ x + g", data, "poisson")
    agree(lk.regress("count ~ x + g", lk.scan(tmp_path / "rows.parquet", "count"), "poisson"), here)
    parts = dask.from_pandas(data.to_pandas(), npartitions=3)
    there = lk.regress("count ~ x + g", parts, "poisson")
    agree(there, here)
    agree(there.with_errors("expected"), here.with_errors("expected"))
    new = {"x": [50.0], "g": ["level 003"]}
    assert there.predict(new) == pytest.approx(here.predict(new))


@pytest.mark.usefixtures("in_batches")
def test_what_rows_read_at_each_pass_cannot_do_is_said():
    data = rows(5_000, 12)
    r = lk.regress("count ~ x", data.lazy(), "poisson")
    for ask in (r.residuals, r.drop_one, r.predict, lambda: r.with_errors("sandwich")):
        with pytest.raises(DataError, match="needs the rows in memory"):
            ask()
    for words in ({"penalty": "ridge"}, {"by": "g"}, {"weights": data["w"]}):
        with pytest.raises(ParameterError, match="memory"):
            lk.regress("count ~ x", data.lazy(), "poisson", **words)
    late = pl.int_range(pl.len()) == 3_100
    bad = data.with_columns(pl.when(late).then(-1).otherwise(pl.col("count")).alias("count"))
    with pytest.raises(LikeliestError, match="rows from 3,000 on: poisson needs"):
        lk.regress("count ~ x", bad.lazy(), "poisson")
    gone = data.with_columns(pl.when(late).then(None).otherwise(pl.col("x")).alias("x"))
    with pytest.raises(DataError, match=r"rows from 3,000 on: 1 of .* have no value of x"):
        lk.regress("count ~ x", gone.lazy(), "poisson")
    agree(
        lk.regress("count ~ x", gone.lazy(), "poisson", missing="drop"),
        lk.regress("count ~ x", gone, "poisson", missing="drop"),
    )
