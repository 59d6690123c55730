"""Made families in text: names within names, and the values of their parameters."""

import pytest

import likeliest as lk
from likeliest.distributions.notation import parse, written
from members import MADE


@pytest.mark.parametrize("member", MADE.values(), ids=repr)
def test_what_is_written_is_read_back(member):
    assert parse(written(member)) == member
    assert lk.families.find(member.name) is type(member)


def test_values_may_stand_in_brackets():
    member = lk.truncated("normal", lower=-1, upper=3)(0.5, 2.0)
    assert parse("truncated(normal, lower=-1, upper=3)(0.5, std=2)") == member
    assert parse("Truncated(normal,-1,3): 0.5, 2") == member


@pytest.mark.parametrize("text", ["truncated(normal, lower=0)", "zero-inflated poisson"])
def test_without_values_it_is_no_distribution(text):
    with pytest.raises(lk.errors.ParameterError, match="names no parameters"):
        parse(text)


def test_a_tower_of_brackets_is_refused():
    text = "truncated(" * 200 + "normal" + ", lower=0)" * 200
    with pytest.raises(lk.errors.FamilyError, match="at most 8 times over"):
        lk.families.find(text)
