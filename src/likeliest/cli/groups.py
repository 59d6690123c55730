"""`likeliest fit --by`: a fit of each group of a file's rows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from likeliest.cli import output
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from likeliest.data.observations import Observations
    from likeliest.data.reading.column import Missing
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.criteria import Criterion
    from likeliest.fitting.fits import Fits

_SUFFIXES = (".csv", ".parquet")


def fit_groups(
    seen: Observations,
    keys: dict[str, pl.Series],
    names: list[str] | str,
    *,
    criterion: Criterion,
    rounding: float | None,
    fixed: dict[str, float],
    missing: Missing,
) -> Fits | Comparisons:
    """Return the fits of one family to each group, or the ranking of several."""
    import likeliest as lk

    one = isinstance(names, list) and len(names) == 1
    if fixed and not one:
        raise ParameterError("--fixed holds a parameter of one family: name it with --family.")
    if one:
        with output.progress(f"fitting groups of {len(seen):,} values"):
            return lk.fit(
                seen, names[0], by=keys, rounding=rounding or 0.0, missing=missing,
                fixed=fixed or None,
            )  # fmt: skip
    families = lk.families.chosen(names)
    with output.progress(f"fitting groups of {len(seen):,} values", len(families)) as advance:
        return lk.compare(
            seen, families, by=keys, criterion=criterion, rounding=rounding, missing=missing,
            progress=lambda _: advance(1),
        )  # fmt: skip


def show_groups(found: Fits | Comparisons, level: float, save: Path | None, *, json: bool) -> None:
    """Print the groups, and write all of them to a file where one is named."""
    from likeliest.fitting.fits import Fits

    frame = found.to_frame(level=level) if isinstance(found, Fits) else found.to_frame()
    if json:
        _print(frame)
    else:
        output.show(found.table())
    if save is not None:
        _write(frame, save)
        print(f"groups: {save}", file=sys.stderr)  # noqa: T201


def tell_left_out(found: Fits | Comparisons) -> None:
    """Say on standard error how many rows were left out."""
    seen = found.grouped.observations
    left_out = seen.provenance.left_out
    rows = f"{left_out:,} of {left_out + len(seen):,} rows"
    print(f"left out: {rows}, for the value or the key is missing", file=sys.stderr)  # noqa: T201


def _print(frame: pl.DataFrame) -> None:
    import polars as pl

    from likeliest.files import json_ready

    texts = frame.with_columns(pl.selectors.temporal().cast(pl.String))
    output.show_json(json_ready(texts.to_dicts()))


def require_groups(save: Path | None, plot: Path | None, sampling_weights: str | None) -> None:
    """Refuse, before the long work, what does not go with groups."""
    for name, given in (("plot", plot), ("sampling-weights", sampling_weights)):
        if given is not None:
            raise ParameterError(f"--{name} does not go with --by, which fits each group.")
    if save is not None and save.suffix.lower() not in _SUFFIXES:
        raise ParameterError(f"--save {save}: with --by a table is written, as .csv or .parquet.")


def _write(frame: pl.DataFrame, save: Path) -> None:
    from likeliest.files import whole

    with whole(save) as file:
        if save.suffix.lower() == ".csv":
            frame.write_csv(file)
        else:
            frame.write_parquet(file)
