"""Cross entropies of tensors: PyTorch's values and gradients, and its own where those are wrong."""

import itertools

import mpmath
import pytest

from likeliest.errors import DataError, ParameterError

torch = pytest.importorskip("torch")

from torch.nn import functional  # noqa: E402

from likeliest.losses import torch as losses  # noqa: E402

CLASSES, FEATURES, ROWS = 11, 7, 20
OPTIONS = {
    "plain": {},
    "smoothing": {"label_smoothing": 0.1},
    "weights": {"weight": torch.linspace(0.2, 2.0, CLASSES)},
    "both": {"label_smoothing": 0.3, "weight": torch.linspace(0.2, 2.0, CLASSES)},
    "ignored": {"ignore_index": 3},
}
DTYPES = {torch.float64: 1e-13, torch.float32: 2e-6}


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def problem(dtype=torch.float64, *, bias=True, probabilities=False):
    x = torch.randn(ROWS, FEATURES, dtype=dtype, requires_grad=True)
    w = torch.randn(CLASSES, FEATURES, dtype=dtype, requires_grad=True)
    b = torch.randn(CLASSES, dtype=dtype, requires_grad=True) if bias else None
    target = torch.arange(ROWS) % CLASSES
    if probabilities:
        target = torch.rand(ROWS, CLASSES, dtype=dtype)
    return x, w, b, target


def with_dtype(options, dtype):
    return {k: v.to(dtype) if torch.is_tensor(v) else v for k, v in options.items()}


def agree(ours, theirs, tolerance):
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert (a - b).abs().max() <= tolerance * max(1.0, b.abs().max().item())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("probabilities", [False, True])
def test_values_and_gradients_are_pytorchs(dtype, reduction, name, probabilities):
    if probabilities and name == "ignored":
        pytest.skip("probabilities are not ignored")
    options = with_dtype(OPTIONS[name], dtype) | {"reduction": reduction}
    x, w, b, target = problem(dtype, probabilities=probabilities)
    logits = functional.linear(x, w, b)
    theirs = functional.cross_entropy(logits, target, **options)
    upstream = torch.randn(theirs.shape, dtype=dtype)
    expected = (theirs, *torch.autograd.grad(theirs, (x, w, b), upstream, retain_graph=True))
    ours = losses.linear_cross_entropy(x, w, target, linear_bias=b, chunk_size=8, **options)
    agree((ours, *torch.autograd.grad(ours, (x, w, b), upstream)), expected, DTYPES[dtype])
    ours = losses.cross_entropy(logits, target, **options)
    agree((ours, *torch.autograd.grad(ours, (x, w, b), upstream)), expected, DTYPES[dtype])


@pytest.mark.parametrize("reduction", ["mean", "none"])
@pytest.mark.parametrize("probabilities", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"z_loss": 0.1},
        {"soft_cap": 2.0, "temperature": 0.7},
        {"z_loss": 0.1, "label_smoothing": 0.2, "soft_cap": 3.0},
    ],
    ids=str,
)
def test_first_and_second_derivatives(reduction, probabilities, options):
    target = torch.rand(6, 5).double() if probabilities else torch.tensor([0, 1, -100, 2, 4, 3])
    x, w, b = (
        torch.randn(*shape, dtype=torch.float64, requires_grad=True)
        for shape in ((6, 4), (5, 4), (5,))
    )

    def linear(x, w, b):
        return losses.linear_cross_entropy(
            x, w, target, linear_bias=b, chunk_size=4, reduction=reduction, **options
        )

    def of_logits(z):
        return losses.cross_entropy(z, target, reduction=reduction, **options)

    logits = torch.randn(6, 5, dtype=torch.float64, requires_grad=True)
    for function, inputs in ((linear, (x, w, b)), (of_logits, (logits,))):
        assert torch.autograd.gradcheck(function, inputs)
        assert torch.autograd.gradgradcheck(function, inputs, fast_mode=True)


def test_options_are_what_they_say():
    x, w, b, target = problem()
    z = functional.linear(x, w, b)
    capped = 2.0 * torch.tanh(z / 2.0) / 0.7
    expected = functional.cross_entropy(capped, target) + 0.1 * capped.logsumexp(1).square().mean()
    ours = losses.linear_cross_entropy(
        x, w, target, linear_bias=b, soft_cap=2.0, temperature=0.7, z_loss=0.1
    )
    agree([ours], [expected], 1e-13)
    # Parts of a batch, each divided by the number in the whole, add up to its mean.
    parts = [
        losses.linear_cross_entropy(x[p], w, target[p], linear_bias=b, count=ROWS)
        for p in (slice(0, 3), slice(3, ROWS))
    ]
    agree([sum(parts)], [functional.cross_entropy(z, target)], 1e-13)


@pytest.mark.parametrize("margin", [0, 5, 10, 15, 20, 40, 60, 80, 87])
def test_digits_near_certainty(margin):
    logits = torch.zeros(1, 3)
    logits[0, 0] = margin
    logits.requires_grad_()
    loss = losses.cross_entropy(logits, torch.tensor([0]))
    (by_logits,) = torch.autograd.grad(loss, logits)
    truth = mpmath.log1p(2 * mpmath.exp(-margin))
    wrong = float(-mpmath.expm1(-truth))
    assert abs(loss.item() / float(truth) - 1) < 1e-6
    assert abs(by_logits[0, 0].item() / -wrong - 1) < 1e-6
    assert abs(by_logits[0, 1].item() / (wrong / 2) - 1) < 1e-6
    hidden = torch.eye(1)
    weight = logits.detach().T.clone().requires_grad_()
    loss = losses.linear_cross_entropy(hidden, weight, torch.tensor([0]))
    (by_weight,) = torch.autograd.grad(loss, weight)
    assert abs(loss.item() / float(truth) - 1) < 1e-6
    assert abs(by_weight[0, 0].item() / -wrong - 1) < 1e-6


@pytest.mark.parametrize("margin", [20, 60])
def test_digits_near_certainty_of_probabilities(margin):
    logits = torch.tensor([[0.0, margin, 0.0]], requires_grad=True)
    for asked in ([0.0, 1.0, 0.0], [0.0, 1.0 - 2**-23, 2**-23]):
        target = torch.tensor([asked])
        loss = losses.cross_entropy(logits, target)
        (by_logits,) = torch.autograd.grad(loss, logits)
        with mpmath.workdps(60):
            total = 1 + 2 * mpmath.exp(-margin)
            truth = mpmath.log(total) + margin * mpmath.mpf(asked[2])
            slope = mpmath.mpf(asked[0]) + asked[2] - 2 * mpmath.exp(-margin) / total
        assert loss.item() == pytest.approx(float(truth), rel=1e-6)
        assert by_logits[0, 1].item() == pytest.approx(float(slope), rel=1e-6)


def test_outputs():
    x, w, b, target = problem()
    target[4] = -100
    names = ("nll", "logsumexp", "confidence", "entropy", "rank")
    found = losses.linear_cross_entropy(
        x, w, target, linear_bias=b, outputs=names, chunk_size=3, label_smoothing=0.1
    )
    log_p = functional.linear(x, w, b).detach().log_softmax(1)
    counted = target != -100
    safe = target.masked_fill(~counted, 0)[:, None]
    own = log_p.gather(1, safe)
    expected = {
        "nll": -own[:, 0],
        "logsumexp": functional.linear(x, w, b).detach().logsumexp(1),
        "confidence": log_p.exp().amax(1),
        "entropy": -(log_p * log_p.exp()).sum(1),
        "rank": (log_p > own).sum(1),
    }
    for name in names:
        ours = getattr(found, name)
        assert not ours.requires_grad
        assert torch.allclose(ours[counted].double(), expected[name][counted].double())
        assert ours[4] == -1 if name == "rank" else ours[4].isnan()
    assert found.loss.requires_grad
    alone = losses.cross_entropy(functional.linear(x, w, b), target, outputs=("entropy", "rank"))
    assert torch.equal(alone.rank, found.rank)
    assert torch.allclose(alone.entropy[counted], found.entropy[counted])
    assert alone.nll is None


def test_entropy_and_rank_at_the_edges():
    logits = torch.tensor([[0.0, 0.0, 0.0], [-torch.inf, 0.0, 0.0], [50.0, 0.0, -torch.inf]])
    found = losses.cross_entropy(logits, torch.tensor([1, 0, 0]), outputs=("entropy", "rank"))
    assert found.rank.tolist() == [1, 2, 0]  # of equals the first comes first
    sure = 50 * float(mpmath.exp(-50))  # -p log p of the other
    assert found.entropy[:2].tolist() == pytest.approx([1.0986123, 0.6931472])
    assert found.entropy[2].item() == pytest.approx(sure + float(mpmath.exp(-50)), rel=1e-6)


def test_ignored_rows_may_hold_anything():
    x, w, b, target = problem(torch.float32)
    target[[2, 5]] = -100
    reference = losses.linear_cross_entropy(x, w, target, linear_bias=b)
    expected = torch.autograd.grad(reference, (x, w, b))
    spoilt = x.detach().clone()
    spoilt[2], spoilt[5] = torch.nan, torch.inf
    spoilt.requires_grad_()
    loss = losses.linear_cross_entropy(spoilt, w, target, linear_bias=b)
    agree((loss, *torch.autograd.grad(loss, (spoilt, w, b))), (reference, *expected), 0.0)
    logits = torch.full((2, 3), torch.nan, requires_grad=True)
    loss = losses.cross_entropy(logits, torch.tensor([-100, -100]))
    loss.backward()
    assert loss == 0.0
    assert logits.grad.abs().sum() == 0.0


def test_a_masked_class_with_an_ignored_row():
    x, w, _, target = problem(torch.float32)
    bias = torch.zeros(CLASSES)
    bias[0] = -torch.inf
    target = target.clamp(min=1)
    target[3] = -100
    loss = losses.linear_cross_entropy(x, w, target, linear_bias=bias)
    assert loss.isfinite()
    assert all(g.isfinite().all() for g in torch.autograd.grad(loss, (x, w)))


@pytest.mark.parametrize("target", [[], [-100, -100]], ids=["empty", "ignored"])
def test_nothing_to_count_is_zero(target):
    target = torch.tensor(target, dtype=torch.long)
    x = torch.randn(len(target), FEATURES, requires_grad=True)
    w = torch.randn(CLASSES, FEATURES, requires_grad=True)
    for reduction in ("mean", "sum"):
        loss = losses.linear_cross_entropy(x, w, target, reduction=reduction)
        assert loss == 0.0
        assert all(g.abs().sum() == 0.0 for g in torch.autograd.grad(loss, (x, w)))
    each = losses.linear_cross_entropy(x, w, target, reduction="none")
    assert each.tolist() == [0.0] * len(target)
    assert all(
        g.abs().sum() == 0.0 for g in torch.autograd.grad(each, (x, w), torch.ones(len(target)))
    )


@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_backward_twice_through_a_kept_graph(reduction):
    x, w, _, target = problem(torch.float32)
    losses.linear_cross_entropy(x, w, target, reduction=reduction).sum().backward()
    once = x.grad.clone(), w.grad.clone()
    x.grad = w.grad = None
    total = losses.linear_cross_entropy(x, w, target, reduction=reduction).sum()
    total.backward(retain_graph=True)
    total.backward()
    agree((x.grad, w.grad), (2 * once[0], 2 * once[1]), 0.0)


def test_leading_shapes_and_a_single_row():
    x, w, b, target = problem()
    flat = losses.linear_cross_entropy(x, w, target, linear_bias=b, reduction="none")
    many = losses.linear_cross_entropy(
        x.reshape(2, 5, 2, -1), w, target.reshape(2, 5, 2), linear_bias=b, reduction="none"
    )
    assert torch.equal(many, flat.reshape(2, 5, 2))
    one = losses.linear_cross_entropy(x[0], w, target[0], linear_bias=b, reduction="none")
    assert one.shape == ()
    assert torch.isclose(one, flat[0], rtol=1e-14)
    logits = functional.linear(x, w, b).reshape(2, 10, CLASSES)
    last = losses.cross_entropy(logits, target.reshape(2, 10), axis=-1)
    second = losses.cross_entropy(logits.movedim(-1, 1), target.reshape(2, 10))
    assert torch.equal(last, second)


def test_k_dimensional_weights_as_in_pytorch():
    x = torch.randn(4, FEATURES, dtype=torch.float64)
    w = torch.randn(5, 3, 2, FEATURES, dtype=torch.float64)
    b = torch.randn(5, 3, 2, dtype=torch.float64)
    target = torch.randint(5, (4, 3, 2))
    agree(
        [losses.linear_cross_entropy(x, w, target, linear_bias=b)],
        [functional.linear_cross_entropy(x, w, target, linear_bias=b)],
        1e-14,
    )


def test_chunks_change_rounding_alone():
    x, w, b, target = problem()
    values = []
    for size in (1, 2, 3, 7, ROWS, 10 * ROWS):
        loss = losses.linear_cross_entropy(x, w, target, linear_bias=b, chunk_size=size)
        values.append((loss, *torch.autograd.grad(loss, (x, w, b))))
    for a, b in itertools.pairwise(values):
        agree(a, b, 1e-14)


def test_what_is_frozen_costs_nothing(monkeypatch):
    asked = []
    kept = losses.chunks.By.__init__

    def spy(self, *arguments):
        asked.append(arguments[-1])
        kept(self, *arguments)

    monkeypatch.setattr(losses.chunks.By, "__init__", spy)
    x, w, b, target = problem()
    losses.linear_cross_entropy(x, w.detach(), target, linear_bias=b).backward()
    losses.linear_cross_entropy(x, w, target, linear_bias=b.detach(), reduction="none")
    with torch.no_grad():
        losses.linear_cross_entropy(x, w, target, linear_bias=b)
    assert asked == [(True, False, True), (False, False, False), (False, False, False)]


def test_the_logits_are_never_held():
    rows, classes = 2048, 4096
    x = torch.randn(rows, 8, requires_grad=True)
    w = torch.randn(classes, 8, requires_grad=True)
    target = torch.randint(classes, (rows,))
    for reduction in ("mean", "none"):
        with torch.profiler.profile(
            activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True
        ) as record:
            losses.linear_cross_entropy(
                x, w, target, reduction=reduction, chunk_size=128
            ).sum().backward()
        largest = max(event.cpu_memory_usage for event in record.events())
        assert largest <= 2 * 128 * classes * 4  # a chunk and what works on it, of 16


def test_half_precision_is_rounded_once():
    x, w, b, target = problem(torch.bfloat16)
    loss = losses.linear_cross_entropy(x, w, target, linear_bias=b)
    by_weight = torch.autograd.grad(loss, w)[0]
    x64, w64, b64 = (t.detach().double().requires_grad_() for t in (x, w, b))
    exact = functional.cross_entropy(functional.linear(x64, w64, b64), target)
    truth = torch.autograd.grad(exact, w64)[0]
    assert loss.dtype == by_weight.dtype == torch.bfloat16
    assert abs(loss.item() / exact.item() - 1) <= 2**-8
    assert ((by_weight.double() - truth).abs() <= 2**-7 * truth.abs().max()).all()
    wide = losses.linear_cross_entropy(x, w, target, linear_bias=b, loss_dtype=torch.float32)
    assert abs(wide.item() / exact.item() - 1) < 2**-8
    assert wide.dtype == torch.float32


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_autocast_and_a_scaled_loss(dtype, reduction):
    x, w, b, target = problem(torch.float32)
    with torch.autocast("cpu", dtype=dtype):
        loss = losses.linear_cross_entropy(x, w, target, linear_bias=b, reduction=reduction)
    assert loss.dtype == torch.float32
    scaled = torch.autograd.grad(65536.0 * loss.sum(), (x, w, b))
    exact = functional.cross_entropy(functional.linear(x, w, b), target, reduction=reduction)
    expected = torch.autograd.grad(65536.0 * exact.sum(), (x, w, b))
    agree((loss, *scaled), (exact, *expected), 0.02)


@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_compiled(reduction):
    x, w, b, target = problem(torch.float32)
    target[1] = -100

    def function(x, w, b):
        hidden = torch.tanh(x)
        linear = losses.linear_cross_entropy(
            hidden, w, target, linear_bias=b, reduction=reduction, z_loss=0.01
        )
        return linear.sum() + losses.cross_entropy(functional.linear(hidden, w, b), target)

    expected = function(x, w, b)
    compiled = torch.compile(function, fullgraph=True, backend="aot_eager")(x, w, b)
    agree(
        (compiled, *torch.autograd.grad(compiled, (x, w, b))),
        (expected, *torch.autograd.grad(expected, (x, w, b))),
        1e-6,
    )


@pytest.mark.parametrize("probabilities", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "none"])
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1, "z_loss": 0.1}], ids=str)
def test_the_path_of_accelerators(monkeypatch, probabilities, reduction, options):
    """There rows are masked, not left out, and chunks worked on whole; here on the CPU."""
    x, w, b, target = problem(probabilities=probabilities)
    b = b.detach()
    b[0] = -torch.inf if not options else b[0]
    if not probabilities:
        target[[0, 11]] = -100  # the masked class's own rows
        x.data[5], target[5] = torch.nan, -100
    elif not options:
        target[:, 0] = 0.0

    def values():
        loss = losses.linear_cross_entropy(
            x, w, target, linear_bias=b, chunk_size=6, reduction=reduction, **options
        )
        logits = functional.linear(x, w, b).detach().requires_grad_()
        found = losses.cross_entropy(logits, target, outputs=("nll", "logsumexp"), **options)
        gradients = (
            *torch.autograd.grad(loss.sum(), (x, w)),
            *torch.autograd.grad(found.loss, logits),
        )
        return loss, found.nll.nan_to_num(-1.0), found.logsumexp.nan_to_num(-1.0), *gradients

    expected = values()
    monkeypatch.setattr(losses.chunks, "is_accelerator", lambda device: True)
    agree(values(), expected, 1e-14)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_native_products_of_half_precision(monkeypatch, dtype, reduction):
    x, w, b, target = problem(dtype)

    def values():
        loss = losses.linear_cross_entropy(
            x, w, target, linear_bias=b, chunk_size=6, reduction=reduction
        )
        return loss, *torch.autograd.grad(loss.float().mean() * 8192.0, (x, w, b))

    expected = values()
    monkeypatch.setattr(losses.chunks, "_has_products", lambda device, dtype: True)
    agree(values(), expected, 4 * torch.finfo(dtype).eps)


def test_function_transforms():
    x, w, _, target = problem()

    def one(x, target):
        return losses.linear_cross_entropy(x, w.detach(), target)

    rows = torch.func.vmap(torch.func.grad(one))(x.detach(), target)
    total = losses.linear_cross_entropy(x, w, target, reduction="sum")
    agree([rows], torch.autograd.grad(total, x), 1e-14)


def test_modules_hold_what_the_functions_take():
    x, w, b, target = problem(torch.float32)
    weight = torch.linspace(0.2, 2.0, CLASSES)
    module = losses.CrossEntropyLoss(weight, label_smoothing=0.1)
    logits = functional.linear(x, w, b)
    theirs = torch.nn.CrossEntropyLoss(weight, label_smoothing=0.1)
    agree([module(logits, target)], [theirs(logits, target)], 1e-6)
    assert set(module.state_dict()) == set(theirs.state_dict())
    head = losses.LinearCrossEntropyLoss(FEATURES, CLASSES, bias=True)
    theirs = torch.nn.LinearCrossEntropyLoss(FEATURES, CLASSES, bias=True)
    theirs.load_state_dict(head.state_dict())
    agree([head(x, target)], [theirs(x, target)], 1e-6)
    log_p = logits.log_softmax(1)
    for reduction in ("mean", "sum", "none"):
        agree(
            [losses.NLLLoss(weight, reduction=reduction)(log_p, target)],
            [torch.nn.NLLLoss(weight, reduction=reduction)(log_p, target)],
            1e-6,
        )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda z, t: losses.cross_entropy(z, t + 1), "0 to 10.*1 of 20 are not.*row 10, 11"),
        (lambda z, t: losses.cross_entropy(z, -t - 2), "row 0, -2"),
        (lambda z, t: losses.cross_entropy(z, t[:3]), r"\(20,\); got \(3,\)"),
        (lambda z, t: losses.cross_entropy(z, t.bool()), "bool"),
        (lambda z, t: losses.cross_entropy(z, t.double()), "each of 11 classes"),
        (lambda z, t: losses.cross_entropy(z.long(), t), "int64"),
        (lambda z, t: losses.cross_entropy(z, t, torch.ones(3)), r"11 classes; got shape \(3,\)"),
        (lambda z, t: losses.cross_entropy(z, t, axis=5), "no axis 5"),
        (lambda z, t: losses.linear_cross_entropy(z, torch.ones(4, 3), t), "same features"),
        (
            lambda z, t: losses.linear_cross_entropy(z, torch.ones(11, 11).half(), t),
            "float64 and linear_weight torch.float16",
        ),
        (
            lambda z, t: losses.linear_cross_entropy(
                z, z[:11], t, linear_bias=torch.ones(4, dtype=z.dtype)
            ),
            r"\(11,\); got \(4,\)",
        ),
        (lambda z, t: losses.cross_entropy(z / 0.0, t, validate=True), "NaN in 20 of 20 rows"),
    ],
)
def test_bad_input(call, words):
    logits = torch.randn(ROWS, CLASSES, dtype=torch.float64)
    with pytest.raises(DataError, match=words):
        call(logits, torch.arange(ROWS) % CLASSES)


def test_no_gradient_is_dropped():
    probabilities = torch.full((2, 3), 1 / 3, requires_grad=True)
    with pytest.raises(ParameterError, match="detach"):
        losses.cross_entropy(torch.zeros(2, 3), probabilities, outputs=("nll",))
    losses.cross_entropy(torch.zeros(2, 3), probabilities).backward()
    assert probabilities.grad.abs().sum() > 0.0


@pytest.mark.parametrize(
    "options",
    [
        {"reduction": "average"},
        {"label_smoothing": 1.5},
        {"soft_cap": 0.0},
        {"temperature": -1.0},
        {"outputs": "nll"},
        {"outputs": ("loss",)},
    ],
    ids=str,
)
def test_bad_options(options):
    with pytest.raises(ParameterError):
        losses.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 1]), **options)


def test_nan_is_passed_on():
    logits = torch.tensor([[0.0, torch.nan], [0.0, 1.0], [torch.inf, 0.0]])
    each = losses.cross_entropy(logits, torch.tensor([0, 1, 0]), reduction="none")
    assert each.isnan().tolist() == [True, False, True]
    found = losses.cross_entropy(logits, torch.tensor([0, 1, 0]), outputs=("rank",))
    assert found.rank.tolist() == [-1, 0, -1]
