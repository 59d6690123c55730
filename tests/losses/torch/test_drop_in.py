"""The letter of PyTorch's calls: places, deprecated words, in-place changes; nothing in silence."""

import inspect
import math

import pytest

from likeliest.errors import DataError, ParameterError

torch = pytest.importorskip("torch")

from torch.nn import functional  # noqa: E402

from likeliest.losses import torch as losses  # noqa: E402

FUNCTIONS = ("cross_entropy", "nll_loss", "linear_cross_entropy", "kl_div")
MODULES = (
    "CrossEntropyLoss",
    "NLLLoss",
    "LinearCrossEntropyLoss",
    "BCELoss",
    "BCEWithLogitsLoss",
    "PoissonNLLLoss",
    "GaussianNLLLoss",
    "KLDivLoss",
)
DEPRECATED = (
    ({"size_average": True}, "mean"),
    ({"size_average": False}, "sum"),
    ({"reduce": True}, "mean"),
    ({"reduce": False}, "none"),
    ({"size_average": False, "reduce": False}, "none"),
)


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def logits_and_target(*shape, dtype=torch.float64):
    logits = torch.randn(shape, dtype=dtype, requires_grad=True)
    return logits, torch.randint(shape[1], (shape[0], *shape[2:]))


@pytest.mark.parametrize("name", [*FUNCTIONS, *MODULES])
def test_arguments_have_pytorchs_names_places_and_defaults(name):
    where = torch.nn if name in MODULES else functional
    theirs = inspect.signature(getattr(where, name)).parameters
    ours = inspect.signature(getattr(losses, name)).parameters
    positional = [n for n, p in theirs.items() if p.kind == p.POSITIONAL_OR_KEYWORD]
    assert list(ours)[: len(positional)] == positional
    assert all(ours[n].default == p.default and ours[n].kind == p.kind for n, p in theirs.items())


@pytest.mark.filterwarnings("ignore:size_average and reduce args will be deprecated")
@pytest.mark.parametrize(("words", "reduction"), DEPRECATED)
def test_deprecated_words_are_taken_with_a_message(words, reduction):
    logits, target = logits_and_target(6, 4)
    log_p, ones = logits.log_softmax(1).detach(), torch.ones(6, 4, dtype=torch.float64)
    calls = (
        ("cross_entropy", (logits, target)),
        ("nll_loss", (log_p, target)),
        ("kl_div", (log_p, ones / 4)),
        ("binary_cross_entropy", (log_p.exp(), ones)),
        ("binary_cross_entropy_with_logits", (logits, ones)),
        ("poisson_nll_loss", (logits, ones)),
    )
    for name, arguments in calls:
        with pytest.warns(FutureWarning, match=f"reduction='{reduction}'"):
            found = getattr(losses, name)(*arguments, **words)
        torch.testing.assert_close(found, getattr(functional, name)(*arguments, **words))
    with pytest.warns(FutureWarning, match=f"reduction='{reduction}'"):
        assert losses.CrossEntropyLoss(**words).reduction == reduction


OPTIONS = {
    "plain": {},
    "weights": {"weight": torch.linspace(0.5, 2.0, 3).double()},
    "smoothing": {"label_smoothing": 0.1},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("probabilities", [False, True])
@pytest.mark.parametrize("shape", [(4, 3), (3000, 3), (2, 3, 5)], ids=str)
def test_logits_may_change_in_place_after_the_loss(options, probabilities, shape):
    leaf, target = logits_and_target(*shape)
    if probabilities:
        target = torch.softmax(torch.randn(shape, dtype=torch.float64), 1)
    found = []
    for loss in (losses.cross_entropy, functional.cross_entropy):
        logits = leaf * 1.0
        value = loss(logits, target, **options)
        logits.detach().zero_()
        (by,) = torch.autograd.grad(value, leaf, create_graph=True)
        found.append((by, *torch.autograd.grad(by.square().sum(), leaf)))
    torch.testing.assert_close(*found)


@pytest.mark.parametrize("classes", [2, 3, 200])
@pytest.mark.parametrize("rows", [6, 3000])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_second_derivatives_at_every_size(classes, rows, reduction):
    logits, target = logits_and_target(rows, classes)
    target[2] = -100
    upstream = torch.randn(rows if reduction == "none" else (), dtype=torch.float64)
    found = []
    for loss in (losses.cross_entropy, functional.cross_entropy):
        value = loss(logits, target, reduction=reduction)
        (by,) = torch.autograd.grad(value, logits, upstream, create_graph=True)
        found.append((value, by, *torch.autograd.grad(by.square().sum(), logits)))
    torch.testing.assert_close(*found, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("margin", [0.0, 8.0, 16.3, 40.7, 80.3])
@pytest.mark.parametrize("shape", [(8, 2), (8, 27), (3000, 2), (3000, 27), (40, 300), (2, 2, 50)])
def test_digits_at_every_size(margin, shape):
    logits, target = logits_and_target(*shape, dtype=torch.float32)
    logits.data.scatter_add_(1, target[:, None], torch.full_like(logits[:, :1], margin))
    loss = losses.cross_entropy(logits, target, reduction="none")
    (by,) = torch.autograd.grad(loss.sum(), logits)
    z = logits.detach().double()
    others = z.scatter(1, target[:, None], -torch.inf)
    against = others.logsumexp(1) - z.gather(1, target[:, None])[:, 0]
    truth = torch.log1p(torch.exp(-against.abs())) + against.clamp(min=0.0)
    torch.testing.assert_close(loss.double(), truth, rtol=1e-6, atol=0.0)
    own = by.gather(1, target[:, None])[:, 0].double()
    torch.testing.assert_close(own, -torch.sigmoid(against), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("shape", [(5, 2), (5, 3), (3000, 2), (3000, 3), (20, 300)])
def test_masked_classes_and_what_says_nothing_at_every_size(shape):
    logits, target = logits_and_target(*shape, dtype=torch.float32)
    target[:] = 1
    target[4] = 0
    z = logits.data
    z[0] = torch.nan
    target[0] = -100
    z[1, 0] = -torch.inf
    z[2, 1] = -torch.inf
    z[3, 1] = torch.inf
    z[4, 1:] = -torch.inf
    found = losses.cross_entropy(logits, target, reduction="none")
    assert found[0] == 0.0
    assert found[1].isfinite()
    assert found[2] == torch.inf
    assert found[3].isnan()
    assert found[4] == 0.0
    keep = torch.ones(shape[0]).index_fill(0, torch.tensor([3]), 0.0)
    (by,) = torch.autograd.grad(found, logits, keep, retain_graph=True)
    assert by[0].tolist() == [0.0] * shape[1]
    assert by[4].tolist() == [0.0] * shape[1]
    assert by[5:].isfinite().all()
    assert by[2, 1] == -1.0


@pytest.mark.parametrize(
    ("outputs", "z_loss"), [((), 0.0), (("nll", "entropy"), 0.0), ((), 0.1)], ids=str
)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_rows_of_probabilities_are_ignored_by_a_mask(outputs, z_loss, reduction):
    target, mask = torch.softmax(torch.randn(4, 5).double(), 1), torch.tensor([1, 0, 1, 1]).bool()
    options = {"reduction": reduction, "outputs": outputs, "z_loss": z_loss}
    values = torch.randn(4, 5, dtype=torch.float64)
    values[1] = torch.nan
    weight = torch.eye(5, dtype=torch.float64)
    results = []
    for loss in (
        losses.cross_entropy,
        lambda z, t, **more: losses.linear_cross_entropy(z, weight, t, **more),
    ):
        logits, few = values.clone().requires_grad_(), values[mask].requires_grad_()
        found = loss(logits, target, mask=mask, **options)
        expected = loss(few, target[mask], **options)
        if outputs:
            assert found.nll[1].isnan()
            torch.testing.assert_close(found.entropy[mask], expected.entropy)
            found, expected = found.loss, expected.loss
        (by,) = torch.autograd.grad(found.sum(), logits)
        (by_few,) = torch.autograd.grad(expected.sum(), few)
        torch.testing.assert_close(by[mask], by_few)
        assert by[1].tolist() == [0.0] * 5
        if reduction == "none":
            assert found[1] == 0.0
            found = found[mask]
        torch.testing.assert_close(found, expected)
        results.append(found)
    torch.testing.assert_close(*results)


def test_a_mask_of_classes_is_an_ignored_class():
    logits, target = logits_and_target(4, 3)
    mask = torch.tensor([True, False, True, True])
    expected = functional.cross_entropy(logits[mask], target[mask])
    torch.testing.assert_close(losses.cross_entropy(logits, target, mask=mask), expected)
    torch.testing.assert_close(losses.CrossEntropyLoss()(logits, target, mask=mask), expected)
    log_p = logits.log_softmax(1)
    torch.testing.assert_close(losses.nll_loss(log_p, target, mask=mask), expected)
    torch.testing.assert_close(
        losses.linear_cross_entropy(logits, torch.eye(3).double(), target, mask=mask), expected
    )


def test_what_has_no_meaning_is_refused():
    logits, target = logits_and_target(4, 3)
    soft, weight = torch.softmax(logits.detach(), 1), torch.ones(3).double().requires_grad_()
    for call, words in (
        (lambda: losses.cross_entropy(logits, soft, ignore_index=0), "mask="),
        (lambda: losses.cross_entropy(logits, target, weight), "weight requires a gradient"),
        (lambda: losses.cross_entropy(logits, target, count=3, reduction="sum"), "leave it out"),
        (lambda: losses.cross_entropy(logits, target, count=3, reduction="none"), "leave it out"),
    ):
        with pytest.raises(ParameterError, match=words):
            call()
    with torch.no_grad():
        losses.cross_entropy(logits, target, weight)


@pytest.mark.parametrize(
    ("target", "options", "words"),
    [
        (torch.eye(4, 3).long(), {}, r"target\.argmax\(1\), or target\.float\(\)"),
        (torch.zeros(4, 1).long(), {}, r"target\.reshape\(\(4,\)\)"),
        (torch.zeros(4).long(), {"weight": [1.0, 2.0, 3.0]}, r"torch\.tensor\(weight\)"),
        (torch.zeros(4), {}, r"target\.long\(\)"),
        (torch.zeros(4).long(), {"mask": torch.ones(4)}, "mask must be a bool tensor"),
        (torch.zeros(4).long(), {"mask": torch.ones(3).bool()}, r"shape \(4,\); got \(3,\)"),
    ],
)
def test_messages_name_the_way_out(target, options, words):
    logits = torch.zeros(4, 3)
    with pytest.raises(DataError, match=words):
        losses.cross_entropy(logits, target, **options)


def test_classes_that_come_last_are_told():
    logits, target = torch.zeros(2, 5, 3), torch.zeros(2, 5).long()
    with pytest.raises(DataError, match="axis=-1"):
        losses.cross_entropy(logits, target)
    assert losses.cross_entropy(logits, target, axis=-1).item() == pytest.approx(math.log(3.0))


def test_modules_take_count_and_outputs():
    logits, target = logits_and_target(4, 3)
    total = functional.cross_entropy(logits, target, reduction="sum")
    for module in (losses.CrossEntropyLoss(count=8), losses.CrossEntropyLoss()):
        torch.testing.assert_close(module(logits, target, count=8), total / 8)
    torch.testing.assert_close(losses.CrossEntropyLoss(count=2)(logits, target), total / 2)
    found = losses.CrossEntropyLoss(outputs=("nll", "rank"))(logits, target)
    torch.testing.assert_close(found.nll.double().sum(), total.detach())
    head = losses.LinearCrossEntropyLoss(3, 3, dtype=torch.float64, outputs=("nll",), count=8)
    found = head(logits.detach(), target)
    torch.testing.assert_close(found.loss.detach(), found.nll.double().sum() / 8)
    torch.testing.assert_close(
        head(logits.detach(), target, count=2).loss.detach(), found.nll.double().sum() / 2
    )


@pytest.mark.parametrize("reduction", ["none", "batchmean", "sum", "mean"])
@pytest.mark.parametrize("log_target", [False, True])
@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
def test_kl_div_is_pytorchs(reduction, log_target):
    log_p, log_q = (torch.randn(3, 4, dtype=torch.float64).log_softmax(1) for _ in "12")
    log_p.requires_grad_()
    target = log_q if log_target else log_q.exp()
    found, expected = (
        loss(log_p, target, reduction=reduction, log_target=log_target)
        for loss in (losses.kl_div, functional.kl_div)
    )
    torch.testing.assert_close(found, expected)
    upstream = torch.ones_like(found)
    torch.testing.assert_close(
        torch.autograd.grad(found, log_p, upstream), torch.autograd.grad(expected, log_p, upstream)
    )
    module = losses.KLDivLoss(reduction=reduction, log_target=log_target)
    torch.testing.assert_close(module(log_p, target), found)


def test_kl_div_of_an_impossible_class_of_which_nothing_is_asked():
    log_p = torch.tensor([[0.0, -torch.inf]], requires_grad=True)
    found = losses.kl_div(log_p, torch.tensor([[1.0, 0.0]]), reduction="batchmean")
    (by,) = torch.autograd.grad(found, log_p)
    assert found == 0.0
    assert by.tolist() == [[-1.0, 0.0]]
    assert losses.kl_div(torch.zeros(0, 2), torch.zeros(0, 2), reduction="batchmean") == 0.0


def test_a_loss_of_bfloat16_is_float32_on_request():
    logits, target = logits_and_target(64, 5, dtype=torch.float32)
    low, ones = logits.detach().bfloat16(), torch.ones(64, 5)
    log_p = low.log_softmax(1)
    exact = functional.cross_entropy(low.double(), target)
    for reduction in ("mean", "sum", "none"):
        wanted = {"reduction": reduction, "loss_dtype": torch.float32}
        for found in (
            losses.cross_entropy(low, target, **wanted),
            losses.CrossEntropyLoss(**wanted)(low, target),
            losses.nll_loss(log_p, target, **wanted),
            losses.NLLLoss(**wanted)(log_p, target),
            losses.linear_cross_entropy(low, torch.eye(5).bfloat16(), target, **wanted),
            losses.kl_div(log_p, log_p.exp(), **wanted),
            losses.binary_cross_entropy(log_p.exp(), ones.bfloat16(), **wanted),
            losses.binary_cross_entropy_with_logits(low, ones.bfloat16(), **wanted),
            losses.poisson_nll_loss(low, ones.bfloat16(), **wanted),
            losses.gaussian_nll_loss(low, ones.bfloat16(), ones.bfloat16(), **wanted),
        ):
            assert found.dtype == torch.float32
    found = losses.cross_entropy(low, target, loss_dtype=torch.float32)
    assert found.item() == pytest.approx(exact.item(), rel=1e-6)
    low.requires_grad_()
    loss = losses.cross_entropy(low, target, loss_dtype=torch.float32)
    (by,) = torch.autograd.grad(loss, low)
    assert by.dtype == torch.bfloat16


@pytest.mark.parametrize("shape", [(4, 2), (4, 3), (3000, 2), (3000, 3), (40, 300)])
@pytest.mark.parametrize("wrong", [-2, 300])
def test_a_target_that_is_no_class_is_named_at_every_size(shape, wrong):
    logits, target = logits_and_target(*shape)
    target[3] = wrong
    with pytest.raises(DataError, match=f"first: row 3, {wrong}"):
        losses.cross_entropy(logits, target)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("shape", [(8, 2), (8, 5), (3000, 2), (3000, 5), (40, 300)])
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_half_precision_at_every_size(dtype, shape, reduction):
    logits, target = logits_and_target(*shape, dtype=torch.float32)
    low = logits.detach().to(dtype).requires_grad_()
    exact = low.detach().double().requires_grad_()
    found = losses.cross_entropy(low, target, reduction=reduction)
    expected = functional.cross_entropy(exact, target, reduction=reduction)
    upstream = torch.full_like(expected, 64.0)
    (by,) = torch.autograd.grad(found, low, upstream.to(dtype))
    (by_exact,) = torch.autograd.grad(expected, exact, upstream)
    eps = torch.finfo(dtype).eps
    assert by.dtype == found.dtype == dtype
    torch.testing.assert_close(found.double(), expected, rtol=eps / 2, atol=1e-6)
    torch.testing.assert_close(by.double(), by_exact, rtol=1.1 * eps, atol=64.0 * 2.0**-25)


def test_tensors_that_hold_no_values_are_traced():
    from torch._subclasses import FakeTensorMode

    with FakeTensorMode():
        logits, target = torch.zeros(4, 3, requires_grad=True), torch.zeros(4).long()
        loss = losses.cross_entropy(logits, target)
        loss.backward()
        assert logits.grad.shape == (4, 3)
