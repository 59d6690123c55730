"""Errors of Liger and of optax on the problems of `losses.py`, as JSON on standard output.

Run by `losses.py --peers PYTHON` under an interpreter that has liger-kernel, triton, jax, optax and
torch. Liger's Triton kernel runs in Triton's interpreter, on the CPU.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

os.environ["TRITON_INTERPRET"] = "1"  # before Triton is imported
os.environ["JAX_PLATFORMS"] = "cpu"
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
from liger_kernel.ops.fused_linear_cross_entropy import LigerFusedLinearCrossEntropyFunction

import margins

Found = dict[str, np.ndarray]
NAMES = ("loss", "by input", "by weight")


def rounded_to(dtype: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: torch.tensor(x).to(getattr(torch, dtype)).double().numpy()


def liger(problem: margins.Problem, dtype: str) -> Found:
    kind = getattr(torch, dtype)
    x, w = (torch.tensor(a).to(kind).requires_grad_() for a in (problem.x, problem.w))
    loss = LigerFusedLinearCrossEntropyFunction.apply(x, w, torch.tensor(problem.target))[0]
    loss.backward()
    found = (loss.detach(), x.grad, w.grad)
    return dict(zip(NAMES, (a.double().numpy() for a in found), strict=True))


@jax.jit
def optax_loss(x: jax.Array, w: jax.Array, target: jax.Array) -> tuple[jax.Array, ...]:
    def loss(x: jax.Array, w: jax.Array) -> jax.Array:
        logits = (x @ w.T).astype(jnp.float32)
        return optax.softmax_cross_entropy_with_integer_labels(logits, target).mean()

    value, gradients = jax.value_and_grad(loss, (0, 1))(x, w)
    return value, *gradients


def with_optax(problem: margins.Problem, dtype: str) -> Found:
    x, w = (jnp.asarray(a, dtype) for a in (problem.x, problem.w))
    found = optax_loss(x, w, jnp.asarray(problem.target))
    return dict(zip(NAMES, (np.asarray(a, float) for a in found), strict=True))


def sweep(shape: margins.Shape, dtypes: list[str], at: list[float | None], seeds: int) -> dict:
    peers = {f"Liger {version('liger-kernel')}": liger, f"optax {version('optax')}": with_optax}
    cells: dict[str, dict[str, dict[str, float]]] = {who: {} for who in peers}
    for dtype in dtypes:
        for margin in at:
            start = time.perf_counter()
            for who, found in peers.items():
                cells[who][f"{dtype} {margin}"] = cell(shape, dtype, margin, seeds, found)
            print(dtype, margin, f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    return cells


def cell(
    shape: margins.Shape,
    dtype: str,
    margin: float | None,
    seeds: int,
    found: Callable[[margins.Problem, str], Found],
) -> dict[str, float]:
    """Return the errors' rms, relative to the rms of what they are errors of."""
    errors, truths = [], []
    for seed in range(seeds):
        problem = margins.problem(shape, margin, masked=False, seed=seed, rounded=rounded_to(dtype))
        truth = problem.truth()
        errors.append(margins.errors(found(problem, dtype), truth))
        truths.append(truth)
    return margins.relative(errors, truths)


def digits(at: list[float], seeds: int) -> dict[str, float]:
    """Return optax's greatest relative error by margin, given the logits in float32."""
    worst = {}
    for margin in at:
        errors = []
        for seed in range(seeds):
            logits, target = margins.logits(64, 500, margin, seed)
            truth = margins.nll(logits, target)
            found = optax.softmax_cross_entropy_with_integer_labels(
                jnp.asarray(logits), jnp.asarray(target)
            )
            errors.append(np.max(np.abs(np.asarray(found, float) - truth) / truth))
        worst[str(margin)] = float(max(errors))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problems", help="JSON: shape, dtypes, margins, digits, seeds")
    asked = json.loads(parser.parse_args().problems)
    cells = sweep(margins.Shape(*asked["shape"]), asked["dtypes"], asked["margins"], asked["seeds"])
    found = {"cells": cells, "digits": {"optax": digits(asked["digits"], asked["seeds"])}}
    json.dump(found | {"problems": asked}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
