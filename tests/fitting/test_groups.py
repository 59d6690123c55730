"""Groups that are fitted at once are what each is when it is fitted alone."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import likeliest as lk
from likeliest.distributions.bases import ClosedForm
from likeliest.errors import DataError, LikeliestError
from likeliest.fitting.diagnostics import diagnosed
from members import ORDINARY, enough

FAMILIES = [*ORDINARY]
SIZES = (1, 2, 3, 6, 6, 20, 20, 33)


FEWER_SIZES = (2, 20, 33)
"""Of families that are fitted one by one anyway."""


def ragged(member, seed):
    """Return values of groups of several sizes, in a random order, with their keys."""
    rng = np.random.default_rng(seed)
    sizes = SIZES if is_side_by_side(type(member)) else FEWER_SIZES
    keys = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    return np.asarray(member.sample(keys.size, seed=rng)), keys


def words_of(member, kind, x, seed):
    """Return data and words of one kind, and which rows could be seen."""
    rng = np.random.default_rng(seed)
    seen = np.ones(x.size, dtype=bool)
    if kind == "exact":
        return {"data": x}, seen
    if kind == "weighted":
        return {"data": x, "weights": rng.integers(1, 5, x.size)}, seen
    limits = member.quantile(rng.uniform(0.3, 0.95, x.size))
    if kind == "right":
        return {"data": np.minimum(x, limits), "event": x <= limits}, seen
    low, high = (float(member.quantile(q)) for q in (0.25, 0.7))
    step = max(high - low, 1.0) if member.discrete else 0.5 * (high - low)
    edge = np.floor(x / step) * step
    if kind == "interval":
        return {"lower": edge, "upper": edge + step - member.discrete}, seen
    if kind == "rounded":
        return {"data": np.round(x / step) * step, "rounding": step}, seen
    entry = member.quantile(rng.uniform(0.0, 0.5, x.size)) - (1.0 if member.discrete else 0.0)
    seen = x > entry
    return {"data": x[seen], "entry": entry[seen]}, seen


def part(words, mask):
    return {n: v[mask] if np.ndim(v) else v for n, v in words.items()}


def alone_or_why(family, words, **more):
    """Return the fit of one group, or the error."""
    try:
        return lk.fit(family=family, **words, **more)
    except LikeliestError as error:
        return error


def compare_with_alone(family, words, keys, **more):
    """Assert that each group is as its own fit; return the fits."""
    fits = lk.fit(family=family, by=keys, **words, **more)
    frame = fits.to_frame()
    assert list(fits) == sorted(set(keys.tolist()))
    for group, key in enumerate(fits):
        mask = keys == key
        alone = alone_or_why(family, part(words, mask), **more)
        if isinstance(alone, LikeliestError):
            assert fits.status[group] == "failed", str(alone)
            assert fits.reasons[key].split("row")[0] == str(alone).split("row")[0]
            continue
        row = frame.row(group, named=True)
        # As `diagnostics` has it, without its smooth test, for which a family is simulated.
        outcome = diagnosed(alone.found, alone.observations).outcome
        assert row["status"] == outcome, (key, row, alone)
        assert row["n"] == pytest.approx(alone.n, rel=1e-14)
        terms = abs(alone.log_likelihood) + 10.0 * alone.n
        assert abs(row["log_likelihood"] - alone.log_likelihood) <= 1e-9 + 1e-13 * terms
        for name, value in alone.parameters.items():
            error = alone.standard_errors[name]
            if error is None or np.isnan(error):
                assert row[f"{name}_error"] is None
                assert row[name] == pytest.approx(value, rel=1e-9)
            else:
                assert row[f"{name}_error"] == pytest.approx(error, rel=1e-5), (name, row, alone)
                assert abs(row[name] - value) <= 1e-6 * error, (name, row, alone)
    return fits


def is_side_by_side(family):
    return issubclass(family, ClosedForm) or family.starts_many


KINDS = ("exact", "weighted", "right", "interval", "rounded", "entry")


@pytest.mark.parametrize("kind", KINDS)
def test_groups_are_as_each_alone(family, ordinary, kind):
    if kind == "rounded" and family.discrete:
        pytest.skip("counts are not rounded")
    if family is lk.Bernoulli and kind not in ("exact", "weighted"):
        pytest.skip("two values leave nothing to censor")
    if kind not in ("exact", "weighted") and not is_side_by_side(family):
        pytest.skip("its groups are fitted one by one")
    x, keys = ragged(ordinary, 4)
    words, seen = words_of(ordinary, kind, x, 5)
    compare_with_alone(family, words, keys[seen])


FAST = [lk.Gamma, lk.Normal, lk.Weibull, lk.Gumbel, lk.Uniform, lk.Poisson, lk.NegativeBinomial]


@pytest.mark.families(where=FAST.__contains__)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=5)
def test_a_group_does_not_depend_on_its_neighbours_nor_on_the_order(family, seed):
    rng = np.random.default_rng(seed)
    keys = rng.permutation(np.repeat(np.arange(14), rng.choice([8, 12], 14)))
    x = ORDINARY[family].sample(keys.size, seed=rng)
    every = lk.fit(x, family, by=keys)
    order = rng.permutation(keys.size)
    permuted = lk.fit(x[order], family, by=keys[order])
    some = np.flatnonzero(keys % 3 != 0)
    fewer = lk.fit(x[some], family, by=keys[some])
    kept = [key % 3 != 0 for key in every]
    for name, values in every.parameters.items():
        near = 1e-9 * (np.abs(values) + np.nan_to_num(every.standard_errors[name]))
        assert np.all(np.abs(permuted.parameters[name] - values) <= near)
        assert np.all(np.abs(fewer.parameters[name] - values[kept]) <= near[kept])
    assert permuted.status == every.status
    assert fewer.status == [s for s, k in zip(every.status, kept, strict=True) if k]


@pytest.mark.parametrize("shift", [0.0, 1e6])
@pytest.mark.parametrize("unit", [1.0, 1e120])
@pytest.mark.families(where=[lk.Normal, lk.Gumbel, lk.Weibull, lk.Gamma].__contains__)
def test_units_and_origins_far_from_the_data_do_no_harm(family, shift, unit):
    keys = np.repeat(np.arange(6), 15)
    x = (ORDINARY[family].sample(keys.size, seed=3) + shift) * unit
    compare_with_alone(family, {"data": x}, keys)


def test_parameters_can_be_fixed():
    keys = np.repeat(np.arange(6), 10)
    x = lk.Gamma(2.0, 3.0).sample(60, seed=1)
    compare_with_alone(lk.Gamma, {"data": x}, keys, fixed={"shape": 2.0})
    compare_with_alone(lk.Weibull, {"data": x}, keys, fixed={"shape": 2.0})
    compare_with_alone(lk.Weibull, {"data": x}, keys, start={"shape": 2.0})


def test_tops_of_student_t_are_the_highest_of_each_group():
    # Among them likelihoods with several tops, one on a crowd of values, and one at df = 2,738.
    crowds = np.random.default_rng(120).standard_cauchy((2796, 20))
    heavy = lk.StudentT(5.0, 0.0, 1.0).sample((3205, 20), seed=1)
    light = lk.StudentT(5.0, 0.0, 1.0).sample((4483, 16), seed=1)
    normal = lk.Normal(0.0, 1.0).sample((2, 20), seed=3)
    apart = np.concatenate([normal[0], normal[1, :16] + 6.0])
    rounded = np.round(heavy[:2], 1)
    groups = [*crowds[-4:], *heavy[-4:], *light[-4:], *normal, apart, *rounded]
    keys = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    compare_with_alone(lk.StudentT, {"data": np.concatenate(groups)}, keys)


def test_groups_that_cannot_be_fitted_say_why_in_the_words_of_the_single_fit():
    groups = {
        "equal": [2.0, 2.0, 2.0],
        "good": [1.0, 2.0, 4.0],
        "gaps": [1.0, np.nan, 3.0],
        "negative": [1.0, -2.0, 3.0],
        "one": [4.0],
    }
    keys = np.repeat([*groups], [len(values) for values in groups.values()])
    fits = lk.fit(np.concatenate([*groups.values()]), "gamma", by=keys)
    assert sorted(fits.reasons) == ["equal", "gaps", "negative", "one"]
    for key, reason in fits.reasons.items():
        alone = alone_or_why("gamma", {"data": groups[key]})
        assert reason.split("row")[0] == str(alone).split("row")[0]
        with pytest.raises(type(alone)):
            fits[key]
    assert fits["good"].parameters["shape"] == pytest.approx(fits.parameters["shape"][2])
    assert "row 10" in fits.reasons["negative"]  # as in the whole data
    assert "4 of 5 groups could not be fitted" in repr(fits)


X = [1.0, 2.0, 4.0, 3.0, 8.0, 6.0]
SAME = ["b", "a", "b", "a", "b", "a"]


@pytest.mark.parametrize(
    "keys",
    [
        SAME,
        np.array(SAME),
        pd.Series(SAME),
        pd.Categorical(SAME),
        pl.Series(SAME),
        [{"b": 2, "a": 1}[key] for key in SAME],
        [{"b": 2.5, "a": -1.0}[key] for key in SAME],
        [key == "b" for key in SAME],
        [dt.date(2020, 1, 1 + (key == "b")) for key in SAME],
        np.array([f"2020-01-0{1 + (key == 'b')}" for key in SAME], dtype="datetime64[D]"),
        [{"b": 10**9, "a": -(10**9)}[key] for key in SAME],
        [(1, "x") if key == "a" else (2, "y") for key in SAME],
        [1 if key == "a" else "b" for key in SAME],
    ],
    ids=lambda keys: type(keys).__name__ + type(next(iter(keys))).__name__,
)
def test_keys_of_any_kind(keys):
    fits = lk.fit(X, "exponential", by=keys)
    a, b = (fits.at(at).parameters["rate"] for at in range(2))
    assert sorted([a, b]) == pytest.approx([3.0 / 13.0, 3.0 / 11.0])
    for key in fits:
        assert key in fits
        assert fits[key].n == 3.0


def test_several_columns_of_keys_and_frames():
    frame = pl.DataFrame({"x": X, "one": SAME, "two": [1, 1, 2, 2, 1, 1], "seen": [1] * 5 + [0]})
    by_names = lk.fit(frame, "exponential", column="x", by=["one", "two"])
    by_lists = lk.fit(X, "exponential", by=[SAME, [1, 1, 2, 2, 1, 1]])
    assert [*by_names] == [*by_lists] == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    assert np.array_equal(by_names.parameters["rate"], by_lists.parameters["rate"])
    assert by_names["a", 1].n == 2.0
    with pytest.raises(KeyError, match="no group"):
        by_names["c", 1]
    censored = lk.fit(frame.to_pandas(), "exponential", column="x", event="seen", by="one")
    assert censored.parameters["rate"][0] == pytest.approx(2.0 / 11.0)
    assert [*censored.to_frame(library="pandas")["one"]] == ["a", "b"]
    with pytest.raises(lk.errors.ParameterError, match=r"library must be .*; got 'arrow'"):
        censored.to_frame("arrow")
    ranked = lk.compare(frame, ["exponential", "gamma"], column="x", by="one")
    assert [*ranked.to_frame(library="pandas").columns[:3]] == ["one", "best", "weight"]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (SAME[:5], "5 keys for 6 values"),
        ([*SAME[:5], None], "no key .first: row 5"),
        ([1.0, np.nan, 1.0, 1.0, 1.0, 1.0], "no key .first: row 1"),
        ([[1], {}, set(), 1, 1, 1], "hashable"),
        ([], "no keys"),
        ("station", "names a column"),
        ([SAME, SAME[:5]], "differ in length"),
        (np.ones((6, 2)), "one-dimensional"),
    ],
)
def test_bad_keys_are_one_clear_error(by, words):
    with pytest.raises(DataError, match=words):
        lk.fit(X, "exponential", by=by)


def test_bad_data_are_one_clear_error():
    with pytest.raises(DataError, match="empty"):
        lk.fit([], "exponential", by=["a"])
    with pytest.raises(DataError, match="no column of the data"):
        lk.fit({"x": X}, "exponential", column="x", by="y")
    with pytest.raises(DataError, match="sampling_weights"):
        lk.fit(X, "exponential", by=SAME, sampling_weights=X)


def test_missing_keys_and_values_are_dropped_where_that_is_asked_for():
    x = [1.0, 2.0, np.nan, 3.0, 5.0, 9.0]
    fits = lk.fit(x, "exponential", by=["a", "a", "b", None, "c", "c"], missing="drop")
    assert [*fits] == ["a", "b", "c"]
    assert fits.n.tolist() == [2.0, 0.0, 2.0]
    assert fits.status == ["closed form", "failed", "closed form"]
    assert "No value is left" in fits.reasons["b"]


def test_data_of_which_nothing_can_be_fitted_fail_in_every_row():
    fits = lk.fit([np.nan, np.nan, np.inf], "normal", by=["a", "a", "b"])
    assert fits.status == ["failed", "failed"]
    assert "not finite" in fits.reasons["b"]
    grid = lk.fit(np.full((2, 3), np.nan), "normal", axis=0)
    assert grid.failed.all()
    assert grid.to_frame().height == 3


def test_intervals_are_those_of_each_fit(family, ordinary):
    keys = np.repeat(np.arange(5), enough(family, 12))
    fits = lk.fit(ordinary.sample(keys.size, seed=8), family, by=keys)
    ends = fits.intervals(0.9)
    for group, key in enumerate(fits):
        for name, pair in fits[key].intervals(0.9).items():
            found = [end[group] for end in ends[name]]
            expected = [np.nan, np.nan] if pair is None else [*pair]
            assert found == pytest.approx(expected, rel=1e-5, nan_ok=True)
    assert {f"{name}_low" for name in ends} <= {*fits.to_frame(level=0.9).columns}


def test_criteria_are_those_of_each_fit():
    keys = np.repeat([1, 2, 3], [2, 3, 9])
    fits = lk.fit(lk.Gamma(2.0, 1.0).sample(14, seed=2), "gamma", by=keys)
    for group, key in enumerate(fits):
        for name in ("aic", "aicc", "bic"):
            assert getattr(fits, name)[group] == pytest.approx(getattr(fits[key], name))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_a_grid_is_its_cells(axis):
    grid = lk.Gamma(2.0, 3.0).sample((12, 15), seed=4)
    grid[2, :5] = np.nan
    grid[:, 3] = np.nan
    fits = lk.fit(grid, "gamma", axis=axis)
    lines = np.moveaxis(grid, axis, -1)
    assert len(fits) == len(lines)
    for cell, line in enumerate(lines):
        left = line[~np.isnan(line)]
        if left.size == 0:
            assert fits.status[cell] == "failed"
            continue
        assert fits[cell].n == left.size
        alone = lk.fit(left, "gamma")
        assert fits.parameters["shape"][cell] == pytest.approx(alone.parameters["shape"], rel=1e-9)


def test_a_grid_of_three_dimensions_is_called_by_places():
    grid = lk.Normal(0.0, 1.0).sample((2, 30, 3), seed=4)
    fits = lk.fit(grid, "normal", axis=1)
    assert [*fits] == [(i, j) for i in range(2) for j in range(3)]
    assert fits[1, 2].parameters["mean"] == pytest.approx(grid[1, :, 2].mean())
    with pytest.raises(DataError, match="no 3"):
        lk.fit(grid, "normal", axis=3)
    with pytest.raises(DataError, match="two dimensions"):
        lk.fit(grid[0, :, 0], "normal", axis=0)
    with pytest.raises(DataError, match="by does not go"):
        lk.fit(grid, "normal", axis=1, by=[1])


def test_families_are_ranked_for_each_group():
    rng = np.random.default_rng(6)
    keys = np.repeat(["counts", "sizes", "equal"], [40, 40, 3])
    x = np.concatenate([rng.poisson(4.0, 40), rng.gamma(2.0, 3.0, 40), [1.5] * 3])
    families = ["poisson", "gamma", "weibull", "normal"]
    ranked = lk.compare(x, families, by=keys)
    frame = ranked.to_frame()
    assert frame["key"].to_list() == ["counts", "equal", "sizes"]
    for group, key in enumerate(ranked):
        if key == "equal":
            assert ranked.best[group] is None
            continue
        alone = lk.compare(x[keys == key], families)
        assert ranked.best[group] == alone.best.family == ranked[key].best.family
        for one, value in zip(alone.fits, alone.values, strict=True):
            assert frame[one.family][group] == pytest.approx(value, rel=1e-9)
        assert ranked.weights[group].max() == pytest.approx(alone.weights[0], rel=1e-6)
    assert "no family could be fitted to 1 groups" in repr(ranked)


def test_keys_are_paired_by_their_labels():
    values = pd.Series([1.0, 2.0, 4.0, 10.0], list("wxyz"))
    keys = pd.Series(["b", "a", "a", "a"], list("zyxw"))
    fits = lk.fit(values, "exponential", by=keys)
    assert list(fits) == ["a", "b"]
    assert fits.parameters["rate"] == pytest.approx([3.0 / 7.0, 0.1])
    with pytest.raises(DataError, match="different labels"):
        lk.fit(values, "exponential", by=pd.Series(["b", "a", "a", "a"]))
    beside = pd.DataFrame({"x": values})
    assert lk.fit(beside, "exponential", column="x", by=keys).parameters["rate"] == pytest.approx(
        [3.0 / 7.0, 0.1]
    )
