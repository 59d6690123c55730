"""Families made of other families."""

from likeliest.distributions.combinators.mixture import mixture

__all__ = ["mixture"]
