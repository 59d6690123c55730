"""What several verbs are given: data, a column of them, distributions, levels."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from likeliest.cli import output
from likeliest.errors import ParameterError
from likeliest.fitting.criteria import Criterion

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.data.reading.written import Written
    from likeliest.distributions.distribution import Distribution


WRITTEN = ": written as normal:mean=50,std=2.5, or a fit saved as JSON."


class Missing(StrEnum):
    """What becomes of missing cells."""

    RAISE = "raise"
    DROP = "drop"


class MissingOfFit(StrEnum):
    """The same of a fit, which may be of a family of rows."""

    RAISE = "raise"
    DROP = "drop"
    EM = "em"


class Decimal(StrEnum):
    """The decimal mark of a file."""

    POINT = "."
    COMMA = ","


def _data_sets(incomplete: str) -> list[str]:
    from likeliest.data import datasets

    return [name for name in datasets.names() if name.startswith(incomplete)]


def family_names(incomplete: str) -> list[str]:
    """Return the families whose names begin so, for the completion of a shell."""
    from likeliest.distributions.families import all_families

    return [f.name for f in all_families() if f.name.startswith(incomplete)]


def _sets(incomplete: str) -> list[str]:
    """Return the sets of families whose names begin so, for the completion of a shell."""
    from likeliest.distributions.families import sets

    return [name for name in (*sets.SETS, "all") if name.startswith(incomplete)]


Data = Annotated[
    str,
    typer.Argument(
        help="The file to read: CSV, TSV, Parquet, Arrow, JSON, NumPy or Excel, plain or packed. "
        "A single - reads standard input, and five_points, old_faithful and seattle_rain are "
        "bundled.",
        autocompletion=_data_sets,
    ),
]
SavedFit = Annotated[str, typer.Argument(metavar="FIT.json", help="A fit saved by --save.")]
ColumnName = Annotated[
    str | None,
    typer.Option("--column", "-c", help="Read this column; needed where several could be meant."),
]
ColumnNames = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        "-c",
        help="Read this column; needed where several could be meant. May be repeated: each column "
        "is then fitted by itself, or by a family of rows all as one.",
    ),
]
AllColumns = Annotated[
    bool,
    typer.Option(
        "--all-columns",
        help="Fit each column of numbers by itself; one that counts the rows is left out.",
    ),
]
MissingOption = Annotated[
    Missing,
    typer.Option(
        "--missing",
        help="Say what becomes of empty and NA cells: raise stops at them, drop leaves them out "
        "and says how many.",
    ),
]
MissingOfFitOption = Annotated[
    MissingOfFit,
    typer.Option(
        "--missing",
        help="Say what becomes of empty and NA cells: raise stops at them, drop leaves them out "
        "and says how many, em takes what there is of a row (multivariate normal).",
    ),
]
DropMissing = Annotated[
    bool,
    typer.Option("--drop-missing", help="Leave missing cells out; the same as --missing drop."),
]
Limits = Annotated[
    bool,
    typer.Option(
        "--limits", help="Read <5 and >100 as values known only to lie below or above a limit."
    ),
]
DecimalMark = Annotated[
    Decimal | None,
    typer.Option(
        "--decimal", help="Name the decimal mark where cells such as 1,234 leave it open."
    ),
]
MissingCode = Annotated[
    str | None,
    typer.Option(
        "--missing-code",
        metavar="NUMBER|none",
        help="Name the number that stands for a missing value, such as -999; none says that no "
        "number does.",
    ),
]
Event = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Name the column that holds 1 where the value was seen, and 0 where it is a lower "
        "bound: the end had not come yet (right-censored).",
    ),
]
Lower = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Name the column of lower bounds, in place of values. An empty cell is no bound; two "
        "equal bounds are an exact value.",
    ),
]
Upper = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Name the column of upper bounds.")
]
Entry = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN|NUMBER",
        help="Set the limit at or below which a value would not have been seen, such as a "
        "deductible: a column, or one number for all rows.",
    ),
]
Exit = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN|NUMBER",
        help="Set the limit above which a value would not have been seen: a column, or one number "
        "for all rows.",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Name the column that says how often each row was seen."),
]
SamplingWeights = Annotated[
    str | None,
    typer.Option(
        "--sampling-weights",
        metavar="COLUMN",
        help="Name the column that says how many of the population each row of a survey stands "
        "for; standard errors are then robust ones.",
    ),
]
FamilyNames = Annotated[
    list[str] | None,
    typer.Option(
        "--family",
        "-f",
        help="Fit this family; may be repeated. Without it a set of families is compared.",
        autocompletion=family_names,
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by", help="Fit each group of this column by itself; may be repeated for several."
    ),
]
FamilySet = Annotated[
    str | None,
    typer.Option(
        metavar="SET",
        help="Compare the families of this set: common (by default), all, heavy-tailed, "
        "survival, extremes, positive, shares or counts.",
        autocompletion=_sets,
    ),
]
Fixed = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="Hold a parameter at a value, such as df=5; may be repeated. Needs one --family.",
    ),
]
CriterionName = Annotated[
    Criterion | None,
    typer.Option(help="Rank the families by aicc (by default), aic, bic or nll."),
]
Rounding = Annotated[
    float | None,
    typer.Option(
        help="Name the step to which values were rounded; 0 takes them as exact. The default is 1 "
        "for whole numbers when families are compared, else 0."
    ),
]
LEVEL = 0.95
IntervalLevel = Annotated[
    float, typer.Option(help="Give intervals of this coverage, between 0 and 1.")
]
Level = Annotated[
    float, typer.Option(help="Give intervals of this coverage; only a saved fit has intervals.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON in place of tables.")]
Picture = Annotated[
    Path | None, typer.Option(help="Draw the result to this .png, .svg or .pdf file.")
]


def as_written(decimal: Decimal | None, missing_code: str | None) -> Written:
    """Return what is said of all cells of a file."""
    from likeliest.data.reading.written import written

    return written(None if decimal is None else decimal.value, missing_code)


def read_observations(
    data: str,
    column: str | None,
    words: dict[str, str | None],
    missing: Missing,
    *,
    drop_missing: bool,
    limits: bool,
    written: Written,
    grouped: bool = False,
) -> Observations:
    """Return what was seen, and say on standard error what was left out or is a limit.

    `words` are those of `likeliest.observe`, with the columns that hold them. Of groups it is told
    later, for a key may be missing too.
    """
    from likeliest.data.named import observe_file

    if limits and (words["lower"] or words["upper"]):
        raise ParameterError(
            "--limits takes <5 among values, and does not go with --lower and --upper: there the "
            "open end is an empty cell."
        )
    for end in ("entry", "exit"):
        _require_no_comma(end, words[end])
    drops = drop_missing or missing is Missing.DROP
    with output.progress(f"reading {data}"):
        seen = observe_file(
            data,
            column,
            {word: name for word, name in words.items() if name is not None},
            missing="drop" if drops else "raise",
            limits=limits,
            written=written,
        )
    if drops and not grouped:
        left_out = seen.provenance.left_out
        cells = f"{left_out:,} of {left_out + len(seen):,} cells, missing"
        print(f"left out: {cells}", file=sys.stderr)  # noqa: T201
    if limits and seen.lower is not None:
        cells = f"{int((seen.lower != seen.upper).sum()):,} of {len(seen):,} values"
        print(f"limits: {cells} are known only to lie below or above", file=sys.stderr)  # noqa: T201
    return seen


def require_level(level: float) -> None:
    """Refuse a level that is no probability."""
    if not 0.0 < level < 1.0:
        raise ParameterError(f"--level must lie between 0 and 1, such as 0.95; got {level:g}.")


def _require_no_comma(name: str, given: str | None) -> None:
    """Refuse a number with a decimal comma, which would be taken for the name of a column."""
    if given is not None and re.fullmatch(r"[+-]?[0-9]*,[0-9]+", given):
        raise ParameterError(
            f"--{name} {given}: a number is written with a decimal point, "
            f"--{name} {given.replace(',', '.')}."
        )


def read_distribution(text: str) -> Distribution:
    """Return the distribution that is written, or that of a saved fit."""
    from likeliest.distributions.notation import parse
    from likeliest.fitting.result import Fit

    return Fit.load(text).distribution if Path(text).suffix == ".json" else parse(text)


def fixed_parameters(given: list[str]) -> dict[str, float]:
    """Return parameters to hold from `name=value`.

    Examples
    --------
    >>> fixed_parameters(["df=5"])
    {'df': 5.0}
    """
    fixed: dict[str, float] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        try:
            number = float(value)
        except ValueError:
            number = None
        if not equals or number is None:
            raise ParameterError(f"--fixed takes a name and a value, such as df=5; got {text!r}.")
        if name in fixed:
            raise ParameterError(f"--fixed {name} is given twice.")
        fixed[name] = number
    return fixed
