"""Laws of a regression, on every smooth family: groups, weights, units, rows, threads."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.regression.forms import form_of
from members import TABLE

ON_FAMILIES = pytest.mark.families(where=lambda family: not family.non_smooth)
SIZES = (150, 100)
RUNAWAY = (lk.Burr, lk.Lomax)


def two_groups(family):
    """Return draws of two members, and to which group each belongs."""
    member = TABLE[family].shapes[0]
    first, second = (member.sample(size, seed=seed) for seed, size in enumerate(SIZES, 3))
    if family.support.high == 1.0 and not family.discrete:
        second = second**1.3
    elif family.circular:
        second = lk.angles(1.4 * second)
    elif not family.discrete:
        second = 1.4 * second
    return np.concatenate([first, second]), np.repeat(["a", "b"], SIZES)


def by_group(values, group, family, **words):
    """Regress every parameter on the group."""
    form = form_of(family)
    others = {name: "~ g" for name in form.names if name != form.main}
    return lk.regress("y ~ g", {"y": values, "g": group}, family, formulas=others, **words)


@ON_FAMILIES
def test_an_intercept_alone_is_a_fit(family):
    values = TABLE[family].shapes[0].sample(200, seed=3)
    fit, r = lk.fit(values, family), lk.regress("y ~ 1", {"y": values}, family)
    assert abs(r.log_likelihood - fit.log_likelihood) <= 1e-9 * max(1.0, abs(fit.log_likelihood))
    own = r.form.parameters(tuple(r.parameters[name] for name in r.form.names))
    for name, value in fit.parameters.items():
        assert own[name] == pytest.approx(value, rel=1e-6)


@ON_FAMILIES
def test_all_parameters_on_a_group_are_a_fit_of_each_group(family):
    values, group = two_groups(family)
    apart = [lk.fit(values[group == g], family).log_likelihood for g in "ab"]
    assert abs(by_group(values, group, family).log_likelihood - sum(apart)) <= 1e-9 * SIZES[0]


@ON_FAMILIES
def test_the_same_holds_of_censored_rows(family):
    if family in {lk.Bernoulli, lk.Burr, lk.Zeta}:
        pytest.skip("nothing lies above 1, or a group alone has no maximum")
    values, group = two_groups(family)
    last = float(np.quantile(values, 0.8))
    event, seen = (values <= last).astype(int), np.minimum(values, last)
    apart = [lk.fit(seen[group == g], family, event=event[group == g]).log_likelihood for g in "ab"]
    r = by_group(seen, group, family, event=event)
    assert abs(r.log_likelihood - sum(apart)) <= 1e-9 * SIZES[0]


@ON_FAMILIES
def test_weights_are_repetition(family):
    values, group = two_groups(family)
    often = np.random.default_rng(1).integers(0, 4, values.size)
    if family in RUNAWAY:
        pytest.skip("with these weights a shape runs away")
    weighed = by_group(values, group, family, weights=often)
    repeated = by_group(np.repeat(values, often), np.repeat(group, often), family)
    assert weighed.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-10)
    assert np.allclose(weighed.estimates, repeated.estimates, rtol=1e-6, atol=1e-6)
    assert np.allclose(weighed.errors, repeated.errors, rtol=1e-5)


@pytest.mark.parametrize("runaway", RUNAWAY)
def test_a_shape_that_runs_away_is_named(runaway):
    values, group = two_groups(runaway)
    often = np.random.default_rng(1).integers(0, 4, values.size)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match=r"(shape|outer): .* → "):
        by_group(values, group, runaway, weights=often)


def sample(n=300, seed=0):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, n))
    life = np.exp(1.0 + 0.5 * x - 0.3 * z) * rng.weibull(1.7, n)
    return {"x": x, "z": z, "life": life, "failed": (life < 6.0).astype(int)}


def weibull(frame, terms="x + z"):
    life = np.minimum(frame["life"], 6.0)
    return lk.regress(
        f"life ~ {terms}", {**frame, "life": life}, "weibull", formulas={"shape": "~ x"},
        event="failed",
    )  # fmt: skip


@pytest.mark.parametrize("factor", [1e-6, 1e6])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_a_column_in_another_unit_has_its_coefficient_in_that_unit(factor, offset):
    frame = sample()
    plain = weibull(frame)
    moved = weibull({**frame, "x": factor * frame["x"] + offset * factor})
    assert moved.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)
    for name in ("scale", "shape"):
        ours, theirs = moved.coefficients[name]["x"] * factor, plain.coefficients[name]["x"]
        assert ours == pytest.approx(theirs, rel=1e-7)
        error = moved.standard_errors[name]["x"] * factor
        assert error == pytest.approx(plain.standard_errors[name]["x"], rel=1e-7)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
@pytest.mark.parametrize("name", ["normal", "gamma", "weibull", "student t", "inverse gaussian"])
def test_the_response_in_another_unit(name, factor):
    frame = sample()
    plain = lk.regress("life ~ x", frame, name)
    moved = lk.regress("life ~ x", {**frame, "life": factor * frame["life"]}, name)
    drop = len(frame["x"]) * np.log(factor)
    assert moved.log_likelihood == pytest.approx(plain.log_likelihood - drop, rel=1e-9)
    by_location = name in {"normal", "student t"}
    main = plain.form.main
    ours, theirs = moved.coefficients[main]["x"], plain.coefficients[main]["x"]
    assert ours == pytest.approx(theirs * (factor if by_location else 1.0), rel=1e-6)


def test_an_order_of_rows_does_not_matter():
    frame = sample()
    order = np.random.default_rng(5).permutation(len(frame["x"]))
    plain, mixed = weibull(frame), weibull({name: one[order] for name, one in frame.items()})
    assert np.allclose(plain.estimates, mixed.estimates, rtol=1e-8)
    assert np.allclose(plain.scores()[order], mixed.scores(), atol=1e-6)


def test_one_thread_gives_the_same_bits_as_two():
    frame = sample(70_000)
    before = lk.set_threads(1)
    one = weibull(frame)
    lk.set_threads(2)
    two = weibull(frame)
    lk.set_threads(before)
    assert np.array_equal(one.estimates, two.estimates)
    assert one.log_likelihood == two.log_likelihood


def test_many_rows_take_few_passes():
    frame = sample(100_000)
    r = lk.regress("life ~ x + z", frame, "gamma", formulas={"shape": "~ x + z"})
    assert r.passes <= 4
    assert np.max(np.abs(r.scores().sum(axis=0) * r.errors)) < 1e-6


def test_scores_add_up_to_the_slope_of_the_likelihood():
    frame = sample()
    r = weibull(frame)
    assert np.max(np.abs(r.scores().sum(axis=0) * r.errors)) < 1e-8
    # The outer product of scores is the information, roughly: the second Bartlett identity.
    outer = np.linalg.inv(r.scores().T @ r.scores())
    assert np.allclose(np.sqrt(outer.diagonal()), r.errors, rtol=0.3)


def test_a_row_that_could_not_be_seen_below_its_entry():
    frame = sample(2_000, seed=4)
    entry = np.full(2_000, 1.0)
    seen = frame["life"] > entry
    late = {name: one[seen] for name, one in frame.items()}
    r = lk.regress("life ~ x + z", late, "weibull", entry=1.0)
    by_row = lk.regress("life ~ x + z", late, "weibull", entry=entry[seen])
    assert np.allclose(r.estimates, by_row.estimates, rtol=1e-9)
    truth = np.array([1.0, 0.5, -0.3, np.log(1.7)])
    assert np.all(np.abs(r.estimates - truth) < 4.0 * r.errors)
    blind = lk.regress("life ~ x + z", late, "weibull")
    assert abs(blind.estimates[1] - 0.5) > 2.0 * abs(r.estimates[1] - 0.5)


def test_intervals_that_narrow_are_the_values():
    frame = sample()
    width = 1e-6
    exact = lk.regress("life ~ x", frame, "gamma")
    lower, upper = frame["life"] - width / 2, frame["life"] + width / 2
    known = lk.regress("~ x", frame, "gamma", lower=lower, upper=upper)
    assert np.allclose(exact.estimates, known.estimates, rtol=1e-6)
    assert known.log_likelihood == pytest.approx(
        exact.log_likelihood + 300 * np.log(width), abs=1e-4
    )


def test_an_offset_takes_a_known_part_of_the_predictor():
    frame = sample()
    plain = lk.regress("life ~ x + z", frame, "gamma")
    known = lk.regress("life ~ x + z", frame, "gamma", offset=0.25 * frame["x"])
    assert known.coefficients["mean"]["x"] == pytest.approx(
        plain.coefficients["mean"]["x"] - 0.25, rel=1e-7
    )
    assert known.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


def test_arrays_and_formulas_are_one_model():
    frame = sample()
    X = np.column_stack([frame["x"], frame["z"]])
    by_array = lk.regress(frame["life"], X, "weibull", formulas={"shape": frame["x"]})
    by_formula = lk.regress("life ~ x + z", frame, "weibull", formulas={"shape": "~ x"})
    assert np.allclose(by_array.estimates, by_formula.estimates, rtol=1e-8)
    assert by_array.coefficients["scale"].keys() == {"Intercept", "x1", "x2"}


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow", "dict"])
def test_a_frame_of_any_kind(kind):
    import pandas as pd
    import polars as pl

    frame = sample()
    frame["kind"] = np.where(frame["z"] > 0, "new", "old")
    made = {
        "polars": pl.DataFrame,
        "pandas": lambda f: pd.DataFrame(f, index=np.arange(300)[::-1]),
        "arrow": lambda f: pl.DataFrame(f).to_arrow(),
        "dict": dict,
    }[kind](frame)
    r = lk.regress("life ~ x * kind", made, "weibull", event="failed")
    assert list(r.coefficients["scale"]) == ["Intercept", "x", "kind[T.old]", "x:kind[T.old]"]
    again = lk.regress("life ~ x * kind", frame, "weibull", event="failed")
    assert np.array_equal(r.estimates, again.estimates)


def test_a_dispersion_of_nothing_ends_on_its_bound():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    y = rng.binomial(10, 1.0 / (1.0 + np.exp(-x)))  # varies less than a Poisson's
    r = lk.regress("y ~ x", {"y": y, "x": x}, "negative binomial")
    poisson = lk.regress("y ~ x", {"y": y, "x": x}, "poisson")
    assert r.bounds == ("dispersion",)
    assert r.parameters["dispersion"] == 0.0
    assert np.allclose(r.estimates, poisson.estimates, rtol=1e-7)
    assert r.log_likelihood == pytest.approx(poisson.log_likelihood, rel=1e-12)
