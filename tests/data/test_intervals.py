"""Values that pandas has cut into classes are read as bounds; frames with several header rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

import likeliest as lk
from likeliest.errors import DataError

X, CUTS = [0.5, 1.5, 2.5, 1.2, 1.7, 0.2], [0.0, 1.0, 2.0, 3.0]
CUT = pd.cut(X, CUTS)


def rate_by_hand():
    """Of two, three and one exponential values between 0, 1, 2 and 3."""

    def nll(rate):
        at = np.exp(-rate * np.array(CUTS))
        return -np.array([2, 3, 1]) @ np.log(at[:-1] - at[1:])

    return minimize_scalar(nll, bounds=(1e-3, 9.0), method="bounded", options={"xatol": 1e-10}).x


@pytest.mark.parametrize(
    "data",
    [CUT, pd.Series(CUT), pd.IntervalIndex(CUT), pd.arrays.IntervalArray(CUT),
     pd.Series(CUT).astype("interval"), pd.cut(X, CUTS, right=False)],
    ids=["categories", "Series", "index", "array", "interval", "left"],
)  # fmt: skip
def test_a_column_of_intervals(data):
    fit = lk.fit(data, "exponential")
    assert fit.parameters["rate"] == pytest.approx(rate_by_hand(), rel=1e-6)
    assert fit.description.interval_censored == 6


def test_a_column_of_a_frame_with_its_weights():
    frame = pd.DataFrame({"size": pd.cut([0.5, 1.5, 2.5], CUTS), "n": [2, 3, 1]})
    fit = lk.fit(frame, "exponential", column="size", weights="n")
    assert fit.parameters["rate"] == pytest.approx(rate_by_hand(), rel=1e-6)
    assert fit.description.column == "size"
    weights = pd.Series([1, 3, 2], index=[2, 1, 0])  # paired by label
    assert lk.fit(frame["size"], "exponential", weights=weights).parameters == fit.parameters


def test_the_end_that_belongs_to_an_interval_of_whole_numbers():
    counts = [0, 1, 2, 5, 3, 4]
    fit = lk.fit(pd.cut(counts, [0, 2, 4, 6], right=False), "poisson")
    inclusive = lk.fit(family="poisson", lower=[0, 2, 4], upper=[1, 3, 5], weights=[2, 2, 2])
    assert fit.parameters["rate"] == pytest.approx(inclusive.parameters["rate"], rel=1e-9)


@pytest.mark.parametrize(
    ("data", "more", "said"),
    [
        (pd.arrays.IntervalArray.from_breaks([0, 1, 2], closed="both"), {}, "both sides.*lower="),
        (pd.arrays.IntervalArray.from_breaks([0, 1, 2], closed="neither"), {}, "no side"),
        (pd.interval_range(pd.Timestamp("2020-01-01"), periods=3), {}, "dates"),
        (pd.cut([0.5, 9.0], CUTS), {}, "row 1.*missing="),
        (CUT, {"event": [1] * 6}, "intervals say what was seen; event"),
        (CUT, {"rounding": 1.0}, "intervals say what was seen; rounding"),
        ([*CUT], {}, "lk.observe takes a pandas.Series of intervals"),
    ],
)
def test_refused(data, more, said):
    with pytest.raises(DataError, match=said):
        lk.fit(data, "exponential", **more)


def test_columns_below_several_headers_are_named_by_tuples():
    frame = pd.DataFrame(
        {("a", "t"): [1.0, 2.0, 3.0], ("a", "d"): [1, 0, 1], ("b", "w"): [2, 1, 1]}
    )
    fit = lk.fit(frame, "exponential", column=("a", "t"), event=("a", "d"), weights=("b", "w"))
    assert fit.parameters["rate"] == pytest.approx(3.0 / 7.0, rel=1e-12)
