"""Distributions as they are written: read back the same, parsed and never evaluated."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import likeliest as lk
from laws import draws
from likeliest.distributions.notation import parse, written
from likeliest.errors import LikeliestError


@given(data=st.data())
def test_what_is_written_is_read_back(family, data):
    member = data.draw(draws.members(family))
    assert parse(written(member)) == member


@pytest.mark.parametrize("text", [
    "normal:mean=50,std=2.5", "normal(mean=50, std=2.5)", " Normal : mean = 50 , std = 2.5 ",
    "normal:50,2.5", "normal(50, std=2.5)", "normal:std=2.5,mean=50", "NORMAL(50,2.5)",
    "gaussian:5e1,25e-1",
])  # fmt: skip
def test_ways_to_write_one(text):
    assert parse(text) == lk.Normal(50, 2.5)


@pytest.mark.parametrize("text", [
    "", ":", "()", "normal", "normal:", "normal()", "normal:1", "normal:1,2,3", "normal:mean=1",
    "normal:mean=1,mean=2", "normal:1,mean=2", "normal:mean=,std=1", "normal:mean=a,std=1",
    "normal:mean=1;std=2", "__import__('os').system('true')", "normal:mean=__import__('os'),std=1",
    "normal(mean=1, std=2", "normal:mean=1,std=2)", "normal:" + "9" * 100_000, "\0", "normal:nan,1",
    "normal:inf,1", "normal:mean=0x10,std=1e", "{0.__class__}:1", "normal:mean==1,std=2",
    "normal:0,1e999", "normal:1_0,2", "normal:١,٢", "normal:mean=１,std=２", "normal\0:1,2",
    "normal:1\0,2", "student t:df=1e400,loc=0,scale=1", "normal:" + "1," * 100_000,
    " " * 200_000, "a" + " " * 200_000, "a " * 100_000, "normal" + " " * 200_000 + "x",
    "normal(" * 50_000, "(" * 200_000, ":" * 200_000, "normal:" + "=" * 200_000 + "1",
    "a" * 200_000 + ":1", "normal:" + "k" * 200_000 + "=1,std=2",
])  # fmt: skip
def test_hostile_text_is_one_error(text):
    with pytest.raises(LikeliestError) as caught:
        parse(text)
    assert len(str(caught.value)) < 500


def test_infinity_is_written_in_words():
    assert parse("student t:df=inf,loc=0,scale=1").df == float("inf")


@given(st.text(max_size=40))
def test_any_text_is_a_distribution_or_an_error(text):
    with contextlib.suppress(LikeliestError):
        parse(text)
