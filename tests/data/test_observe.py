"""The door: what was seen, in the words of `observe`, of arrays, of frames, by label."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy.stats import CensoredData

import likeliest as lk
from likeliest.errors import DataError, FamilyError, ParameterError, ReadError

COLUMNS = {
    "time": [31.0, 55.0, 90.0, 100.0, 100.0, 70.0],
    "failed": [1, 1, 1, 0, 0, 1],
    "joined": [0.0, 5.0, 10.0, None, 1.0, 2.0],
    "n": [1, 2, 1, 1, 3, 1],
}
FRAMES = {
    "pandas": pd.DataFrame(COLUMNS),
    "polars": pl.DataFrame(COLUMNS),
    "lazy": pl.LazyFrame(COLUMNS),
    "arrow": pa.table(COLUMNS),
    "dict": COLUMNS,
}
NAMED = {"column": "time", "event": "failed", "entry": "joined", "weights": "n"}


def hazard_and_time():
    """Of an exponential: events over the time under observation, by hand."""
    weights = np.array(COLUMNS["n"])
    entry = np.array([0.0, 5.0, 10.0, 0.0, 1.0, 2.0])
    return np.sum(weights * COLUMNS["failed"]), np.sum(weights * (COLUMNS["time"] - entry))


@pytest.mark.parametrize("kind", FRAMES)
def test_strings_are_columns_of_a_frame(kind):
    """An exponential's rate is events over time at risk: 6 over 563 here."""
    events, time = hazard_and_time()
    frame = FRAMES[kind]
    fit = lk.fit(frame, "exponential", **NAMED)
    assert fit.parameters["rate"] == pytest.approx(events / time, rel=1e-9)
    assert fit.log_likelihood == pytest.approx(events * np.log(events / time) - events, rel=1e-12)
    assert lk.fit(lk.observe(frame, **NAMED), "exponential").parameters == fit.parameters
    compared = lk.compare(frame, ["exponential", "weibull"], **NAMED)
    assert compared["exponential"].parameters == fit.parameters
    assert lk.Exponential.fit(frame, **NAMED).parameters == fit.parameters
    assert fit.description.column == "time"


@pytest.mark.parametrize("kind", FRAMES)
def test_columns_of_the_frame_go_with_its_names(kind):
    frame = FRAMES[kind]
    if kind == "lazy":
        pytest.skip("a lazy frame has no columns to give")
    own = {"event": frame["failed"], "weights": frame["n"]}
    fit = lk.fit(frame, "weibull", column="time", **own)
    assert fit.parameters == lk.fit(frame, "weibull", **NAMED | {"entry": None}).parameters


@pytest.mark.parametrize("kind", FRAMES)
def test_bounds_are_columns_too(kind):
    frame = {"a": [None, 11, 21, 26, 31], "b": [10, 20, 25, 30, None], "k": [50, 25, 15, 9, 1]}
    make = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "lazy": pl.LazyFrame,
            "arrow": pa.table, "dict": dict}[kind]  # fmt: skip
    fit = lk.fit(make(frame), "weibull", lower="a", upper="b", weights="k")
    assert fit.parameters["scale"] == pytest.approx(14.0467, abs=5e-5)
    assert fit.parameters["shape"] == pytest.approx(1.4413, abs=5e-5)


def test_words_need_no_observe():
    hours, failed = [31, 55, 90, 100, 100], [1, 1, 1, 0, 0]
    fit = lk.fit(hours, "exponential", event=failed)
    assert fit.parameters["rate"] == pytest.approx(3 / 376, rel=1e-9)
    a, b = [0.0, 1.0, 2.0], [1.0, 2.0, np.nan]
    one = lk.fit(lower=a, upper=b, family="exponential")
    assert one.parameters == lk.fit(None, "exponential", lower=a, upper=b).parameters
    assert one.parameters == lk.Exponential.fit(lower=a, upper=b).parameters
    # (0, 1], (1, 2], beyond 2, one each: exp(-rate) is the share that goes on, 3 of 5 steps.
    assert np.exp(-one.parameters["rate"]) == pytest.approx(3 / 5, rel=1e-9)
    binned = lk.fit(edges=[0, 1, 2, np.inf], counts=[1, 1, 1], family="exponential")
    assert binned.parameters == one.parameters
    compared = lk.compare(families=["exponential", "weibull"], lower=a, upper=b)
    assert compared["exponential"].parameters == one.parameters
    seen = CensoredData(uncensored=[31.0, 55.0, 90.0], right=[100.0, 100.0])
    assert lk.fit(seen, "exponential").parameters == fit.parameters


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda f: lk.fit(f, "weibull", column="tme"), "no column 'tme'. Did you mean 'time'"),
        (lambda f: lk.fit(f, "weibull", column="time", event="faild"), "Did you mean 'failed'"),
        (lambda f: lk.compare(f, column="time", weights="m"), "It has time, failed, joined, n"),
        (lambda f: lk.observe(f, event="failed"), "3 columns of numbers: time, joined, n"),
        (lambda f: lk.observe(f, column="joined"), "1 of 6 cells is missing"),
        (lambda f: lk.observe(f, column="time", lower="joined"), "column cannot be given as well"),
        (lambda f: lk.fit("weibull", lower=[1.0], upper=[2.0]), "lk.fit(family='weibull', lower="),
        (lambda f: lk.fit([1.0, 2.0]), 'lk.fit(data, "weibull")'),
        (lambda f: lk.fit([1.0], "normal", event="died"), "the data are a list"),
        (lambda f: lk.fit(None, "normal", weights="n"), "no data are given"),
        (lambda f: lk.fit("a.csv", "normal", column="n"), "no file a.csv"),
        (lambda f: lk.fit("a.csv", column="n"), 'lk.fit(data, "weibull")'),
        (lambda f: lk.fit(family="normal"), "Nothing was given"),
        (lambda f: lk.fit([1.0, 2.0], "normal", column="x"), "column='x' names a column"),
        (lambda f: lk.fit(lk.observe([1.0]), "normal", event=[1]), "carry their own event"),
        (lambda f: lk.compare(lk.observe([1.0]), entry=0.5), "carry their own entry"),
        (lambda f: lk.observe(lk.observe([1.0]), column="x"), "carry their own column"),
        (lambda f: lk.observe([1.0], weights=[1], sampling_weights=[1]), "one of the two"),
        (lambda f: lk.observe([1.0, 2.0], event=[1, 2]), "event == 2"),
        (lambda f: lk.observe([1.0, 2.0], event=[1, np.nan]), "1 of 2 rows has no event"),
        (lambda f: lk.observe([1.0, np.nan], event=[1, 1]), "has no value (first: row 1)"),
        (lambda f: lk.observe([1.0, 2.0], event=[1]), "1 events for 2 values"),
        (lambda f: lk.observe([1.5], rounding=1, event=[0]), "rounding goes with plain values"),
        (lambda f: lk.observe([1.0], rounding=0.5, event=[0]), "only whole numbers may"),
        (lambda f: lk.observe([1.0], lower=[0.0]), "data cannot be given as well"),
        (lambda f: lk.observe([1.0], edges=[0, 1]), "data cannot be given as well"),
        (lambda f: lk.observe(edges=[0, 1]), "Bins need both"),
        (lambda f: lk.observe([1.0], missing="no"), "missing must be"),
        (lambda f: lk.observe([620.0, 480.0], entry=500), "row 1, 480 with entry 500"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(call, said):
    with pytest.raises((DataError, FamilyError)) as caught:
        call(FRAMES["pandas"])
    assert said in str(caught.value), caught.value


def test_rows_with_gaps_are_left_out_of_every_column():
    frame = pd.DataFrame(
        {"t": [1.0, np.nan, 3.0, 4.0, 5.0], "d": [1, 1, np.nan, 0, 1], "w": [1, 1, 1, 2, np.nan]}
    )
    seen = lk.observe(frame, column="t", event="d", weights="w", missing="drop")
    assert (len(seen), seen.n) == (2, 3.0)
    assert seen.row.tolist() == [0, 3]
    assert lk.fit(seen, "exponential").parameters["rate"] == pytest.approx(1 / 9, rel=1e-9)
    assert str(seen.description) == "3 values: 1 exact, 2 right-censored; 3 missing left out"
    arrays = lk.observe(frame.t, event=frame.d, weights=frame.w, missing="drop")
    assert arrays.description == seen.description
    plain = lk.observe([2.0, np.nan, -3.0], missing="drop")
    with pytest.raises(lk.errors.SupportError, match="first: row 2, -3"):
        lk.fit(plain, "exponential")
    with pytest.raises(DataError, match="in every row"):
        lk.observe([np.nan], missing="drop")


def test_rows_that_were_left_out_keep_no_place_among_the_terms():
    seen = lk.observe([np.nan, 1.0, 2.0, 5.0], event=[1, 1, 0, 1], missing="drop")
    terms = lk.Exponential(0.5).nll(seen, reduction="none")
    assert terms.tolist() == pytest.approx([0.5 + np.log(2), 1.0, 2.5 + np.log(2)])
    rounded = lk.Uniform(0.0, 8.0).nll(
        lk.Observations.of([1, 1, 5.0], rounding=1.0), reduction="none"
    )
    assert rounded.tolist() == pytest.approx([2 * np.log(8), np.log(8)])


def test_none_is_a_gap_where_gaps_are_meant():
    seen = lk.observe(
        lower=[None, 11, pd.NA], upper=[10, 20, None], entry=[None, 2, 3], missing="drop"
    )
    assert seen.lower.tolist() == [-np.inf, 11.0]
    assert seen.entry.tolist() == [-np.inf, 2.0]
    plain = lk.observe([1.0, None, 3.0, 4.0], event=[1, 1, None, 0], missing="drop")
    assert (plain.row.tolist(), plain.provenance.left_out) == ([0, 3], 2)
    with pytest.raises(DataError, match="row 1 is missing"):
        lk.observe([1.0, None], event=[1, 1])


def test_labels_are_aligned():
    """Values 1, 2, 3 with weights 10, 1, 1: the rate is 12/15; by position it would be 12/33."""
    values = pd.Series([1.0, 2.0, 3.0], index=["a", "b", "c"])
    weights = pd.Series([1, 1, 10], index=["c", "b", "a"])
    for fit in (
        lk.fit(values, "exponential", weights=weights),
        lk.fit(lk.Observations.of(values, weights), "exponential"),
        lk.fit(values.to_frame("x"), "exponential", column="x", weights=weights),
    ):
        assert fit.parameters["rate"] == pytest.approx(12 / 15, rel=1e-12)
    by_position = lk.fit(values.to_numpy(), "exponential", weights=weights)
    assert by_position.parameters["rate"] == pytest.approx(12 / 33, rel=1e-12)
    member = lk.Exponential(0.7)
    assert member.log_likelihood(values, weights) == pytest.approx(12 * np.log(0.7) - 0.7 * 15)
    terms = member.nll(values, weights, reduction="none")
    assert np.asarray(terms).sum() == pytest.approx(0.7 * 15 - 12 * np.log(0.7))
    assert member.nll(values, weights, reduction="mean") == pytest.approx(
        0.7 * 15 / 12 - np.log(0.7)
    )


@pytest.mark.parametrize("word", ["event", "entry", "exit", "weights", "sampling_weights"])
def test_labels_that_differ_are_refused(word):
    values = pd.Series([1.0, 2.0, 3.0])
    other = pd.Series([1, 1, 1], index=[0, 1, 7])
    with pytest.raises(DataError, match=rf"data and {word} .* \(first: 2\).*to_numpy"):
        lk.observe(values, **{word: other})
    twice = pd.Series([1.0, 1.0, 0.0], index=[0, 0, 1])
    with pytest.raises(DataError, match=r"another order.*more than once.*to_numpy"):
        lk.observe(twice[::-1], **{word: twice})
    with pytest.raises(DataError, match="the data frame and"):
        lk.observe(values.to_frame("x"), column="x", **{word: other})


def test_labels_of_bounds():
    low = pd.Series([0.0, 2.0, 4.0], index=[5, 6, 7])
    seen = lk.observe(lower=low, upper=(low + 1.0)[::-1])
    assert seen.upper.tolist() == [1.0, 3.0, 5.0]


def test_names_are_kept():
    assert lk.observe(pd.Series([1.0, 2.0], name="x")).description.column == "x"
    assert lk.observe(pl.Series("x", [1.0, 2.0])).description.column == "x"
    column = lk.read({"conc": ["<5", "7.5", "9"]}, "conc", limits=True)
    seen = lk.observe(column, weights=[1, 2, 1])
    assert seen.description.label == "conc"
    assert str(seen.description) == "4 values: 3 exact, 1 left-censored"
    rate = lk.fit(column, "exponential").parameters["rate"]
    assert rate == lk.fit(column.observations(), "exponential").parameters["rate"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"data": [1, 2, 3]}, "3 values"),
        ({"data": [1, 2], "rounding": 0.5}, "2 values, rounded to 0.5"),
        ({"data": [1, 2], "event": [1, 0]}, "2 values: 1 exact, 1 right-censored"),
        ({"data": [1, 2], "event": [0, 0]}, "2 values, all right-censored"),
        ({"data": [1, 2], "event": [1, 0], "weights": [1.5, 4]},
         "5.5 values: 1.5 exact, 4 right-censored"),
        ({"data": [620.0], "entry": 500}, "1 value; seen only above 500"),
        ({"data": [20.0], "entry": 5, "exit": 50}, "1 value; seen only above 5 and up to 50"),
        ({"data": [2.0, 3.0], "entry": [1, 2]},
         "2 values; each seen only above an entry of its own"),
        ({"data": [2.0, 3.0], "exit": [5, 4]}, "2 values; each seen only up to an exit of its own"),
        ({"lower": [np.nan, 1, 2, 3], "upper": [1, 2, 2, np.nan]},
         "4 values: 1 exact, 1 left-censored, 1 right-censored, 1 in intervals"),
        ({"edges": [0, 1, 2], "counts": [3, 4]}, "7 values, all in intervals"),
        ({"data": [1, 2], "sampling_weights": [9, 1]}, "2 values; sampling weights"),
    ],
)  # fmt: skip
def test_what_the_data_were(words, said):
    assert str(lk.observe(**words).description) == said


def test_the_table_and_the_saved_fit_say_what_the_data_were(tmp_path):
    fit = lk.fit(FRAMES["pandas"], "exponential", **NAMED | {"entry": 3.5, "missing": "drop"})
    said = "time · 9 values: 5 exact, 4 right-censored; seen only above 3.5"
    assert repr(fit).startswith(f"exponential · {said}\n")
    assert fit.to_dict()["data"]["right_censored"] == 4.0
    fit.save(tmp_path / "f.json")
    assert repr(lk.Fit.load(tmp_path / "f.json")) == repr(fit)
    compared = lk.compare(FRAMES["pandas"], ["exponential"], column="time", event="failed")
    assert repr(compared).startswith("1 family · time · 6 values: 4 exact, 2 right-censored\n")


def test_sampling_weights_give_the_populations_estimates_and_robust_errors(tmp_path):
    values, weights = np.array([1.0, 2.0, 6.0, 3.0]), np.array([100.0, 250.0, 10.0, 40.0])
    fit = lk.fit(values, "exponential", sampling_weights=weights)
    assert fit.parameters["rate"] == pytest.approx(400.0 / np.sum(weights * values), rel=1e-12)
    assert fit.n == 4.0
    mean = np.average(values, weights=weights)
    error = np.sqrt(np.sum((weights * (values - mean)) ** 2)) / np.sum(weights)  # of a ratio
    assert fit.errors_by == "sandwich"
    assert fit.standard_errors["rate"] == pytest.approx(error / mean**2, rel=1e-9)
    fit.save(tmp_path / "f.json")
    loaded = lk.Fit.load(tmp_path / "f.json")
    assert repr(loaded) == repr(fit)
    assert loaded.standard_errors == fit.standard_errors


def test_where_a_sandwich_has_no_ground_sampling_weights_have_no_errors(tmp_path):
    values, weights = np.array([1.0, 2.0, 6.0, 3.0]), np.array([100.0, 250.0, 10.0, 40.0])
    fit = lk.fit(values, "laplace", sampling_weights=weights)
    assert fit.standard_errors == {"loc": None, "scale": None}
    assert fit.intervals() == {"loc": None, "scale": None}
    assert "how many of the population" in " ".join(repr(fit).split())
    with pytest.raises(DataError, match="took such a weight for a number of rows"):
        fit.covariance  # noqa: B018
    fit.save(tmp_path / "f.json")
    loaded = lk.Fit.load(tmp_path / "f.json")
    assert repr(loaded) == repr(fit)
    assert loaded.standard_errors == fit.standard_errors
    assert lk.fit(values, "uniform", sampling_weights=weights).intervals()["high"] is None
    assert "roughly" in lk.compare(values, ["normal"], sampling_weights=weights).notes[0]


TWO_TOPS = [0.0, 0.01, -0.01, 9.0, 10.0, 11.0, 12.0, 13.0]


def test_a_start_leads_to_the_top_beside_it():
    """A Cauchy of scale 0.1: three values about 0 make the highest top, most lie about 11."""
    free = {"fixed": {"scale": 0.1}}
    grid = np.linspace(-2.0, 15.0, 170_001)
    z = (np.asarray(TWO_TOPS) - grid[:, None]) / 0.1
    value = -np.sum(np.log(0.1 * np.pi * (1.0 + z * z)), axis=1)
    fit = lk.fit(TWO_TOPS, "cauchy", start={"loc": 0.3}, **free)
    assert fit.log_likelihood >= value.max() - 1e-9
    assert fit.parameters["loc"] == pytest.approx(grid[np.argmax(value)], abs=1e-4)


@pytest.mark.parametrize("name", ["weibull", "gamma", "student t", "normal", "uniform"])
def test_a_poor_start_does_no_harm(name):
    x = lk.Gamma(3.0, 2.0).sample(60, seed=1)
    plain = lk.fit(x, name)
    start = dict.fromkeys(plain.parameters, 50.0)
    fit = lk.fit(x, name, start=start)
    assert fit.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ({"shap": 1.0}, "no parameter 'shap' to start from; it has shape, scale"),
        ({"scale": 1.0}, "no free parameter 'scale'"),
        ({"shape": -1.0}, "shape must be > 0"),
    ],
)
def test_a_start_is_checked(start, said):
    with pytest.raises(ParameterError, match=said):
        lk.fit(
            [1.0, 2.0, 4.0],
            "weibull",
            start=start,
            fixed={"scale": 2.0} if "scale" in start else {},
        )
    with pytest.raises(ParameterError, match="start must name parameters"):
        lk.fit([1.0, 2.0, 4.0], "weibull", start=["shape"])
    with pytest.raises(ParameterError, match="end of a range"):
        lk.fit([1.0, 2.0, 4.0], "student t", start={"df": np.inf})


def test_whole_numbers_seen_within_a_window_are_compared_as_cells():
    """A Poisson above 0 has mean λ/(1 − exp(−λ)); a normal's cells are worked out by hand."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    counts = np.array([1, 2, 3, 4, 2, 1, 1, 5, 2])
    compared = lk.compare(counts, ["poisson", "normal"], entry=0)
    rate = brentq(lambda r: r / -np.expm1(-r) - counts.mean(), 0.1, 9.0, xtol=1e-13)
    assert compared["poisson"].parameters["rate"] == pytest.approx(rate, rel=1e-8)
    fit = compared["normal"]
    mean, std = fit.parameters.values()
    cells = norm.cdf(counts + 0.5, mean, std) - norm.cdf(counts - 0.5, mean, std)
    by_hand = np.sum(np.log(cells)) - 9 * norm.logsf(0.5, mean, std)
    assert fit.log_likelihood == pytest.approx(by_hand, rel=1e-12)
    with pytest.raises(DataError, match="carry their own windows"):
        lk.compare(lk.observe([1.5, 2.5], entry=1.0), rounding=0.1)


def test_a_wrong_name_is_an_error_of_reading():
    with pytest.raises(ReadError):
        lk.fit(FRAMES["polars"], "normal", column="nothing")


def test_a_scan_has_the_name_of_its_column():
    scan = lk.scan(pl.LazyFrame({"minutes": [3.0, 5.0, 1.0, 7.0]}), "minutes", entry=0.5)
    fit = lk.fit(scan, "exponential")
    assert repr(fit).startswith("exponential · minutes · 4 values; seen only above 0.5\n")
    assert fit.parameters["rate"] == pytest.approx(4 / (16 - 2), rel=1e-9)


def test_columns_that_lost_different_rows_are_refused():
    frame = {"t": [1.0, None, 3.0, 4.0], "d": [1, 1, None, 0]}
    t, d = (lk.read(frame, name, missing="drop") for name in frame)
    with pytest.raises(DataError, match=r"data and event were read.*lost different rows"):
        lk.observe(t, event=d)
    with pytest.raises(DataError, match="lower and upper were read"):
        lk.fit(family="weibull", lower=t, upper=d)
