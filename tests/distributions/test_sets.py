"""Named sets of families."""

import numpy as np
import pytest

import likeliest as lk


@pytest.mark.parametrize("name", lk.families.SETS)
def test_every_name_of_a_set_is_a_family(name):
    families = lk.families.chosen(name)
    assert len(set(families)) == len(families) >= 2


def test_all_is_every_family():
    assert lk.families.chosen("all") == lk.families.all_families()


def test_a_set_is_found_as_a_family_is():
    assert lk.families.chosen("Heavy tailed") == lk.families.chosen("heavy-tailed")
    assert lk.families.chosen("normal") == [lk.Normal]
    assert lk.families.chosen(["normal", lk.GEV]) == [lk.Normal, lk.GEV]
    with pytest.raises(lk.errors.FamilyError, match="no set of families 'extreme'"):
        lk.families.chosen("extreme")
    with pytest.raises(lk.errors.FamilyError, match="no family 'nonsense'"):
        lk.families.chosen("nonsense")


def test_a_comparison_takes_a_set():
    x = lk.GEV(0.3, 10.0, 2.0).sample(500, seed=1)
    table = lk.compare(x, "extremes")
    assert table.best.family == "gev"
    names = {fit.family for fit in table.fits} | set(table.left_out)
    assert names == set(lk.families.SETS["extremes"])
    assert "gev" not in {fit.family for fit in lk.compare(np.abs(x)).fits}  # of the common ones
