"""The objective of observations that lie elsewhere: rows are read there, and sums come back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.data.rows import Kind
from likeliest.likelihood import kernels
from likeliest.likelihood.matching import matched
from likeliest.likelihood.objective import Objective, Passes, Summed
from likeliest.likelihood.statistics import statistics_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.distributed import Distributed
    from likeliest.data.observations import Observations
    from likeliest.data.rows import Rows
    from likeliest.distributions.distribution import Distribution
    from likeliest.engines.source import Source
    from likeliest.likelihood.frame import Frame


class RemoteRows(NamedTuple):
    """Rows of every kind that lie elsewhere: all that an objective asks of a block it reads."""

    source: Source[Rows]
    size: int
    n: float
    kind: Kind
    window: None = None

    def chunks(self) -> Source[Rows]:
        """Return the rows as a source for kernels."""
        return self.source


def objective_of(
    family: type[Distribution], seen: Distributed, fixed: Mapping[str, float]
) -> Objective:
    """Return the objective of a family and observations that lie elsewhere.

    Starts, the unit and singularities come from the rows that stand for all.
    """
    table = seen.compressed()
    if table is not seen:
        return Objective.of(family, table, fixed)
    few = Objective.of(family, seen.stand_in, fixed)
    frame = few.coordinates.frame
    made = replace(
        few,
        observations=seen,
        n=seen.n,
        offset=0.0 if family.discrete else -seen.n_exact * float(np.log(frame.unit)),
        few=few,
    )
    if few.summed and not few.blocks and not few.windows:
        inside = seen if frame.is_identity else seen.moved(frame.origin, frame.unit)
        statistics = statistics_of(family, inside, {})  # type: ignore[arg-type]
        return replace(made, summed=(Summed(statistics, seen.n),), few=None, passes=Passes(1))
    kind = few.blocks[0].kind if few.blocks else Kind.EXACT
    rows = RemoteRows(seen.rows(partial(_blocks, family, frame)), len(seen), seen.n, kind)
    blocks: Any = (rows,)
    return replace(made, blocks=blocks, windows=(), summed=(), passes=Passes())


def log_likelihood_of(distribution: Distribution, seen: Distributed) -> float:
    """Return the log likelihood of observations that lie elsewhere, nats."""
    source = seen.rows(partial(matched, type(distribution)))
    return float(source.total(partial(_terms, distribution))[0])


def _blocks(family: type[Distribution], frame: Frame, part: Observations) -> list[Rows]:
    return [frame.into(block) for block in matched(family, part)]


def _terms(distribution: Distribution, part: Rows) -> list[float]:
    terms = kernels.terms(distribution, part)
    return [float(np.sum(terms if part.weight is None else terms * part.weight))]
