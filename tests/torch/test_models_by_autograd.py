"""A model of one's own by autograd, against the family that it is."""

import numpy as np
import pytest
import torch

import likeliest as lk
from likeliest.distributions.derivatives import keep, rows


def hump(x, mu, tau):
    z = (x - mu) / tau
    return -z - torch.exp(-z) - torch.log(tau)


RANGES = {"mu": lk.real(power=1), "tau": lk.positive(power=1)}
Hump = lk.model(hump, RANGES, autograd=True)
X = lk.Gumbel(50.0, 8.0).sample(200, seed=1)


def test_derivatives_are_exact():
    ours = rows(Hump(48.0, 7.0).derivatives(X, keep))
    theirs = rows(lk.Gumbel(48.0, 7.0).derivatives(X, keep))
    assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-15)
    many = {"mu": np.array([[48.0], [50.0]]), "tau": np.array([[7.0], [9.0]])}
    both = rows(Hump(**many).derivatives(X, keep))
    assert both[:, 0] == pytest.approx(ours, rel=1e-14)


def test_a_fit_is_that_of_the_family():
    event = X < 70.0
    ours, theirs = lk.fit(X, Hump, event=event), lk.fit(X, "gumbel", event=event)
    assert [*ours.parameters.values()] == pytest.approx([*theirs.parameters.values()], rel=1e-8)
    errors = [*theirs.standard_errors.values()]
    assert [*ours.standard_errors.values()] == pytest.approx(errors, rel=1e-6)
    assert lk.distributions.check_family(Hump)


def test_it_takes_tensors_too():
    x = torch.tensor([45.0, 60.0], dtype=torch.float64)
    found = Hump(48.0, 7.0).log_prob(x)
    assert found.numpy() == pytest.approx(lk.Gumbel(48.0, 7.0).log_prob(x.numpy()), rel=1e-14)


@pytest.mark.filterwarnings("ignore:__array_wrap__")  # of NumPy, for what is tested
def test_a_function_that_leaves_torch_is_told():
    def numpys(x, mu, tau):
        z = (x - mu) / tau
        return -z - np.exp(-z) - np.log(tau)

    with pytest.raises(lk.errors.FamilyError, match="must work on PyTorch's tensors"):
        lk.fit(X, lk.model(numpys, RANGES, name="of numpy", autograd=True))
    with pytest.raises(lk.errors.ParameterError, match="makes the score"):
        lk.model(hump, RANGES, name="both", autograd=True, score=hump)
