"""What autograd asks of the cross entropies beside a first backward pass."""

import math

import pytest

from likeliest.errors import DataError, ParameterError

torch = pytest.importorskip("torch")

from torch.nn import functional  # noqa: E402

from likeliest.losses import torch as losses  # noqa: E402

INF, NAN = float("inf"), float("nan")


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@pytest.mark.parametrize("reduction", ["sum", "none"])
@pytest.mark.parametrize("probabilities", [False, True])
def test_an_empty_batch_under_create_graph(reduction, probabilities):
    x, w = torch.zeros(0, 3, requires_grad=True), torch.zeros(4, 3, requires_grad=True)
    target = torch.zeros(0, 4) if probabilities else torch.zeros(0, dtype=torch.int64)
    loss = losses.linear_cross_entropy(x, w, target, reduction=reduction)
    found = torch.autograd.grad(loss, (x, w), torch.ones_like(loss), create_graph=True)
    assert [g.shape for g in found] == [x.shape, w.shape]
    assert not found[1].any()


def test_tied_weights_are_counted_once_under_create_graph():
    def derivatives(loss):
        weight = tied.clone().requires_grad_()
        hidden = torch.tanh(weight[torch.tensor([1, 2, 3])])
        value = loss(hidden, weight, torch.tensor([0, 5, 6]))
        (first,) = torch.autograd.grad(value, weight, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), weight)
        return torch.stack([first.detach(), second])

    tied = torch.randn(7, 4, dtype=torch.float64)
    found = derivatives(losses.linear_cross_entropy)
    expected = derivatives(lambda x, w, t: functional.cross_entropy(x @ w.T, t))
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("upstream", [NAN, INF])
def test_what_comes_from_upstream_of_an_ignored_row_does_not_matter(upstream):
    x, w = torch.randn(3, 5, requires_grad=True), torch.randn(6, 5)
    target, by_rows = torch.tensor([0, 1, -100]), torch.tensor([1.0, 2.0, upstream])
    expected = torch.autograd.grad(
        functional.cross_entropy(x @ w.T, target, reduction="none"), x, by_rows
    )
    for loss in (
        losses.linear_cross_entropy(x, w, target, reduction="none"),
        losses.cross_entropy(x @ w.T, target, reduction="none"),
    ):
        torch.testing.assert_close(torch.autograd.grad(loss, x, by_rows), expected)


def test_one_row_of_infinite_upstream_leaves_the_others():
    x, w, target = torch.randn(3, 5, requires_grad=True), torch.randn(6, 5), torch.arange(3)
    loss = losses.linear_cross_entropy(x, w, target, reduction="none")
    (found,) = torch.autograd.grad(loss, x, torch.tensor([1.0, 2.0, INF]))
    assert found[:2].isfinite().all()
    assert not found[2].isfinite().any()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_gradient_by_probabilities_of_which_some_are_0(smoothing):
    x = torch.randn(4, 5, dtype=torch.float64)
    target = torch.eye(5, dtype=torch.float64)[:4].requires_grad_()
    (found,), (expected,) = (
        torch.autograd.grad(loss(x, target, label_smoothing=smoothing), target)
        for loss in (losses.cross_entropy, functional.cross_entropy)
    )
    torch.testing.assert_close(found, expected)


def test_gradient_by_probabilities_of_a_masked_class_is_a_number():
    x = torch.tensor([[0.0, 1.0, -INF]])
    target = torch.tensor([[0.5, 0.5, 0.0]], requires_grad=True)
    (found,) = torch.autograd.grad(losses.cross_entropy(x, target), target)
    assert found.isfinite().all()


@pytest.mark.parametrize("shift", [0.0, 1000.0])
@pytest.mark.parametrize("probabilities", [False, True])
def test_digits_near_certainty_inside_function_transforms(shift, probabilities):
    target = torch.tensor([[1.0, 0.0, 0.0]]) if probabilities else torch.tensor([0])
    logits = torch.tensor([[16.0, 0.0, 1.0]]) + shift
    by, value = torch.func.grad_and_value(losses.cross_entropy)(logits, target)
    others = math.exp(-16.0) + math.exp(-15.0)
    assert value.item() == pytest.approx(math.log1p(others), rel=1e-6)
    assert by[0, 0].item() == pytest.approx(-others / (1.0 + others), rel=1e-6)


def test_a_masked_class_without_weight_inside_function_transforms():
    logits = torch.tensor([[0.0, 1.0, -INF], [2.0, 1.0, -INF]], dtype=torch.float64)
    weight, target = torch.tensor([1.0, 2.0, 0.0]), torch.tensor([2, 1])

    def loss(z):
        return losses.cross_entropy(z, target, weight, label_smoothing=0.1)

    by, value = torch.func.grad_and_value(loss)(logits)
    z = logits.clone().requires_grad_()
    expected = loss(z)
    torch.testing.assert_close(value, expected.detach())
    torch.testing.assert_close(by, torch.autograd.grad(expected, z)[0])


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # PyTorch's own call
@pytest.mark.parametrize(
    "loss", [losses.cross_entropy, losses.nll_loss, lambda z, _: losses.log_softmax(z).sum()]
)
def test_forward_and_reverse_transforms(loss):
    z, target = torch.randn(2, 3, dtype=torch.float64), torch.tensor([0, 2])
    expected = torch.autograd.functional.hessian(lambda z: loss(z, target), z)
    torch.testing.assert_close(torch.func.hessian(loss)(z, target), expected)
    found = torch.func.vmap(loss)(z[:, None], target[:, None])
    each = [loss(z[i : i + 1], target[i : i + 1]) for i in (0, 1)]
    torch.testing.assert_close(found, torch.stack(each))


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")
def test_forward_derivative_of_log_softmax_is_pytorchs():
    z, direction = torch.randn(3, 5).double(), torch.randn(3, 5).double()
    found = torch.func.jvp(losses.log_softmax, (z,), (direction,))
    expected = torch.func.jvp(lambda z: functional.log_softmax(z, dim=-1), (z,), (direction,))
    torch.testing.assert_close(found, expected)


@pytest.mark.filterwarnings("ignore:.* should not be instantiated")  # PyTorch's own compiler does
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp", "nll_loss"])
def test_compiled_as_one_graph(name):
    z = torch.randn(4, 5)
    arguments = (z, torch.arange(4)) if name == "nll_loss" else (z,)
    function = getattr(losses, name)
    compiled = torch.compile(function, backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(compiled(*arguments), function(*arguments))


def test_shapes_alone_are_found_on_the_meta_device():
    x, w = torch.empty(2, 3, 8, device="meta"), torch.empty(9, 8, device="meta")
    target = torch.empty(2, 3, dtype=torch.int64, device="meta")
    out = losses.linear_cross_entropy(x, w, target, reduction="none", outputs=("rank",))
    assert out.loss.shape == out.rank.shape == target.shape
    assert losses.cross_entropy(x, target, axis=-1).shape == ()


def test_a_count_of_nothing_costs_nothing():
    x, target = torch.randn(2, 3, requires_grad=True), torch.tensor([-100, -100])
    loss = losses.cross_entropy(x, target, count=torch.tensor(0))
    loss.backward()
    assert loss == 0
    assert not x.grad.any()


@pytest.mark.parametrize(
    "options", [{"count": 0}, {"count": -2.0}, {"count": NAN}, {"z_loss": -1.0}]
)
def test_options_out_of_range(options):
    with pytest.raises(ParameterError, match="must"):
        losses.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 1]), **options)
    with pytest.raises(ParameterError, match="must"):
        losses.linear_cross_entropy(
            torch.zeros(2, 3), torch.zeros(4, 3), torch.tensor([0, 1]), **options
        )


def test_no_classes_and_a_bias_of_another_dtype():
    with pytest.raises(DataError, match="no classes"):
        losses.cross_entropy(torch.zeros(2, 0), torch.tensor([-100, -100]))
    with pytest.raises(DataError, match="no classes"):
        losses.linear_cross_entropy(torch.zeros(2, 3), torch.zeros(0, 3), torch.tensor([0, 0]))
    with pytest.raises(DataError, match=r"linear_bias torch\.float64"):
        losses.linear_cross_entropy(
            torch.zeros(2, 3),
            torch.zeros(4, 3),
            torch.tensor([0, 0]),
            linear_bias=torch.zeros(4).double(),
        )


def test_outputs_beside_probabilities_whose_gradient_nobody_asked_for():
    target = torch.softmax(torch.randn(2, 3), 1).requires_grad_()
    with torch.no_grad():
        out = losses.cross_entropy(torch.zeros(2, 3), target, outputs=("nll",))
    torch.testing.assert_close(out.nll, torch.full((2,), math.log(3.0)))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_probabilities_of_half_precision_are_smoothed_in_float32(dtype):
    logits = torch.randn(64, 300)
    target = torch.softmax(2.0 * torch.randn(64, 300), 1).to(dtype)
    expected = functional.cross_entropy(logits.double(), target.double(), label_smoothing=0.1)
    found = losses.cross_entropy(logits, target, label_smoothing=0.1)
    assert found.item() == pytest.approx(expected.item(), rel=1e-6)
    found = losses.cross_entropy(logits, target.requires_grad_(), label_smoothing=0.1)
    assert found.item() == pytest.approx(expected.item(), rel=1e-6)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("weighted", [False, True])
def test_nll_loss_of_many_rows_of_half_precision(dtype, weighted):
    n = 70_001
    log_probs = torch.log_softmax(torch.randn(n, 3), 1).to(dtype)
    target, weight = torch.randint(3, (n,)), torch.tensor([0.5, 1.0, 3.0]) if weighted else None
    found = losses.nll_loss(log_probs, target, weight)
    double = None if weight is None else weight.double()
    expected = functional.nll_loss(log_probs.double(), target, double)
    assert found == expected.to(dtype)


def test_nll_loss_of_an_impossible_class_without_weight():
    log_probs = torch.tensor([[0.0, -INF]], requires_grad=True)
    loss = losses.nll_loss(log_probs, torch.tensor([1]), torch.tensor([1.0, 0.0]))
    loss.backward()
    assert loss == 0
    assert not log_probs.grad.any()


def test_a_probability_without_weight_costs_nothing():
    p = torch.tensor([0.0, 0.5], requires_grad=True)
    loss = losses.binary_cross_entropy(p, torch.ones(2), torch.tensor([0.0, 1.0]))
    loss.backward()
    assert loss.item() == pytest.approx(0.5 * math.log(2.0))
    assert p.grad.tolist() == [0.0, -1.0]
