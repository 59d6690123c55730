"""Keys of groups: numbered in order, whatever they are held in."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeliest.data.keys import keys_of

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(WORDS, min_size=1, max_size=30))
def test_text_of_numpy_makes_the_groups_of_its_list(words: list[str]) -> None:
    keys = keys_of(np.array(words), np.ones(len(words)))
    distinct = sorted(set(words))
    assert list(keys) == distinct
    assert [distinct[i] for i in keys.of_row] == words


@pytest.mark.parametrize("seed", range(3))
def test_rows_in_any_order_find_their_group(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pl.DataFrame({"a": rng.integers(0, 9, 500), "b": rng.choice(["x", "yy", "é"], 500)})
    keys = keys_of(frame, np.ones(500))
    assert list(keys) == sorted(set(frame.rows()))
    assert keys.columns[keys.of_row].rows() == frame.rows()


def test_keys_of_a_text_are_what_is_written(tmp_path) -> None:
    """No number is made of 01, which is another station than 1, nor 1.0 of 1 beside a gap."""
    (tmp_path / "a.csv").write_text("g,h,x\n01,2,1\n1,10,2\n01,,3\n1,2,4\n")
    path = tmp_path / "a.csv"
    assert list(keys_of("g", path)) == ["01", "1"]
    assert list(keys_of("h", path, missing="drop")) == [2, 10]
