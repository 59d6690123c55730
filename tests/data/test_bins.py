"""Counts of bins: each goes to the bin that its label names, whatever the order."""

from collections import Counter

import numpy as np
import pandas as pd
import polars as pl
import pytest

import likeliest as lk
from likeliest.errors import DataError

EDGES = [0.0, 1.0, 2.0, 4.0]
VALUES = [0.5, 1.5, 1.6, 1.7, 2.5, 3.0]
COUNTS = [1.0, 3.0, 2.0]  # of VALUES between EDGES, by hand
BY_HAND = pd.Series(COUNTS)
CUT = pd.cut(pd.Series(VALUES), EDGES)
LEFT = pd.cut(pd.Series(VALUES), EDGES, right=False)
POLARS = pl.DataFrame({"bin": ["(2, inf]", "(-inf, 1]", "(1, 2]"], "count": [2, 1, 3]})


@pytest.mark.parametrize(
    ("counts", "closed"),
    [
        (CUT.value_counts(), "right"),
        (CUT.value_counts()[::-1], "right"),
        (CUT.value_counts(sort=False), "right"),
        (LEFT.value_counts(), "left"),
        (CUT.astype(str).value_counts(), "right"),
        (BY_HAND, "right"),
        (COUNTS, "right"),
        (pl.Series(COUNTS), "right"),
        (pd.Series([2, 1, 3], index=["(2, 4]", "(0, 1]", "(1, 2]"]), "right"),
        (pd.Series([2, 1, 3], index=["[2, 4)", "[0, 1)", "[1, 2)"]), "left"),
        (pd.Series([2, 1, 3], index=[3.0, 0.5, 1.5]), "right"),  # the middle of each
        (pd.Series([2, 1, 3], index=[4.0, 1.0, 2.0]), "right"),  # the end that belongs to each
        (pd.Series(COUNTS, index=[1, 2, 4]), "right"),
        (pd.Series(COUNTS, index=[0, 1, 2]), "left"),
        ({"(2, 4]": 2, "(0, 1]": 1, "(1, 2]": 3}, "right"),
        (Counter({2.5: 2, 0.5: 1, 1.5: 3}), "right"),
    ],
)
def test_counts_go_to_their_bins(counts, closed):
    seen = lk.observe(edges=EDGES, counts=counts, closed=closed)
    assert seen.weights.tolist() == COUNTS


@pytest.mark.parametrize(
    "frame",
    [
        CUT.value_counts().to_frame("n"),
        CUT.value_counts().rename("n").reset_index(),
        pl.from_pandas(CUT.astype(str).value_counts().rename("n").reset_index()),
        pl.DataFrame({"n": [2, 1, 3], "bin": ["(2, 4]", "(0, 1]", "(1, 2]"]}).with_columns(
            pl.col("bin").cast(pl.Categorical)
        ),
        pl.DataFrame({"n": [1, 3, 2]}),
    ],
    ids=["index", "column", "polars", "categorical", "alone"],
)
def test_counts_of_a_frame_go_to_their_bins(frame):
    seen = lk.observe(frame, edges=EDGES, counts="n")
    assert seen.weights.tolist() == COUNTS


def test_bins_that_no_label_names_are_empty():
    """As value_counts leaves them out."""
    counts = pd.Series(["(0, 1]", "(2, 4]", "(2, 4]"]).value_counts()
    seen = lk.observe(edges=EDGES, counts=counts)
    assert (seen.weights.tolist(), seen.row.tolist()) == ([1.0, 2.0], [0, 2])


def test_open_bins_of_polars_are_found():
    seen = lk.observe(POLARS, edges=[-np.inf, 1.0, 2.0, np.inf], counts="count")
    assert seen.weights.tolist() == COUNTS


def test_rounded_ends_in_labels_are_those_of_the_edges():
    """pandas.cut shows three digits of edges that have more."""
    x = np.random.default_rng(1).gamma(2.0, 3.0, 200)
    cells, edges = pd.cut(x, 10, retbins=True)
    seen = lk.observe(edges=edges, counts=pd.Series(cells).value_counts())
    right = np.bincount(np.searchsorted(edges, x) - 1, minlength=10)  # (a, b], as pandas has it
    assert seen.weights.tolist() == right[right > 0].tolist()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (LEFT.value_counts(), r"\[.* is none of these, .*which end is closed"),
        (pd.Series([1, 1, 3]).value_counts().rename({1: 9}), "9 is none of these"),
        (pd.Series(COUNTS, index=["low", "mid", "high"]), r"low is none of these.*to_numpy"),
        (pd.Series(COUNTS, index=[0, 1, 2]), r"\(0, 1\].*0 is none of these"),
        (pd.Series(COUNTS, index=[0.2, 0.7, 1.5]), "0.7 is none of these, or is there twice"),
        (pd.Series(COUNTS, index=pd.date_range("2020", periods=3)), "is none of these"),
        (pd.Series(COUNTS, index=pd.MultiIndex.from_tuples([(0, 1), (1, 2), (2, 4)])), "is none"),
        (pd.Series([2, 1, 3], index=[4, 1, 2]), "may be numbers of rows, or values"),
        (np.unique(VALUES, return_counts=True), r"lk\.observe\(values, weights=counts\)"),
        (POLARS, "give the column of counts alone"),
        ([1, 2], "4 edges make 3 bins, and there are 2 counts"),
        ([7], "there is 1 count"),
    ],
)
def test_other_bins_are_refused(counts, said):
    with pytest.raises(DataError, match=said):
        lk.observe(edges=EDGES, counts=counts)


@pytest.mark.parametrize("edges", [[1.0], [], [0.0, 0.0, 1.0], [1.0, 0.0], [0.0, np.nan]])
def test_edges_rise(edges):
    with pytest.raises(DataError, match="two numbers or more that rise"):
        lk.observe(edges=edges, counts=[1])
