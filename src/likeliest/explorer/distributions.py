"""Answers about data and families: what the page asks while parameters are dragged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from likeliest.data.distributed import Distributed
from likeliest.distributions import families
from likeliest.errors import DataError, LikeliestError, ParameterError
from likeliest.explorer.chosen import Chosen
from likeliest.fitting.comparison import compare
from likeliest.fitting.support import outside
from likeliest.report.text import short, visible

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit

_FEW = 30  # values that do not tell families apart
_MANY = 100_000  # rows of which the ranking is that of a sample


class DistributionAnswers:
    """Answers to the page of one sample.

    Parameters
    ----------
    seen : Observations
        As they were seen, not rounded yet.
    family : type, optional
        The first to be shown; without it the likeliest whose likelihood has no corners, or of few
        values the simplest.
    rounding : float, optional
        The step to which the values were rounded; without it 1 of whole numbers, else 0: families
        can then be compared whatever they are.
    given : Fit, optional
        A fit to begin with, at its estimate.
    """

    page = "distribution"

    def __init__(
        self,
        seen: Observations,
        family: type[Distribution] | None = None,
        rounding: float | None = None,
        given: Fit | None = None,
    ) -> None:
        if isinstance(seen, Distributed):
            raise seen.not_here("The explorer")
        if rounding is None:
            whole = seen.exact and seen.summary.whole and given is None
            rounding = 1.0 if whole else 0.0
        self.exact = seen
        self.rounded = seen.rounded(rounding) if rounding else seen
        self.given = given
        self._chosen: dict[str, Chosen] = {}
        self._known = {each.name: each for each in families.all_families()}
        own = family if given is None else type(given.distribution)
        if own is not None:
            self._known[own.name] = own
        self.first = self._first() if own is None else own

    @property
    def title(self) -> str:
        """What is explored, in words."""
        return short(visible(self.exact.description.label or "the values"))

    @property
    def kinds(self) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        """The kinds of requests, with what answers each."""
        return {
            "open": self._open,
            "family": self._family,
            "at": self._at,
            "descend": self._descend,
            "surface": self._surface,
        }

    @cached_property
    def _ranking(self) -> list[tuple[str, float]]:
        """Common families with how far each lies behind the best, by AICc; empty where none is."""
        common = [each.name for each in families.chosen("common")]
        read = self.exact
        if len(read) > _MANY and read.exact and read.weights is None:
            read = read.some(_MANY)
        try:
            compared = compare(read, common)
        except LikeliestError:
            return []
        values = [(one.family, one.aicc) for one in compared.fits]
        best = min((value for _, value in values), default=math.inf)
        return [(name, value - best) for name, value in values if math.isfinite(value)]

    def _first(self) -> type[Distribution]:
        plain = self.exact.description.is_plain
        if len(self.exact) < _FEW and plain:
            s = self.exact.summary
            return self._known["poisson" if s.whole and s.low >= 0.0 else "normal"]
        for name, _ in self._ranking:
            if not self._known[name].non_smooth:  # one whose likelihood is a hill
                return self._known[name]
        held = [each for each in self._known.values() if outside(each, self._for(each)) is None]
        if not held:
            raise DataError("No family can hold these values.")
        return held[0]

    def _for(self, family: type[Distribution]) -> Observations:
        return self.exact if family.discrete else self.rounded

    def _named(self, request: Mapping[str, Any]) -> Chosen:
        name = request.get("family")
        if name not in self._known:
            raise ParameterError(f"There is no family {name!r:.60} here.")
        if name not in self._chosen:
            family = self._known[name]
            is_given = self.given is not None and family is type(self.given.distribution)
            self._chosen[name] = Chosen(family, self._for(family), self.given if is_given else None)
        return self._chosen[name]

    def _open(self, _: Mapping[str, Any]) -> dict[str, Any]:
        behind = dict(self._ranking) if len(self.exact) >= _FEW else {}
        listed = []
        for name, each in self._known.items():
            why = outside(each, self._for(each))
            listed.append({"name": name, "behind": behind.get(name), "holds": why is None})
        listed.sort(key=lambda one: (one["behind"] is None, one["behind"] or 0.0, one["name"]))
        told = self.rounded.description.told()
        return {
            "page": self.page,
            "title": self.title,
            "label": self.title,
            "data": visible(f"{told[:1].upper()}{told[1:]}."),
            "families": listed,
            "family": self.first.name,
            "atBest": self.given is not None,
        }

    def _family(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return self._named(request).describe()

    def _at(self, request: Mapping[str, Any]) -> dict[str, Any]:
        between = request.get("between")
        return self._named(request).at(
            numbers(request, "parameters"),
            None if between is None else pair(between, "between"),
            exact=request.get("exact") is not False,
            divergence=request.get("divergence") is True,
        )

    def _descend(self, request: Mapping[str, Any]) -> dict[str, Any]:
        steps = request.get("steps")
        if not isinstance(steps, int):
            raise ParameterError(f"steps must be a whole number; got {steps!r:.60}.")
        rate = as_number(request.get("rate"), "rate")
        return self._named(request).walk(numbers(request, "parameters"), rate, steps)

    def _surface(self, request: Mapping[str, Any]) -> dict[str, Any]:
        ranges = request.get("ranges")
        if not isinstance(ranges, Mapping):
            raise ParameterError(f"ranges must name parameters; got {ranges!r:.60}.")
        ends = {name: pair(each, f"the range of {name:.60}") for name, each in ranges.items()}
        return self._named(request).surface(numbers(request, "parameters"), ends)


def as_number(value: object, what: str) -> float:
    """Return a number of a request, where ∞ is the text "inf"; raise ParameterError if it is none.

    Examples
    --------
    >>> as_number(2, "rate"), as_number("inf", "df")
    (2.0, inf)
    """
    if isinstance(value, str) and value in {"inf", "-inf"}:
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ParameterError(f"{what} must be a number; got {value!r:.60}.")
    return float(value)


def pair(value: object, what: str) -> tuple[float, float]:
    """Return the two ends of an interval of a request; raise ParameterError if it has none."""
    if not isinstance(value, list) or len(value) != 2:
        raise ParameterError(f"{what} must be two numbers; got {value!r:.60}.")
    return as_number(value[0], what), as_number(value[1], what)


def numbers(request: Mapping[str, Any], name: str) -> dict[str, float]:
    """Return the numbers of a request by their names; raise ParameterError if they are none."""
    given = request.get(name)
    if not isinstance(given, Mapping):
        raise ParameterError(f"{name} must name parameters with values; got {given!r:.60}.")
    return {str(key): as_number(value, f"{key:.60}") for key, value in given.items()}
