"""Problems for the cross entropies, with their truth in float64: for the tests and the benchmark.

The margin is the log odds for the target, z_t - log Σ_{j≠t} exp z_j: at 0 its probability is one
half, at 20 its NLL is 2e-9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

IGNORED = -100


@dataclass(frozen=True)
class Shape:
    rows: int
    features: int
    classes: int

    def __str__(self) -> str:
        return f"{self.rows}×{self.features}×{self.classes}"


@dataclass(frozen=True)
class Problem:
    """Inputs in float64, already rounded to the dtype they will be handed over in."""

    x: np.ndarray  # (rows, features)
    w: np.ndarray  # (classes, features)
    target: np.ndarray  # (rows,)

    def truth(self) -> dict[str, np.ndarray]:
        """Return the mean loss over the rows that count, and its gradients.

        The others' share is what is summed, so that nothing cancels: float64's own error is 1e-7
        of the errors that are looked for.
        """
        counted = self.target != IGNORED
        t = np.where(counted, self.target, 0)
        rows = np.arange(len(t))
        z = self.x @ self.w.T
        against = _others(z, t) - z[rows, t]
        scale = counted / max(counted.sum(), 1)
        slope = np.exp(z - np.logaddexp(_others(z, t), z[rows, t])[:, None])
        slope[rows, t] = -expit(against)
        slope *= scale[:, None]
        loss = np.sum(np.logaddexp(0.0, against) * scale)
        return {"loss": np.array(loss), "by input": slope @ self.w, "by weight": slope.T @ self.x}


def problem(
    shape: Shape,
    margin: float | None,
    *,
    masked: bool,
    seed: int,
    rounded: Callable[[np.ndarray], np.ndarray],
) -> Problem:
    """Return a problem whose rows have the margin; without one, as before any training.

    Each hidden state is noise with so much of its target's weights added that the margin comes
    out, found by bisection. Weights of one length keep any margin within reach.
    """
    rng = np.random.default_rng([seed, shape.rows, shape.classes])
    w = rng.standard_normal((shape.classes, shape.features))
    w *= np.sqrt(shape.features) / np.linalg.norm(w, axis=1, keepdims=True)
    w = rounded(w)
    noise = 0.1 * rng.standard_normal((shape.rows, shape.features))
    target = rng.integers(shape.classes, size=shape.rows)
    x = noise if margin is None else noise + _share(noise, w, target, margin)
    if masked:
        target = np.where(rng.random(shape.rows) < 0.3, IGNORED, target)
    return Problem(rounded(x), w, target)


def logits(rows: int, classes: int, margin: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return logits in float32 with the margin, and targets."""
    rng = np.random.default_rng([seed, rows, classes])
    z = 3.0 * rng.standard_normal((rows, classes)).astype(np.float32)
    target = rng.integers(classes, size=rows)
    z[np.arange(rows), target] = _others(z.astype(float), target) + margin
    return z, target


def nll(z: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return each row's NLL in float64, of logits in any dtype."""
    z = z.astype(float)
    return np.logaddexp(0.0, _others(z, target) - z[np.arange(len(z)), target])


def errors(
    found: dict[str, np.ndarray], truth: dict[str, np.ndarray]
) -> dict[str, tuple[float, float]]:
    """Return mean square and greatest error of each result."""
    return {name: _size(np.asarray(found[name], float) - t) for name, t in truth.items()}


def rms(squares: Iterable[float]) -> float:
    return float(np.sqrt(np.mean(list(squares))))


def relative(
    errors: list[dict[str, tuple[float, float]]], truths: list[dict[str, np.ndarray]]
) -> dict[str, float]:
    """Return each result's rms error over all seeds, relative to the rms of its truth."""
    return {
        name: rms(e[name][0] for e in errors) / rms(np.mean(t[name] ** 2) for t in truths)
        for name in truths[0]
    }


def _size(x: np.ndarray) -> tuple[float, float]:
    return float(np.mean(x * x)), float(np.max(np.abs(x)))


def _others(z: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return log Σ exp z over all classes but the target."""
    rest = z.copy()
    rest[np.arange(len(z)), target] = -np.inf
    top = rest.max(axis=1)
    return top + np.log(np.sum(np.exp(rest - top[:, None]), axis=1))


def _share(noise: np.ndarray, w: np.ndarray, target: np.ndarray, margin: float) -> np.ndarray:
    own = w[target]
    direction = own / np.sum(own * own, axis=1, keepdims=True)
    of_noise, of_direction = noise @ w.T, direction @ w.T
    rows = np.arange(len(noise))
    low, high = np.full(len(noise), -50.0), np.full(len(noise), 1000.0)
    for _ in range(30):
        middle = 0.5 * (low + high)
        z = of_noise + middle[:, None] * of_direction
        enough = z[rows, target] - _others(z, target) > margin
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high[:, None] * direction
