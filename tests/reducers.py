"""Reducers for `derivatives`: what becomes of a term that has one entry for each value."""

import numpy as np


def over(x):
    """Return the reducer that adds up over all values of x."""
    return lambda term: float(np.sum(np.broadcast_to(term, np.shape(x))))


def in_groups(weights):
    """Return the reducer that adds up each row of a table of values, by their weights."""
    return lambda term: np.sum(
        np.broadcast_to(term, weights.shape) * weights, axis=1, keepdims=True
    )


def by_row(x):
    """Return the reducer that keeps each value's own term: the array itself, not a copy."""
    return lambda term: np.broadcast_to(term, np.shape(x))
