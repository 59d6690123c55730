"""Metrics of classification and of language models, from what a cross entropy tells of each row.

Each takes arrays or tensors; rows that are ignored (NaN, or rank -1) are left out.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.numerics.arrays import ArrayOrTensor, is_tensor, namespace
from likeliest.numerics.cross_entropy import wide


def perplexity(nll: ArrayOrTensor) -> Any:
    """Return exp of the mean negative log likelihood: the number of equally likely classes.

    Parameters
    ----------
    nll : array or tensor of any shape, nats
        Of each row; NaN where it is ignored.

    Returns
    -------
    number, or tensor of shape (); NaN if no row is left

    Examples
    --------
    >>> import likeliest as lk
    >>> out = lk.losses.cross_entropy([[0.0] * 8] * 3, [0, 5, -100], outputs=("nll",))
    >>> round(float(perplexity(out.nll)), 12)
    8.0
    """
    values, counted = _counted(nll)
    return namespace(values).exp(_mean(values, counted))


def bits_per_byte(nll: ArrayOrTensor, bytes: float) -> Any:
    """Return the bits that a model needs for a byte of a text: Σ nll / (bytes · ln 2).

    It compares models whose tokens differ, as perplexity does not.

    Parameters
    ----------
    nll : array or tensor of any shape, nats
        Of each token; NaN where it is ignored.
    bytes : int
        Length of the text that the tokens counted make up, as it is encoded.

    Returns
    -------
    number, or tensor of shape (); 0 if no token is left

    Raises
    ------
    ParameterError
        If bytes is not positive.

    Examples
    --------
    >>> round(float(bits_per_byte([math.log(2.0)] * 12, bytes=24)), 12)
    0.5
    """
    if not 0 < bytes < math.inf:
        raise ParameterError(f"bits_per_byte: bytes must be positive; got {bytes}.")
    values, _ = _counted(nll)
    return values.sum() / (bytes * math.log(2.0))


def top_k_accuracy(rank: ArrayOrTensor, k: int = 1) -> Any:
    """Return the share of the targets that are among the k likeliest classes.

    Parameters
    ----------
    rank : whole, array or tensor of any shape
        How many classes come before the target; -1 where it is ignored.
    k : int
        1 is plain accuracy.

    Returns
    -------
    number, or tensor of shape (); NaN if no row is left

    Raises
    ------
    ParameterError
        If k is less than 1.

    Examples
    --------
    >>> import likeliest as lk
    >>> logits = [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]
    >>> out = lk.losses.cross_entropy(logits, [2, 1], outputs=("rank",))
    >>> float(top_k_accuracy(out.rank)), float(top_k_accuracy(out.rank, k=2))
    (0.5, 1.0)
    """
    if k < 1:
        raise ParameterError(f"top_k_accuracy: k must be 1 or more; got {k}.")
    ranks = _array(rank)
    counted = ranks >= 0
    return _mean(wide(counted & (ranks < k)), counted)


def expected_calibration_error(
    confidence: ArrayOrTensor, correct: ArrayOrTensor, bins: int = 15
) -> Any:
    """Return how far confidence is from accuracy, on average over bins of equal width.

    Σ_b n_b/n · |accuracy_b - confidence_b|, bins (0, 1/bins], (1/bins, 2/bins], …

    Parameters
    ----------
    confidence : array or tensor of any shape
        The greatest probability, in [0, 1]; NaN where the row is ignored.
    correct : bool, of the same shape
        Whether the likeliest class was the target: `out.rank == 0`.
    bins : int

    Returns
    -------
    number in [0, 1], or tensor of shape (); NaN if no row is left

    Raises
    ------
    DataError
        If the shapes differ or, of arrays, a confidence lies outside [0, 1].
    ParameterError
        If bins is less than 1.

    Source: Naeini, Cooper & Hauskrecht (2015); Guo, Pleiss, Sun & Weinberger (2017), eq. 3.

    Examples
    --------
    >>> confidence, correct = [0.9, 0.9, 0.6, 0.6], [True, True, True, False]
    >>> round(float(expected_calibration_error(confidence, correct)), 12)
    0.1
    """
    if bins < 1:
        raise ParameterError(f"expected_calibration_error: bins must be 1 or more; got {bins}.")
    values, right = _array(confidence), _array(correct)
    if tuple(values.shape) != tuple(right.shape):
        raise DataError(
            "expected_calibration_error: confidence and correct must have the same shape; got "
            f"{tuple(values.shape)} and {tuple(right.shape)}."
        )
    if not is_tensor(values) and np.any((values < 0.0) | (values > 1.0)):
        raise DataError("expected_calibration_error: confidence must lie in [0, 1].")
    values, counted = _counted(values.reshape(-1))
    gap = (wide(right.reshape(-1)) - values) * counted
    xp = namespace(values)
    place = xp.clip(xp.ceil(values * bins) - 1.0, 0, bins - 1)
    place = place.long() if is_tensor(place) else place.astype(np.intp)
    in_bins = xp.bincount(place, weights=gap, minlength=bins)
    n = counted.sum()
    return xp.abs(in_bins).sum() / xp.where(n > 0, n, np.nan)


def _array(x: ArrayOrTensor) -> ArrayOrTensor:
    return x.detach() if is_tensor(x) else np.asarray(x)


def _counted(x: ArrayOrTensor) -> tuple[ArrayOrTensor, ArrayOrTensor]:
    """Return x in float64 with 0 where it is NaN, and where it is not."""
    values = wide(_array(x))
    xp = namespace(values)
    counted = ~xp.isnan(values)
    return xp.where(counted, values, 0.0), counted


def _mean(values: ArrayOrTensor, counted: ArrayOrTensor) -> ArrayOrTensor:
    xp = namespace(values)
    n = counted.sum()
    return xp.where(n > 0, values.sum(), np.nan) / xp.where(n > 0, n, 1)
