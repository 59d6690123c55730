"""Families made of others: truncated, zero-inflated, mixtures and the like, one file each."""

from likeliest.distributions.combinators.hurdle import hurdle
from likeliest.distributions.combinators.levels import categorical, ordered
from likeliest.distributions.combinators.mixture import mixture
from likeliest.distributions.combinators.trials import beta_binomial, binomial
from likeliest.distributions.combinators.truncated import truncated
from likeliest.distributions.combinators.zero_inflated import zero_inflated

__all__ = [
    "beta_binomial",
    "binomial",
    "categorical",
    "hurdle",
    "mixture",
    "ordered",
    "truncated",
    "zero_inflated",
]
