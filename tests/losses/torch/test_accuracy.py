"""Errors against float64, beside `F.linear` and `F.cross_entropy`, from no margin to 90.

A small part of the sweep of `benchmarks/losses.py`, with the same bounds.
"""

from collections import defaultdict
from functools import partial

import numpy as np
import pytest

import margins

torch = pytest.importorskip("torch")
functional = torch.nn.functional
losses = pytest.importorskip("likeliest.losses.torch")
chunks = pytest.importorskip("likeliest.losses.torch.chunks")

SEEDS = 20
SHAPE = margins.Shape(rows=64, features=16, classes=60)
DTYPES = (torch.float32, torch.bfloat16, torch.float16)
NAMES = ("loss", "by input", "by weight")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def rounded_to(dtype):
    return lambda x: torch.tensor(x).to(dtype).double().numpy()


def theirs(x, w, target):
    return functional.cross_entropy(functional.linear(x, w).float(), target)


def found_by(loss, problem, dtype):
    x, w = (torch.tensor(a).to(dtype).requires_grad_() for a in (problem.x, problem.w))
    value = loss(x, w, torch.tensor(problem.target))
    found = (value, *torch.autograd.grad(value, (x, w)))
    return dict(zip(NAMES, (a.detach().double().numpy() for a in found), strict=True))


def ours(count, shape):
    return partial(losses.linear_cross_entropy, chunk_size=shape.rows // count)


def check(dtype, margin, counts, shape=SHAPE, *, masked=False):
    """Hold a cell of the sweep to its bounds, with each number of chunks."""
    rounded, errors = rounded_to(dtype), defaultdict(list)
    contenders = {count: ours(count, shape) for count in counts} | {"theirs": theirs}
    for seed in range(SEEDS):
        problem = margins.problem(shape, margin, masked=masked, seed=seed, rounded=rounded)
        truth = problem.truth()
        once = {name: rounded(value) for name, value in truth.items()}
        errors["rounding"].append(margins.errors(once, truth))
        for who, loss in contenders.items():
            errors[who].append(margins.errors(found_by(loss, problem, dtype), truth))
    least = torch.finfo(
        torch.float32
    ).tiny  # below it float32 has fewer digits, on each machine other ones
    for name in NAMES:
        typical = {who: margins.rms(e[name][0] for e in each) for who, each in errors.items()}
        worst = {who: max(e[name][1] for e in each) for who, each in errors.items()}
        for count in counts:
            assert typical[count] <= 1.1 * typical["theirs"] + typical["rounding"] + least
            assert worst[count] <= 2.0 * worst["theirs"] + worst["rounding"] + least


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("margin", [None, 0.0, 16.0, 40.0, 90.0])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_errors_are_no_greater_than_pytorchs(dtype, margin, masked):
    check(dtype, margin, (1, 16), masked=masked)


def test_chunks_of_a_row_lose_no_digits():
    check(torch.float32, None, (1, 128), margins.Shape(rows=128, features=16, classes=400))


def product_of_half(a, b):
    """Return what a processor with native products of half precision gives: rounded once."""
    return a @ b if a.dtype == torch.float32 else (a.float() @ b.float()).to(a.dtype).float()


@pytest.mark.parametrize("dtype", DTYPES[1:], ids=str)
@pytest.mark.parametrize("margin", [None, 0.0, 8.0])
def test_native_products_of_half_precision(monkeypatch, dtype, margin):
    monkeypatch.setattr(chunks, "_has_products", lambda *_: True)
    monkeypatch.setattr(chunks, "_product", product_of_half)
    check(dtype, margin, (16,), masked=True)


@pytest.mark.parametrize("classes", [2, 300])
@pytest.mark.parametrize("margin", [-20.0, 0.0, 1.0, 4.0, 8.0, 16.0, 20.0, 40.0, 60.0, 87.0])
def test_digits_of_logits_in_float32(classes, margin):
    bound = 1e-6 if margin <= 16.0 else 5e-6
    for seed in range(SEEDS):
        logits, target = margins.logits(50, classes, margin, seed)
        at = torch.tensor(target)
        found = losses.cross_entropy(torch.tensor(logits), at, reduction="none").double().numpy()
        truth = margins.nll(logits, target)
        assert np.all(np.abs(found - truth) <= bound * truth)
