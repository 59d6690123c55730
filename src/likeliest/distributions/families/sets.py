"""Named sets of families, for a comparison of those that a question is about."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from likeliest.distributions.families.registry import all_families, find, is_family
from likeliest.distributions.family import plain
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from likeliest.distributions.distribution import Distribution

SETS: dict[str, tuple[str, ...]] = {
    "common": (
        "beta", "cauchy", "exponential", "gamma", "gumbel", "inverse gaussian", "laplace",
        "logistic", "loglogistic", "lognormal", "normal", "pareto", "rayleigh", "student t",
        "uniform", "weibull", "bernoulli", "geometric", "negative binomial", "poisson",
    ),
    "heavy-tailed": (
        "beta prime", "burr", "cauchy", "dagum", "f", "frechet", "generalized pareto",
        "half-cauchy", "inverse gamma", "levy", "loglogistic", "lognormal", "lomax", "pareto",
        "student t", "yule-simon", "zeta",
    ),
    "survival": (
        "birnbaum-saunders", "burr", "exponential", "exponentiated weibull", "gamma",
        "generalized gamma", "gompertz", "inverse gaussian", "loglogistic", "lognormal",
        "rayleigh", "weibull",
    ),
    "extremes": (
        "exponential", "frechet", "generalized pareto", "gev", "gumbel", "gumbel of minima",
        "log-pearson iii", "pearson iii", "weibull",
    ),
    "positive": (
        "beta prime", "birnbaum-saunders", "burr", "chi", "chi2", "dagum", "exponential",
        "exponentiated weibull", "f", "folded normal", "frechet", "gamma", "generalized gamma",
        "generalized pareto", "gompertz", "half-cauchy", "half-normal", "inverse gamma",
        "inverse gaussian", "levy", "log-pearson iii", "loglogistic", "lognormal", "lomax",
        "maxwell", "nakagami", "pareto", "rayleigh", "rice", "weibull",
    ),
    "circular": ("von mises", "wrapped cauchy"),
    "shares": ("beta", "kumaraswamy", "logit-normal"),
    "counts": (
        "conway-maxwell-poisson", "discrete weibull", "generalized poisson", "geometric",
        "logarithmic", "negative binomial", "poisson",
        "poisson-inverse gaussian", "yule-simon", "zeta",
    ),
}  # fmt: skip
"""Families by the name of a set; "all" is every family."""


def chosen(families: str | Iterable[str | type[Distribution]]) -> list[type[Distribution]]:
    """Return the families of a named set, of one name, or of several names and classes.

    Raises
    ------
    FamilyError
        If there is no such set or family.

    Examples
    --------
    >>> [family.name for family in chosen("shares")]
    ['beta', 'kumaraswamy', 'logit-normal']
    """
    if not isinstance(families, str):
        return [*map(find, families)]
    by_plain = {plain(name): members for name, members in SETS.items()}
    name = plain(families)
    if name == "all":
        return all_families()
    if name in by_plain:
        return [*map(find, by_plain[name])]
    if not difflib.get_close_matches(name, by_plain) or is_family(name):
        return [find(families)]
    raise FamilyError(
        f"There is no set of families {families!r}. There are {', '.join(SETS)} and all."
    )
