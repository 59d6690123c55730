"""Measure the cross entropies of `likeliest.losses` beside PyTorch's, Liger and optax, in one run.

    python benchmarks/losses.py                         # everything
    python benchmarks/losses.py accuracy --peers PYTHON # once more with the peers' own errors
    python benchmarks/losses.py speed
    python benchmarks/losses.py few                     # few classes, small batches

Accuracy is the error against float64 of the same rounded inputs, over 20 seeds a cell. Peers that
this interpreter lacks are run under another one by `losses_peers.py`; what they gave is kept in
`losses_peers.json`, so that the tables can be printed without them. Time is the best of rounds in
which the contenders take turns; memory is the peak of a process of its own beyond what it held
before.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

import likeliest as lk
from likeliest.losses import chunking
from likeliest.losses import torch as losses
from likeliest.losses.torch import chunks

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import margins  # noqa: E402

PEERS = HERE / "losses_peers.json"
DTYPES = (torch.float32, torch.bfloat16, torch.float16)
MARGINS = (None, 0.0, 8.0, 16.0, 20.0, 40.0, 60.0, 90.0)
SHOWN = (None, 0.0, 8.0, 20.0, 40.0, 90.0)
DIGITS = (0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 40.0, 60.0, 80.0, 87.0)
SHAPES = (margins.Shape(256, 64, 1000), margins.Shape(256, 128, 32), margins.Shape(256, 16, 1500))
TABLE = margins.Shape(64, 32, 500)
CHUNKS = (1, 4, 32, 256)
SEEDS = 20
PARTS = ("all", "accuracy", "speed", "few")
FEW = ((32, 10), (64, 27), (4096, 27), (1024, 1000), (512, 32000), (8, 2, 512, 512))
NAMES = ("loss", "by input", "by weight")
Loss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def eager(x: torch.Tensor, w: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return functional.cross_entropy(functional.linear(x, w).float(), target)


def chunked(rows: int | None = None) -> Loss:
    options = torch.nn.LinearCrossEntropyOptions()
    if rows:
        options = torch.nn.LinearCrossEntropyOptions(batch_chunk_size=rows, chunking_method=None)
    return partial(functional.linear_cross_entropy, options=options)


def ours(shape: margins.Shape, count: int) -> Loss:
    return partial(losses.linear_cross_entropy, chunk_size=max(shape.rows // count, 1))


# Accuracy


def rounded_to(dtype: torch.dtype) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: torch.tensor(x).to(dtype).double().numpy()


def found_by(loss: Loss, problem: margins.Problem, dtype: torch.dtype) -> dict[str, np.ndarray]:
    x, w = (torch.tensor(a).to(dtype).requires_grad_() for a in (problem.x, problem.w))
    value = loss(x, w, torch.tensor(problem.target))
    found = (value, *torch.autograd.grad(value, (x, w)))
    return dict(zip(NAMES, (a.detach().double().numpy() for a in found), strict=True))


def cell(
    shape: margins.Shape,
    dtype: torch.dtype,
    margin: float | None,
    contenders: dict[str, Loss],
    *,
    masked: bool,
) -> tuple[dict[str, list], list]:
    """Return each contender's errors by seed, those of the truth rounded once, and the truths."""
    rounded = rounded_to(dtype)
    errors: dict[str, list] = {who: [] for who in (*contenders, "rounding")}
    truths = []
    for seed in range(SEEDS):
        problem = margins.problem(shape, margin, masked=masked, seed=seed, rounded=rounded)
        truths.append(problem.truth())
        once = {name: rounded(value) for name, value in truths[-1].items()}
        errors["rounding"].append(margins.errors(once, truths[-1]))
        for who, loss in contenders.items():
            errors[who].append(margins.errors(found_by(loss, problem, dtype), truths[-1]))
    return errors, truths


def sweep() -> Iterator[str]:
    """Errors over their bounds: 1.1 times eager's and a rounding, twice for the worst."""
    yield "| dtype | cells | result | typical error / bound | worst error / bound |"
    yield "|---|---|---|---|---|"
    for dtype in DTYPES:
        shares: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
        for shape in SHAPES:
            contenders = {str(count): ours(shape, count) for count in CHUNKS} | {"eager": eager}
            for margin in MARGINS:
                for masked in (False, True):
                    errors, _ = cell(shape, dtype, margin, contenders, masked=masked)
                    for name in NAMES:
                        shares[name] += [shares_of(errors, str(c), name) for c in CHUNKS]
        for name, each in shares.items():
            typical, worst = (max(share) for share in zip(*each, strict=True))
            yield f"| {kind(dtype)} | {len(each)} | {name} | {typical:.2f} | {worst:.2f} |"


def shares_of(errors: dict[str, list], who: str, name: str) -> tuple[float, float]:
    """Return how much of what is allowed the typical and the worst error take."""

    def typical(who: str) -> float:
        return margins.rms(e[name][0] for e in errors[who])

    def worst(who: str) -> float:
        return max(e[name][1] for e in errors[who])

    return (
        typical(who) / (1.1 * typical("eager") + typical("rounding")),
        worst(who) / (2.0 * worst("eager") + worst("rounding")),
    )


def table(peers: dict) -> Iterator[str]:
    """Typical relative errors of all contenders on one shape."""
    contenders = {
        "ours": ours(TABLE, 1),
        "ours, 16 chunks, float32": partial(ours(TABLE, 16), loss_dtype=torch.float32),
        "`F.linear`, `F.cross_entropy`": eager,
        "torch chunked": chunked(),
        "torch, 16 chunks": chunked(TABLE.rows // 16),
    }
    cells = {}
    for dtype in DTYPES:
        for margin in SHOWN:
            errors, truths = cell(TABLE, dtype, margin, contenders, masked=False)
            for who in contenders:
                cells[who, kind(dtype), margin] = margins.relative(errors[who], truths)
            for who, found in peers.get("cells", {}).items():
                cells[who, kind(dtype), margin] = found[f"{kind(dtype)} {margin}"]
    whose = [*contenders, *peers.get("cells", {})]
    for name in NAMES:
        yield f"\n**{name}**\n"
        yield f"| dtype | margin | {' | '.join(whose)} |"
        yield "|---|---|" + "---|" * len(whose)
        for dtype in DTYPES:
            for margin in SHOWN:
                values = (cells[who, kind(dtype), margin][name] for who in whose)
                at = "none" if margin is None else f"{margin:g}"
                yield f"| {kind(dtype)} | {at} | {' | '.join(f'{v:.1e}' for v in values)} |"


def digits(peers: dict) -> Iterator[str]:
    """The greatest relative error of a row's NLL, given its logits in float32."""
    from scipy.special import log_softmax

    def with_scipy(z: np.ndarray, target: np.ndarray) -> np.ndarray:
        return -log_softmax(z, axis=1)[np.arange(len(z)), target]

    def by(function: Callable) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
        def call(z: np.ndarray, target: np.ndarray) -> np.ndarray:
            return function(torch.tensor(z), torch.tensor(target), reduction="none").numpy()

        return call

    contenders = {
        "ours": by(losses.cross_entropy),
        "`F.cross_entropy`": by(functional.cross_entropy),
        "SciPy `log_softmax`": with_scipy,
    }
    theirs = peers.get("digits", {})
    yield f"| margin | {' | '.join([*contenders, *theirs])} |"
    yield "|---|" + "---|" * (len(contenders) + len(theirs))
    for margin in DIGITS:
        worst = [worst_digits(margin, found) for found in contenders.values()]
        worst += [found[str(margin)] for found in theirs.values()]
        yield f"| {margin:g} | {' | '.join(f'{value:.1e}' for value in worst)} |"


def worst_digits(margin: float, found: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> float:
    errors = []
    for seed in range(SEEDS):
        logits, target = margins.logits(64, 500, margin, seed)
        truth = margins.nll(logits, target)
        errors.append(np.max(np.abs(found(logits, target).astype(float) - truth) / truth))
    return float(max(errors))


def ask_peers(python: str) -> None:
    """Run the peers under their own interpreter and keep what they gave."""
    problems = {
        "shape": [TABLE.rows, TABLE.features, TABLE.classes],
        "dtypes": [kind(dtype) for dtype in DTYPES],
        "margins": SHOWN,
        "digits": DIGITS,
        "seeds": SEEDS,
    }
    command = [python, str(HERE / "losses_peers.py"), json.dumps(problems)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    PEERS.write_text(json.dumps(json.loads(found), indent=1) + "\n", encoding="utf-8")


# Speed and memory


def large(
    dtype: torch.dtype, rows: int, features: int, classes: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(rows, features, generator=generator).to(dtype)
    w = (torch.randn(classes, features, generator=generator) / features**0.5).to(dtype)
    return x, w, torch.randint(classes, (rows,), generator=generator)


def three_products(x: torch.Tensor, w: torch.Tensor, target: torch.Tensor) -> None:
    """The matrix products that no cross entropy gets by without, in the same chunks."""
    bounds = chunking.bounds(len(x), chunks._chunk_rows(x, len(w)))  # noqa: SLF001
    by_input, by_weight = torch.empty_like(x), torch.zeros_like(w)
    logits = x.new_empty(max(np.diff(bounds)), len(w))
    for first, end in pairwise(bounds):
        part = torch.mm(x[first:end], w.t(), out=logits[: end - first])
        torch.mm(part, w, out=by_input[first:end])
        by_weight.addmm_(part.t(), x[first:end])


def forward_and_backward(loss: Loss) -> Callable[..., None]:
    def call(x: torch.Tensor, w: torch.Tensor, target: torch.Tensor) -> None:
        x, w = x.detach().requires_grad_(), w.detach().requires_grad_()
        torch.autograd.grad(loss(x, w, target), (x, w))

    return call


CONTENDERS: dict[str, Callable[..., None]] = {
    "three matrix products": torch.no_grad()(three_products),
    "ours": forward_and_backward(losses.linear_cross_entropy),
    "`F.linear`, `F.cross_entropy`": forward_and_backward(eager),
    "torch chunked": forward_and_backward(chunked()),
}


class Empty(torch.autograd.Function):
    """What a loss that is no part of PyTorch costs before it computes anything."""

    @staticmethod
    def forward(ctx: Any, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        del target
        ctx.save_for_backward(logits)
        return logits.new_empty(())

    @staticmethod
    def backward(ctx: Any, by_loss: torch.Tensor) -> tuple[torch.Tensor, None]:
        return ctx.saved_tensors[0], None


def few() -> Iterator[str]:
    """Processor time of a forward and a backward pass, one thread, the best of rounds in turn."""
    torch.set_num_threads(1)
    contenders = {
        "ours": losses.cross_entropy,
        "`F.cross_entropy`": functional.cross_entropy,
        "an empty function": Empty.apply,
    }
    yield f"| logits | {', µs | '.join(contenders)}, µs | ours / torch |"
    yield "|---|---|---|---|---|"
    for shape in FEW:
        logits = torch.randn(shape, requires_grad=True)
        target = torch.randint(shape[1], (shape[0], *shape[2:]))
        best = dict.fromkeys(contenders, np.inf)
        times = max(min(1_000_000 // logits.numel(), 200), 1)
        for _ in range(15):
            for who, loss in contenders.items():
                start = time.process_time()
                for _ in range(times):
                    logits.grad = None
                    loss(logits, target).backward()
                best[who] = min(best[who], (time.process_time() - start) / times)
        ours, theirs, _ = best.values()
        shown = " | ".join(f"{seconds * 1e6:,.0f}" for seconds in best.values())
        yield f"| {' × '.join(map(str, shape))} | {shown} | {ours / theirs:.1f} |"


def numpy_ours(x: torch.Tensor, w: torch.Tensor, target: torch.Tensor) -> None:
    lk.losses.linear_cross_entropy(x.numpy(), w.numpy(), target.numpy())


def numpy_scipy(x: torch.Tensor, w: torch.Tensor, target: torch.Tensor) -> None:
    from scipy.special import log_softmax

    log_probs = log_softmax(x.numpy() @ w.numpy().T, axis=1)
    -log_probs[np.arange(len(x)), target.numpy()].mean()


def numpy_product(x: torch.Tensor, w: torch.Tensor, target: torch.Tensor) -> None:
    size = chunks._chunk_rows(x, len(w))  # noqa: SLF001
    for first in range(0, len(x), size):
        x.numpy()[first : first + size] @ w.numpy().T


NUMPY: dict[str, Callable[..., None]] = {
    "one matrix product": numpy_product,
    "ours": numpy_ours,
    "SciPy `log_softmax`": numpy_scipy,
}


def speed(
    contenders: dict[str, Callable[..., None]],
    dtype: torch.dtype,
    size: tuple[int, int, int],
    rounds: int,
) -> Iterator[str]:
    """Seconds and processor seconds, the best of rounds in which all take turns; peak memory."""
    rows, features, classes = size
    arguments = large(dtype, *size)
    best = {who: [np.inf, np.inf] for who in contenders}
    for _ in range(rounds):
        for who, call in contenders.items():
            start = time.perf_counter(), time.process_time()
            call(*arguments)
            end = time.perf_counter(), time.process_time()
            best[who] = [min(b, e - s) for b, s, e in zip(best[who], start, end, strict=True)]
    del arguments
    yield f"\n{kind(dtype)}, N={rows:,}, D={features:,}, V={classes:,}, {rounds} rounds\n"
    bare, *_ = contenders
    yield f"| | seconds | processor seconds | of {bare} | extra memory, MB |"
    yield "|---|---|---|---|---|"
    group = "numpy" if contenders is NUMPY else "torch"
    for who, (seconds, processor) in best.items():
        yield (
            f"| {who} | {seconds:.2f} | {processor:.2f} | {seconds / best[bare][0]:.2f} "
            f"({processor / best[bare][1]:.2f} of processor time) | "
            f"{peak(dtype, size, group, who):,.0f} |"
        )


def peak(dtype: torch.dtype, size: tuple[int, int, int], group: str, who: str) -> float:
    """Return the megabytes that a call needs beyond its arguments, in a process of its own."""
    command = [sys.executable, __file__, "memory", kind(dtype), json.dumps(size), group, who]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure_memory(dtype: str, size: str, group: str, who: str) -> None:
    call = (NUMPY if group == "numpy" else CONTENDERS)[who]
    call(*large(torch.float32, 8, 8, 16))  # what a library sets up once
    arguments = large(getattr(torch, dtype), *json.loads(size))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins here
    before = memory_of("VmRSS")
    call(*arguments)
    print(memory_of("VmHWM") - before)


def memory_of(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


# Printing


def kind(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def accuracy(python: str | None) -> Iterator[str]:
    torch.set_num_threads(1)
    if python:
        ask_peers(python)
    peers = json.loads(PEERS.read_text(encoding="utf-8")) if PEERS.exists() else {}
    counts = ", ".join(map(str, CHUNKS))
    yield f"\n## The bounds, over shapes {', '.join(map(str, SHAPES))} and {counts} chunks\n"
    yield from sweep()
    yield f"\n## Typical relative errors, rows×features×classes {TABLE}\n"
    yield from table(peers)
    yield "\n## Digits, given the logits in float32\n"
    yield from digits(peers)


def timing() -> Iterator[str]:
    yield "\n## Time and memory, forward and backward\n"
    yield from speed(CONTENDERS, torch.float32, (4096, 512, 32768), rounds=3)
    yield "\n## NumPy, the loss alone\n"
    yield from speed(NUMPY, torch.float32, (4096, 512, 32768), rounds=3)
    native = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001
    yield f"\nThis processor {'has' if native else 'has no'} native products of bfloat16."
    yield from speed(CONTENDERS, torch.bfloat16, (4096 if native else 512, 512, 32768), rounds=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "what", nargs="?", default="all", choices=["all", "accuracy", "speed", "few"]
    )
    parser.add_argument("--peers", help="an interpreter with liger-kernel, triton, jax and optax")
    asked = parser.parse_args()
    versions = f"Python {platform.python_version()}, torch {torch.__version__}"
    print(f"{versions}, {os.cpu_count()} cores, {platform.machine()}", flush=True)
    if asked.what in {"all", "accuracy"}:
        for line in accuracy(asked.peers):
            print(line, flush=True)
    if asked.what in {"all", "speed"}:
        for line in timing():
            print(line, flush=True)
    if asked.what in {"all", "few"}:
        for line in few():
            print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        measure_memory(*sys.argv[2:])
    else:
        main()
