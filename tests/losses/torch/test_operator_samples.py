"""The samples that PyTorch tests its own operators with, through our functions."""

import math

import mpmath
import pytest

from likeliest.errors import DataError

torch = pytest.importorskip("torch")
functional = torch.nn.functional
ours = pytest.importorskip("likeliest.losses.torch")

# Units in the last place that may be lost beside theirs: half precision is only rounded to.
DTYPES = {torch.float64: 16, torch.float32: 16, torch.bfloat16: 1, torch.float16: 1}
OPERATORS = (
    ("cross_entropy", ""),
    ("nll_loss", ""),
    ("linear_cross_entropy", ""),
    ("linear_cross_entropy", "chunked"),
    ("linear_cross_entropy", "chunked_none"),
)


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    # Thousands of tiny operations: with more threads most of the time is spent waiting.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def operators():
    # Some seconds, which collecting these tests should not take.
    internal = pytest.importorskip("torch.testing._internal.common_methods_invocations")
    prefix = "nn.functional."
    names = {name for name, _ in OPERATORS}
    return {
        (op.name.removeprefix(prefix), op.variant_test_name): op
        for op in internal.op_db
        if op.name.startswith(prefix) and op.name.removeprefix(prefix) in names
    }


def value_and_gradients(function, sample, dtype, *, truth=False):
    """Return the loss and the gradients by all that require one, at the sample in a dtype."""

    def convert(x):
        if not isinstance(x, torch.Tensor) or not x.is_floating_point():
            return x
        return x.detach().to(dtype).requires_grad_(x.requires_grad)

    arguments = [convert(x) for x in (sample.input, *sample.args)]
    named = {name: convert(x) for name, x in sample.kwargs.items()}
    if truth:
        named.pop("options", None)
    value = function(*arguments, **named)
    leaves = [
        x for x in (*arguments, *named.values()) if isinstance(x, torch.Tensor) and x.requires_grad
    ]
    generator = torch.Generator().manual_seed(value.numel())
    upstream = torch.randn(value.shape, generator=generator).bfloat16()  # exact in every dtype
    return [value, *torch.autograd.grad(value, leaves, upstream.to(dtype))]


@pytest.mark.filterwarnings("ignore:linear_cross_entropy. ``options`` ignored")
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("name", "variant"), OPERATORS)
def test_samples_of_pytorch(operators, name, variant, dtype):
    torch.manual_seed(0)
    slack, count = DTYPES[dtype] * torch.finfo(dtype).eps, 0
    for sample in operators[name, variant].sample_inputs("cpu", dtype, requires_grad=True):
        theirs, mine = getattr(functional, name), getattr(ours, name)
        found = value_and_gradients(mine, sample, dtype)
        peers = value_and_gradients(theirs, sample, dtype)
        truth = value_and_gradients(theirs, sample, torch.float64, truth=True)
        largest = max(1.0, *(t.abs().max().item() for t in truth))
        for a, b, t in zip(found, peers, truth, strict=True):
            assert a.dtype == b.dtype
            assert a.shape == b.shape
            error, its = ((x.double() - t).abs().max() for x in (a, b))
            assert error <= its + slack * largest
        count += 1
    assert count > 20


def test_all_variants_are_listed(operators):
    assert set(operators) == set(OPERATORS)


@pytest.mark.parametrize("variant", ["", "chunked", "chunked_none"])
def test_errors_of_pytorch_are_errors(operators, variant):
    for error in operators["linear_cross_entropy", variant].error_inputs("cpu"):
        sample = error.sample_input
        if "K-dimensional loss" in error.error_regex:
            continue  # defined here: see the first difference below
        with pytest.raises(ValueError, match=r"."):
            ours.linear_cross_entropy(sample.input, *sample.args, **sample.kwargs)


# Deliberate differences, each against a truth of its own.


def test_difference_weights_of_several_dimensions_take_any_input():
    x, w = torch.randn(2, 5, 3, dtype=torch.float64), torch.randn(4, 6, 3, dtype=torch.float64)
    target = torch.randint(4, (2, 5, 6))
    log_p = torch.log_softmax(torch.einsum("btd,cod->btco", x, w), dim=2)
    truth = -log_p.gather(2, target[:, :, None])[:, :, 0]
    with pytest.raises(RuntimeError):
        functional.linear_cross_entropy(x, w, target)
    found = ours.linear_cross_entropy(x, w, target, reduction="none")
    torch.testing.assert_close(found, truth)
    found = ours.linear_cross_entropy(x[0, 0], w, target[0, 0], reduction="none")
    torch.testing.assert_close(found, truth[0, 0])
    probabilities = torch.softmax(torch.randn(4, 6, dtype=torch.float64), 0)
    found = ours.linear_cross_entropy(x[0, 0], w, probabilities)
    torch.testing.assert_close(found, -(probabilities * log_p[0, 0]).sum(0).mean())


def test_difference_any_leading_shape():
    x, w = torch.randn(2, 5, 3, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64)
    target = torch.randint(4, (2, 5))
    with pytest.raises(RuntimeError):
        functional.linear_cross_entropy(x, w, target)
    truth = functional.cross_entropy((x @ w.t()).reshape(10, 4), target.reshape(10))
    torch.testing.assert_close(ours.linear_cross_entropy(x, w, target), truth)


def losses_of(target, weight=None, ignore_index=-100):
    """Yield theirs and ours, with the gradients by what they are of."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3, 4, generator=generator, requires_grad=True)
    w = torch.randn(5, 4, generator=generator, requires_grad=True)
    logits = torch.randn(3, 5, generator=generator, requires_grad=True)
    options = {"weight": weight, "ignore_index": ignore_index}
    for name in ("cross_entropy", "nll_loss"):
        theirs = getattr(functional, name)(logits, target, **options)
        mine = getattr(ours, name)(logits, target, **options)
        yield theirs, mine, torch.autograd.grad(mine, logits)
    theirs = functional.linear_cross_entropy(x, w, target, **options)
    mine = ours.linear_cross_entropy(x, w, target, **options)
    yield theirs, mine, torch.autograd.grad(mine, (x, w))


@pytest.mark.parametrize(
    ("target", "weight"),
    [([-100] * 3, None), ([0, 0, -100], [0.0, 1.0, 1.0, 1.0, 1.0])],
    ids=["all ignored", "no weight"],
)
def test_difference_a_mean_of_nothing_is_0(target, weight):
    # An empty sum: a step on it changes nothing, and a batch of padding alone ends no training.
    weight = None if weight is None else torch.tensor(weight)
    for theirs, mine, gradients in losses_of(torch.tensor(target), weight):
        assert theirs.isnan()
        assert mine == 0.0
        assert not any(gradient.any() for gradient in gradients)


@pytest.mark.parametrize("margin", [5.0, 16.0, 20.0, 60.0, 90.0])
def test_difference_near_certainty(margin):
    logits = torch.tensor([[margin, 0.0, 0.0]], requires_grad=True)
    found = ours.cross_entropy(logits, torch.tensor([0]))
    (gradient,) = torch.autograd.grad(found, logits)
    with mpmath.workdps(60):
        nll = float(mpmath.log1p(2 * mpmath.exp(-margin)))
        right = float(1 / (1 + mpmath.exp(margin) / 2))
    assert math.isclose(found.item(), nll, rel_tol=2e-7, abs_tol=1e-38)
    assert math.isclose(gradient[0, 0].item(), -right, rel_tol=2e-7, abs_tol=1e-38)
    if margin >= 20:
        assert functional.cross_entropy(logits, torch.tensor([0])) == 0.0


def test_difference_a_masked_class_and_an_ignored_row():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3, 4, generator=generator, requires_grad=True)
    w = torch.randn(5, 4, generator=generator, requires_grad=True)
    bias, target = torch.tensor([-math.inf, 0.0, 0.0, 0.0, 0.0]), torch.tensor([1, 2, -100])
    options = torch.nn.LinearCrossEntropyOptions()
    theirs = functional.linear_cross_entropy(x, w, target, linear_bias=bias, options=options)
    found = ours.linear_cross_entropy(x, w, target, linear_bias=bias)
    truth = functional.cross_entropy(functional.linear(x[:2], w[1:]), target[:2] - 1)
    torch.testing.assert_close(found, truth)
    by = torch.autograd.grad(found, (x, w)), torch.autograd.grad(truth, (x, w))
    torch.testing.assert_close(*by)
    assert theirs.isnan()


def test_difference_an_impossible_class_that_is_not_asked_for():
    logits = torch.tensor([[-math.inf, 0.0, 1.0]])
    probabilities = torch.tensor([[0.0, 0.25, 0.75]])
    assert functional.cross_entropy(logits, probabilities).isnan()
    expected = 0.25 * math.log1p(math.e) + 0.75 * math.log1p(math.exp(-1.0))
    assert math.isclose(ours.cross_entropy(logits, probabilities).item(), expected, rel_tol=1e-6)


def test_difference_ignored_rows_may_hold_anything():
    rows = torch.tensor([[math.nan, 0.0], [0.0, 0.0]], requires_grad=True)
    target = torch.tensor([-100, 1])
    found = ours.cross_entropy(rows, target)
    (gradient,) = torch.autograd.grad(found, rows)
    assert math.isclose(found.item(), math.log(2.0), rel_tol=1e-6)
    assert gradient.tolist() == [[0.0, 0.0], [0.5, -0.5]]
    assert ours.nll_loss(rows, target) == 0.0


def test_difference_targets_that_are_no_class():
    logits, target = torch.zeros(2, 3), torch.tensor([0, 3])
    with pytest.raises(IndexError):
        functional.cross_entropy(logits, target)
    for call in (ours.cross_entropy, ours.nll_loss):
        with pytest.raises(DataError, match=r"row 1, 3"):
            call(logits, target)
