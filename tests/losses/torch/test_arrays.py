"""The losses of arrays and of tensors are one: values, gradients, and who is called."""

import subprocess
import sys

import numpy as np
import pytest

import likeliest as lk
from losses.exact import OPTIONS

torch = pytest.importorskip("torch")
L = lk.losses
NAMES = ("nll", "logsumexp", "confidence", "entropy", "rank")


def close(a, b, dtype, factor=8):
    a, b = np.asarray(a), b.detach().numpy()
    assert a.dtype == b.dtype
    scale = max(1e-300, np.abs(b).max(initial=0.0, where=np.isfinite(b)))
    slack = factor * np.finfo(dtype).eps * scale
    return np.allclose(a, b, rtol=0, atol=slack, equal_nan=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_cross_entropy(options, reduction, dtype):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(7, 5, 3)).astype(dtype)
    t = rng.integers(0, 5, (7, 3))
    t[1, 2] = -100
    w = rng.uniform(0.5, 2.0, 5).astype(dtype)
    options = {**options, "reduction": reduction}
    loss, by = L.cross_entropy(z, t, w, gradient=True, **options)
    x = torch.tensor(z, requires_grad=True)
    other = L.cross_entropy(x, torch.tensor(t), torch.tensor(w), **options)
    other.sum().backward()
    assert close(loss, other, dtype)
    assert close(by["input"], x.grad, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_linear_cross_entropy(options, dtype):
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=size).astype(dtype) for size in ((6, 4, 3), (8, 3), 8)]
    t = rng.integers(0, 8, (6, 4))
    t[2] = -100
    loss, by = L.linear_cross_entropy(
        arrays[0], arrays[1], t, linear_bias=arrays[2], gradient=True, chunk_size=5, **options
    )
    x, w, b = (torch.tensor(a, requires_grad=True) for a in arrays)
    other = L.linear_cross_entropy(x, w, torch.tensor(t), linear_bias=b, **options)
    other.backward()
    assert close(loss, other, dtype)
    for name, tensor in zip(("input", "linear_weight", "linear_bias"), (x, w, b), strict=True):
        assert close(by[name], tensor.grad, dtype, factor=32)


def test_outputs_and_metrics():
    rng = np.random.default_rng(2)
    z, t = rng.normal(size=(50, 9)), rng.integers(0, 9, 50)
    t[:7] = -100
    ours = L.cross_entropy(z, t, outputs=NAMES)
    other = L.cross_entropy(torch.tensor(z), torch.tensor(t), outputs=NAMES)
    for name in ("loss", *NAMES):
        assert np.allclose(getattr(ours, name), getattr(other, name), rtol=1e-13, equal_nan=True)
    for metric in (
        lambda out: L.perplexity(out.nll),
        lambda out: L.bits_per_byte(out.nll, bytes=100),
        lambda out: L.top_k_accuracy(out.rank, k=3),
        lambda out: L.expected_calibration_error(out.confidence, out.rank == 0),
    ):
        assert isinstance(metric(other), torch.Tensor)
        assert metric(ours) == pytest.approx(metric(other).item(), rel=1e-12)
    nothing = torch.full((3,), torch.nan)
    assert L.perplexity(nothing).isnan()
    assert L.top_k_accuracy(torch.tensor([-1])).isnan()
    assert L.expected_calibration_error(nothing, nothing == 0).isnan()


def test_nll_loss():
    rng = np.random.default_rng(3)
    z, t = L.log_softmax(rng.normal(size=(7, 5))), rng.integers(0, 5, 7)
    w = rng.uniform(0.5, 2.0, 5)
    x = torch.tensor(z, requires_grad=True)
    other = L.nll_loss(x, torch.tensor(t), torch.tensor(w))
    other.backward()
    loss, by = L.nll_loss(z, t, w, gradient=True)
    assert close(loss, other, np.float64)
    assert close(by["input"], x.grad, np.float64)


@pytest.mark.parametrize("axis", [-1, 0, (0, 2), None])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_softmax(name, axis):
    function = getattr(L, name)
    x = np.random.default_rng(4).normal(size=(3, 4, 5))
    tensor = torch.tensor(x, requires_grad=True)
    assert close(function(x, axis), function(tensor, axis), np.float64)
    assert torch.autograd.gradcheck(lambda y: function(y, axis), (tensor,))
    assert torch.autograd.gradgradcheck(lambda y: function(y, axis), (tensor,))
    for dtype in (torch.bfloat16, torch.float16, torch.float32):
        assert function(tensor.detach().to(dtype), axis).dtype == dtype
    kept = L.logsumexp(tensor, axis, keepdims=True)
    assert tuple(kept.shape) == L.logsumexp(x, axis, keepdims=True).shape


def test_the_drop_in_has_them_too():
    from likeliest.losses import torch as drop_in

    x = torch.tensor([[1.0, 2.0]])
    for _ in range(2):  # a module of the same name would take its place at the first call
        for name in ("softmax", "log_softmax", "logsumexp"):
            assert getattr(drop_in, name)(x).equal(getattr(L, name)(x))


def test_logsumexp_with_weights():
    rng = np.random.default_rng(5)
    x, w = rng.normal(size=(3, 4)), rng.uniform(size=4)
    w[1] = 0.0
    tensors = [torch.tensor(v, requires_grad=True) for v in (x, w)]
    ours = L.logsumexp(tensors[0], weights=tensors[1])
    assert close(L.logsumexp(x, weights=w), ours, np.float64)
    ours.sum().backward()
    assert all(t.grad.isfinite().all() for t in tensors)


def test_log_softmax_near_certainty():
    x = torch.tensor([[20.0, 0.0]], requires_grad=True)
    result = L.log_softmax(x)
    assert result[0, 0].item() == pytest.approx(-2.0611536e-9, rel=1e-6)
    result[0, 0].backward()
    assert x.grad[0].tolist() == pytest.approx([2.0611536e-9, -2.0611536e-9], rel=1e-6)
    edges = torch.tensor([[-torch.inf, -torch.inf], [torch.inf, 0.0], [torch.nan, 0.0]])
    assert L.log_softmax(edges).isnan().all()
    assert torch.vmap(L.log_softmax)(edges.double()).isnan().all()


def test_arrays_beside_tensors_become_tensors():
    z, t = np.zeros((3, 4), np.float32), np.array([0, 1, 2])
    assert isinstance(L.cross_entropy(torch.tensor(z), t, [1.0, 2.0, 3.0, 4.0]), torch.Tensor)
    assert isinstance(L.nll_loss(torch.tensor(z), t.tolist()), torch.Tensor)
    loss = L.linear_cross_entropy(z, torch.zeros(5, 4), t)
    assert isinstance(loss, torch.Tensor)


def test_gradients_of_tensors_are_autograds():
    z, t = torch.zeros(3, 4), torch.tensor([0, 1, 2])
    for call in (
        lambda: L.cross_entropy(z, t, gradient=True),
        lambda: L.nll_loss(z, t, gradient=True),
        lambda: L.linear_cross_entropy(z, z, t, gradient=True),
    ):
        with pytest.raises(lk.errors.ParameterError, match="backward"):
            call()


def test_pytorch_is_imported_for_tensors_alone():
    code = """
import sys
import numpy as np
import likeliest as lk
assert "likeliest.losses" not in sys.modules
L = lk.losses
z, t = np.zeros((3, 4)), [0, 1, 2]
out = L.cross_entropy(z, t, outputs=("nll", "rank", "confidence"))
L.linear_cross_entropy(z, z, t, gradient=True)
L.nll_loss(L.log_softmax(z), t), L.softmax(z), L.logsumexp(z)
L.perplexity(out.nll), L.top_k_accuracy(out.rank), L.bits_per_byte(out.nll, bytes=2)
L.expected_calibration_error(out.confidence, out.rank == 0)
assert "torch" not in sys.modules
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
