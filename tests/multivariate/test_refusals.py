"""What families of rows refuse, with the rows and columns named."""

import numpy as np
import polars as pl
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError, SupportError, UnboundedLikelihoodError

RNG = np.random.default_rng(3)
ROWS = RNG.normal(size=(40, 2))
TABLE = {"a": ROWS[:, 0], "b": ROWS[:, 1]}
TIED = {**TABLE, "c": 2.0 * ROWS[:, 0] - ROWS[:, 1] + 5.0, "d": RNG.normal(size=40)}
HOLED = {"a": np.where(np.arange(40) == 7, np.nan, ROWS[:, 0]), "b": ROWS[:, 1]}
APART = {"a": np.where(np.arange(40) < 20, np.nan, 1.0 * ROWS[:, 0]),
         "b": np.where(np.arange(40) < 20, ROWS[:, 1], np.nan)}  # fmt: skip
SHARES = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])
COUNTS = np.array([[3, 1, 0], [1, 1, 2]])


@pytest.mark.parametrize("law", ["multivariate normal", "multivariate t"])
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (TIED, "the columns a, b, c are linear combinations"),
        ({**TABLE, "c": np.full(40, 3.0)}, "c has one value, 3"),
        (ROWS[:2], "2 rows of 2 columns lie on a plane"),
        (np.repeat(ROWS[:3], 9, axis=0)[:, [0, 1, 0]], "0, 2 are linear combinations"),
    ],
)
def test_no_maximum(law, data, says):
    with pytest.raises(UnboundedLikelihoodError, match=says):
        lk.fit(data, law)


def test_too_few_whole_rows():
    """As many rows as columns lie on a plane: no maximum, or one inside, and that is said."""
    rows = np.array([[np.nan, 0, 3], [7, 2, 6], [5, 1, 2], [np.nan, np.nan, 5]])
    with pytest.raises(UnboundedLikelihoodError, match="only 2 rows have 0, 1, 2 all seen"):
        lk.fit(rows, "multivariate normal", missing="em")
    rows = np.random.default_rng(0).normal(size=(80, 3))
    rows[np.arange(78), np.arange(78) % 3] = np.nan
    inside = lk.fit(rows, "multivariate normal", missing="em")
    assert "Only 2 rows have 0, 1, 2 all seen" in inside.notes[1]


@pytest.mark.parametrize(
    ("data", "law", "words", "kind", "says"),
    [
        (HOLED, "multivariate t", {}, DataError, r"1 cells are missing.*first: row 7 of a"),
        (HOLED, "multivariate t", {"missing": "em"}, ParameterError, "of a multivariate normal"),
        (APART, "multivariate normal", {"missing": "em"}, DataError, "a and b are never seen"),
        (ROWS[:, 0], "multivariate normal", {}, DataError, "two-dimensional array"),
        (TABLE, "multivariate t", {"column": "a"}, DataError, "two columns or more"),
        ({**TABLE, "s": ["x"] * 40}, "multivariate normal", {}, DataError, "'s'.*column="),
        (TABLE, "multivariate normal", {"by": [1] * 40}, ParameterError, "by= goes with"),
        (ROWS, "multivariate normal", {"axis": 0}, ParameterError, "rows are the observations"),
        (TABLE, "multivariate normal", {"event": [1] * 40}, ParameterError, "event= goes with"),
        (TABLE, "multivariate t", {"fixed": {"df": 3}}, ParameterError, "fixed= goes with"),
        (TABLE, "multivariate t", {"rounding": 0.1}, ParameterError, "rounding= goes with"),
        (ROWS, "multivariate t", {"weights": [1.0, 2.0]}, DataError, "2 weights for 40 rows"),
        (ROWS, "multivariate t", {"weights": -np.ones(40)}, DataError, "row 0 has -1"),
        (np.where(ROWS > 2, np.inf, ROWS), "multivariate normal", {}, DataError, "inf: decide"),
        (SHARES * 0.9, "dirichlet", {}, SupportError, r"first: row 0, 0\.9\)"),
        ([[0.5, 0.5], [0.0, 1.0]], "dirichlet", {}, SupportError, "row 1, 0 is 0"),
        (np.tile(SHARES[0], (5, 1)), "dirichlet", {}, UnboundedLikelihoodError, "alpha → ∞"),
        (COUNTS + 0.5, "multinomial", {}, SupportError, r"first: row 0, 0 is 3\.5"),
        (COUNTS * 0, "multinomial", {}, DataError, "all counts are 0"),
        (COUNTS * [1, 1, 0], "dirichlet-multinomial", {}, UnboundedLikelihoodError, "2 was never"),
        ([[1, 0], [0, 1], [1, 0]], "dirichlet-multinomial", {}, DataError, "two trials or more"),
        ([[9, 0], [0, 9], [9, 0]], "dirichlet-multinomial", {}, UnboundedLikelihoodError,
         "as alpha → 0: each row counts one category"),
        (ROWS + 1j, "multivariate normal", {}, DataError, "complex"),
        (ROWS.astype("M8[s]"), "multivariate normal", {}, DataError, "are dates"),
        (ROWS[:, :0], "multivariate normal", {}, DataError, "no columns"),
        ({}, "multivariate normal", {}, DataError, "no columns"),
        (ROWS * [1.0, 1e-200], "multivariate normal", {}, DataError, "1 spreads over.*unit"),
        (ROWS * [1e200, 1.0], "multivariate t", {}, DataError, "0 spreads over.*unit"),
        (["a", None], "categorical", {}, DataError, "1 of 2 labels are missing"),
        (["a", "b"], "categorical", {"missing": "em"}, ParameterError, '"raise" or "drop"'),
        ([None], "categorical", {"missing": "drop"}, DataError, "no labels"),
        ([1, "1"], "categorical", {}, ParameterError, "each written in its own way"),
        (5, "categorical", {}, DataError, "list or a column"),
        (TABLE, "categorical", {}, DataError, "Name the column"),
        ([["a"], ["b"]], "categorical", {}, DataError, "must be one value"),
        (lk.observe([1.0, 2.0]), "multivariate normal", {}, DataError, "one column"),
    ],
)  # fmt: skip
def test_what_is_refused(data, law, words, kind, says):
    with pytest.raises(kind, match=says):
        lk.fit(data, law, **words)


@pytest.mark.parametrize("df", ["a", None, np.nan, 0])
def test_a_df_that_is_none(df):
    with pytest.raises(ParameterError, match="df must be > 0"):
        lk.MultivariateT(df, [0, 0], np.eye(2))


@pytest.mark.parametrize(
    "ask",
    [
        lambda d: d.conditional({"0": "high"}),
        lambda d: d.conditional([0]),
        lambda d: d.marginal(5),
        lambda d: d.probability([0.0] * 3, 1.0),
        lambda d: d.cdf("high"),
        lambda d: d.log_likelihood(ROWS, weights=[1.0]),
        lambda d: d.log_likelihood(ROWS[:2], weights=[-1.0, 2.0]),
        lambda d: d.log_prob({"0": [1.0], "1": [2.0, 3.0]}),
    ],
)
def test_questions_that_have_no_answer(ask):
    with pytest.raises((DataError, ParameterError)):
        ask(lk.MultivariateT(3.0, [0, 0], np.eye(2)))


@pytest.mark.parametrize("x", [{"sky": ["dry"]}, [["dry"]]])
def test_labels_in_a_table(x):
    with pytest.raises(DataError):
        lk.Categorical({"dry": 0.7, "rain": 0.3}).log_prob(x)


@pytest.mark.parametrize(
    "changed",
    [
        {"covariance": [1.0]},
        {"covariance": [[1.0]]},
        {"n": -40.0},
        {"n": "nan"},
        {"log_likelihood": "inf"},
    ],
)
def test_a_saved_fit_that_was_changed(changed):
    saved = lk.fit(ROWS, "multivariate normal").to_dict()
    with pytest.raises(DataError, match="not a saved fit"):
        lk.MultivariateFit.from_dict(saved | changed)


def test_rows_on_which_a_t_shrinks():
    """Where m of n rows are the same the likelihood is unbounded for df < d m/(n - m)."""
    tied = np.concatenate([np.zeros((60, 2)), ROWS])
    with pytest.raises(UnboundedLikelihoodError, match="shrinks on a part of the rows"):
        lk.fit(tied, "multivariate t")
    rows = lk.MultivariateT(1.0, [0, 0], np.eye(2)).sample(12, seed=0)
    fit = lk.fit(rows, "multivariate t")
    assert 2 / 11 < fit.parameters["df"] < 10
    assert "interior maximum: for df < 0.182" in fit.notes[0]


def test_like_is_compared_with_like():
    with pytest.raises(DataError, match="Like is compared with like only"):
        lk.compare(RNG.dirichlet([2, 3, 4], 30) + [0, 0, 1e-7] * RNG.normal(size=(30, 1)),
                   ["dirichlet", "multivariate normal"])  # fmt: skip
    with pytest.raises(ParameterError, match="cannot be ranked beside"):
        lk.compare(ROWS, ["normal", "multivariate normal"])


def test_families_of_one_column_point_here():
    with pytest.raises(DataError, match=r'lk\.fit\(x, "multivariate normal"\)'):
        lk.fit(ROWS, "normal")
    with pytest.raises(lk.errors.FamilyError, match="family of rows"):
        lk.regress("a ~ b", TABLE, "multivariate t")


def test_on_the_command_line(tmp_path, capsys):
    from likeliest.cli import run

    path = tmp_path / "rows.csv"
    pl.DataFrame(HOLED | {"s": ["x", "y"] * 20}, nan_to_null=True).write_csv(path)
    base = ["fit", str(path), "--column", "a", "--column", "b", "--family"]
    saved = tmp_path / "fit.json"
    assert run([*base, "multivariate normal", "--missing", "em", "--save", str(saved)]) == 0
    assert "correlation[a, b]" in capsys.readouterr().out
    assert lk.MultivariateFit.load(saved).n == 40
    assert run([*base, "mvt", "--drop-missing", "--json"]) == 0
    assert '"loc[a]"' in capsys.readouterr().out
    assert run(["fit", str(path), "--column", "s", "--family", "categorical"]) == 0
    assert "p[x]" in capsys.readouterr().out
    picture = tmp_path / "pairs.png"
    assert run([*base, "mvn", "--drop-missing", "--plot", str(picture)]) == 0
    assert picture.exists()
    for more, says in (
        (["multivariate t", "--missing", "em"], "of a multivariate normal alone"),
        (["multivariate t", "--by", "s"], "--by goes with families of one column"),
        (["normal", "--missing", "em"], "--missing em goes with"),
        (["multivariate t", "--family", "multivariate normal"], "name it alone"),
    ):
        assert run([*base, *more]) == 2
        assert says in capsys.readouterr().err
    assert run(["fit", str(path), "--family", "categorical", "--missing-code", "3"]) == 2
    assert "not with labels" in capsys.readouterr().err
    assert run(["families", "dirichlet"]) == 0
    assert "Dirichlet distribution" in capsys.readouterr().out
