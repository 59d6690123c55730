"""`likeliest goodness`, `likelihood-ratio` and `vuong`: tests of saved fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    ColumnName,
    Data,
    DecimalMark,
    DropMissing,
    Entry,
    Event,
    Exit,
    Json,
    Limits,
    Lower,
    Missing,
    MissingCode,
    MissingOption,
    SamplingWeights,
    SavedFit,
    Upper,
    Weights,
)
from likeliest.cli.saved import Reading

if TYPE_CHECKING:
    from likeliest.inference import HypothesisTest

Draws = Annotated[int, typer.Option(help="Draw so many samples, each of which is fitted anew.")]
Seed = Annotated[int, typer.Option(help="Draw the same samples for the same seed.")]


def goodness(
    fit: SavedFit,
    data: Data,
    method: Annotated[
        Literal["ad", "ks", "cvm", "chi2", "smooth"],
        typer.Option(
            help="Measure by Anderson and Darling's distance (the default), Kolmogorov and "
            "Smirnov's, Cramér and von Mises', Pearson's χ², or Neyman's smooth test, which draws "
            "no samples.",
        ),
    ] = "ad",
    draws: Draws = 999,
    seed: Seed = 0,
    column: ColumnName = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    sampling_weights: SamplingWeights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    json: Json = False,
) -> None:
    """Test whether the family of a saved fit describes the data that it was fitted to."""
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    reading = Reading(data, column, words, missing, drop_missing, limits, decimal, missing_code)
    made = reading.attached(fit)
    with output.progress(f"testing {made.family}"):
        _show(made.goodness(method, draws=draws, seed=seed), json=json)


def likelihood_ratio(
    small: Annotated[str, typer.Argument(metavar="SMALL.json", help="The fit to be tested.")],
    big: Annotated[
        str,
        typer.Argument(metavar="BIG.json", help="A fit of a larger family that holds the smaller."),
    ],
    data: Data,
    method: Annotated[
        Literal["asymptotic", "bootstrap"] | None,
        typer.Option(
            help="Take the p-value from the law in large samples, or from samples drawn from the "
            "smaller fit. Without it asymptotic, but bootstrap where no simple law holds.",
        ),
    ] = None,
    draws: Draws = 999,
    seed: Seed = 0,
    column: ColumnName = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    sampling_weights: SamplingWeights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    json: Json = False,
) -> None:
    """Test a saved fit against one of a larger family, by the ratio of their likelihoods."""
    from likeliest.inference import likelihood_ratio as tested

    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    reading = Reading(data, column, words, missing, drop_missing, limits, decimal, missing_code)
    fits = reading.attached(small), reading.attached(big)
    with output.progress(f"testing {fits[0].family}"):
        _show(tested(*fits, method, draws=draws, seed=seed), json=json)


def vuong(
    first: Annotated[str, typer.Argument(metavar="FIRST.json", help="A fit saved by --save.")],
    second: Annotated[
        str, typer.Argument(metavar="SECOND.json", help="A fit of another family to the same data.")
    ],
    data: Data,
    correction: Annotated[
        Literal["none", "aic", "bic"],
        typer.Option(help="Take the criterion's penalties from the difference."),
    ] = "none",
    column: ColumnName = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    sampling_weights: SamplingWeights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    json: Json = False,
) -> None:
    """Test which of two saved fits is closer to the data's own law; neither holds the other."""
    from likeliest.inference import vuong as tested

    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights, "sampling_weights": sampling_weights,
    }  # fmt: skip
    reading = Reading(data, column, words, missing, drop_missing, limits, decimal, missing_code)
    fits = reading.attached(first), reading.attached(second)
    _show(tested(*fits, correction=correction), json=json)


def _show(test: HypothesisTest, *, json: bool) -> None:
    if json:
        output.show_json(test.to_dict())
    else:
        output.show(test.table())
