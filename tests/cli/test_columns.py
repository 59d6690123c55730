"""`likeliest fit` of several columns."""

import json

import pytest

import likeliest as lk

WIDE = (
    "id,site,w,n,gap,conc\n1,a,2.5,3,1.5,<5\n2,b,3.5,4,,7.5\n3,c,1.25,2,2.5,8\n"
    "4,d,7.0,0,3.25,9\n5,e,4.5,6,1.0,12\n6,f,2.25,3,2.0,11\n"
)
W = [2.5, 3.5, 1.25, 7.0, 4.5, 2.25]
GAP = [1.5, 2.5, 3.25, 1.0, 2.0]


@pytest.fixture
def wide(tmp_path):
    (tmp_path / "wide.csv").write_text(WIDE)
    return "wide.csv"


def test_all_columns(command, golden, wide):
    code, out, err = command("fit", wide, "--all-columns")
    assert (code, err) == (0, "")
    golden("fit_columns", out)


def test_several_columns_are_each_fitted_by_themselves(command, wide):
    code, out, _ = command("fit", wide, "-c", "w", "-c", "gap", "--missing", "drop", "-f", "gamma",
                           "--level", "0.9", "--json")  # fmt: skip
    assert code == 0
    record = json.loads(out)
    assert list(record["columns"]) == ["w", "gap"]
    assert record["missing"] == {"w": 0, "gap": 1}
    for name, values in (("w", W), ("gap", GAP)):
        fit = lk.fit(values, "gamma")
        written = record["columns"][name]["fits"][0]
        assert written["log_likelihood"] == fit.log_likelihood
        assert written["intervals"] == {"level": 0.9} | {
            n: [*ends] for n, ends in fit.intervals(0.9).items()
        }


def test_limits_and_the_full_tables(command, wide):
    code, out, _ = command("fit", wide, "--all-columns", "--limits", "--drop-missing", "--full")
    assert code == 0
    for name in ("w", "n", "gap", "conc"):
        assert f"families · {name} · " in out
    assert "not fitted" not in out


def test_a_column_that_counts_the_rows_is_fitted_where_it_is_named(command, wide):
    code, out, _ = command("fit", wide, "-c", "id", "-c", "w", "-f", "uniform", "--json")
    assert code == 0
    assert list(json.loads(out)["columns"]) == ["id", "w"]


def test_standard_input_is_read_once(process):
    done = process("fit", "-", "--all-columns", "-f", "gamma", "--json", given=WIDE.encode())
    assert done.returncode == 0
    assert list(json.loads(done.stdout)["columns"]) == ["w", "n"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--save", "x.json"), "--save"), (("--plot", "x.png"), "--plot"),
        (("-f", "t", "--fixed", "df=3"), "--fixed"), (("-c", "w"), "exclude each other"),
        (("--level", "0.9"), "--level"),
    ],
)  # fmt: skip
def test_what_goes_with_one_column_is_refused(refused, wide, options, said):
    assert said in refused("fit", wide, "--all-columns", *options)


def test_a_name_that_is_not_there(refused, wide):
    assert "'nope'" in refused("fit", wide, "-c", "w", "-c", "nope")


def test_a_first_line_that_may_be_a_row_is_asked_back(refused, tmp_path):
    (tmp_path / "y.csv").write_text("2019,2020,2021\n10,20,1\n11,21,1\n12,25,3\n")
    assert "header or the first row" in refused("fit", "y.csv", "--all-columns")
