"""How many events each component of a sample has: the extended likelihood.

With ν expected events in all, n of them seen, the extended log likelihood is that of the shape plus
n log ν - ν. Its maximum is the fit's own with ν = n, and ν is independent of the shape, so that a
yield w ν of a component has the variance n² var(w) + w² n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.combinators.mixture import Mixture
from likeliest.distributions.parameters import Constraint
from likeliest.errors import DataError
from likeliest.inference.levels import checked_level
from likeliest.inference.summit import observations_of
from likeliest.inference.wald import Wald
from likeliest.tables import ShownAsTable, Table, interval, number

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit

_POSITIVE = Constraint(0.0, np.inf)


@dataclass(frozen=True, repr=False)
class Yields(ShownAsTable):
    """Expected events of each component, with the fluctuation of their number.

    Parameters
    ----------
    family : str
    laws : dict from component to Wald
        Estimate and standard error of each, and of all together.

    Source: Barlow (1990), Nucl. Instrum. Meth. A 297, 496-506.
    """

    family: str
    laws: dict[str, Wald]

    @property
    def values(self) -> dict[str, float]:
        """The estimate of each."""
        return {name: law.estimate for name, law in self.laws.items()}

    @property
    def errors(self) -> dict[str, float]:
        """The standard error of each."""
        return {name: law.error for name, law in self.laws.items()}

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return a confidence interval for each, on the logarithm."""
        checked_level(level)
        return {name: law.interval(level) for name, law in self.laws.items()}

    def table(self) -> Table:
        """Return the yields as a table."""
        rows = tuple(
            (name, number(law.estimate, error=law.error), number(law.error), interval(pair))
            for (name, law), pair in zip(self.laws.items(), self.intervals().values(), strict=True)
        )
        heads = ("component", "yield", "std error", "95 % interval")
        return Table(f"{self.family} · expected events", heads, rows)


def yields(fit: Fit) -> Yields:
    """Return how many events each component of a mixture is expected to have; see `Fit.yields`."""
    seen = observations_of(fit, "A yield")
    if seen.truncated or seen.provenance.by_sampling:
        raise DataError(
            "A yield counts the events that were seen: rows within windows, or with weights of a "
            "sample, do not say how many there were. Fit a truncated family in place of windows."
        )
    n, member = fit.n, fit.distribution
    laws = {"all": Wald(n, float(np.sqrt(n)), _POSITIVE)}
    if isinstance(member, Mixture):
        errors = dict(fit.standard_errors)
        last = fit.remainder
        if last is not None:
            errors[last[0]] = None if last[2] is None else last[2].error
        for j, (weight, part) in enumerate(
            zip(member.weights.tolist(), member.parts, strict=True), 1
        ):
            of_shape = errors.get(f"weight_{j}") or 0.0
            error = float(np.hypot(n * of_shape, weight * np.sqrt(n)))
            laws[f"{part.name} {j}"] = Wald(n * weight, error, _POSITIVE)
    return Yields(fit.family, laws)
