"""MultivariateComparison: families of rows fitted to the same rows, ranked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from likeliest.distributions import multivariate
from likeliest.errors import DataError, LikeliestError
from likeliest.fitting.criteria import above_best, akaike_weights, evaluate
from likeliest.multivariate.estimation import fit_multivariate
from likeliest.tables import ShownAsTable, Table, frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.fitting.criteria import Criterion
    from likeliest.multivariate.result import MultivariateFit
    from likeliest.tables import Library


@dataclass(frozen=True, eq=False, repr=False)
class MultivariateComparison(ShownAsTable):
    """Fits of several families to the same rows, ranked.

    Its length is the number of fits, and iterating gives them, the likeliest first; a family's
    name in brackets gives the fit of that family.

    Parameters
    ----------
    fits : tuple of MultivariateFit
    criterion : {"aicc", "aic", "bic", "nll"}
    left_out : dict
        For each family that is not among the fits, the reason.

    Examples
    --------
    >>> import likeliest as lk
    >>> rows = lk.MultivariateT(3.0, [0, 0], [[1, 0.5], [0.5, 1]]).sample(300, seed=1)
    >>> compared = lk.compare(rows, ["multivariate normal", "multivariate t"])
    >>> compared.best.family
    'multivariate t'
    """

    fits: tuple[MultivariateFit, ...]
    criterion: Criterion
    left_out: dict[str, str]

    @property
    def best(self) -> MultivariateFit:
        """The first of the fits."""
        return self.fits[0]

    @property
    def values(self) -> list[float]:
        """The criterion of each fit; smaller is better."""
        return [evaluate(self.criterion, f.log_likelihood, f.estimated, f.n) for f in self.fits]

    @property
    def deltas(self) -> list[float]:
        """How far each fit's criterion lies above the best."""
        return above_best(self.values)

    @property
    def weights(self) -> list[float]:
        """Akaike weights: the share of exp(-Δ/2) that each fit has (of exp(-Δ) for nll)."""
        return akaike_weights(self.deltas, self.criterion)

    def __len__(self) -> int:
        """The number of fits."""
        return len(self.fits)

    def __iter__(self) -> Iterator[MultivariateFit]:
        """Iterate over the fits, the likeliest first."""
        return iter(self.fits)

    def __getitem__(self, family: str | type[Multivariate]) -> MultivariateFit:
        """Return the fit of a family by its name."""
        cls = multivariate.find(family)
        for one in self.fits:
            if cls is not None and one.family == cls.name:
                return one
        name = family if cls is None else cls.name
        raise KeyError(
            f"{name} is not among the fits: {self.left_out.get(str(name), 'not compared')}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking, ready for JSON."""
        ranked = zip(self.fits, self.values, self.deltas, self.weights, strict=True)
        return {
            "criterion": self.criterion,
            "fits": [{**f.to_dict(), "value": v, "delta": d, "weight": w} for f, v, d, w in ranked],
            "left_out": self.left_out,
        }

    def to_frame(self, library: Library = "polars") -> Any:
        """Return the ranking as a data frame, a row for each fit."""
        return frame(
            {
                "family": [f.family for f in self.fits],
                "delta": self.deltas,
                "weight": self.weights,
                "estimated": [f.estimated for f in self.fits],
                "log_likelihood": [f.log_likelihood for f in self.fits],
                self.criterion: self.values,
            },
            library,
        )

    def table(self) -> Table:
        """Return the ranking as a table."""
        name = self.criterion.upper().replace("CC", "Cc")
        rows = tuple(
            (f.family, f"{value:.2f}", f"{delta:.2f}", f"{weight:.3f}", f"{f.estimated}")
            for f, value, delta, weight in zip(
                self.fits, self.values, self.deltas, self.weights, strict=True
            )
        )
        left_out = (f"left out: {family}: {why}" for family, why in self.left_out.items())
        notes = (note for f in self.fits for note in f.notes)
        title = f"{len(rows)} famil{'y' if len(rows) == 1 else 'ies'} · {self.best.found.told}"
        columns = ("family", name, f"Δ{name}", "weight", "estimated")
        return Table(title, columns, rows, (*dict.fromkeys(notes), *left_out))


def compare_multivariate(
    data: Any,
    families: list[type[Multivariate]],
    words: Mapping[str, Any],
    criterion: Criterion,
) -> MultivariateComparison:
    """Fit families of rows to the same rows and rank them; see `likeliest.compare`.

    Raises
    ------
    DataError
        If none could be fitted.
    """
    fits, left_out = [], {}
    for family in dict.fromkeys(families):
        try:
            fits.append(fit_multivariate(data, family, words))
        except LikeliestError as error:
            left_out[family.name] = str(error)
    if not fits:
        raise DataError("No family could be fitted. " + " ".join(left_out.values()))
    kinds = {one.family: _kind(one) for one in fits}
    if len({*kinds.values()}) > 1:
        told = "; ".join(f"{family}: {kind}" for family, kind in kinds.items())
        raise DataError(f"Like is compared with like only, and these are not alike: {told}.")
    if criterion == "aicc" and not any(math.isfinite(one.aicc) for one in fits):
        criterion = "aic"  # with so few rows AICc is infinite for each
    fits.sort(key=lambda one: evaluate(criterion, one.log_likelihood, one.estimated, one.n))
    return MultivariateComparison(tuple(fits), criterion, left_out)


def _kind(one: MultivariateFit) -> str:
    """Return what the likelihood is one of."""
    if one.family == "dirichlet":
        return "a density of all shares but the last"
    return "probabilities" if one.measure == "mass" else "a density of all columns"
