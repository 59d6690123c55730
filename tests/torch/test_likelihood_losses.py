"""The likelihood losses of tensors: NumPy's values, and gradients that autograd finds."""

import subprocess
import sys

import numpy as np
import pytest

from losses.cases import BY_NAME, CASES, L

torch = pytest.importorskip("torch")

EVERY = pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)


def tensors(case, dtype=torch.float64, *, grad=True):
    return {
        name: torch.tensor(v.copy(), dtype=dtype, requires_grad=grad)
        for name, v in case.arguments.items()
    }


@EVERY
def test_values_are_numpys(case):
    for reduction in ("none", "sum", "mean"):
        ours = case(tensors(case, grad=False), reduction=reduction)
        assert np.allclose(ours.numpy(), case(reduction=reduction), rtol=1e-13, atol=1e-13)


@EVERY
def test_autograd_agrees_with_numpys_gradients(case):
    at = tensors(case)
    case(at).backward()
    for name, expected in case(gradient=True)[1].items():
        assert np.allclose(at[name].grad.numpy(), expected, rtol=1e-10, atol=1e-13), name


def inner(case):
    """Return arguments that a step of gradcheck's neither takes out of range nor past a corner."""
    at = tensors(case, grad=False)
    if case.name == "binary_cross_entropy":
        at["input"] = at["input"].clamp(0.05, 0.95)
    if "binary" in case.name:
        at["target"] = at["target"].clamp(0.05, 0.95)
    if case.counts:
        at["target"] = at["target"] + 0.37  # off the place where the formula changes
    return {name: value.requires_grad_() for name, value in at.items()}


@EVERY
def test_first_and_second_derivatives_by_all_arguments(case):
    at = inner(case)
    names = list(at)

    def loss(*values):
        return case(dict(zip(names, values, strict=True)), reduction="sum")

    assert torch.autograd.gradcheck(loss, tuple(at.values()), rtol=1e-6)
    assert torch.autograd.gradgradcheck(loss, tuple(at.values()), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "k", "expected"),
    [
        ("poisson log_input", 0.0, -0.5 - 0.5772156649015329),
        ("poisson log_input", 15.0, np.log(15.0) + 1 / 30 - 1 / 2700 - 0.5),
    ],
)
def test_gradient_by_a_count(name, k, expected):
    target = torch.tensor([k], dtype=torch.float64, requires_grad=True)
    BY_NAME[name]({"input": torch.tensor([0.5], dtype=torch.float64), "target": target}).backward()
    assert target.grad.item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("logit", [0.0, 1e-3, -30.0, 50.0, 100.0, -700.0])
def test_gradient_of_a_logit_keeps_its_digits(logit):
    for label in (0.0, 1.0):
        z = torch.tensor([logit], dtype=torch.float64, requires_grad=True)
        L.binary_cross_entropy_with_logits(z, torch.tensor([label])).backward()
        expected = L.binary_cross_entropy_with_logits([logit], [label], gradient=True)[1]["input"]
        assert np.isclose(z.grad.numpy(), expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("dispersion", [0.0, 1e-300, 1e-160, 1e-30, 1e-15, 1e-12, 1e-6])
@pytest.mark.parametrize("k", [0.0, 3.0, 40.0])
def test_gradient_close_to_a_poisson(k, dispersion):
    at = torch.tensor(dispersion, dtype=torch.float64, requires_grad=True)
    options = {"log_input": False}
    L.negative_binomial_nll(torch.tensor([4.0], dtype=torch.float64), [k], at, **options).backward()
    expected = L.negative_binomial_nll([4.0], [k], dispersion, gradient=True, **options)[1]
    assert at.grad.item() == pytest.approx(expected["dispersion"], rel=1e-12)


FAR = torch.tensor([-700.0, -88.0, -30.0, 0.0, 30.0, 88.0, 700.0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_are_numbers_however_far(dtype):
    s = FAR.to(dtype)
    nothing = torch.zeros(7, dtype=dtype)
    for call in (
        lambda v: L.gaussian_nll(nothing, nothing, log_var=v, reduction="sum"),
        lambda v: L.gaussian_nll(nothing, nothing, log_std=v, reduction="sum"),
        lambda v: L.laplace_nll(nothing, nothing, log_scale=v, reduction="sum"),
        lambda v: L.student_t_nll(nothing, nothing, log_scale=v, df=3.0, reduction="sum"),
        lambda v: L.binary_cross_entropy_with_logits(v, nothing + 1.0, reduction="sum"),
        lambda v: L.binary_cross_entropy_with_logits(100.0 * v, nothing, reduction="sum"),
        lambda v: L.poisson_nll(v[:4], nothing[:4] + 2.0, reduction="sum"),
        lambda v: L.negative_binomial_nll(nothing[:5], nothing[:5] + 2.0, log_dispersion=v[:5]),
        lambda v: L.gamma_nll(nothing, nothing + 1.0, log_shape=0.1 * v, reduction="sum"),
    ):
        v = s.clone().requires_grad_()
        loss = call(v)
        assert torch.isfinite(loss)
        assert torch.isfinite(torch.autograd.grad(loss, v)[0]).all()


@EVERY
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_half_precision_is_rounded_once(case, dtype):
    low = tensors(case, dtype)
    wide = {name: v.detach().float().requires_grad_() for name, v in low.items()}
    for reduction in ("mean", "none"):
        ours, once = case(low, reduction=reduction), case(wide, reduction=reduction)
        assert ours.dtype == dtype
        assert torch.equal(ours, once.to(dtype))
    case(low, reduction="sum").float().backward()
    case(wide, reduction="sum").backward()
    for name, v in low.items():
        assert v.grad.dtype == dtype
        assert torch.allclose(v.grad, wide[name].grad.to(dtype), equal_nan=True), name


def test_types_meet_as_in_torch():
    low = torch.zeros(2, dtype=torch.bfloat16)
    assert L.poisson_nll(low, torch.tensor([1, 2])).dtype == torch.bfloat16
    assert L.gaussian_nll(low, torch.zeros(2), 1.0).dtype == torch.float32
    assert L.gaussian_nll(low, np.zeros(2), 1.0).dtype == torch.bfloat16
    assert L.gaussian_nll(np.zeros(2), [0.0, 1.0], torch.tensor(1.0)).dtype == torch.float32
    assert L.poisson_nll(torch.tensor([1, 2]), torch.tensor([1, 2])).dtype == torch.float32


@EVERY
def test_nan_comes_through(case):
    for name in case.arguments:
        at = tensors(case)
        spoiled = {n: v.detach().clone() for n, v in at.items()}
        spoiled[name][2] = torch.nan
        terms = case(spoiled, reduction="none")
        assert torch.isnan(terms).tolist() == [False, False, True, False, False, False]


@pytest.mark.parametrize(
    "name", ["poisson log_input", "negative_binomial log_input log_dispersion",
             "gamma log_input log_shape"],
)  # fmt: skip
def test_what_cannot_be_costs_infinity_and_spoils_no_gradient(name):
    case = BY_NAME[name]
    at = tensors(case)
    target = at["target"].detach().clone()
    target[1] = -1.0
    terms = case({**at, "target": target}, reduction="none")
    assert torch.isinf(terms).tolist() == [False, True, False, False, False, False]
    terms[torch.isfinite(terms)].sum().backward()
    assert torch.isfinite(at["input"].grad).all()


@EVERY
def test_an_empty_batch_costs_nothing(case):
    empty = {name: v[:0].detach().requires_grad_() for name, v in tensors(case).items()}
    for reduction in ("mean", "sum"):
        loss = case(empty, reduction=reduction)
        assert loss.item() == 0.0
        assert all(g.shape == (0,) for g in torch.autograd.grad(loss, tuple(empty.values())))


def test_a_network_at_an_empty_batch_gets_gradients_of_zero():
    net = torch.nn.Linear(3, 1)
    L.gaussian_nll(net(torch.zeros(0, 3))[:, 0], torch.zeros(0), log_var=0.0).backward()
    assert torch.equal(net.weight.grad, torch.zeros(1, 3))


@EVERY
def test_vmap_and_functional_gradients(case):
    at = tensors(case, grad=False)
    stacked = {name: torch.stack([v, v.flip(0)]) for name, v in at.items()}
    each = torch.func.vmap(case)(stacked)
    rows = [case({name: v[i] for name, v in stacked.items()}) for i in range(2)]
    assert torch.allclose(each, torch.stack(rows), rtol=1e-14)
    gradients = torch.func.vmap(torch.func.grad(case))(stacked)
    with_grad = tensors(case)
    case(with_grad).backward()
    for name, v in with_grad.items():
        assert torch.allclose(gradients[name][0], v.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.filterwarnings("ignore")  # the compiler's own
@EVERY
def test_one_graph_for_the_compiler(case):
    torch._dynamo.reset()
    at, plain = tensors(case), tensors(case)
    compiled = torch.compile(case, fullgraph=True, backend="eager")  # a branch on values fails here
    loss, expected = compiled(at), case(plain)
    assert torch.allclose(loss, expected, rtol=1e-14)
    loss.backward()
    expected.backward()
    for name, v in at.items():
        assert torch.allclose(v.grad, plain[name].grad, rtol=1e-12, atol=1e-14)


@EVERY
def test_all_stays_on_the_device_of_the_tensors(case):
    at = {name: torch.zeros(6, device="meta").requires_grad_() for name in case.arguments}
    case(at).backward()
    one = {"df": torch.tensor(2.0), "var": 2.0, "log_var": np.float32(2.0)}
    for arguments in (
        {**at, **{name: value for name, value in one.items() if name in at}},
        {**at, "target": case.arguments["target"]},
        {**at, "input": 1.0},
    ):
        loss = case(arguments)
        assert loss.device.type == "meta"
        assert loss.dtype == torch.float32


def test_bad_input_that_needs_no_look_at_the_values():
    x = torch.zeros(3)
    with pytest.raises(ValueError, match="gradient=True is for NumPy"):
        L.gaussian_nll(x, x, 1.0, gradient=True)
    with pytest.raises(ValueError, match=r"input has shape \(3, 1\) and target \(3,\)"):
        L.gaussian_nll(x[:, None], x, 1.0)
    with pytest.raises(ValueError, match="does not broadcast"):
        L.gaussian_nll(x, x, torch.ones(2, 3))
    with pytest.raises(ValueError, match="exactly one"):
        L.gaussian_nll(x, x)


@EVERY
def test_values_are_looked_at_on_request(case):
    at = tensors(case)
    loss = case(at, validate=True)
    assert torch.equal(loss, case(at))
    at["target"].data[1] = torch.nan
    with pytest.raises(ValueError, match=r"target must be .*target\[1\] = nan"):
        case(at, validate=True)


def test_autocast_gives_float32_as_torchs_losses_do():
    low = torch.zeros(2, dtype=torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert L.binary_cross_entropy_with_logits(low, low).dtype == torch.float32
        assert L.gaussian_nll(low, low, log_var=0.0).dtype == torch.float32
    assert L.gaussian_nll(low, low, log_var=0.0).dtype == torch.bfloat16


def test_a_net_learns_a_spread_that_varies():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 512, dtype=torch.float64)[:, None]
    y = (2.0 * x + torch.exp(x) * torch.randn(512, 1, dtype=torch.float64))[:, 0]
    net = torch.nn.Linear(1, 2, dtype=torch.float64)
    optimiser = torch.optim.LBFGS(net.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        mean, log_std = net(x).unbind(1)
        loss = L.gaussian_nll(mean, y, log_std=log_std)
        loss.backward()
        return loss

    optimiser.step(closure)
    slopes = net.weight.detach()[:, 0].tolist()
    assert slopes == pytest.approx([2.0, 1.0], abs=0.2)


def test_torch_is_not_imported():
    code = (
        "import sys, likeliest as lk; lk.losses.gaussian_nll([1.0], [2.0], 1.0); "
        "lk.losses.negative_binomial_nll([1.0], [2], 1.0, gradient=True); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


@pytest.mark.parametrize("case", [c for c in CASES if "binary" not in c.name], ids=lambda c: c.name)
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_a_loss_of_half_precision_is_wide_on_request(case, reduction):
    at = tensors(case, torch.bfloat16)
    loss = case(at, reduction=reduction, loss_dtype=torch.float32)
    assert loss.dtype == torch.float32
    rounded = {name: value.detach().double().numpy() for name, value in at.items()}
    assert np.allclose(loss.detach().numpy(), case(rounded, reduction=reduction), rtol=2e-6)
    loss.sum().backward()
    assert all(value.grad.dtype == torch.bfloat16 for value in at.values())
    half = {name: value.astype(np.float16) for name, value in case.arguments.items()}
    total, by = case(half, loss_dtype=np.float32, gradient=True)
    assert total.dtype == np.float32
    assert {d.dtype for d in by.values()} == {np.dtype(np.float16)}


def test_modules_take_the_dtype_of_the_loss():
    x, y = torch.tensor([0.3, 1.2]).bfloat16(), torch.tensor([1.0, 2.0]).bfloat16()
    from likeliest.losses import torch as modules

    made = (
        modules.LaplaceNLLLoss(loss_dtype=torch.float32)(x, y, 0.5),
        modules.StudentTNLLLoss(3.0, loss_dtype=torch.float32)(x, y, 0.5),
        modules.NegativeBinomialNLLLoss(loss_dtype=torch.float32)(x, y, 0.5),
        modules.GammaNLLLoss(loss_dtype=torch.float32)(x, y, 0.5),
    )
    assert {loss.dtype for loss in made} == {torch.float32}
