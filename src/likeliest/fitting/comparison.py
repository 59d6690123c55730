"""The verb `compare`: every family that can hold the data, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.description import Provenance
from likeliest.data.observations import Observations
from likeliest.data.observe import observe
from likeliest.distributions import families as registry
from likeliest.errors import DataError, LikeliestError, UnboundedLikelihoodError
from likeliest.fitting import criteria
from likeliest.fitting.fit import fit, outside
from likeliest.fitting.gap import misfit
from likeliest.fitting.tables import of_comparison
from likeliest.tables import html, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.data.observe import Closed, Data, Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.criteria import Criterion
    from likeliest.fitting.result import Fit
    from likeliest.tables import Table


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Fits of several families to the same data, ranked.

    Parameters
    ----------
    fits : tuple of Fit
        The likeliest by the criterion first.
    criterion : {"aicc", "aic", "bic", "nll"}
    left_out : dict
        For each family that is not among the fits, the reason.
    notes : tuple of str
        What a reader of the ranking should know.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.compare([2.1, 3.4, 1.9, 5.6, 4.4, 2.2, 3.1], ["normal", "exponential"]).best.family
    'normal'
    """

    fits: tuple[Fit, ...]
    criterion: Criterion
    left_out: dict[str, str]
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> Fit:
        """The first of the fits."""
        return self.fits[0]

    @property
    def n(self) -> float:
        """The number of observations."""
        return self.best.n

    @property
    def values(self) -> list[float]:
        """The criterion of each fit; smaller is better."""
        return [_value(fit, self.criterion) for fit in self.fits]

    @property
    def deltas(self) -> list[float]:
        """How far each fit's criterion lies above the best."""
        values = self.values
        return [value - values[0] if value > values[0] else 0.0 for value in values]

    @property
    def weights(self) -> list[float]:
        """Akaike weights: the share of exp(-Δ/2) that each fit has (of exp(-Δ) for nll).

        Source: Burnham & Anderson (2002), section 2.9.
        """
        half = 1.0 if self.criterion == "nll" else 0.5
        shares = np.exp(-half * np.array(self.deltas))
        return [float(share) for share in shares / shares.sum()]

    def __getitem__(self, family: str) -> Fit:
        """Return the fit of a family by its name."""
        name = registry.find(family).name
        for fit_ in self.fits:
            if fit_.family == name:
                return fit_
        raise KeyError(f"{name} is not among the fits: {self.left_out.get(name, 'not compared')}")

    def plot(self, top: int = 3, ax: Axes | None = None) -> Axes:
        """Draw the first few over the histogram of the data."""
        from likeliest.plots import comparison

        return comparison(self, top=top, ax=ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking, ready for JSON."""
        values, deltas = (
            [v if np.isfinite(v) else None for v in column] for column in (self.values, self.deltas)
        )
        ranked = zip(self.fits, values, deltas, self.weights, strict=True)
        return {
            "criterion": self.criterion,
            "fits": [{**f.to_dict(), "value": v, "delta": d, "weight": w} for f, v, d, w in ranked],
            "left_out": self.left_out,
            "notes": list(self.notes),
        }

    def table(self) -> Table:
        """Return the ranking as a table."""
        return of_comparison(self)

    def __repr__(self) -> str:
        return text(self.table())

    def _repr_html_(self) -> str:
        return html(self.table())


def compare(
    data: Data | None = None,
    families: str | Iterable[str | type[Distribution]] | None = None,
    *,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,  # noqa: A002
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    criterion: Criterion = "aicc",
    rounding: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Fit every family that can hold the data and rank them.

    A density is never ranked against a probability. Where all values are whole numbers each
    stands for an interval of width one, as if rounded: every family then gives probabilities, the
    discrete ones of the numbers themselves, and like is compared with like. Counts in bins between
    whole numbers are probabilities for every family.

    Parameters
    ----------
    data : one-dimensional array-like, or frame
        As `fit` takes them.
    families : names or classes, or the name of a set, optional
        "common" (the default), "all", "heavy-tailed", "survival", "extremes" or "counts".
    column, event, lower, upper, entry, exit, edges, counts, closed, missing
        What was seen, in the words of `likeliest.observe`.
    weights, sampling_weights : array-like, optional
        How many times each value was seen, or how many of the population it stands for.
    criterion : {"aicc", "aic", "bic", "nll"}
        What to rank by; smaller is better. AICc, the default, estimates how well a fit predicts
        new data of the same kind, and corrects for small samples; see docs/criteria.md.
    rounding : float, optional
        The step to which the values were rounded. By default 1 for whole numbers, else 0 (exact).
    progress : callable, optional
        Called with the name of each family when it is done.

    Returns
    -------
    Comparison
        With the reason for every family left out.

    Raises
    ------
    DataError
        If the data cannot be used, or no family could be fitted.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.compare([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], ["poisson", "geometric"]).best.family
    'poisson'
    """
    criteria.evaluate(criterion, 0.0, 1, 10.0)  # refuse an unknown name before the work
    exact = observe(
        data, column=column, event=event, lower=lower, upper=upper, entry=entry, exit=exit,
        edges=edges, counts=counts, closed=closed, weights=weights,
        sampling_weights=sampling_weights, missing=missing,
    )  # fmt: skip
    step = (1.0 if exact.summary.whole and exact.exact else 0.0) if rounding is None else rounding
    candidates = registry.chosen("common" if families is None else families)
    rounded = Observations.of(exact, rounding=step)
    fits: list[Fit] = []
    left_out: dict[str, str] = {}
    for family in dict.fromkeys(candidates):
        try:
            seen = exact if family.discrete else rounded
            reason = _incomparable(family, exact, step) or outside(family, seen)
            if reason is None:
                fits.append(fit(seen, family))
        except UnboundedLikelihoodError as error:
            reason = error.reason.replace(f"The likelihood of {family.name}", "its likelihood", 1)
        except LikeliestError as error:
            reason = str(error).removeprefix(f"{family.name} ")
        if reason is not None:
            left_out[family.name] = reason
        if progress is not None:
            progress(family.name)
    if not fits:
        reasons = "; ".join(f"{name}: {why}" for name, why in left_out.items())
        raise DataError(f"No family could be fitted. {reasons}")
    notes = _notes(exact, step)
    if criterion == "aicc" and not any(np.isfinite(f.aicc) for f in fits):
        criterion = "aic"
        notes += ("With so few values AICc is infinite for every family: they are ranked by AIC.",)
    fits.sort(key=lambda f: _value(f, criterion))
    poor = misfit(fits[0].distribution, fits[0].observations or exact)
    notes += (poor,) if poor else ()
    return Comparison(tuple(fits), criterion, left_out, notes)


def _value(fit_: Fit, criterion: Criterion) -> float:
    return criteria.evaluate(criterion, fit_.log_likelihood, fit_.estimated, fit_.n)


def _incomparable(
    family: type[Distribution], observations: Observations, step: float
) -> str | None:
    """Say why a family's likelihood cannot be ranked beside the others'."""
    if not family.discrete or step == 1.0 or _lie_between_whole_bounds(observations):
        return None
    return "a probability of a whole number is not ranked against a density."


def _lie_between_whole_bounds(observations: Observations) -> bool:
    """Whether every family gives the probabilities of the same bins, a < X ≤ b.

    Where whole numbers have a lower bound among them, a density has nothing to set against it.
    """
    lower, upper = observations.lower, observations.upper
    if lower is None or upper is None or observations.n_exact or observations.lower_closed:
        return False
    bounds = np.concatenate([lower, upper])
    return bool((bounds == np.floor(bounds)).all())


def _notes(observations: Observations, step: float) -> tuple[str, ...]:
    if observations.provenance.by_sampling:
        return (
            "Sampling weights: criteria take the weighted likelihood for that of as many rows as "
            "were seen, and rank the families but roughly.",
            *_notes(replace(observations, provenance=Provenance()), step),
        )
    if step and observations.summary.whole:
        return (
            "All values are whole numbers: each is taken as rounded, an interval of width "
            f"{step:g}, so that continuous and discrete families are compared alike.",
        )
    if step:
        return (f"Each value stands for an interval of width {step:g}.",)
    return ()
