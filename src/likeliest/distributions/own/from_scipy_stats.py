"""A family made of a distribution of SciPy's."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.own.from_function import Functions, of_functions
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.support import Support
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_SHAPES = (0.5, 1.0, 2.0, 5.0)  # from which shapes set out, within their range
_FEW = 2  # shapes of which all combinations are tried
_STARTS = 4


def from_scipy(distribution: Any, *, loc: bool | None = None) -> type[Distribution]:
    """Make a family of a distribution of SciPy's, to be fitted, compared and asked like ours.

    Its parameters are SciPy's own shapes, with loc and scale; its formulas are SciPy's, as accurate
    as they are. Derivatives are from differences.

    Parameters
    ----------
    distribution : scipy.stats.rv_continuous, rv_discrete, or the name of one
        Such as `scipy.stats.exponnorm` or "exponnorm".
    loc : bool, optional
        Whether the location is estimated. Without it: where the distribution is on the whole axis.
        Where its support has an end that loc moves, the likelihood often has no maximum, so it is
        held at 0, in which SciPy's own `fit` differs.

    Returns
    -------
    class
        The family, called "scipy" and SciPy's name.

    Raises
    ------
    FamilyError
        If SciPy has no such distribution, or it is no density on the axis.

    Examples
    --------
    >>> import scipy.stats
    >>> import likeliest as lk
    >>> Fatigue = lk.from_scipy(scipy.stats.fatiguelife)
    >>> fit = lk.fit([1.2, 0.8, 2.4, 1.9, 3.1, 0.7], Fatigue)
    >>> {name: round(value, 3) for name, value in fit.parameters.items()}
    {'c': 0.562, 'scale': 1.454}
    """
    import scipy.stats

    law: Any = distribution
    if isinstance(distribution, str):
        law = getattr(scipy.stats, distribution, None)
    discrete = isinstance(law, scipy.stats.rv_discrete)
    if not (discrete or isinstance(law, scipy.stats.rv_continuous)):
        raise FamilyError(
            "from_scipy takes a distribution of scipy.stats, such as scipy.stats.exponnorm, not "
            f"frozen, or its name; got {distribution!r:.60}."
        )
    if law.name == "vonmises":
        raise FamilyError(
            "SciPy's vonmises repeats itself around a circle: on the whole axis it has no "
            "likelihood."
        )
    on_axis = not np.isfinite([law.a, law.b]).any()
    has_loc = (on_axis and not discrete) if loc is None else loc
    constraints = dict(_shapes(law))
    shapes = [*constraints]
    if has_loc:
        constraints["loc"] = Constraint(-np.inf, np.inf, power=1)
    if not discrete:
        constraints["scale"] = Constraint(0.0, np.inf, power=1)
    return of_functions(
        f"scipy {law.name}", _functions(law, shapes, has_loc=has_loc, discrete=discrete),
        constraints, _support(law, has_loc=has_loc, discrete=discrete),
        discrete=discrete, anchored=not has_loc and not on_axis,
    )  # fmt: skip


def _shapes(law: Any) -> Iterator[tuple[str, Constraint]]:
    """Yield the name and range of each shape."""
    for info in law._shape_info():  # noqa: SLF001 (SciPy tells ranges nowhere else)
        low, high = (float(end) for end in info.domain)
        yield info.name, Constraint(low, high)


def _support(law: Any, *, has_loc: bool, discrete: bool) -> Support:
    """Return the values that any member can hold."""
    if discrete:
        low = float(law.a) if np.isfinite(law.a) else -(2.0**53)
        return Support(low, float(law.b), low_closed=True, high_closed=True, whole=True)
    low = 0.0 if not has_loc and law.a >= 0.0 else -np.inf
    high = 0.0 if not has_loc and law.b <= 0.0 else np.inf
    return Support(low, high, low_closed=True, high_closed=bool(np.isfinite(high)))


def _functions(law: Any, shapes: list[str], *, has_loc: bool, discrete: bool) -> Functions:
    def called(name: str) -> Any:
        return partial(_call, getattr(law, name), shapes)

    def sample(*, size: tuple[int, ...], rng: np.random.Generator, **parameters: Any) -> Any:
        return law.rvs(**parameters, size=size, random_state=rng)

    return Functions(
        log_prob=called("logpmf" if discrete else "logpdf"),
        cdf=called("cdf"), sf=called("sf"), log_cdf=called("logcdf"), log_sf=called("logsf"),
        quantile=called("ppf"), upper_quantile=called("isf"), sample=sample,
        start=partial(_starts, law, shapes, has_loc=has_loc, discrete=discrete),
        bounds=law.support,
    )  # fmt: skip


def _call(method: Any, shapes: list[str], x: Array, **parameters: Any) -> Any:
    """Call a method of SciPy's: shapes by position, loc and scale by name."""
    given = [parameters.pop(name) for name in shapes]
    return method(x, *given, **parameters)


def _starts(
    law: Any, shapes: list[str], values: Array, *, has_loc: bool, discrete: bool
) -> list[Mapping[str, float]]:
    """Return members whose quartiles are those of the values, the likeliest first."""
    lower, middle, upper = np.quantile(values, [0.25, 0.5, 0.75])
    spread = float(upper - lower) or float(np.std(values)) or 1.0
    ranges = dict(_shapes(law))
    tried = [_within(c) for c in ranges.values()]
    combinations = product(*tried) if len(tried) <= _FEW else zip(*tried, strict=True)
    found = []
    for shape in combinations:
        start = dict(zip(shapes, shape, strict=True))
        if not discrete:
            with np.errstate(all="ignore"):
                low, mid, high = law.ppf([0.25, 0.5, 0.75], *shape)
            start["scale"] = spread / (high - low) if has_loc or mid <= 0.0 else abs(middle) / mid
            if has_loc:
                start["loc"] = middle - start["scale"] * mid
        elif has_loc:
            start["loc"] = 0.0
        if not np.isfinite([*start.values()]).all() or start.get("scale", 1.0) <= 0.0:
            continue
        log = law.logpmf if discrete else law.logpdf
        with np.errstate(all="ignore"):
            likely = np.sum(_call(log, shapes, values, **dict(start)))
        found.append((float(np.nan_to_num(likely, nan=-np.inf)), start))
    found.sort(key=lambda one: -one[0])
    if not found:
        raise FamilyError(
            f"SciPy's {law.name} gives no member to set out from; say where with start={{...}}."
        )
    return [start for _, start in found[:_STARTS]]


def _within(constraint: Constraint) -> list[float]:
    """Return numbers within a range to set out from."""
    low, high = constraint.low, constraint.high
    if np.isfinite(low) and np.isfinite(high):
        return [low + share * (high - low) for share in (0.1, 0.35, 0.65, 0.9)]
    if np.isfinite(low):
        return [low + shape for shape in _SHAPES]
    return [-0.5, -0.1, 0.1, 0.5]
