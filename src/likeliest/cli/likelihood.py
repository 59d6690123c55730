"""`likeliest likelihood`: data fixed, the parameters vary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from likeliest.cli import output
from likeliest.errors import ParameterError
from likeliest.likelihood.kernels import log_probability

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
    data: Annotated[str, typer.Argument(help="A file, -, or a bundled data set; see fit.")],
    distributions: Annotated[
        list[str], typer.Argument(help="One or more, such as normal:mean=50,std=5.")
    ],
    column: Annotated[
        str | None, typer.Option("--column", "-c", help="The column, if there are several.")
    ] = None,
    drop_missing: Annotated[
        bool,
        typer.Option("--drop-missing", help="Leave out empty and NA cells, and say how many."),
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw them over the data.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell how likely each distribution makes the data, the likeliest first."""
    from likeliest.data.observations import Observations
    from likeliest.distributions.notation import parse

    output.require_picture(plot)
    chosen = [parse(text) for text in distributions]
    values = output.read_data(data, column, drop_missing=drop_missing)
    observations, cells = Observations.of(values), None
    if len({distribution.discrete for distribution in chosen}) > 1:
        if plot is not None:
            raise ParameterError("a picture shows densities or probabilities: draw them apart.")
        cells = Observations.of(values, rounding=1.0)  # a mass is not ranked against a density
    records = [_record(d, observations, None if d.discrete else cells) for d in chosen]
    if json:
        output.show_json(sorted(records, key=_nll))
    else:
        output.show(_table(records, observations, (_CELLS,) if cells else ()))
    if plot is not None:
        from likeliest.plots import likelihood as draw

        ax = draw(chosen, observations)
        if column is not None and ax.get_xlabel() == "x":
            ax.set_xlabel(column)
        output.save_picture(ax, plot)


def _record(
    distribution: Distribution, observations: Observations, cells: Observations | None
) -> dict[str, Any]:
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
        "densities": np.exp(each).tolist() if len(observations) <= _FEW else None,
    }


def _of_cells(distribution: Distribution, values: Array) -> Array:
    return log_probability(distribution, values - 0.5, values + 0.5)


def _nll(record: dict[str, Any]) -> float:
    return np.inf if record["nll"] is None else float(record["nll"])


def _table(
    records: list[dict[str, Any]], observations: Observations, notes: tuple[str, ...]
) -> Table:
    from likeliest.tables import Table, count, number

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
        f"densities under {record['family']} {tuple(map(_short, record['parameters'].values()))}: "
        + " ".join(f"{value:.4f}" for value in record["densities"])
        for record in records
        if record["densities"]
    )
    columns = ("distribution", "log likelihood", "likelihood", "mean NLL")
    if any(record["likelihood"] == 0.0 and record["nll"] is not None for record in records):
        notes += ("A likelihood of 0 is one too small for a float; its logarithm is not.",)
    if any(record["likelihood"] is None for record in records):
        notes += ("A likelihood of ∞ is one too large for a float; its logarithm is not.",)
    return Table(
        f"Likelihood of {count(observations.n)}",
        columns,
        tuple(row(record) for record in sorted(records, key=_nll)),
        (*densities, *notes),
        wrapped=("distribution",),
    )


def _short(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
