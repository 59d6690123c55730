"""`likeliest fit --by`: each group of a file."""

import json

import polars as pl
import pytest

import likeliest as lk

FRAME = pl.DataFrame(
    {
        "station": ["a", "b"] * 6,
        "year": [1, 1, 2, 2] * 3,
        "mm": [1.5, 2.0, 4.5, 3.0, 8.5, 6.0, 2.5, 1.0, 3.5, 2.5, 7.0, 4.0],
        "rain": [1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1],
    }
)
FIT = ("fit", "r.csv", "-c", "mm", "--by", "station")


@pytest.fixture
def stations(tmp_path):
    FRAME.write_csv(tmp_path / "r.csv")


@pytest.mark.usefixtures("stations")
def test_a_family_is_fitted_to_each_group(command, tmp_path):
    code, out, err = command(*FIT, "-f", "gamma", "--save", "g.parquet")
    assert code == 0, err
    assert out.startswith("gamma · 2 groups · 12 values")
    assert err == "groups: g.parquet\n"
    saved = pl.read_parquet(tmp_path / "g.parquet")
    assert saved.equals(lk.fit(FRAME, "gamma", column="mm", by="station").to_frame(level=0.95))
    command(*FIT, "--by", "year", "-f", "gamma", "--save", "g.csv")
    assert pl.read_csv(tmp_path / "g.csv").height == 4
    rows = json.loads(command(*FIT, "-f", "exponential", "--event", "rain", "--json")[1])
    expected = lk.fit(FRAME, "exponential", column="mm", event="rain", by="station")
    assert [row["rate"] for row in rows] == pytest.approx(expected.parameters["rate"].tolist())


@pytest.mark.usefixtures("stations")
def test_families_are_ranked_for_each_group(command):
    out = command(*FIT, "-f", "gamma", "-f", "normal")[1]
    assert out.startswith("2 families · 2 groups · 12 values")


@pytest.mark.usefixtures("stations")
def test_what_does_not_go_with_groups_is_refused(refused):
    assert ".parquet" in refused(*FIT, "-f", "gamma", "--save", "g.json")
    assert "statoin" in refused("fit", "r.csv", "-c", "mm", "--by", "statoin", "-f", "gamma")
    assert "--plot" in refused(*FIT, "-f", "gamma", "--plot", "p.svg")
