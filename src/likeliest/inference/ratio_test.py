"""The likelihood ratio test of a family within a larger one, or of parameters held in it."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from likeliest.distributions.arguments import generator_of
from likeliest.errors import ParameterError
from likeliest.fitting.many import found_of
from likeliest.fitting.result import Fit
from likeliest.inference.hypothesis_test import (
    RATIO,
    HypothesisTest,
    by_simulation,
    ratio_by_chi2,
    require_higher,
)
from likeliest.inference.levels import require_positive
from likeliest.inference.nesting import Nesting, require_same_data
from likeliest.inference.redraw import Redraw
from likeliest.inference.summit import require_likelihood, rows_of

Method = Literal["asymptotic", "bootstrap"]

_ROOTLESS = (
    "In {count:,} samples the {big} has no maximum of its own, for two components come to be the "
    "same or one collapses: their statistic is 0."
)


def likelihood_ratio(
    small: Any,
    big: Any,
    method: Method | None = None,
    *,
    draws: int = 999,
    seed: int = 0,
) -> HypothesisTest:
    """Test a fit against one of a larger family that holds it, by the ratio of their likelihoods.

    The larger family is the same with fewer parameters fixed, or one of which the smaller is a
    special case: the exponential is the gamma with shape 1.

    Parameters
    ----------
    small, big : Fit, or Regression
        Of the same data. Of regressions the larger has all columns of the smaller and more, or is
        of a larger family: Poisson within negative binomial.
    method : {"asymptotic", "bootstrap"}, optional
        By the law for large samples, or by fits of both to samples drawn from the smaller fit,
        which are rounded, truncated and censored as the data were. Without it asymptotic, but
        bootstrap where no simple law holds: several parameters on a boundary, a corner, or one more
        component of a mixture. A sample in which the larger mixture has no maximum of its own
        counts with a statistic of 0; of the data such a fit is refused.
    draws : int
        Samples of the bootstrap.
    seed : int
        The same seed draws the same samples.

    Returns
    -------
    HypothesisTest
        The statistic is twice the difference of the log likelihoods. Where the smaller family lies
        on the boundary of the larger its law is an even mixture of two χ².

    Raises
    ------
    ParameterError
        If the fits are not nested.
    DataError
        If they are of different data, or the larger is not the likelier.

    Source: Wilks (1938); on a boundary: Self & Liang (1987), J. Amer. Statist. Assoc. 82, case 5.

    Examples
    --------
    >>> import likeliest as lk
    >>> x = [0.8, 2.9, 1.7, 0.4, 5.2, 1.1, 3.3, 0.2, 2.4, 1.6]
    >>> test = lk.likelihood_ratio(lk.fit(x, "exponential"), lk.fit(x, "gamma"))
    >>> round(test.statistic, 3), round(test.p_value, 3)
    (0.983, 0.321)
    """
    if method is not None and method not in get_args(Method):
        raise ParameterError(f'method must be "asymptotic" or "bootstrap"; got {method!r}.')
    require_positive("draws", draws)
    if not isinstance(small, Fit) and hasattr(small, "tested_within"):
        if method == "bootstrap":
            raise ParameterError('method="bootstrap" is of fits; of regressions it is asymptotic.')
        return small.tested_within(big)
    nesting = Nesting.of(small, big)
    for one in (small, big):
        require_likelihood(one, "A likelihood ratio")
    require_same_data(small, big)
    require_higher(big.log_likelihood, small.log_likelihood, (small.family, big.family))
    gain = max(big.log_likelihood - small.log_likelihood, 0.0)
    chosen = method or ("bootstrap" if nesting.why_no_law else "asymptotic")
    if chosen == "bootstrap":
        return _by_bootstrap(small, big, nesting, 2.0 * gain, draws=draws, seed=seed)
    if nesting.why_no_law:
        raise ParameterError(f'{nesting.why_no_law}. Use method="bootstrap".')
    unknown = small.observations is None and big.observations is None
    notes = (
        ("Both fits were loaded: that their data are the same is not known.",) if unknown else ()
    )
    return ratio_by_chi2(
        nesting.null, gain, nesting.df, on_boundary=bool(nesting.on_boundary), notes=notes
    )


def _by_bootstrap(
    small: Fit, big: Fit, nesting: Nesting, statistic: float, *, draws: int, seed: int
) -> HypothesisTest:
    redraw = Redraw.of(rows_of(small, "The bootstrap of a likelihood ratio"), "A bootstrap")
    rng = generator_of(seed)
    found = []
    for samples in redraw.samples(small.distribution, draws, rng):
        reached = [
            found_of(type(fit.distribution), samples, fit.fixed, {}).log_likelihood
            for fit in (small, big)
        ]
        found.append(np.stack(reached))
    lower, higher = np.concatenate(found, axis=1)
    rootless = np.isnan(higher) & nesting.adds_components
    # By the highest root, or 0 without one: so the statistic of the data is made, too.
    simulated = np.where(rootless, 0.0 * lower, 2.0 * (higher - lower))
    p, notes = by_simulation(statistic, simulated, small.family)
    notes += [_ROOTLESS.format(count=rootless.sum(), big=big.family)] if rootless.any() else []
    notes += [redraw.assumption] if redraw.assumption else []
    law = f"{draws:,} samples drawn from the smaller fit"
    return HypothesisTest(RATIO, nesting.null, statistic, p, law, notes=tuple(notes))
