"""What a person sees who types `lk.` and presses tab, in Python and on the command line."""

import inspect
import subprocess
import sys

import likeliest as lk

ROOMS = {"datasets", "distributions", "errors", "language", "losses", "plots"}


def test_completion_shows_the_public_names_alone():
    assert set(dir(lk)) == {*lk.__all__, "__version__"}
    assert set(dir(lk)) >= ROOMS | {"fit", "compare", "observe", "read", "Normal", "Fit"}
    assert not any(name.startswith("_") for name in lk.__all__)


def test_rooms_need_no_import_of_their_own():
    code = "import likeliest as lk; print(*(getattr(lk, n).__name__ for n in {names}))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code.format(names=sorted(ROOMS))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [
        "likeliest.data.datasets", *(f"likeliest.{name}" for name in sorted(ROOMS - {"datasets"})),
    ]  # fmt: skip


def test_one_name_for_a_seed():
    import typer

    from likeliest.cli import app

    group = typer.main.get_command(app)
    assert "seed" in [p.name for p in group.commands["sample"].params]
    assert "seed" in [p.name for p in group.commands["language"].commands["generate"].params]
    assert "seed" in inspect.signature(lk.Normal.sample).parameters
    assert "seed" in inspect.signature(lk.language.NGramModel.generate).parameters
    assert "seed" in inspect.signature(lk.Observations.subsample).parameters


def test_the_options_of_fit_are_the_words_of_python():
    import typer

    from likeliest.cli import app

    options = {p.name for p in typer.main.get_command(app).commands["fit"].params}
    words = set(inspect.signature(lk.compare).parameters) | set(
        inspect.signature(lk.fit).parameters
    )
    words |= set(inspect.signature(lk.read).parameters)
    words |= set(inspect.signature(lk.Fit.intervals).parameters)
    ours = {
        "all_columns",
        "drop_missing",
        "full",
        "plot",
        "kind",
        "save",
        "json",
    }  # of the command alone
    assert options - words == ours


def test_all_that_writes_a_family_is_in_one_place():
    from likeliest import distributions

    assert set(dir(distributions)) == set(distributions.__all__)
    for name in ("ContinuousDistribution", "DiscreteDistribution", "family", "positive", "real",
                 "unit_interval", "Support", "REALS", "POSITIVE_REALS", "COUNTS"):  # fmt: skip
        assert name in distributions.__all__
        assert getattr(distributions, name) is not None
