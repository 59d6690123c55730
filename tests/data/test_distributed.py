"""Dask's partitions: as the same rows in memory, wherever they lie."""

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

import likeliest as lk
from likeliest.data import distributed as module
from likeliest.data.distributed import Distributed
from likeliest.engines import dask as engine
from likeliest.errors import DataError, SupportError, UnboundedLikelihoodError

dask = pytest.importorskip("dask")
arrays = pytest.importorskip("dask.array")
frames = pytest.importorskip("dask.dataframe")
pd = pytest.importorskip("pandas")

N = 6_000
CUTS = (0, 1_500, 1_500, 1_507, 4_000, N)  # an empty partition and one of few rows among them


@pytest.fixture(autouse=True)
def few_rows_here(monkeypatch):
    """Let a test of a few thousand rows be one of more than are brought here."""
    monkeypatch.setattr(module, "_IN_MEMORY", 500)
    monkeypatch.setattr(module, "_STAND_IN", 2_500)


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(5)
    x = rng.gamma(2.5, 4.0, N)
    end = rng.gamma(3.0, 6.0, N)
    entry = rng.uniform(-4.0, 4.0, N)
    return pd.DataFrame(
        {
            "x": x,
            "k": rng.negative_binomial(3, 0.3, N),
            "w": rng.integers(0, 4, N),
            "far": rng.normal(1e9, 1e-2, N),
            "seen": np.minimum(x, end),
            "event": (x <= end).astype(int),
            "entry": np.minimum(entry, np.minimum(x, end) - 0.1),
            "lower": np.floor(x),
            "upper": np.floor(x) + 1.0,
        }
    )


def cut(table):
    """Return a Dask data frame in partitions of several lengths."""
    parts = [table.iloc[a:b] for a, b in pairwise(CUTS)]
    return frames.from_delayed([dask.delayed(part) for part in parts], meta=table.iloc[:0])


def require_same(ours, held):
    assert ours.n == pytest.approx(held.n, rel=1e-14)
    assert ours.measure == held.measure
    assert ours.log_likelihood == pytest.approx(held.log_likelihood, rel=1e-12)
    assert ours.diagnostics.outcome == held.diagnostics.outcome
    assert str(ours.description) == str(held.description)
    for name, error in held.standard_errors.items():
        off = abs(ours.parameters[name] - held.parameters[name])
        assert off <= 1e-6 * (error or abs(held.parameters[name]))
        if error:
            assert ours.standard_errors[name] == pytest.approx(error, rel=1e-5)


WORDS = [
    ({"column": "x"}, "gamma"),
    ({"column": "x"}, "weibull"),
    ({"column": "x"}, "laplace"),
    ({"column": "x"}, "uniform"),
    ({"column": "x", "weights": "w"}, "lognormal"),
    ({"column": "x", "weights": "w"}, "weibull"),
    ({"column": "x", "weights": "w"}, "laplace"),
    ({"column": "far"}, "normal"),
    ({"column": "far"}, "logistic"),
    ({"column": "k"}, "negative binomial"),
    ({"column": "k", "weights": "w"}, "poisson"),
    ({"column": "k", "rounding": 1.0}, "normal"),
    ({"column": "x", "rounding": 0.5}, "gamma"),
    ({"column": "seen", "event": "event"}, "weibull"),
    ({"column": "seen", "event": "event", "weights": "w"}, "gamma"),
    ({"column": "seen", "event": "event", "entry": "entry"}, "lognormal"),
    ({"column": "x", "entry": "entry"}, "gamma"),
    ({"lower": "lower", "upper": "upper"}, "weibull"),
]


@pytest.mark.parametrize(("words", "law"), WORDS)
def test_columns_of_a_frame_are_fitted_as_in_memory(frame, words, law):
    require_same(lk.fit(cut(frame), law, **words), lk.fit(frame, law, **words))


def test_arrays_series_and_delayed_partitions(frame):
    x = frame["x"].to_numpy()
    held = lk.fit(x, "weibull")
    parts = [dask.delayed(x[a:b]) for a, b in pairwise(CUTS)]
    array = arrays.from_array(x, chunks=1_300)
    unknown = array[array > 0.0]  # of chunks whose sizes are not known
    assert np.isnan(unknown.shape[0])
    for data in (parts, tuple(parts), array, unknown, cut(frame)["x"], dask.delayed(x)):
        require_same(lk.fit(data, "weibull"), held)
    assert lk.observe(cut(frame)["x"]).provenance.name == "x"


def test_events_and_weights_are_arrays_in_the_same_partitions(frame):
    words = {"event": frame["event"].to_numpy(), "weights": frame["w"].to_numpy()}
    there = {word: arrays.from_array(values, chunks=1_300) for word, values in words.items()}
    data = arrays.from_array(frame["seen"].to_numpy(), chunks=1_300)
    ours = lk.fit(data, "weibull", entry=0.0, **there)
    require_same(ours, lk.fit(frame["seen"].to_numpy(), "weibull", entry=0.0, **words))
    with pytest.raises(DataError, match=r"lie in 5 partitions and the event in 1: cut them alike"):
        lk.fit(data, "weibull", event=there["event"].rechunk(N))
    with pytest.raises(DataError, match="event is a ndarray, and the data lie in Dask's"):
        lk.fit(data, "weibull", event=words["event"])


def test_few_rows_are_brought_here(frame):
    seen = lk.observe(cut(frame.iloc[:1_505]).partitions[1:], column="x", missing="drop")
    assert not isinstance(seen, Distributed)
    assert seen.values.tolist() == frame["x"].iloc[1_500:1_505].tolist()


def test_compare_ranks_as_in_memory(frame):
    for words in ({"column": "x"}, {"column": "k"}, {"column": "seen", "event": "event"}):
        families = ["gamma", "weibull", "lognormal", "normal"]
        families += ["poisson", "negative binomial"] if words["column"] == "k" else []
        ours = lk.compare(cut(frame), families, **words)
        held = lk.compare(frame, families, **words)
        assert [one.family for one in ours] == [one.family for one in held]
        assert ours.deltas == pytest.approx(held.deltas, abs=1e-6)


def test_likelihoods_are_summed_where_the_rows_are(frame):
    there = arrays.from_array(frame["x"].to_numpy(), chunks=1_300)
    law = lk.Gamma(2.0, 5.0)
    assert law.nll(there) == pytest.approx(law.nll(frame["x"]), rel=1e-13)
    assert law.nll(there, reduction="mean") == pytest.approx(
        law.nll(frame["x"], reduction="mean"), rel=1e-13
    )
    weights = arrays.from_array(frame["w"].to_numpy(), chunks=1_300)
    assert law.log_likelihood(there, weights) == pytest.approx(
        law.log_likelihood(frame["x"].to_numpy(), frame["w"].to_numpy()), rel=1e-13
    )
    many = lk.Gamma([[2.0], [2.5]], 5.0)
    assert many.nll(there) == pytest.approx(many.nll(frame["x"].to_numpy()), rel=1e-13)
    with pytest.raises(DataError, match=r"lie in 5 partitions of Dask: bring them here"):
        law.nll(there, reduction="none")


def test_profile_intervals_and_pictures_work_and_what_needs_rows_says_so(frame):
    ours, held = lk.fit(cut(frame), "weibull", column="x"), lk.fit(frame["x"], "weibull")
    theirs = held.intervals(method="profile")
    for name, ends in ours.intervals(method="profile").items():
        assert ends == pytest.approx(theirs[name], rel=1e-6)
    assert ours.plot().get_lines()
    for act in (lambda: ours.with_errors("sandwich"), lambda: ours.bootstrap(10)):
        with pytest.raises(DataError, match="needs the rows in memory"):
            act()


def test_the_median_is_found_by_counting(frame):
    rng = np.random.default_rng(1)
    for values in (
        frame["x"].to_numpy(),
        np.repeat([1.0, 2.0], 3_000),
        np.concatenate([np.full(5_000, 3.0), rng.normal(0.0, 1e-9, 4_000)]),
        np.concatenate([rng.normal(-1e6, 1.0, 3_000), rng.normal(1e6, 1.0, 3_000)]),
    ):
        for weights in (None, rng.integers(0, 3, values.size)):
            there = None if weights is None else arrays.from_array(weights, chunks=999)
            seen = lk.observe(arrays.from_array(values, chunks=999), weights=there)
            assert isinstance(seen, Distributed)
            held = lk.observe(values, weights=weights)
            assert seen.median() == pytest.approx(held.median(), rel=1e-15)
            assert seen.commonest()[1] == pytest.approx(held.commonest()[1], rel=1e-13)
            assert seen.spread() == pytest.approx(held.spread(), rel=1e-12)


def of(*parts):
    return [dask.delayed(part) for part in parts]


LONG = np.linspace(1.0, 9.0, 700)


@pytest.mark.parametrize(
    ("data", "words", "error", "match"),
    [
        (of(LONG, ["a", "b"]), {}, DataError, "Partition 1, counting from 0: The data must be num"),
        (
            of(LONG, [1.0, np.nan]),
            {},
            DataError,
            "Partition 1, counting from 0: 1 of 2 values are n",
        ),
        (of(LONG, [[1.0], [2.0]]), {}, DataError, "Partition 1.*one-dimensional"),
        (of(LONG, {"x": [1.0], "y": [2.0]}), {}, DataError, "Partition 1.*column"),
        (of([], []), {}, DataError, "no partition holds a value"),
        (of(LONG, [-1.0]), {}, SupportError, r"1 of 701 values is not \(such as -1\)"),
        (of(LONG * 0.0 + 3.0), {}, UnboundedLikelihoodError, "weibull"),
        (arrays.ones((9, 9)), {}, DataError, "shape .9, 9.*Take one column"),
        (of(LONG), {"sampling_weights": LONG}, DataError, "sampling_weights do not go with Dask"),
        (of(LONG), {"by": ["a"] * 700}, DataError, "a group may lie in several"),
        (arrays.ones((9, 9)), {"axis": 0}, DataError, "axis does not go with a Dask array"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(data, words, error, match):
    with pytest.raises(error, match=match):
        lk.fit(data, "weibull", **words)


def test_columns_that_are_not_there_are_named(frame):
    with pytest.raises(DataError, match="say which holds the values, with column='x'"):
        lk.fit(cut(frame), "weibull")
    with pytest.raises(DataError, match=r"has no column 'y'. It has x, k, w"):
        lk.fit(cut(frame), "weibull", column="y")
    with pytest.raises(DataError, match="say which holds the values"):
        lk.compare(cut(frame))


def test_gaps_are_left_out_where_asked(frame):
    holed = frame["x"].to_numpy().copy()
    holed[::7] = np.nan
    holed[1_500:1_507] = np.nan  # all of a partition
    parts = of(*(holed[a:b] for a, b in pairwise(CUTS)))
    require_all = lk.fit(holed, "gamma", missing="drop")
    ours = lk.fit(parts, "gamma", missing="drop")
    assert ours.parameters == pytest.approx(require_all.parameters, rel=1e-12)
    with pytest.raises(
        DataError, match="Partition 0, counting from 0: 215 of 1,500 values are not"
    ):
        lk.fit(parts, "gamma")


def test_groups_by_a_shuffle_as_the_message_says(frame):
    table = frame.assign(key=np.arange(N) % 5)
    meta = lk.fit(table, "gamma", column="x", by="key").to_frame("pandas")

    def fitted(part):
        return lk.fit(part, "gamma", column="x", by="key").to_frame("pandas")

    there = cut(table)[["x", "key"]].shuffle(on="key", npartitions=2)
    ours = there.map_partitions(fitted, meta=meta).compute().sort_values("key")
    assert ours["shape"].to_numpy() == pytest.approx(meta["shape"].to_numpy(), rel=1e-12)


def test_nothing_imports_dask_until_it_is_met():
    fit = "import likeliest as lk, sys; lk.fit([1.0, 2.0, 4.0], 'gamma')"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"{fit}; print('dask' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def part_of(number):
    return np.random.default_rng(number).weibull(1.5, 2_000) * 3.0


def test_a_worker_that_is_killed_in_mid_fit_changes_nothing(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    parts = [dask.delayed(part_of)(number) for number in range(8)]
    held = lk.fit(np.concatenate([part_of(number) for number in range(8)]), "weibull")
    passes = {"begun": 0}
    whole = engine.Partitions.total
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        workers = client.run(os.getpid)

        def killing(self, kernel):
            passes["begun"] += 1
            if passes["begun"] == 2:
                os.kill(next(iter(workers.values())), 9)
            return whole(self, kernel)

        monkeypatch.setattr(engine.Partitions, "total", killing)
        ours = lk.fit(parts, "weibull")
        assert passes["begun"] > 2
        assert next(iter(workers.values())) not in client.run(os.getpid).values()
    assert ours.parameters == pytest.approx(held.parameters, rel=1e-12)
    assert ours.log_likelihood == pytest.approx(held.log_likelihood, rel=1e-13)
