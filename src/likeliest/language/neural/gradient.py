"""The gradient route: softmax weights trained on the mean NLL, exactly by its counts.

A row of logits for each context, loss = mean NLL + l2 · mean(W²). The mean over all symbols of a
text is the mean over the cells of its table of counts, so a step costs a pass over that table, not
over the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language.models import trie
from likeliest.language.models.model import NGramModel
from likeliest.language.options import whole
from likeliest.language.smoothing.base import Array, Estimate
from likeliest.language.smoothing.mle import MLE

if TYPE_CHECKING:
    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.text.tokenizers import Tokenizer

_MOST_CELLS = 50_000_000


@dataclass(frozen=True, eq=False)
class Rows:
    """The counts as a table with a row for each context that predicts a symbol.

    Parameters
    ----------
    table : array of shape (contexts, symbols)
    first : tuple of (int, array)
        For each context length, the contexts of this length that have a row, in order of rows.
    """

    table: Array
    contexts: tuple[tuple[int, trie.Places], ...]


def train(
    counts: NGramCounts,
    tokenizer: Tokenizer,
    *,
    method: str = "gradient",
    steps: int = 1000,
    learning_rate: float = 50.0,
    l2: float = 0.01,
    init: Array | None = None,
) -> NGramModel:
    """Return the softmax model of the counts.

    Parameters
    ----------
    counts : NGramCounts
        Of order 2 or more. Of order 2 there is a row for each symbol, the boundary first; of a
        higher order one for each context seen: those at the start of a sequence, shortest first,
        then all of full length, in order.
    tokenizer : Tokenizer
    method : {"gradient", "lbfgs"}
    steps : int
        How many at most; the losses are those before each.
    learning_rate : float
        Of gradient descent.
    l2 : float, ≥ 0
        Weight of the mean squared logit in the loss. With 0 the loss has no minimum: logits of
        n-grams never seen go to minus infinity, and the infimum is the NLL of the counts' own MLE.
    init : array of shape (contexts, symbols), optional
        The first weights; zeros by default, which is the uniform distribution.
    """
    _require(counts, learning_rate, l2)
    steps = whole("steps", steps, 0)
    rows = _rows(counts)
    weights = np.zeros_like(rows.table) if init is None else init.copy()
    if weights.shape != rows.table.shape:
        raise ParameterError(
            f"init must have the shape {rows.table.shape} (contexts, symbols); got {weights.shape}."
        )
    if not np.isfinite(weights).all():
        raise ParameterError("init must be finite: a logit of minus infinity never moves.")
    loss = _loss(rows.table, l2)
    if method == "gradient" or steps == 0:
        weights, losses = _descend(loss, weights, steps, learning_rate)
    else:
        weights, losses = _lbfgs(loss, weights, steps)
    notes = [] if l2 > 0 else [_infimum(rows.table)]
    if not np.isfinite(losses).all() or (losses.size > 1 and losses[-1] > losses[0]):
        notes.append("the loss grew: lower the learning rate, or choose method=lbfgs.")
    estimate = _estimate(counts, rows, weights, tuple(notes))
    return NGramModel(estimate, tokenizer, f"softmax by {method}", counts, losses, weights)


def _require(counts: NGramCounts, learning_rate: float, l2: float) -> None:
    if counts.order < 2:
        raise ParameterError("the gradient route needs order 2 or more: logits have a context.")
    if not 0 < learning_rate < np.inf or not 0 <= l2 < np.inf:
        raise ParameterError(
            f"learning_rate > 0 and l2 ≥ 0, both finite, are needed; got {learning_rate}, {l2}."
        )


def _rows(counts: NGramCounts) -> Rows:
    size = len(counts.vocabulary)
    starts = [np.zeros(0, dtype=np.int64), *trie.first_symbols(counts.levels)]
    tables, contexts = list[Array](), list[tuple[int, trie.Places]]()
    for n in range(2, counts.order + 1):
        keys = counts.levels[n - 2]
        chosen = (starts[n - 1] == 0) | (n == counts.order)
        own = np.unique(trie.contexts(keys[chosen]))
        if counts.order == 2:
            own = np.arange(size)  # a row for every symbol, seen as a context or not
        if (own.size + sum(len(t) for t in tables)) * size > _MOST_CELLS:
            raise DataError(
                f"order {counts.order} has {own.size:,} contexts of {size:,} symbols, more than "
                f"{_MOST_CELLS:,} weights: lower the order, or fit by counts."
            )
        table = np.zeros((own.size, size))
        row = np.searchsorted(own, trie.contexts(keys[chosen]))
        table[row, trie.symbols(keys[chosen])] = counts.counts[n - 1][chosen]
        tables.append(table)
        contexts.append((n - 1, own))
    return Rows(np.concatenate(tables), tuple(contexts))


Loss = Callable[[Array], tuple[float, Array]]


def _loss(table: Array, l2: float) -> Loss:
    """Return the function from weights to the loss and its gradient."""
    total = table.sum()
    share, rows = table / total, table.sum(axis=1, keepdims=True) / total

    def loss(weights: Array) -> tuple[float, Array]:
        top = weights.max(axis=1, keepdims=True)
        exponentials = np.exp(weights - top)
        sums = exponentials.sum(axis=1, keepdims=True)
        nll = float(np.sum(rows * (top + np.log(sums))) - np.vdot(share, weights))
        exponentials *= rows / sums
        exponentials -= share
        exponentials += (2.0 * l2 / weights.size) * weights
        return nll + l2 * float(np.vdot(weights, weights)) / weights.size, exponentials

    return loss


def _descend(loss: Loss, weights: Array, steps: int, rate: float) -> tuple[Array, Array]:
    losses = np.empty(steps)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            losses[step], gradient = loss(weights)
            weights = weights - rate * gradient
    return weights, losses


def _lbfgs(loss: Loss, weights: Array, steps: int) -> tuple[Array, Array]:
    from scipy.optimize import minimize

    shape, losses = weights.shape, [loss(weights)[0]]

    def flat(w: Array) -> tuple[float, Array]:
        value, gradient = loss(w.reshape(shape))
        return value, gradient.ravel()

    found = minimize(
        flat, weights.ravel(), jac=True, method="L-BFGS-B",
        callback=lambda intermediate_result: losses.append(float(intermediate_result.fun)),
        options={"maxiter": steps, "maxfun": 4 * steps + 100, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    return found.x.reshape(shape), np.array(losses)


def _infimum(table: Array) -> str:
    total = table.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(table > 0, np.log(table / total), 0.0)
    least = -float(np.vdot(table, logs)) / float(table.sum())
    zeros = int(np.count_nonzero((table == 0) & (total > 0)))
    return (
        f"l2 = 0: the loss has no minimum; its infimum is {least:.9f}, the NLL of the counts, "
        f"where the logits of {zeros:,} n-grams never seen are minus infinity."
    )


def _estimate(counts: NGramCounts, rows: Rows, weights: Array, notes: tuple[str, ...]) -> Estimate:
    """Put the rows into the trie of the MLE, in place of its own."""
    plain = MLE().estimate(counts)
    size = len(counts.vocabulary)
    top = weights.max(axis=1, keepdims=True)
    logs = weights - top - np.log(np.exp(weights - top).sum(axis=1, keepdims=True))
    levels, log_probs, log_weights = [], [plain.log_probs[0]], []
    place, first = np.arange(size), 0
    for n, own in rows.contexts:
        keys, log = plain.levels[n - 1], plain.log_probs[n]
        others = ~np.isin(trie.contexts(keys), own)
        at = place[np.concatenate([trie.contexts(keys[others]), np.repeat(own, size)])]
        symbols = np.concatenate([trie.symbols(keys[others]), np.tile(np.arange(size), own.size)])
        order, ordered = trie.argsort(trie.key(at, symbols))
        levels.append(ordered)
        row = logs[first : first + own.size]
        log_probs.append(np.concatenate([log[others], row.ravel()])[order])
        weight = np.zeros(log_probs[-2].size)
        weight[place] = plain.log_weights[n - 1]
        log_weights.append(weight)
        place, first = (
            trie.find(ordered, trie.key(place[trie.contexts(keys)], trie.symbols(keys))),
            first + own.size,
        )
    return Estimate(
        counts.vocabulary, tuple(levels), tuple(log_probs), tuple(log_weights), None, notes
    )
