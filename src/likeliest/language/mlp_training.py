"""Training a network on the counts of a text, exactly: each distinct context once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language import trie
from likeliest.language.mlp import MLPModel, Weights
from likeliest.language.options import whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from likeliest.language.counts import NGramCounts
    from likeliest.language.smoothing.base import Array
    from likeliest.language.tokenizers import Tokenizer

_MOST_CELLS = 50_000_000
_GAIN = 5.0 / 3.0  # that keeps the size of what goes through tanh (He et al. 2015)
_REMEMBERED = 20  # steps from which L-BFGS knows the curvature


def train(
    counts: NGramCounts,
    tokenizer: Tokenizer,
    *,
    hidden: int = 200,
    embedding: int = 10,
    steps: int = 400,
    learning_rate: float | None = None,
    l2: float = 0.0,
    init: Sequence[ArrayLike] | None = None,
    seed: int = 0,
) -> MLPModel:
    """Return the network of the counts.

    The mean NLL of a text is that of its distinct contexts, each as often as it occurs. All of them
    are taken in each step, so the loss is that of the whole text.

    Parameters
    ----------
    counts : NGramCounts
        Of order 2 or more: the context is one symbol less.
    tokenizer : Tokenizer
    hidden, embedding : int
        How many tanh units there are, and numbers for each symbol.
    steps : int
        How many at most.
    learning_rate : float, optional
        Of gradient descent in float64; without one it is L-BFGS, in float32, which needs a
        thousandth of its steps.
    l2 : float, ≥ 0
        Weight of the mean squared parameter in the loss.
    init : five arrays, optional
        The first `Weights`. By default random ones, the output's small, so that all symbols begin
        alike.
    seed : int
        Of the random ones.
    """
    if counts.order < 2:
        raise ParameterError("a network needs a context of 1 symbol or more.")
    if learning_rate is not None and not 0.0 < learning_rate < np.inf:
        raise ParameterError(f"learning_rate must be positive and finite; got {learning_rate}.")
    if not 0.0 <= l2 < np.inf:
        raise ParameterError(f"l2 must be finite and not negative; got {l2}.")
    hidden, embedding = whole("hidden", hidden, 1), whole("embedding", embedding, 1)
    steps, symbols = whole("steps", steps, 0), len(counts.vocabulary)
    contexts, table = _table(counts)
    first = _drawn(counts.order - 1, symbols, embedding, hidden, whole("seed", seed, 0))
    start = first if init is None else _given(init, first)
    if learning_rate is None and steps:
        weights, losses = _lbfgs(_Loss(contexts, table, start, l2, np.float32), start, steps)
    else:
        loss = _Loss(contexts, table, start, l2, np.float64)
        weights, losses = _descend(loss, start, steps, learning_rate or 1.0)
    return MLPModel(weights, tokenizer, counts.vocabulary, losses)


def _table(counts: NGramCounts) -> tuple[NDArray[np.int64], Array]:
    """Return the distinct contexts, padded by 0 at the start, and how often each symbol follows."""
    firsts, order = trie.first_symbols(counts.levels), counts.order
    rows, seen = [], []
    for n in range(2, order + 1):
        chosen = np.flatnonzero((firsts[n - 2] == 0) | (n == order))
        own = trie.spelled(counts.levels, n)[chosen]
        rows.append(np.pad(own, ((0, 0), (order - n, 0))))
        seen.append(counts.counts[n - 1][chosen])
    whole_rows = np.concatenate(rows)
    contexts, which = np.unique(whole_rows[:, :-1], axis=0, return_inverse=True)
    symbols = len(counts.vocabulary)
    if len(contexts) * symbols > _MOST_CELLS:
        raise DataError(
            f"{len(contexts):,} contexts of {symbols:,} symbols are more than {_MOST_CELLS:,} "
            "cells: shorten the context, or fit by counts."
        )
    table = np.zeros((len(contexts), symbols))
    np.add.at(table, (which.reshape(-1), whole_rows[:, -1]), np.concatenate(seen))
    return contexts.astype(np.int64), table


def _drawn(context: int, symbols: int, embedding: int, hidden: int, seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    size = context * embedding
    return Weights(
        rng.normal(size=(symbols, embedding)),
        rng.normal(size=(size, hidden)) * (_GAIN / size**0.5),
        np.zeros(hidden),
        rng.normal(size=(hidden, symbols)) * 0.01,
        np.zeros(symbols),
    )


def _given(init: Sequence[ArrayLike], like: Weights) -> Weights:
    arrays = [np.asarray(each, dtype=np.float64) for each in init]
    shapes = [each.shape for each in like]
    if [each.shape for each in arrays] != shapes:
        raise ParameterError(
            f"init is five arrays of shapes {shapes}; got {[each.shape for each in arrays]}."
        )
    return Weights(*arrays)


class _Loss:
    """The mean NLL of the counts and its gradient, from the weights in one row."""

    def __init__(
        self,
        contexts: NDArray[np.int64],
        table: Array,
        like: Weights,
        l2: float,
        dtype: type[np.floating],
    ) -> None:
        from scipy import sparse

        n, context = contexts.shape
        symbols = table.shape[1]
        places = (contexts + np.arange(context) * symbols).reshape(-1)
        ones, rows = np.ones(places.size, dtype), np.repeat(np.arange(n), context)
        self.present = sparse.csr_matrix((ones, (rows, places)), (n, context * symbols))
        self.by_place = self.present.T.tocsr()
        self.share = (table / table.sum()).astype(dtype)
        self.rows = self.share.sum(axis=1, keepdims=True, dtype=dtype)
        self.dtype, self.l2 = dtype, l2
        self.shapes = [each.shape for each in like]

    def weights(self, flat: Array) -> Weights:
        """Return the weights that a row holds."""
        ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])
        parts = np.split(flat, ends[:-1])
        return Weights(*(p.reshape(s) for p, s in zip(parts, self.shapes, strict=True)))

    def __call__(self, flat: Array) -> tuple[float, Array]:
        w = self.weights(flat.astype(self.dtype, copy=False))
        h = self.present @ w.by_place()
        h += w.hidden_bias
        np.tanh(h, out=h)
        z = h @ w.output
        z += w.output_bias
        top = z.max(axis=1, keepdims=True)
        e = np.exp(z - top)
        sums = e.sum(axis=1, keepdims=True)
        loss = float((self.rows * (top + np.log(sums))).sum(dtype=np.float64))
        loss -= float((self.share * z).sum(dtype=np.float64))
        e *= self.rows / sums
        e -= self.share  # now the slope by the logits
        by_hidden = e @ w.output.T
        by_output = h.T @ e
        h *= h
        np.subtract(1.0, h, out=h)
        by_hidden *= h
        symbols, embedding = w.vectors.shape
        by_place = (self.by_place @ by_hidden).reshape(w.context, symbols, -1)
        of_place = w.hidden.reshape(w.context, embedding, -1)
        gradient = Weights(
            (by_place @ of_place.transpose(0, 2, 1)).sum(axis=0),
            (w.vectors.T @ by_place).reshape(w.hidden.shape),
            by_hidden.sum(axis=0),
            by_output,
            e.sum(axis=0),
        )
        flat_gradient = np.concatenate([each.reshape(-1) for each in gradient]).astype(np.float64)
        flat_gradient += (2.0 * self.l2 / flat.size) * flat
        return loss + self.l2 * float(np.vdot(flat, flat)) / flat.size, flat_gradient


def _descend(loss: _Loss, start: Weights, steps: int, rate: float) -> tuple[Weights, Array]:
    flat, losses = _row(start), np.empty(steps)
    for step in range(steps):
        losses[step], gradient = loss(flat)
        flat = flat - rate * gradient
    return loss.weights(flat), losses


def _lbfgs(loss: _Loss, start: Weights, steps: int) -> tuple[Weights, Array]:
    from scipy.optimize import minimize

    flat = _row(start)
    losses = [loss(flat)[0]]
    found = minimize(
        loss, flat, jac=True, method="L-BFGS-B",
        callback=lambda intermediate_result: losses.append(float(intermediate_result.fun)),
        options={"maxiter": steps, "maxfun": 4 * steps + 100, "maxcor": _REMEMBERED, "ftol": 1e-9},
    )  # fmt: skip
    return loss.weights(found.x), np.array(losses)


def _row(weights: Weights) -> Array:
    return np.concatenate([each.reshape(-1) for each in weights])
