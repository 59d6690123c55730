"""Explore: a page on which parameters are dragged and the likelihood moves.

It is served to the browser of this machine, or shown by a notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.data.observe import observe
from likeliest.distributions import families
from likeliest.explorer.distributions import DistributionAnswers
from likeliest.explorer.explorer import Explorer
from likeliest.explorer.language import LanguageAnswers
from likeliest.inference.summit import rows_of

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import ArrayLike

    from likeliest.data.bins import Closed
    from likeliest.data.observe import Data
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.language.models.predictor import Predictor

__all__ = ["Explorer", "explore", "of_fit", "of_language_model"]


def explore(
    data: Data | None = None,
    family: str | type[Distribution] | None = None,
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
    rounding: float | None = None,
    missing: Missing = "raise",
) -> Explorer:
    """Explore data: drag the parameters of a family and watch the likelihood move.

    A notebook shows the page; elsewhere `.serve()` opens it in the browser. It leads from
    probability to likelihood, its logarithm, the maximum, the negative log likelihood, gradient
    descent and cross entropy, on your own data. Needs the extra `explore`.

    Parameters
    ----------
    data, column, event, lower, upper, entry, exit, edges, counts, closed, missing
    weights, sampling_weights
        What was seen, in the words of `likeliest.observe`.
    family : str or class, optional
        The family that is shown first; without it the likeliest of the common ones, or of fewer
        than 30 values the normal, of counts the Poisson.
    rounding : float, optional
        The step to which values were rounded; without it 1 of whole numbers, as `compare` takes
        them, so that families of counts and of measurements can be compared.

    Returns
    -------
    Explorer

    Raises
    ------
    DataError
        If the data cannot be used.
    FamilyError
        If there is no such family.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.explore(lk.datasets.seattle_rain(), "gamma")
    <explorer of the values: .serve() opens it in the browser>
    """
    seen = observe(
        data, column=column, event=event, lower=lower, upper=upper, entry=entry, exit=exit,
        edges=edges, counts=counts, closed=closed, weights=weights,
        sampling_weights=sampling_weights, missing=missing,
    )  # fmt: skip
    chosen = None if family is None else families.find(family)
    return Explorer(DistributionAnswers(seen, chosen, rounding))


def of_language_model(model: Predictor, source: str | PathLike[str] = "") -> Explorer:
    """Return the explorer of a language model; see `Predictor.explore`."""
    return Explorer(LanguageAnswers(model, str(source)))


def of_fit(fit: Fit) -> Explorer:
    """Return the explorer of a fit; see `Fit.explore`."""
    return Explorer(DistributionAnswers(rows_of(fit, "The explorer"), given=fit))
