"""Tensors: the same values as NumPy's, and gradients that are the score."""

import subprocess
import sys

import numpy as np
import pytest

import likeliest as lk
from members import EVERY, ORDINARY

torch = pytest.importorskip("torch")


def tensors(values, dtype=torch.float64, *, grad=True):
    return {
        name: torch.tensor(float(v), dtype=dtype, requires_grad=grad) for name, v in values.items()
    }


def values_of(member, n=200):
    q = (np.arange(n) + 0.5) / n
    x = np.unique(member.quantile(q))
    bounds = member.bounds()
    return x[
        np.isfinite(x)
        & ((x > bounds.low) | member.discrete)
        & ((x < bounds.high) | member.discrete)
    ]


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_values_are_numpys(member):
    x = values_of(member)
    family, expected = type(member), member.log_prob(x)
    slack = 1e-12 * np.maximum(1.0, np.abs(expected))
    data = torch.tensor(x)
    both = family(**tensors(member.parameters)).log_prob(data)
    for ours in (member.log_prob(data), family(**tensors(member.parameters)).log_prob(x), both):
        assert isinstance(ours, torch.Tensor)
        assert ours.dtype == torch.float64
        assert np.all(np.abs(ours.detach().numpy() - expected) <= slack)


def test_nll_is_numpys(family, ordinary):
    x = ordinary.sample(500, seed=0)
    weights = np.random.default_rng(0).integers(1, 4, 500).astype(float)
    there = family(**tensors(ordinary.parameters))
    for reduction in ("sum", "mean", "none"):
        ours = there.nll(torch.tensor(x), reduction=reduction)
        expected = ordinary.nll(x, reduction=reduction)
        assert np.allclose(ours.detach().numpy(), expected, rtol=1e-12, atol=1e-12)
    assert there.nll(torch.tensor(x)).requires_grad
    ours = there.nll(torch.tensor(x), torch.tensor(weights))
    assert abs(ours.item() - ordinary.nll(x, weights)) < 1e-11 * abs(ours.item())


def test_mean_nll_with_weights(family, ordinary):
    x = ordinary.sample(500, seed=0)
    weights = np.random.default_rng(0).integers(1, 4, 500).astype(float)
    there = family(**tensors(ordinary.parameters))
    ours = there.nll(torch.tensor(x), torch.tensor(weights), reduction="mean")
    assert abs(ours.item() - ordinary.nll(x, weights, reduction="mean")) < 1e-11


def is_inner(member):
    """Whether autograd can be asked for the score.

    The derivative by an end of a range is a limit, not one through the formula's stand-in; and
    the chain rule passes through 1/scale², which a scale of 1e-200 takes out of float64.
    """
    pairs = zip(member.constraints.values(), member.parameters.values(), strict=True)
    return not any(c.is_closed_end(v) or not 1e-150 < abs(v) + (v == 0) < 1e150 for c, v in pairs)


INNER = [m for m in EVERY if is_inner(m)]


@pytest.mark.parametrize("member", INNER, ids=repr)
def test_gradient_by_parameters_is_the_score(member):
    x = values_of(member, 60)
    at = {name: value.expand(x.size) for name, value in tensors(member.parameters).items()}
    for parameter in at.values():
        parameter.retain_grad()  # of each row by itself
    type(member)(**at).log_prob(torch.tensor(x)).sum().backward()
    for name, score in member.score(x).items():
        found = np.zeros(x.size) if at[name].grad is None else at[name].grad.numpy()
        slack = LOOSE.get(member, 1e-9) * (np.abs(score) + np.sqrt(np.mean(score**2)))
        assert np.all(np.abs(found - score) <= slack), name


# A hair from the normal, or the exponential, the chain rule's terms cancel: `score` does not.
LOOSE = {
    lk.StudentT(1e12, 0.0, 1.0): 1e-3, lk.Gompertz(1e-12, 3.0): 1e-3,
    lk.ExponentiallyModifiedGaussian(1.0, 2.0, 0.01): 1e-7,
}  # fmt: skip


@pytest.mark.parametrize("dispersion", [1e-2, 1e-6, 1e-12, 1e-15, 1e-160, 1e-300, 0.0])
@pytest.mark.parametrize("x", [0.0, 3.0, 40.0])
def test_gradient_close_to_a_poissons(x, dispersion):
    expected = lk.NegativeBinomial(4.0, dispersion).score([x])["dispersion"][0]
    at = torch.tensor(dispersion, dtype=torch.float64, requires_grad=True)
    lk.NegativeBinomial(4.0, at).log_prob(torch.tensor([x], dtype=torch.float64)).backward()
    assert abs(at.grad.item() - expected) < 1e-12 * abs(expected)


def test_tensor_score_is_numpys(family, ordinary):
    x = values_of(ordinary)
    score = family(**tensors(ordinary.parameters, grad=False)).score(torch.tensor(x))
    for name, expected in ordinary.score(x).items():
        assert isinstance(score[name], torch.Tensor)
        assert np.allclose(score[name].numpy(), expected, rtol=1e-11, atol=1e-12)
    for name, term in ordinary.score(torch.tensor(x)).items():  # plain numbers as parameters
        assert term.dtype == torch.float64
        assert np.allclose(term.numpy(), ordinary.score(x)[name], rtol=1e-11, atol=1e-12)


def test_gradient_by_data_is_finite_and_right(family, ordinary):
    if family.discrete:
        pytest.skip("counts have no derivative")
    x = values_of(ordinary)
    x = x[~np.isclose(x, float(ordinary.quantile(0.5)), rtol=1e-9)]  # the Laplace's corner
    data = torch.tensor(x, requires_grad=True)
    ordinary.log_prob(data).sum().backward()
    gradient = data.grad.numpy()
    assert np.isfinite(gradient).all()
    bounds = ordinary.bounds()
    room = np.minimum(x - bounds.low, bounds.high - x)
    h = 1e-4 * np.minimum(room, float(ordinary.quantile(0.75) - ordinary.quantile(0.25)))
    near, far = (ordinary.log_prob(x + k * h) - ordinary.log_prob(x - k * h) for k in (1, 2))
    slope = (8 * near - far) / (12 * h)
    assert np.allclose(gradient, slope, rtol=1e-7, atol=1e-7 * np.abs(slope).max())


def outside(member):
    bounds = member.bounds()
    beyond = [bounds.low - 1.0, bounds.high + 1.0, bounds.low - 1e6]
    beyond += [0.5, 1.5] if member.discrete else []
    if not member.discrete and not bounds.low_closed:
        beyond.append(bounds.low)
    return [v for v in beyond if np.isfinite(v)]


def test_outside_the_support_no_gradient_is_nan(family, ordinary):
    inner = float(ordinary.quantile(0.5))
    values = [*outside(ordinary), inner]
    at = tensors(ordinary.parameters)
    data = torch.tensor(values, dtype=torch.float64, requires_grad=not family.discrete)
    terms = family(**at).log_prob(data)
    assert torch.isneginf(terms[:-1]).all()
    torch.where(torch.isfinite(terms), terms, 0.0).sum().backward()
    score = ordinary.score([inner])
    for name, parameter in at.items():
        assert np.isclose(parameter.grad.item(), score[name][0], rtol=1e-10, atol=1e-12)
    if not family.discrete:
        assert torch.isfinite(data.grad).all()
        assert (data.grad[:-1] == 0).all()


@pytest.mark.parametrize(
    "member", [lk.StudentT(np.inf, 2.0, 0.5), lk.NegativeBinomial(4.0, 0.0)], ids=repr
)
def test_no_gradient_is_nan_on_a_bound(member):
    at = tensors(member.parameters)
    type(member)(**at).nll(torch.tensor(values_of(member))).backward()
    assert all(torch.isfinite(parameter.grad) for parameter in at.values())


def test_a_certain_and_right_outcome_has_a_slope():
    prob = torch.tensor([0.0, 1.0], dtype=torch.float64, requires_grad=True)
    lk.Bernoulli(prob).log_prob(torch.tensor([0.0, 1.0], dtype=torch.float64)).sum().backward()
    assert prob.grad.tolist() == [-1.0, 1.0]


def test_degrees_of_freedom_that_are_nan_are_seen():
    df = torch.tensor([3.0, torch.nan], dtype=torch.float64)
    terms = lk.StudentT(df, 0.0, 1.0).log_prob(torch.zeros(2, dtype=torch.float64))
    assert torch.isnan(terms).tolist() == [False, True]


def test_float32_stays_float32(family, ordinary):
    x = ordinary.sample(100, seed=0).astype(np.float32)
    x = x[family.support.contains(x)]
    at = tensors(ordinary.parameters, torch.float32)
    for there, data in (
        (family(**at), torch.tensor(x)),
        (ordinary, torch.tensor(x)),
        (family(**at), x),
    ):
        terms = there.log_prob(data)
        assert terms.dtype == torch.float32
        expected = ordinary.log_prob(x.astype(np.float64))
        assert np.allclose(terms.detach().numpy(), expected, rtol=3e-5, atol=3e-5)
    loss = family(**at).nll(torch.tensor(x), reduction="mean")
    assert loss.dtype == torch.float32
    loss.backward()
    assert all(p.grad is not None and torch.isfinite(p.grad) for p in at.values())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32], ids=str)
def test_low_precision_is_kept_and_right(family, ordinary, dtype):
    """Against float64 at the values and parameters as that precision rounds them."""
    at = tensors(ordinary.parameters, dtype)
    x = torch.tensor(ordinary.sample(200, seed=0), dtype=dtype)
    exact = family(**{name: float(value.detach()) for name, value in at.items()})
    expected = exact.log_prob(x.double().numpy())
    held = np.isfinite(expected)
    terms, eps = family(**at).log_prob(x), torch.finfo(dtype).eps
    assert terms.dtype == dtype
    values = terms.detach().double().numpy()[held]
    assert np.all(np.abs(values - expected[held]) <= 16 * eps * np.maximum(1, np.abs(values)))
    terms[torch.tensor(held)].double().sum().backward()
    score = exact.score(x.double().numpy()[held])
    there = family(**tensors(ordinary.parameters, dtype, grad=False)).score(x)
    for name, value in at.items():
        assert value.grad.dtype == there[name].dtype == dtype
        assert abs(value.grad.item() - score[name].sum()) <= 16 * eps * np.abs(score[name]).sum()
        off = np.abs(there[name].double().numpy()[held] - score[name])
        usual = np.abs(score[name]).mean()  # of terms of about 1 the rounding stays
        assert np.all(off <= 16 * eps * (np.abs(score[name]) + usual) + 2 * eps)


def test_mixed_precisions_take_the_finer():
    half, single = torch.tensor(1.5, dtype=torch.bfloat16), torch.tensor(2.5)
    assert lk.Normal(0.0, half).log_prob(half).dtype == torch.bfloat16
    assert lk.Normal(single, half).log_prob(half).dtype == torch.float32
    assert lk.Normal(0.0, half).log_prob(single).dtype == torch.float32


def test_parameters_that_vary_by_observation(family, ordinary):
    x = ordinary.sample(50, seed=0)
    spread = np.random.default_rng(0).uniform(0.97, 1.0, 50)
    whole = 1.0 + np.arange(50) % 2
    rows = {
        name: value * (whole if family.constraints[name].whole else spread)
        for name, value in ordinary.parameters.items()
    }
    bounds = family(**rows).bounds()
    if np.ndim(bounds.low) or np.ndim(bounds.high):  # they move with the parameters
        low, high = np.max(bounds.low), np.min(bounds.high)
        gap = 0.0 if family.discrete else 0.01
        low = low + gap * abs(low) if np.isfinite(low) else low
        x = np.clip(x, low, high - gap * abs(high) if np.isfinite(high) else high)
    at = {name: torch.tensor(row, requires_grad=True) for name, row in rows.items()}
    terms = family(**at).log_prob(torch.tensor(x))
    expected = [
        float(family(**{n: row[i] for n, row in rows.items()}).log_prob(v)) for i, v in enumerate(x)
    ]
    assert terms.shape == (50,)
    assert np.allclose(terms.detach().numpy(), expected, rtol=1e-11, atol=1e-11)
    terms.sum().backward()
    score = family(**rows).score(x)
    for name, parameter in at.items():
        assert np.allclose(parameter.grad.numpy(), score[name], rtol=1e-8, atol=1e-8)


def test_broadcasting_rows_against_columns(family, ordinary):
    x = values_of(ordinary, 8)
    at = {
        n: torch.full((3, 1), float(v), dtype=torch.float64) for n, v in ordinary.parameters.items()
    }
    assert family(**at).log_prob(torch.tensor(x)).shape == (3, x.size)


D = torch.distributions
PEERS = {
    lk.Normal: D.Normal,
    lk.LogNormal: D.LogNormal,
    lk.Exponential: D.Exponential,
    lk.Gamma: lambda shape, scale: D.Gamma(shape, 1 / scale),
    lk.Weibull: lambda shape, scale: D.Weibull(scale, shape),
    lk.Beta: D.Beta,
    lk.Kumaraswamy: D.Kumaraswamy,
    lk.Uniform: D.Uniform,
    lk.Laplace: D.Laplace,
    lk.StudentT: D.StudentT,
    lk.Cauchy: D.Cauchy,
    lk.Pareto: lambda shape, scale: D.Pareto(scale, shape),
    lk.Gumbel: D.Gumbel,
    lk.HalfNormal: D.HalfNormal,
    lk.HalfCauchy: D.HalfCauchy,
    lk.Chi2: D.Chi2,
    lk.InverseGamma: D.InverseGamma,
    lk.Bernoulli: D.Bernoulli,
    lk.Poisson: D.Poisson,
    lk.Geometric: D.Geometric,  # failures before the first success, as ours
    lk.NegativeBinomial: lambda mean, dispersion: D.NegativeBinomial(
        1 / dispersion, logits=torch.log(mean * dispersion)
    ),
    lk.Logistic: lambda loc, scale: D.TransformedDistribution(
        D.Uniform(torch.zeros_like(loc), torch.ones_like(loc)),
        [D.SigmoidTransform().inv, D.AffineTransform(loc, scale)],
    ),
}


TOO_NEW_IN_TORCH = {lk.GeneralizedPareto}  # not in the oldest release that is supported
INEXACT_IN_TORCH = {lk.VonMises}  # its Bessel function is a polynomial of seven digits


@pytest.mark.families(where=PEERS.__contains__)
def test_torch_distributions_agree(family, ordinary):
    x = torch.tensor(values_of(ordinary))
    ours, theirs = tensors(ordinary.parameters), tensors(ordinary.parameters)
    our_terms = family(**ours).log_prob(x)
    their_terms = PEERS[family](*theirs.values()).log_prob(x)
    assert torch.allclose(our_terms, their_terms, rtol=1e-12, atol=1e-12)
    our_terms.sum().backward()
    their_terms.sum().backward()
    for name in ours:
        one, two = ours[name].grad, theirs[name].grad
        assert torch.allclose(one, two, rtol=1e-9, atol=1e-9), name


def test_gradient_descent_finds_the_fit():
    x = lk.Gamma(3.0, 2.0).sample(2_000, seed=0)
    fit = lk.fit(x, "gamma")
    u = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [u],
        max_iter=200,
        line_search_fn="strong_wolfe",
        tolerance_grad=1e-12,
        tolerance_change=1e-16,
    )

    def closure():
        optimiser.zero_grad()
        loss = lk.Gamma(u[0].exp(), u[1].exp()).nll(torch.tensor(x), reduction="mean")
        loss.backward()
        return loss

    optimiser.step(closure)
    for value, name in zip(u.exp().tolist(), fit.parameters, strict=True):
        assert abs(value - fit.parameters[name]) < 1e-4 * fit.standard_errors[name]


def test_torch_is_not_imported():
    code = (
        "import sys, likeliest as lk; lk.fit([1.0, 2.0, 4.0], 'gamma'); "
        "lk.Normal(0, 1).nll([1.0]); sys.exit('torch' in sys.modules)"
    )
    assert (
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", code], check=False
        ).returncode
        == 0
    )


def test_peers_and_absences_make_up_all_families():
    there = {family for family in ORDINARY if hasattr(D, family.__name__)}
    assert there - TOO_NEW_IN_TORCH - INEXACT_IN_TORCH <= set(PEERS)
