"""The verb `compare`: every family that can hold the data, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast, overload

import numpy as np

from likeliest.data.description import Provenance
from likeliest.data.observations import Observations
from likeliest.data.observe import observe
from likeliest.data.reading.columns import read_columns
from likeliest.data.vectors import is_frame, is_path
from likeliest.distributions import families as registry
from likeliest.distributions import multivariate
from likeliest.distributions.combinators import mixture
from likeliest.distributions.family import plain
from likeliest.engines.dask import is_remote
from likeliest.errors import DataError, LikeliestError, ParameterError, UnboundedLikelihoodError
from likeliest.fitting import criteria
from likeliest.fitting.columns import ColumnComparison, compare_columns
from likeliest.fitting.fit import fit
from likeliest.fitting.support import outside
from likeliest.fitting.tables import TOP, of_comparison, parameters
from likeliest.tables import frame, html, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    import pandas as pd
    import polars as pl
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.observe import Data, Frame
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.criteria import Criterion
    from likeliest.fitting.fit import OfRows
    from likeliest.fitting.result import Fit
    from likeliest.inference.selection import Average, CrossValidation
    from likeliest.multivariate import MultivariateComparison
    from likeliest.report import Report
    from likeliest.tables import Library, Table

    Families = str | type[Distribution] | Iterable[str | type[Distribution]] | None

_WAY = ".table()"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Fits of several families to the same data, ranked.

    Its length is the number of fits, and iterating gives them, the likeliest first; a family's
    name in brackets gives the fit of that family.

    Parameters
    ----------
    fits : tuple of Fit
        The likeliest by the criterion first.
    criterion : {"aicc", "aic", "bic", "nll"}
    left_out : dict
        For each family that is not among the fits, the reason.
    notes : tuple of str
        What a reader of the ranking should know.
    same_as : dict
        Families whose likeliest member is one of a smaller family, which is shown in their place:
        {"student t": "normal"} where df is infinite.
    observations : Observations, optional
        What was compared, exact; not saved.
    rounding : float
        The step to which continuous families took the values as rounded.

    Examples
    --------
    >>> import likeliest as lk
    >>> compared = lk.compare([2.1, 3.4, 1.9, 5.6, 4.4, 2.2, 3.1], ["normal", "exponential"])
    >>> compared.best.family, [fit.family for fit in compared]
    ('normal', ['normal', 'exponential'])
    >>> compared.to_frame().sort("delta")["family"].to_list()
    ['normal', 'exponential']
    """

    fits: tuple[Fit, ...]
    criterion: Criterion
    left_out: dict[str, str]
    notes: tuple[str, ...] = ()
    same_as: dict[str, str] = field(default_factory=dict)
    observations: Observations | None = field(default=None, repr=False)
    rounding: float = 0.0

    @property
    def best(self) -> Fit:
        """The first of the fits."""
        return self.fits[0]

    @property
    def n(self) -> float:
        """The number of observations."""
        return self.best.n

    @property
    def is_constant(self) -> bool:
        """Whether all values are the same; False where the data are not there."""
        seen = self.best.observations
        return seen is not None and seen.n > 1 and seen.summary.low == seen.summary.high

    @property
    def values(self) -> list[float]:
        """The criterion of each fit; smaller is better."""
        return [_value(fit, self.criterion) for fit in self.fits]

    @property
    def deltas(self) -> list[float]:
        """How far each fit's criterion lies above the best."""
        return criteria.above_best(self.values)

    @property
    def weights(self) -> list[float]:
        """Akaike weights: the share of exp(-Δ/2) that each fit has (of exp(-Δ) for nll).

        Source: Burnham & Anderson (2002), section 2.9.
        """
        return criteria.akaike_weights(self.deltas, self.criterion)

    @property
    def tied(self) -> tuple[str, ...]:
        """The families that the data hardly tell from the best: within 2 of it, or a nat.

        Source: Burnham & Anderson (2002), section 2.6.
        """
        others = zip(self.fits[1:], self.deltas[1:], strict=True)
        return tuple(f.family for f, delta in others if delta < criteria.TIES[self.criterion])

    def __len__(self) -> int:
        """The number of fits."""
        return len(self.fits)

    def __iter__(self) -> Iterator[Fit]:
        """Iterate over the fits, the likeliest first."""
        return iter(self.fits)

    def __getitem__(self, family: str | type[Distribution]) -> Fit:
        """Return the fit of a family by its name; of one in whose place another is shown, that."""
        name = registry.find(family).name
        name = self.same_as.get(name, name)
        for fit_ in self.fits:
            if fit_.family == name:
                return fit_
        raise KeyError(f"{name} is not among the fits: {self.left_out.get(name, 'not compared')}")

    def cross_validate(self, folds: int = 10, *, seed: int = 0) -> CrossValidation:
        """Measure the log likelihood that each family gives to values held out of its fit.

        Parameters
        ----------
        folds : int
            Parts of the rows, each held out once.
        seed : int
            Of the split.

        Examples
        --------
        >>> import likeliest as lk
        >>> x = lk.Gamma(2.0, 3.0).sample(300, seed=1)
        >>> lk.compare(x, ["gamma", "normal"]).cross_validate(seed=1).families
        ('gamma', 'normal')
        """
        from likeliest.inference import cross_validated

        return cross_validated(self, folds, seed)

    def selection(self, draws: int = 200, *, seed: int = 0) -> dict[str, float]:
        """Return how often each family is the best of rows drawn anew, with replacement.

        Examples
        --------
        >>> import likeliest as lk
        >>> x = lk.Gamma(2.0, 3.0).sample(300, seed=1)
        >>> shares = lk.compare(x, ["gamma", "weibull", "normal"]).selection(50, seed=1)
        >>> round(sum(shares.values()), 12), shares["normal"]
        (1.0, 0.0)
        """
        from likeliest.inference import selected

        return selected(self, draws, seed)

    def average(self, function: Callable[[Distribution], float]) -> Average:
        """Average a function of the distribution over the families, by their weights.

        Parameters
        ----------
        function : callable
            Takes a distribution and returns a number, such as a quantile.

        Returns
        -------
        Average
            With a standard error that holds the choice of the family as well. Families with a
            weight below one in a million have no part in it; where the support itself is estimated
            the error is from the bootstrap.

        Source: Burnham & Anderson (2002), equation 4.9.

        Examples
        --------
        >>> import likeliest as lk
        >>> x = lk.Gamma(2.0, 3.0).sample(300, seed=1)
        >>> average = lk.compare(x, ["gamma", "weibull"]).average(lambda d: d.quantile(0.99))
        >>> 16.0 < average.value < 22.0
        True
        """
        from likeliest.inference import averaged

        return averaged(self, function)

    def plot(
        self, kind: str = "densities", ax: Axes | None = None, *, top: int | None = None
    ) -> Axes:
        """Draw the likeliest families.

        Parameters
        ----------
        kind : {"densities", "criterion", "tails", "cdf"}
            Their densities over the data; how far each lies behind the best; how rare values are,
            on logarithmic axes; or their distribution functions beside the data's own.
        ax : matplotlib Axes, optional
            Where to draw; without it a figure of its own.
        top : int, optional
            How many families; 3 without it, and 20 of "criterion".

        Returns
        -------
        Axes
        """
        from likeliest.plots.registry import draw_comparison

        return draw_comparison(self, kind, ax, top)

    def report(self, source: str | PathLike[str] = "", *, level: float = 0.95) -> Report:
        """Return a report of the ranking and the best fit: one HTML file, as `Fit.report` does.

        Parameters
        ----------
        source : path, optional
            The file of the data, named in the report and in its commands.
        level : float
            Coverage of the intervals.
        """
        from likeliest.report import of_comparison

        return of_comparison(self, source, level)

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
            "same_as": self.same_as,
            "notes": list(self.notes),
        }

    @overload
    def to_frame(self, library: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"]) -> pd.DataFrame: ...

    def to_frame(self, library: Library = "polars") -> pl.DataFrame | pd.DataFrame:
        """Return the ranking as a data frame, a row for each fit.

        Parameters
        ----------
        library : {"polars", "pandas"}
            Whose data frame to make.

        Returns
        -------
        DataFrame
            With the columns family, delta and weight (by the criterion of the ranking), estimated
            (how many parameters were), log_likelihood, aicc, aic, bic, and parameters, as text.
        """
        rows = self.fits
        columns: dict[str, Sequence[object]] = {
            "family": [f.family for f in rows],
            "delta": self.deltas,
            "weight": self.weights,
            "estimated": [f.estimated for f in rows],
            **{
                name: [float(getattr(f, name)) for f in rows]
                for name in ("log_likelihood", "aicc", "aic", "bic")
            },
            "parameters": [parameters(f) for f in rows],
        }
        return frame(columns, library)

    def to_html(self) -> str:
        """Return the whole ranking as an HTML table, with the reasons for those left out."""
        return html(self.table())

    def table(self, top: int | None = None) -> Table:
        """Return the ranking as a table.

        Parameters
        ----------
        top : int, optional
            How many families to show, the rest being only counted. Without it all are shown, and
            why some were left out.
        """
        return of_comparison(self, top=top, way=_WAY)

    def __repr__(self) -> str:
        return text(self.table(TOP))

    def _repr_html_(self) -> str:
        return html(self.table(TOP))


@overload
def compare(
    data: Any,
    families: OfRows | Sequence[OfRows],
    *,
    column: Sequence[str] | str | None = None,
    weights: ArrayLike | None = None,
    missing: Missing | Literal["em"] = "raise",
    criterion: Criterion = "aicc",
) -> MultivariateComparison: ...


@overload
def compare(  # type: ignore[overload-overlap]  # a frame without words is one of columns
    data: Frame | Mapping[str, ArrayLike] | str | PathLike[str],
    families: Families = None,
    *,
    column: None = None,
    missing: Missing = "raise",
    criterion: Criterion = "aicc",
    rounding: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> ColumnComparison: ...


@overload
def compare(
    data: Data | None = None,
    families: Families = None,
    *,
    by: None = None,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    criterion: Criterion = "aicc",
    rounding: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Comparison: ...


@overload
def compare(
    data: Data | None = None,
    families: Families = None,
    *,
    by: object,
    column: str | None = None,
    event: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    exit: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    closed: Closed = "right",
    weights: ArrayLike | None = None,
    sampling_weights: ArrayLike | None = None,
    missing: Missing = "raise",
    criterion: Criterion = "aicc",
    rounding: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Comparisons: ...


def compare(
    data: Any = None,
    families: Families | OfRows | Sequence[OfRows] = None,
    *,
    by: object = None,
    column: Sequence[str] | str | None = None,
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
    missing: Missing | Literal["em"] = "raise",
    criterion: Criterion = "aicc",
    rounding: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Comparison | ColumnComparison | Comparisons | MultivariateComparison:
    """Fit every family that can hold the data and rank them.

    A density is never ranked against a probability. Where all values are whole numbers each
    stands for an interval of width one, as if rounded: every family then gives probabilities, the
    discrete ones of the numbers themselves, and like is compared with like. Counts in bins between
    whole numbers are probabilities for every family.

    Parameters
    ----------
    data : one-dimensional array-like, data frame, or path
        As `fit` takes them. Of a data frame (pandas, polars, Arrow, a dict of columns) or a file of
        which no word names a column, every column of numbers is compared by itself, but for one
        that counts the rows.
    families : name, class, or several of them, optional
        By default the common ones; sets are "common", "all", "heavy-tailed", "survival",
        "extremes" and "counts". Where the best of a set is no good description of the data,
        mixtures of normals and of lognormals are tried as well, of two and then three components.
    by : array-like, list of arrays, or names of columns of a frame, optional
        The group of each row: the families are ranked for each group; see docs/groups.md.
    column, event, lower, upper, entry, exit, edges, counts, closed, missing
        What was seen, in the words of `likeliest.observe`. Where each column of a frame is
        compared, missing values are told in its row, or left out of each column by itself.
    weights, sampling_weights : array-like, optional
        How many times each value was seen, or how many of the population it stands for.
    criterion : {"aicc", "aic", "bic", "nll"}
        What to rank by; smaller is better. AICc, the default, estimates how well a fit predicts
        new data of the same kind, and corrects for small samples; see docs/criteria.md.
    rounding : float, optional
        The step to which the values were rounded. By default 1 for whole numbers, else 0 (exact).
    progress : callable, optional
        Called with the name of each family, or of each column, when it is done.

    Returns
    -------
    Comparison
        With the reason for every family left out.
    Comparisons
        Where `by` is given.
    MultivariateComparison
        Of families of rows, such as "multivariate normal" and "multivariate t".
    ColumnComparison
        Of a data frame or a file: for each column its Comparison, and the reason for every column
        left out.

    Raises
    ------
    DataError
        If the data cannot be used, or no family could be fitted.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.compare([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], ["poisson", "geometric"]).best.family
    'poisson'

    Each column of a table:

    >>> compared = lk.compare({"a": [3.1, 1.2, 4.5, 1.4], "b": [0.5, None, 0.9, 0.6]}, "normal")
    >>> list(compared), list(compared.not_fitted)
    (['a'], ['b'])
    """
    criteria.evaluate(criterion, 0.0, 1, 10.0)  # refuse an unknown name before the work
    families = [*families] if isinstance(families, Iterator) else families
    if of_rows := _all_of_rows(families):
        given = {
            "by": by, "column": column, "event": event, "lower": lower, "upper": upper,
            "entry": entry, "exit": exit, "edges": edges, "counts": counts, "closed": closed,
            "weights": weights, "sampling_weights": sampling_weights, "missing": missing,
            "rounding": rounding,
        }  # fmt: skip
        return _ranked_of_rows(data, of_rows, given, criterion)
    families, missing = cast("Families", families), cast("Missing", missing)
    candidates, is_set = _candidates(families), _is_set(families)
    if progress is not None and not callable(progress):
        raise ParameterError(
            f"progress must be a function that takes a name; got {progress!r:.60}."
        )
    words: dict[str, Any] = {
        "column": column, "event": event, "lower": lower, "upper": upper, "entry": entry,
        "exit": exit, "edges": edges, "counts": counts, "weights": weights,
        "sampling_weights": sampling_weights,
    }  # fmt: skip
    if by is not None:
        from likeliest.fitting.comparisons import comparisons_of

        some = _without_atoms(candidates) if is_set else candidates
        return comparisons_of(
            data, some, by, words=words | {"closed": closed}, missing=missing,
            criterion=criterion, rounding=rounding, progress=progress,
        )  # fmt: skip
    told = closed != "right" or any(word is not None for word in words.values())
    if not told and (is_path(data) or (is_frame(data) and not is_remote(data))):
        return compare_columns(
            read_columns(data, missing=missing),
            lambda seen: _ranked(seen, candidates, criterion, rounding, mixtures=is_set),
            progress,
        )
    seen = observe(data, closed=closed, missing=missing, **words)
    return _ranked(seen, candidates, criterion, rounding, progress, mixtures=is_set)


def _ranked_of_rows(
    data: Any, families: list[type[Multivariate]], words: Mapping[str, Any], criterion: Criterion
) -> MultivariateComparison:
    """Return the ranking of families of rows."""
    from likeliest.multivariate import compare_multivariate

    return compare_multivariate(data, families, words, criterion)


def _all_of_rows(families: object) -> list[type[Multivariate]]:
    """Return families of rows, where that is what they are; none of others."""
    several = isinstance(families, Iterable) and not isinstance(families, (str, type))
    named: list[Any] = list(cast("Iterable[Any]", families)) if several else [families]
    found = [one for one in map(multivariate.find, named) if one is not None]
    if found and len(found) < len(named):
        raise ParameterError(
            f"{found[0].name} is a family of rows, and cannot be ranked beside one of a column."
        )
    return found


def _ranked(
    exact: Observations,
    candidates: list[type[Distribution]],
    criterion: Criterion,
    rounding: float | None,
    progress: Callable[[str], None] | None = None,
    *,
    mixtures: bool = False,
) -> Comparison:
    """Fit each of the families that can hold the data, and rank the fits.

    With `mixtures` some of these are tried as well, where the best family misfits.
    """
    step = (1.0 if exact.summary.whole and exact.exact else 0.0) if rounding is None else rounding
    rounded = Observations.of(exact, rounding=step)
    fits: list[Fit] = []
    left_out: dict[str, str] = {}

    def add(family: type[Distribution]) -> None:
        made = _fitted(family, candidates, exact, rounded, step)
        if isinstance(made, str):
            left_out[family.name] = made
        else:
            fits.append(made)
        if progress is not None:
            progress(family.name)

    if mixtures:
        left_out |= {family.name: _HAS_ATOM for family in candidates if family.atoms}
        candidates = _without_atoms(candidates)
    for family in dict.fromkeys(candidates):
        add(family)
    if not fits:
        reasons = "; ".join(f"{name}: {why.rstrip('.')}" for name, why in left_out.items())
        raise DataError(f"No family could be fitted. {reasons}.")
    same_as = _same_as(fits)
    fits = [one for one in fits if one.family not in same_as]
    notes = (*_notes(exact, step), *_of_counts(exact, left_out), *_of_zeros(exact, step, left_out))
    if criterion == "aicc" and not any(np.isfinite(f.aicc) for f in fits):
        criterion = "aic"
        notes += ("With so few values AICc is infinite for every family: they are ranked by AIC.",)
    fits.sort(key=lambda f: _value(f, criterion))
    if mixtures and fits[0].misfit and not fits[0].distribution.circular:
        notes += _add_mixtures(fits, add, exact, criterion)
    notes += (fits[0].misfit,) if fits[0].misfit else ()
    return Comparison(tuple(fits), criterion, left_out, notes, same_as, exact, step)


def _fitted(
    family: type[Distribution],
    candidates: list[type[Distribution]],
    exact: Observations,
    rounded: Observations,
    step: float,
) -> Fit | str:
    """Return the fit of a family, or the reason why there is none."""
    try:
        seen = exact if family.discrete else rounded
        reason = incomparable(family, candidates, exact, step) or outside(family, seen)
        reason = reason or _without_atom(family, candidates, exact, step)
        return fit(seen, family) if reason is None else reason
    except UnboundedLikelihoodError as error:
        return error.reason.replace(f"The likelihood of {family.name}", "its likelihood", 1)
    except LikeliestError as error:
        return str(error).removeprefix(f"{family.name} ")


def _add_mixtures(
    fits: list[Fit],
    add: Callable[[type[Distribution]], None],
    exact: Observations,
    criterion: Criterion,
) -> tuple[str]:
    """Fit mixtures, of three components only where those of two misfit too, and say so."""
    reason, tried = fits[0].misfit, []
    parts = ["normal", "lognormal"] if exact.summary.low >= 0.0 else ["normal"]
    for number, word in ((2, "two"), (3, "three")):
        if not fits[0].misfit:
            break
        for part in parts:
            add(mixture(part, number))
        fits.sort(key=lambda f: _value(f, criterion))
        tried.append(word)
    return (f"{reason} Mixtures of {' and '.join(tried)} components were tried as well.",)


def _without_atoms(families: list[type[Distribution]]) -> list[type[Distribution]]:
    """Return the families of a set that have no probability where others have a density."""
    return [family for family in families if not family.atoms]


def _is_set(families: Families) -> bool:
    """Whether a whole set of families is asked for, not some by their names."""
    if families is None:
        return True
    sets = {plain(name) for name in (*registry.SETS, "all")}
    return isinstance(families, str) and plain(families) in sets


def _same_as(fits: list[Fit]) -> dict[str, str]:
    """Return the families whose best is one of a smaller family that was fitted too."""
    fitted = {one.family for one in fits}
    simpler = {one.family: one.distribution.simpler() for one in fits if one.found.bounds}
    return {name: law.name for name, law in simpler.items() if law and law.name in fitted}


def _candidates(families: Families) -> list[type[Distribution]]:
    if families is None:
        return registry.chosen("common")
    if isinstance(families, str):
        return registry.chosen(families)
    if isinstance(families, type) or not isinstance(families, Iterable):
        return [registry.find(families)]
    found = [*map(registry.find, families)]
    if not found:
        raise ParameterError(
            "families is empty: name one or several, or leave it out to compare all."
        )
    return found


def _value(fit_: Fit, criterion: Criterion) -> float:
    return criteria.evaluate(criterion, fit_.log_likelihood, fit_.estimated, fit_.n)


def incomparable(
    family: type[Distribution],
    others: Iterable[type[Distribution]],
    observations: Observations,
    step: float,
) -> str | None:
    """Say why a family's likelihood cannot be ranked beside the others'."""
    others = [*others]
    if family.circular and not all(one.circular for one in others):
        return 'its values are angles: compare it with families="circular".'
    alike = step == 1.0 or all(one.discrete for one in others)
    if not family.discrete or alike or _lie_between_whole_bounds(observations):
        return None
    if step:
        return f"a probability of a whole number is not ranked against one of {step:g} of them."
    return _NOT_ALIKE


_HAS_ATOM = (
    "it gives 0 a probability, where others have a density: name the families to compare it with, "
    'such as ["tweedie", lk.hurdle("gamma")].'
)
_NOT_ALIKE = "a probability of a whole number is not ranked against a density."


def _of_counts(observations: Observations, left_out: dict[str, str]) -> tuple[str, ...]:
    """Say so where families of counts could be ranked as well, by probabilities."""
    if observations.exact or not observations.are_whole or _NOT_ALIKE not in left_out.values():
        return ()
    return (
        "The values are whole numbers, ranked here by densities, without the families of counts. "
        "rounding=1 ranks all by probabilities.",
    )


def _without_atom(
    family: type[Distribution],
    candidates: list[type[Distribution]],
    observations: Observations,
    step: float,
) -> str | None:
    """Say at which value a family has a density and another that is compared a probability."""
    if step or family.discrete:
        return None
    values = np.asarray(observations.values, dtype=np.float64)
    for other in candidates:
        for atom in set(other.atoms) - set(family.atoms):
            if (values == atom).any():
                return (
                    f"a density at {atom:g} is not ranked against the probability that "
                    f"{other.name} has there; with rounding= both are probabilities."
                )
    return None


def _of_zeros(observations: Observations, step: float, left_out: dict[str, str]) -> tuple[str, ...]:
    """Say so where zeros alone keep families out."""
    if step or not observations.exact or observations.summary.low != 0.0:
        return ()
    number = sum("needs x > 0" in why for why in left_out.values())
    if not number:
        return ()
    return (
        f"Values of 0 keep out {number} famil{'y that needs' if number == 1 else 'ies that need'} "
        "x > 0. If they were rounded down, rounding= names the step.",
    )


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
    if step and observations.are_whole and not observations.exact:
        return (
            "All values and bounds are whole numbers: each value is taken as rounded, an interval "
            "of width 1, and more than 9 as more than 9.5, so that continuous and discrete "
            "families are compared alike.",
        )
    if step and observations.summary.whole:
        return (
            "All values are whole numbers: each is taken as rounded, an interval of width "
            f"{step:g}, so that continuous and discrete families are compared alike.",
        )
    if step:
        return (f"Each value stands for an interval of width {step:g}.",)
    return ()
