"""`likeliest fit` of a family of rows: several columns as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.cli import output
from likeliest.errors import ParameterError
from likeliest.files import json_ready

if TYPE_CHECKING:
    from pathlib import Path

    from likeliest.data.reading.written import Written
    from likeliest.distributions.multivariate import Multivariate
    from likeliest.multivariate import MultivariateFit


def family_of_rows(names: list[str] | None) -> type[Multivariate] | None:
    """Return the family of rows that is named; None where another is, or none."""
    from likeliest.distributions import multivariate

    found = [one for one in map(multivariate.find, names or ()) if one is not None]
    if found and len(names or ()) > 1:
        raise ParameterError(
            f"{found[0].name} is a family of rows: name it alone by --family. Python's lk.compare "
            "ranks several."
        )
    return found[0] if found else None


def require_rows_alone(family: type[Multivariate], **given: object) -> None:
    """Refuse options that go with families of one column."""
    for name, value in given.items():
        if value:
            raise ParameterError(
                f"--{name.replace('_', '-')} goes with families of one column, not with "
                f"{family.name}."
            )


def fit_rows(
    data: str,
    family: type[Multivariate],
    columns: list[str],
    weights: str | None,
    *,
    missing: str,
    written: Written,
) -> MultivariateFit:
    """Return the fit of the columns named, or of all, as rows."""
    import likeliest as lk
    from likeliest.data.matrix import Labels, Matrix, labels_of, matrix_of
    from likeliest.data.reading.written import AS_USUAL

    if family.name == "categorical" and written != AS_USUAL:
        raise ParameterError("--decimal and --missing-code go with numbers, not with labels.")
    seen: Labels | Matrix
    with output.progress(f"reading {data}"):
        if family.name == "categorical":
            column = columns[0] if len(columns) == 1 else None
            seen = labels_of(data, column, weights, gaps=missing)
        else:
            seen = matrix_of(data, columns or None, weights, gaps=missing, written=written)
    with output.progress(f"fitting {seen.n:,.0f} rows"):
        return lk.fit(seen, family, missing="em" if missing == "em" else "raise")


def show_rows(
    made: MultivariateFit,
    level: float,
    save: Path | None,
    plot: Path | None,
    kind: str | None,
    *,
    json: bool,
) -> None:
    """Print the fit, and save and draw it where files are named."""
    if json:
        ends = {n: None if pair is None else [*pair] for n, pair in made.intervals(level).items()}
        output.show_json(made.to_dict() | {"intervals": json_ready({"level": level, **ends})})
    else:
        output.show(made.table(level))
    if save is not None:
        made.save(save)
    if plot is not None:
        output.save_picture(made.plot(kind or "pairs"), plot)
