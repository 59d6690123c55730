"""The drop-in losses on the samples with which PyTorch tests its own."""

import inspect
import math

import numpy as np
import pytest
from mpmath import mp

from truth import LOG_DENSITY

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest")

from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

from likeliest.losses.torch import likelihood as F  # noqa: E402, N812
from likeliest.losses.torch import likelihood_modules as modules  # noqa: E402

NAMES = [
    "gaussian_nll_loss",
    "poisson_nll_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
]
OPERATORS = {name: next(o for o in op_db if o.name == f"nn.functional.{name}") for name in NAMES}
SLACK = {torch.float64: 1e-12, torch.float32: 1e-5}


def differs(name, options):
    """Whether ours is different on purpose: the exact factorial in the place of Stirling's."""
    return name == "poisson_nll_loss" and options.get("full", False)


def samples(name, dtype, *, grad=False):
    torch.manual_seed(0)
    for sample in OPERATORS[name].sample_inputs("cpu", dtype, requires_grad=grad):
        yield (sample.input, *sample.args), sample.kwargs


@pytest.mark.parametrize("dtype", SLACK)
@pytest.mark.parametrize("name", NAMES)
def test_torchs_samples_give_torchs_results(name, dtype):
    ours, theirs, seen = getattr(F, name), getattr(torch.nn.functional, name), 0
    for arguments, options in samples(name, dtype):
        expected, got = theirs(*arguments, **options), ours(*arguments, **options)
        assert got.shape == expected.shape
        assert got.dtype == expected.dtype
        if not differs(name, options):
            assert torch.allclose(got, expected, rtol=SLACK[dtype], atol=SLACK[dtype])
            seen += 1
    assert seen >= 11


@pytest.mark.parametrize("name", NAMES)
def test_torchs_samples_give_torchs_gradients(name):
    ours, theirs = getattr(F, name), getattr(torch.nn.functional, name)
    for arguments, options in samples(name, torch.float64, grad=True):
        if differs(name, options):
            continue
        at = [a for a in arguments if isinstance(a, torch.Tensor) and a.requires_grad]
        expected = torch.autograd.grad(theirs(*arguments, **options).sum(), at)
        got = torch.autograd.grad(ours(*arguments, **options).sum(), at)
        for one, two in zip(got, expected, strict=True):
            assert torch.allclose(one, two, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_is_as_close_as_torchs(name):
    ours, theirs = getattr(F, name), getattr(torch.nn.functional, name)
    for arguments, options in samples(name, torch.bfloat16):
        if differs(name, options):
            continue
        wide = [a.double() if isinstance(a, torch.Tensor) else a for a in arguments]
        more = {k: v.double() if isinstance(v, torch.Tensor) else v for k, v in options.items()}
        exact, got = ours(*wide, **more), ours(*arguments, **options)
        assert got.dtype == torch.bfloat16
        assert torch.allclose(got.double(), exact, rtol=2**-8, atol=2e-6)
        results = (got, theirs(*arguments, **options))
        mine, other = ((result.double() - exact).abs().max() for result in results)
        assert mine <= other + 2**-8 * exact.abs().max() + 2e-6


def test_full_poisson_is_exact_where_torchs_is_stirlings():
    for arguments, options in samples("poisson_nll_loss", torch.float64):
        if not options.get("full") or options["reduction"] != "none":
            continue
        got = F.poisson_nll_loss(*arguments, **options)
        eps = options.get("eps", 1e-8)
        for value, k, ours in zip(*(a.flatten().tolist() for a in (*arguments, got)), strict=True):
            log_rate = mp.mpf(value) if options["log_input"] else mp.log(mp.mpf(value) + eps)
            rate = mp.exp(mp.mpf(value)) if options["log_input"] else mp.mpf(value)
            exact = rate - k * log_rate + mp.loggamma(mp.mpf(k) + 1)
            assert abs(ours - exact) <= 1e-12 * max(1, abs(exact))


def test_how_far_stirling_is_off():
    two = torch.tensor([2.0], dtype=torch.float64)
    gap = torch.nn.functional.poisson_nll_loss(two, two, full=True) - F.poisson_nll_loss(
        two, two, full=True
    )
    assert gap.item() == pytest.approx(-0.0413, abs=5e-5)


@pytest.mark.parametrize("var", [1e-12, 1e-7])
def test_a_variance_below_eps_is_not_clamped_where_strict(var):
    values = [torch.tensor([v], dtype=torch.float64, requires_grad=True) for v in (1.0, 1.001, var)]
    ours = F.gaussian_nll_loss(*values, full=True, strict=True)
    exact = -LOG_DENSITY["normal"](
        mp.mpf(values[1].item()), mp.mpf(1), mp.sqrt(mp.mpf(values[2].item()))
    )
    assert abs(ours.item() - exact) <= 1e-12 * abs(exact)
    assert not torch.isclose(torch.nn.functional.gaussian_nll_loss(*values, full=True), ours)
    ours.backward()
    residual = values[1].item() - 1.0
    assert values[2].grad.item() == pytest.approx(0.5 / var - 0.5 * (residual / var) ** 2)


@pytest.mark.parametrize("weight", [None, torch.tensor([1.0, 0.0, 2.0])])
def test_a_saturated_sigmoid_leaves_a_training_run_finite_as_in_torch(weight):
    y, found = torch.tensor([0.0, 1.0, 1.0]), []
    for loss in (F.binary_cross_entropy, torch.nn.functional.binary_cross_entropy):
        z = torch.tensor([20.0, -120.0, 0.5], requires_grad=True)
        value = loss(torch.sigmoid(z), y, weight)
        found.append((value, *torch.autograd.grad(value, z)))
    torch.testing.assert_close(*found)
    assert all(x.isfinite().all() for x in found[0])


def test_an_impossible_label_costs_infinity_where_strict():
    p, y = torch.tensor([0.0]), torch.tensor([1.0])
    assert F.binary_cross_entropy(p, y).item() == 100.0
    assert F.binary_cross_entropy(p, y, strict=True).item() == math.inf
    assert modules.BCELoss(strict=True)(p, y).item() == math.inf


def test_a_variance_of_zero_leaves_a_training_run_finite_as_in_torch():
    found = []
    for loss in (F.gaussian_nll_loss, torch.nn.functional.gaussian_nll_loss):
        var = torch.tensor([0.0, 1e-9, 1.0], requires_grad=True)
        value = loss(torch.zeros(3), torch.tensor([0.1, 0.2, 0.3]), var)
        found.append((value, *torch.autograd.grad(value, var)))
    torch.testing.assert_close(*found)
    strict = F.gaussian_nll_loss(torch.zeros(1), torch.ones(1), torch.zeros(1), strict=True)
    assert not strict.isfinite()


def test_no_event_is_no_surprise_at_a_rate_of_zero():
    log_rate = torch.tensor([-torch.inf, 0.0], requires_grad=True)
    value = F.poisson_nll_loss(log_rate, torch.tensor([0.0, 1.0]), reduction="sum")
    (by,) = torch.autograd.grad(value, log_rate)
    assert value.item() == 1.0
    assert by.tolist() == [0.0, 0.0]


def test_a_certain_logit_has_a_loss_in_float32():
    z, y = torch.tensor([20.0]), torch.tensor([1.0])
    assert F.binary_cross_entropy_with_logits(z, y).item() == pytest.approx(
        float(mp.log1p(mp.exp(-20))), rel=1e-6
    )


def test_an_empty_batch_where_torchs_is_nan():
    none = torch.zeros(0)
    for name, arguments in (
        ("gaussian_nll_loss", (none, none, none + 1.0)),
        ("poisson_nll_loss", (none, none)),
        ("binary_cross_entropy", (none, none)),
        ("binary_cross_entropy_with_logits", (none, none)),
    ):
        assert math.isnan(getattr(torch.nn.functional, name)(*arguments).item())
        assert getattr(F, name)(*arguments).item() == 0.0


@pytest.mark.parametrize("name", [n for n in NAMES if OPERATORS[n].error_inputs_func is not None])
def test_torchs_bad_samples_are_refused(name):
    for bad in OPERATORS[name].error_inputs("cpu"):
        sample = bad.sample_input
        with pytest.raises((ValueError, RuntimeError)):
            getattr(F, name)(sample.input, *sample.args, **sample.kwargs)


@pytest.mark.parametrize("name", NAMES)
def test_arguments_have_torchs_names_and_places(name):
    theirs = inspect.signature(getattr(torch.nn.functional, name)).parameters
    ours = inspect.signature(getattr(F, name)).parameters
    assert list(ours)[: len(theirs)] == list(theirs)
    assert all(ours[n].default == p.default and ours[n].kind == p.kind for n, p in theirs.items())
    assert all(p.kind == p.KEYWORD_ONLY for n, p in ours.items() if n not in theirs)


PAIRS = [
    ("GaussianNLLLoss", {"full": True, "reduction": "sum"}, "gaussian_nll_loss"),
    ("PoissonNLLLoss", {"log_input": False, "reduction": "none"}, "poisson_nll_loss"),
    ("BCELoss", {"weight": torch.tensor([1.0, 2.0, 0.5, 3.0, 1.0])}, "binary_cross_entropy"),
    (
        "BCEWithLogitsLoss",
        {"pos_weight": torch.tensor([1.0, 2.0, 0.5, 3.0, 1.0])},
        "binary_cross_entropy_with_logits",
    ),
]


@pytest.mark.parametrize(("name", "options", "function"), PAIRS, ids=lambda p: str(p)[:20])
def test_modules_are_torchs(name, options, function):
    ours, theirs = getattr(modules, name)(**options), getattr(torch.nn, name)(**options)
    assert set(ours.state_dict()) == set(theirs.state_dict())
    arguments = next(a for a, _ in samples(function, torch.float32) if a[0].shape == (5, 5))
    arguments = [a.abs() for a in arguments]
    assert torch.allclose(ours(*arguments), theirs(*arguments), rtol=1e-5)
    assert repr(options.get("reduction", "mean")) in repr(ours)


def test_modules_of_further_families():
    from losses.cases import BY_NAME

    for name, module in (
        ("laplace log_scale", modules.LaplaceNLLLoss()),
        ("negative_binomial log_input log_dispersion", modules.NegativeBinomialNLLLoss()),
        ("gamma log_input log_shape", modules.GammaNLLLoss()),
    ):
        case = BY_NAME[name]
        at = {n: torch.tensor(v.copy()) for n, v in case.arguments.items()}
        assert np.isclose(module(**at).item(), case(), rtol=1e-13)
    case = BY_NAME["student_t scale"]
    at = {n: torch.tensor(v.copy()) for n, v in {**case.arguments, "df": np.full(6, 3.0)}.items()}
    expected = case({n: v.numpy() for n, v in at.items()})
    del at["df"]
    assert np.isclose(modules.StudentTNLLLoss(3.0)(**at).item(), expected, rtol=1e-13)
    with pytest.raises(ValueError, match="reduction"):
        modules.GammaNLLLoss(reduction="all")
