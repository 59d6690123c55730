"""Checks of a family that a user wrote: the laws that every family keeps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.distributions.derivatives import by_differences, keep, rows
from likeliest.distributions.own.from_function import masses_of
from likeliest.errors import FamilyError, LikeliestError
from likeliest.tables import Table, html, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_CLOSE = 1e-8  # relative: what formulas that are right agree to
_MASS = 1e-6  # probabilities, relative: near an end where the density is infinite x has no more
_TAIL = 0.01  # of smaller ones, of this
_SLOPE = 1e-6  # derivatives, of their size: what differences confirm
_DRAWS = 4_000
_UNLIKELY = 1e-6  # a sample so far from its law is none of it
_SURE = 6.0  # standard errors that an estimate may lie from the truth


class _BrokenError(Exception):
    """A law does not hold."""


class Outcome(NamedTuple):
    """One law: whether it holds ("yes", "no", or "–" where there is nothing to check), and why."""

    law: str
    holds: str
    told: str


@dataclass(frozen=True)
class FamilyCheck:
    """Which of the laws of families a family keeps.

    Parameters
    ----------
    family : str
    outcomes : tuple of Outcome
    """

    family: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether none is broken."""
        return all(outcome.holds != "no" for outcome in self.outcomes)

    def table(self) -> Table:
        """Return the laws as a table."""
        broken = [f"{o.law}: {o.told}" for o in self.outcomes if o.holds == "no"]
        title = f"{self.family} · {'keeps its laws' if self.passed else 'breaks a law'}"
        rows_ = tuple((o.law, o.holds) for o in self.outcomes)
        skipped = [f"{o.law}: {o.told}" for o in self.outcomes if o.holds == "–"]
        return Table(title, ("law", "holds"), rows_, (*broken, *skipped))

    def __repr__(self) -> str:
        return text(self.table())

    def _repr_html_(self) -> str:
        return html(self.table())


def check_family(
    family: type[Distribution], members: Iterable[Mapping[str, float]] | None = None
) -> FamilyCheck:
    """Check a family of your own: its density, tails, quantiles, samples, derivatives and fits.

    Parameters
    ----------
    family : class
        Made by `likeliest.model`, or written as a class.
    members : iterable of mappings, optional
        Parameters of members to check, by name; without them a few within the ranges.

    Returns
    -------
    FamilyCheck
        A table of the laws; `passed` says whether all hold.

    Raises
    ------
    FamilyError
        If it is no family, or no member can be made.

    Examples
    --------
    >>> import numpy as np
    >>> import likeliest as lk
    >>> def half(x, scale):
    ...     return -0.5 * (x / scale) ** 2 - np.log(scale)      # forgets its constant
    >>> Half = lk.model(half, {"scale": lk.positive(power=1)}, support=(0, np.inf), name="half")
    >>> lk.distributions.check_family(Half).outcomes[2]
    Outcome(law='adds up to 1', holds='no', told='it adds up to 1.25331 at scale=0.5')
    """
    if not hasattr(family, "constraints") or not getattr(family, "constraints", None):
        raise FamilyError(f"check_family takes a family, a class; got {family!r:.60}.")
    made = [*_members(family, members)]
    if not made:
        raise FamilyError("No member can be made of the parameters within their ranges.")
    return FamilyCheck(family.name, tuple(_outcome(*law, made) for law in _LAWS))


def _outcome(law: str, check: Callable[[Any], None], made: list[Any]) -> Outcome:
    try:
        with np.errstate(all="ignore"):
            for member in made:
                check(member)
    except _BrokenError as broken:
        return Outcome(law, "no", str(broken))
    except FamilyError as error:
        return Outcome(law, "–", str(error))
    except (LikeliestError, ArithmeticError, TypeError, ValueError, IndexError) as error:
        return Outcome(law, "no", f"{type(error).__name__}: {error}")
    return Outcome(law, "yes", "")


def _members(
    family: type[Distribution], given: Iterable[Mapping[str, float]] | None
) -> Iterator[Distribution]:
    if given is not None:
        yield from (family(**one) for one in given)
        return
    columns = []
    for constraint in family.constraints.values():
        low, high = constraint.low, constraint.high
        if constraint.is_free:
            columns.append((0.5, -1.5) if constraint.power else (0.3, 0.8))
        elif np.isfinite(high):
            columns.append((low + 0.3 * (high - low), low + 0.7 * (high - low)))
        else:
            columns.append((low + 0.5, low + 2.0))
    pairs = [*zip(*columns, strict=True), *product(*columns)]
    for values in dict.fromkeys(pairs[:4]):
        try:
            yield family(**dict(zip(family.constraints, values, strict=True)))
        except LikeliestError:
            continue


def _say(member: Distribution) -> str:
    return ", ".join(f"{name}={value:.4g}" for name, value in member.parameters.items())


def _require_close(
    ours: Any, theirs: Any, tolerance: float, what: str, member: Any, *, size: float = 1e-3
) -> None:
    """Raise unless numbers agree relative to themselves, or to a size where they are smaller."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    sizes = np.maximum(np.abs(theirs), size)
    off = ~(np.abs(ours - theirs) <= tolerance * sizes) & ~(ours == theirs)
    if off.any():
        at = int(np.argmax(off))
        raise _BrokenError(
            f"{what}: {ours.flat[at]:.9g} where {theirs.flat[at]:.9g} is right, at {_say(member)}"
        )


def _axis(member: Any) -> Any:
    """Return the masses along the axis, from the density alone."""
    return masses_of(member, member.log_prob)


def _points(member: Any) -> Array:
    """Return values within the support, from one tail to the other."""
    shares = np.array([1e-4, 0.02, 0.2, 0.5, 0.77, 0.97, 0.9999])
    return np.unique(_axis(member).quantile(shares))


def _keeps_shape(member: Any) -> None:
    x = np.resize(_points(member), (3, 2))
    before = x.copy()
    found = np.asarray(member.log_prob(x))
    if found.shape != x.shape:
        raise _BrokenError(f"log_prob of shape {x.shape} has shape {found.shape}")
    if (x != before).any():
        raise _BrokenError("log_prob changes the array that it is given")
    outside = [b for b in (member.bounds().low - 1.0, member.bounds().high + 1.0) if np.isfinite(b)]
    if outside and not np.isneginf(member.log_prob(np.array(outside))).all():
        raise _BrokenError("log_prob is not -∞ outside the support")


def _takes_arrays(member: Any) -> None:
    x, family = _points(member), type(member)
    columns = {n: np.full((2, 1), float(v)) for n, v in member.parameters.items()}
    together = np.asarray(family.unchecked(**columns).log_prob(x))
    _require_close(together, np.stack([member.log_prob(x)] * 2), 1e-12, "log_prob", member)


def _adds_up(member: Any) -> None:
    total = _axis(member).total
    if not abs(total - 1.0) < _CLOSE:
        raise _BrokenError(f"it adds up to {total:.6g} at {_say(member)}")


def _has_tails(member: Any) -> None:
    x, masses = _points(member), _axis(member)
    _require_close(member.cdf(x), masses.below(x), _MASS, "cdf", member, size=_TAIL)
    _require_close(member.sf(x), masses.above(x), _MASS, "sf", member, size=_TAIL)
    _require_close(np.exp(member.log_cdf(x)), masses.below(x), _MASS, "log_cdf", member, size=_TAIL)
    _require_close(np.exp(member.log_sf(x)), masses.above(x), _MASS, "log_sf", member, size=_TAIL)


def _inverts(member: Any) -> None:
    x = _points(member)
    _require_close(member.quantile(member.cdf(x)), x, _CLOSE, "quantile(cdf(x))", member)
    if not member.discrete:
        back = member.upper_quantile(member.sf(x))
        _require_close(back, x, _CLOSE, "upper_quantile(sf(x))", member)


def _draws(member: Any) -> None:
    from scipy.stats import binom

    draws, masses = np.sort(member.sample(_DRAWS, seed=1)), _axis(member)
    for share in (0.1, 0.5, 0.9):
        cut = float(masses.quantile(np.array([share]))[0])
        p = float(masses.below(np.array([cut]))[0])
        seen = int(np.searchsorted(draws, cut, side="right"))
        if min(binom.cdf(seen, _DRAWS, p), binom.sf(seen - 1, _DRAWS, p)) < _UNLIKELY:
            raise _BrokenError(
                f"of {_DRAWS:,} draws {seen:,} lie at or below {cut:.6g}, where {p * _DRAWS:,.0f} "
                f"are expected, at {_say(member)}"
            )


def _differs(member: Any) -> None:
    family, x = type(member), _points(member)
    names = tuple(member.constraints)
    values = tuple(float(v) for v in member.parameters.values())

    def at(*moved: Any) -> Array:
        return np.asarray(family.unchecked(**dict(zip(names, moved, strict=True))).log_prob(x))

    steps = [1e-3 * float(size) for size in member.natural_sizes()]
    theirs = np.broadcast_arrays(*rows(by_differences(at, values, steps)))
    ours = np.broadcast_arrays(*rows(member.derivatives(x, keep)), x)[:-1]
    for i, (mine, right) in enumerate(zip(ours, theirs, strict=True)):
        what = "log_prob" if i == 0 else "score" if i <= len(names) else "Hessian"
        known = np.isfinite(right)  # a step may have left the support
        size = float(np.abs(right[known]).max(initial=1.0))
        _require_close(mine[known], right[known], _SLOPE, what, member, size=size)


def _moves_with_units(member: Any) -> None:
    if member.discrete or member.anchored or not any(c.power for c in member.constraints.values()):
        raise FamilyError("there is nothing to check: no parameter has a unit.")
    x, factor = _points(member), 8.0
    _require_close(
        member.rescaled(factor).log_prob(factor * x), member.log_prob(x) - np.log(factor), _CLOSE,
        "log_prob in another unit (the power of a parameter)", member,
    )  # fmt: skip
    if any(c.is_location for c in member.constraints.values()):
        moved = member.shifted(2.0).log_prob(x + 2.0)
        _require_close(moved, member.log_prob(x), _CLOSE, "log_prob from another origin", member)


def _fits(member: Any) -> None:
    draws = member.sample(_DRAWS, seed=2)
    fit = type(member).fit(draws)
    at_truth = float(np.sum(member.log_prob(draws)))
    if fit.log_likelihood < at_truth - 1e-6:
        raise _BrokenError(
            f"a fit of its own sample reaches a log likelihood of {fit.log_likelihood:.6f}, below "
            f"{at_truth:.6f} of the truth, {_say(member)}"
        )
    for name, error in fit.standard_errors.items():
        truth = float(getattr(member, name))
        if error is not None and abs(fit.parameters[name] - truth) > _SURE * error:
            raise _BrokenError(
                f"a fit of {_DRAWS:,} draws finds {name}={fit.parameters[name]:.6g} ± {error:.2g} "
                f"where {truth:.6g} is right"
            )


_LAWS: tuple[tuple[str, Callable[[Any], None]], ...] = (
    ("keeps the shape of x", _keeps_shape),
    ("takes arrays of parameters", _takes_arrays),
    ("adds up to 1", _adds_up),
    ("cdf and sf are its masses", _has_tails),
    ("quantile inverts the cdf", _inverts),
    ("samples follow it", _draws),
    ("derivatives are its slopes", _differs),
    ("moves with unit and origin", _moves_with_units),
    ("fits of its samples find it", _fits),
)
