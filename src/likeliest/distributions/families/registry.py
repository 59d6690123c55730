"""Find a family by its name."""

from __future__ import annotations

import difflib
import importlib
from functools import cache
from typing import Any

import numpy as np

from likeliest.distributions.distribution import Distribution
from likeliest.distributions.families.places import PLACES
from likeliest.distributions.family import REGISTRY, plain
from likeliest.distributions.recipes import from_record, read
from likeliest.errors import DataError, FamilyError

# What SciPy and R call them; their parameters may be others: see docs/parameters.md.
_ALIASES = {
    "norm": "normal", "expon": "exponential", "exp": "exponential", "lognorm": "lognormal",
    "lnorm": "lognormal", "weibull_min": "weibull", "invgauss": "inverse gaussian",
    "gumbel_r": "gumbel", "studentt": "student t", "unif": "uniform", "pois": "poisson",
    "logis": "logistic", "doublexponential": "laplace", "bern": "bernoulli", "galton": "lognormal",
    "genextreme": "gev", "genpareto": "generalized pareto", "halfnorm": "half-normal",
    "invgamma": "inverse gamma", "invweibull": "frechet", "singhmaddala": "burr",
    "gumbel_l": "gumbel of minima", "halfcauchy": "half-cauchy", "mielke": "dagum",
    "chisq": "chi2", "chisquared": "chi2", "paretoii": "lomax", "pareto2": "lomax",
    "logser": "logarithmic", "fatiguelife": "birnbaum-saunders",
    "exponweib": "exponentiated weibull", "genlogistic": "generalized logistic",
    "betapr": "beta prime", "kumar": "kumaraswamy", "gengamma": "generalized gamma",
    "genpoisson": "generalized poisson", "gpoisson": "generalized poisson",
    "compoisson": "conway-maxwell-poisson", "cmpoisson": "conway-maxwell-poisson",
    "poissoninvgauss": "poisson-inverse gaussian", "poisinvgauss": "poisson-inverse gaussian",
    "skewnorm": "skew normal", "sn": "skew normal", "loggamma": "log-gamma",
    "exponnorm": "exponentially modified gaussian", "exgaussian": "exponentially modified gaussian",
    "exgaus": "exponentially modified gaussian", "weibull_max": "weibull of maxima",
    "truncpareto": "bounded pareto", "foldnorm": "folded normal", "randint": "discrete uniform",
    "dunif": "discrete uniform", "vonmises_line": "von mises", "wrapcauchy": "wrapped cauchy",
    "wrappedcauchy": "wrapped cauchy", "laplace_asymmetric": "asymmetric laplace",
    "ald": "asymmetric laplace", "loguniform": "log-uniform",
}  # fmt: skip
_MADE = {
    "zip": "zero-inflated poisson", "zinb": "zero-inflated negative binomial",
    "ztp": "truncated(poisson, lower=0)", "zerotruncatedpoisson": "truncated(poisson, lower=0)",
    "positivepoisson": "truncated(poisson, lower=0)",
    "zerotruncatednegativebinomial": "truncated(negative binomial, lower=0)",
    "weibullmax": "reflected weibull", "gaussianmixture": "mixture(normal, 2)",
    "mixturecure": "cured weibull",
    **{
        f"{three}{name}": f"shifted {name}"
        for name in ("gamma", "lognormal", "weibull", "loglogistic", "inversegaussian")
        for three in ("3parameter", "threeparameter")
    },
}  # fmt: skip
"""Made families by names of their own."""
_FILES = {plain(file): file for file in PLACES.values()}
_BY_PLAIN = {plain(alias): name for alias, name in _ALIASES.items()}
_TRIALS = "Give it with its number of trials, which all values share: '{}(20)'."
_LEVELS = "Give it with its number of levels, whose values are 1, 2, …: '{}(5)'."
_OF_ROWS = (
    "It is a family of rows, each of several numbers: lk.fit(frame, {!r}) and lk.compare take it."
)
_NEAREST = {
    "multivariatenormal": _OF_ROWS.format("multivariate normal"),
    "multivariatet": _OF_ROWS.format("multivariate t"),
    "dirichlet": _OF_ROWS.format("dirichlet"),
    "dirichletmultinomial": _OF_ROWS.format("dirichlet-multinomial"),
    "geom": "geometric counts the trials that fail, from 0, as R does; SciPy's geom counts the one "
    "that succeeds too. Fit 'geometric', to x - 1 where x counts as SciPy does.",
    "weibull3": "The Weibull with a location is 'shifted weibull'.",
    "truncnorm": "Give its bounds, in the unit of the data: 'truncated(normal, lower=0)'.",
    "truncexpon": "Give its bounds, in the unit of the data: 'truncated(exponential, upper=10)'.",
    "composite": "Say what lies where: 'spliced(lognormal, generalized pareto, at=10)'.",
    "cure": "Say of which family: 'cured weibull'.",
    "binom": _TRIALS.format("binomial"),
    "binomial": _TRIALS.format("binomial"),
    "betabinom": _TRIALS.format("beta-binomial"),
    "betabinomial": _TRIALS.format("beta-binomial"),
    "ordered": _LEVELS.format("ordered"),
    "categorical": _LEVELS.format("categorical"),
    "multinomial": _LEVELS.format("categorical"),
    "erlang": "It is a gamma whose shape is whole: fit 'gamma'.",
    "triang": "Nearest are 'beta' and 'uniform'.",
}


def all_families() -> list[type[Distribution]]:
    """Return every family of this library, continuous ones first, in alphabetical order."""
    _import_all()
    ours = {f for f in REGISTRY.values() if f.__module__.startswith(__package__)}
    return sorted(ours, key=lambda f: (f.discrete, f.name))


def aliases_of(family: type[Distribution]) -> list[str]:
    """Return the other names that a family is found by, those of SciPy and R among them.

    Examples
    --------
    >>> aliases_of(find("normal"))
    ['gaussian', 'norm']
    """
    foreign = (alias for alias, name in _ALIASES.items() if plain(name) == plain(family.name))
    return [*dict.fromkeys((*family.aliases, *foreign))]


def find(family: str | type[Distribution]) -> type[Distribution]:
    """Return a family by its name, without regard to case, spaces, hyphens and underscores.

    The names of SciPy (`norm`, `expon`, `lognorm`, `weibull_min`) and R are known too.

    Raises
    ------
    FamilyError
        If no family has the name; the nearest ones are named.

    Examples
    --------
    >>> import likeliest
    >>> find("NORMAL").name, find("weibull_min").name
    ('normal', 'weibull')

    Families made of others, as `likeliest.truncated` and the like make them:

    >>> find("zero-inflated poisson") is likeliest.zero_inflated("poisson")
    True
    """
    if isinstance(family, type) and issubclass(family, Distribution):
        if not getattr(family, "name", "") or not family.constraints:
            raise FamilyError(
                f"{family.__name__} is a base of families, not a family: it has no name or "
                "no parameters of its own."
            )
        return family
    if not isinstance(family, str):
        raise FamilyError(
            f"A family is given by its name or its class; got {family!r}. To evaluate one with its "
            "parameters fixed, call its log_likelihood(data)."
        )
    if family in REGISTRY:
        return REGISTRY[family]
    name = plain(family)
    if name in _MADE:
        return find(_MADE[name])
    if (found := _named(name)) is not None:
        return found
    if (made := read(family, find)) is not None:
        return made
    if name in _NEAREST:
        raise FamilyError(f"There is no family {family!r}. {_NEAREST[name]}")
    near = difflib.get_close_matches(name, REGISTRY, n=3, cutoff=0.6)
    names = dict.fromkeys(REGISTRY[key].name for key in near)
    closest = f"Did you mean {' or '.join(names)}? " if names else ""
    suggestion = _of_scipy(family) or closest
    raise FamilyError(
        f"There is no family {family!r}. {suggestion}`likeliest families` lists them all."
    )


def _of_scipy(name: str) -> str:
    """Say how to fit a distribution that SciPy has by that name."""
    from scipy import stats

    if not isinstance(getattr(stats, name, None), (stats.rv_continuous, stats.rv_discrete)):
        return ""
    return f"SciPy has it: fit lk.from_scipy(scipy.stats.{name}). "


def is_family(name: str) -> bool:
    """Return whether a family has a name, without regard to case, spaces and hyphens.

    Examples
    --------
    >>> is_family("Student t"), is_family("old_faithful")
    (True, False)
    """
    return _named(plain(name)) is not None


def _named(name: str) -> type[Distribution] | None:
    """Return the family of a plain name, SciPy's and R's too, once the file of ours is imported."""
    if name in REGISTRY:
        return REGISTRY[name]
    other = plain(_BY_PLAIN.get(name, name))
    if other in _FILES:
        _import(_FILES[other])
    else:
        _import_all()
    return REGISTRY.get(name) or REGISTRY.get(other)


def _import(file: str) -> None:
    importlib.import_module(f"{__package__}.{file}")


@cache
def _import_all() -> None:
    """Import every family of ours: some have further names of their own."""
    for file in _FILES.values():
        _import(file)


def from_dict(saved: dict[str, Any]) -> Distribution:
    """Return the distribution that `Distribution.to_dict` described.

    Raises
    ------
    DataError
        If it is not such a description.

    Examples
    --------
    >>> from_dict({"family": "normal", "parameters": {"mean": 0.0, "std": 1.0}})
    Normal(mean=0.0, std=1.0)
    """
    try:
        # JSON has no number for an infinity: it is kept as text.
        numbers = {n: np.asarray(v, dtype=np.float64) for n, v in saved["parameters"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"This is not a saved distribution: {error}.") from None
    try:
        return from_record(saved, find)(**numbers)
    except (KeyError, TypeError) as error:
        raise DataError(f"This is not a saved distribution: {error}.") from None
