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
    assert out.startswith("gamma · mm · 2 groups · 12 values")
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
    assert out.startswith("2 families · mm · 2 groups · 12 values")


@pytest.mark.usefixtures("stations")
def test_what_does_not_go_with_groups_is_refused(refused):
    assert ".parquet" in refused(*FIT, "-f", "gamma", "--save", "g.json")
    assert "statoin" in refused("fit", "r.csv", "-c", "mm", "--by", "statoin", "-f", "gamma")
    assert "--plot" in refused(*FIT, "-f", "gamma", "--plot", "p.svg")


def test_what_was_left_out_is_told(command, refused, tmp_path):
    (tmp_path / "g.csv").write_text("k,x\na,1.5\na,2\nb,\nb,6\na,7\nb,9\n,2\nb,8\n")
    verb = ("fit", "g.csv", "-c", "x", "--by", "k", "-f", "normal")
    code, out, err = command(*verb, "--missing", "drop")
    assert (code, err) == (0, "left out: 2 of 8 rows, for the value or the key is missing\n")
    assert out.startswith("normal · x · 2 groups · 6 values; 2 missing left out")
    out = command(*verb, "-f", "gamma", "--drop-missing")[1]
    assert out.startswith("2 families · x · 2 groups · 6 values; 2 missing left out")
    assert "1 of 8 cells is missing" in refused(*verb)
    (tmp_path / "g.csv").write_text("k,x\na,1.5\na,2\n,6\n")
    assert "1 of 3 rows has no key" in refused(*verb)
    fits = lk.fit({"x": [1.0, 2.0, None, 4.0, 5.0], "k": [*"aaabb"]}, "normal", column="x", by="k",
                  missing="drop")  # fmt: skip
    assert str(fits["a"].description) == "2 values"
