"""A fit is saved and loaded whole, and its table fits a terminal."""

import pytest

import likeliest as lk


def test_json_round_trip(family, ordinary, tmp_path):
    fit = lk.fit(ordinary.sample(100, seed=15), family)
    fit.save(tmp_path / "fit.json")
    loaded = lk.Fit.load(tmp_path / "fit.json")
    assert loaded.distribution == fit.distribution
    assert loaded.to_dict() == fit.to_dict()
    assert repr(loaded) == repr(fit)
    assert [p.name for p in tmp_path.iterdir()] == ["fit.json"]


def test_tables_are_at_most_80_columns_wide(family, ordinary):
    fit = lk.fit(ordinary.sample(100, seed=16), family)
    assert max(map(len, repr(fit).splitlines())) <= 80
    assert "<table " in fit._repr_html_()


def test_a_fit_of_another_format_is_refused():
    saved = lk.fit([1.0, 2.0, 4.0], "normal").to_dict()
    for other in ({**saved, "format": "likeliest fit 99"}, {"distribution": saved["distribution"]}):
        with pytest.raises(lk.errors.DataError, match="not a saved fit"):
            lk.Fit.from_dict(other)
