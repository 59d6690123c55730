"""`likeliest likelihood`: data fixed, the parameters vary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from likeliest.cli import output
from likeliest.cli.arguments import (
    WRITTEN,
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
    Picture,
    Upper,
    Weights,
    as_written,
    read_distribution,
    read_observations,
)
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array
    from likeliest.tables import Table

_FEW = 10  # values whose densities are listed one by one
_CELLS = (
    "Some of these give probabilities of whole numbers: to be compared with them, a density is "
    "taken as the probability of the interval of width 1 about each value."
)


def likelihood(
    data: Data,
    distributions: Annotated[
        list[str], typer.Argument(help=f"One distribution or more, each{WRITTEN}")
    ],
    column: ColumnName = None,
    event: Event = None,
    lower: Lower = None,
    upper: Upper = None,
    entry: Entry = None,
    exit: Exit = None,  # noqa: A002
    weights: Weights = None,
    missing: MissingOption = Missing.RAISE,
    drop_missing: DropMissing = False,
    limits: Limits = False,
    decimal: DecimalMark = None,
    missing_code: MissingCode = None,
    plot: Picture = None,
    json: Json = False,
) -> None:
    """Tell how likely each distribution makes the data, the likeliest first."""
    from likeliest.data.observations import Observations

    output.require_picture(plot)
    chosen = [read_distribution(text) for text in distributions]
    words = {
        "event": event, "lower": lower, "upper": upper, "entry": entry, "exit": exit,
        "weights": weights,
    }  # fmt: skip
    cells = None
    observations = read_observations(
        data, column, words, missing, drop_missing=drop_missing, limits=limits,
        written=as_written(decimal, missing_code),
    )  # fmt: skip
    if len({distribution.discrete for distribution in chosen}) > 1:
        if plot is not None:
            raise ParameterError("a picture shows densities or probabilities: draw them apart.")
        if not observations.exact:
            raise ParameterError(
                "a probability of a whole number is not ranked against a density of censored "
                "values: give families of one kind."
            )
        # A mass is not ranked against a density.
        cells = Observations.of(observations, rounding=1.0)
    records = [
        {"column": observations.provenance.name or None}
        | _record(d, observations, None if d.discrete else cells)
        for d in chosen
    ]
    if json:
        output.show_json(sorted(records, key=_nll))
    else:
        output.show(_table(records, observations, (_CELLS,) if cells else ()))
    if plot is not None:
        from likeliest.plots import likelihood as draw

        output.save_picture(draw(chosen, observations), plot)


def _record(
    distribution: Distribution, observations: Observations, cells: Observations | None
) -> dict[str, Any]:
    import numpy as np

    log_likelihood = float(distribution.log_likelihood(cells or observations))
    finite = bool(np.isfinite(log_likelihood))
    some = np.asarray(observations.values[:_FEW], dtype=np.float64)
    each = distribution.log_prob(some) if cells is None else _of_cells(distribution, some)
    with np.errstate(over="ignore"):
        likelihood = float(np.exp(log_likelihood))
    return {
        **distribution.to_dict(),
        "log_likelihood": log_likelihood if finite else None,
        "likelihood": likelihood if np.isfinite(likelihood) else None,
        "nll": -log_likelihood if finite else None,
        "mean_nll": -log_likelihood / observations.n if finite else None,
        "densities": np.exp(each).tolist() if _are_listed(observations) else None,
    }


def _are_listed(observations: Observations) -> bool:
    """Whether the values are few, each with a density of its own."""
    return len(observations) <= _FEW and observations.description.is_plain


def _of_cells(distribution: Distribution, values: Array) -> Array:
    return distribution.log_interval(values - 0.5, values + 0.5)


def _nll(record: dict[str, Any]) -> float:
    return math.inf if record["nll"] is None else float(record["nll"])


def _table(
    records: list[dict[str, Any]], observations: Observations, notes: tuple[str, ...]
) -> Table:
    from likeliest.tables import Table, number

    def row(record: dict[str, Any]) -> tuple[str, ...]:
        values = ",".join(f"{n}={number(v)}" for n, v in record["parameters"].items())
        nll = record["nll"]
        return (
            f"{record['family']}:{values}",
            "−∞" if nll is None else number(-nll, 7),
            "∞" if record["likelihood"] is None else number(record["likelihood"], 7),
            "∞" if nll is None else number(record["mean_nll"]),
        )

    densities = tuple(
        f"densities under {row(record)[0]}: "
        + " ".join(f"{value:#.3g}" for value in record["densities"])
        for record in records
        if record["densities"]
    )
    columns = ("distribution", "log likelihood", "likelihood", "mean NLL")
    if any(record["likelihood"] == 0.0 and record["nll"] is not None for record in records):
        notes += ("A likelihood of 0 is one too small for a float; its logarithm is not.",)
    if any(record["likelihood"] is None for record in records):
        notes += ("A likelihood of ∞ is one too large for a float; its logarithm is not.",)
    return Table(
        f"Likelihood of {observations.description.told()}",
        columns,
        tuple(row(record) for record in sorted(records, key=_nll)),
        (*densities, *notes),
        wrapped=("distribution",),
    )
