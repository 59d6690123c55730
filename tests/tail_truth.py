"""Derivatives of log tails in mpmath, and how far a family's own are from them."""

from __future__ import annotations

import numpy as np
from mpmath import mp, mpf

from likeliest.distributions.derivatives import Side
from truth import LOWER, UPPER, parameters


def sizes(member):
    """Return the lengths over which the parameters count, as exact mpmath numbers."""
    return [mpf(float(size)) for size in member.natural_sizes()]


def log_tail_derivative(member, x, side, orders, digits=120):
    """Return a mixed derivative of the textbook's log tail, by parameters in natural sizes."""
    tail = (LOWER if side is Side.BELOW else UPPER)[member.name]
    with mp.workdps(digits):
        at, values, units = mpf(float(x)), parameters(member), sizes(member)

        def log_tail(*moves):
            moved = (v + t * u for v, t, u in zip(values, moves, units, strict=True))
            return mp.log(tail(at, *moved))

        return mp.diff(log_tail, [mpf(0)] * len(values), orders, h=mpf(10) ** -25)


def errors(member, x, side, digits=120):
    """Return the errors of log tail, score and Hessian at x, by the orders of the derivative.

    Relative to the derivative, or to a change of 1 nat over the parameters' natural sizes.
    """
    k = len(member.constraints)
    ours = member.log_tail(np.array([float(x)]), side)
    orders = [[0] * k, *([int(i == m) for m in range(k)] for i in range(k))]
    orders += [[int(i == m) + int(j == m) for m in range(k)] for i in range(k) for j in range(i, k)]
    found = {}
    for value, order in zip((ours.log_prob, *ours.score, *ours.hessian), orders, strict=True):
        truth = log_tail_derivative(member, x, side, order, digits)
        scaled = mpf(float(np.ravel(value)[0]))
        for unit, power in zip(sizes(member), order, strict=True):
            scaled *= unit**power
        found[tuple(order)] = float(abs(scaled - truth) / max(abs(truth), 1))
    return found
