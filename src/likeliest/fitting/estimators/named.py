"""An estimate by the name of its method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from likeliest.data.distributed import Distributed
from likeliest.errors import DataError
from likeliest.fitting.estimators import l_moments, spacings
from likeliest.fitting.result import Fit
from likeliest.fitting.support import require_support

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution


def estimated(
    method: str,
    observations: Observations,
    family: type[Distribution],
    fixed: Mapping[str, float],
    likeliest: Callable[[Observations], Fit],
) -> Fit:
    """Return the estimate by spacings or L-moments; `likeliest` fits rows by likelihood.

    Raises
    ------
    DataError
        If the rows are not exact values without weights, or the family has no density.
    """
    plain = observations.exact and not observations.truncated and observations.weights is None
    if family.discrete or family.atoms or not plain or isinstance(observations, Distributed):
        raise DataError(
            f"method={method!r} takes exact values without weights, in memory, and a family with "
            f"a density; {family.name} by likelihood takes all others."
        )
    require_support(family, observations)
    if method == "l-moments":
        found = l_moments.maximize(family, observations, fixed)
    else:
        by_rows = likeliest(spacings.between_neighbours(observations.values)).found
        found = replace(
            by_rows,
            log_likelihood=float(by_rows.member.log_likelihood(observations)),
            notes=(*by_rows.notes, spacings.NOTE),
            method=method,
        )
    return Fit(found, observations.n, "density", dict(fixed), observations)
