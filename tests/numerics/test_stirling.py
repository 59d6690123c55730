"""The error of Stirling's formula, to its last digits, and where its polynomial comes from."""

import mpmath as mp
import numpy as np
import pytest

from likeliest.numerics import saddlepoint
from likeliest.numerics.saddlepoint import stirling_error, stirling_error_of_inverse

EPS = float(np.finfo(float).eps)


def exact(n):
    with mp.workdps(50):
        n = mp.mpf(float(n))
        formula = (n + 0.5) * mp.log(n) - n + mp.log(2 * mp.pi) / 2
        return mp.loggamma(n + 1) - formula


def off(values, at):
    """Return by how many eps each value is off, of itself."""
    return (
        np.array(
            [
                abs(float((mp.mpf(float(v)) - exact(n)) / exact(n)))
                for v, n in zip(values, at, strict=True)
            ]
        )
        / EPS
    )


FROM_A_HALF = np.concatenate([np.geomspace(0.5, 9.0, 1_200), np.geomspace(8.0, 1e15, 300)])


def test_to_two_eps_from_a_half_on():
    assert off(stirling_error(FROM_A_HALF), FROM_A_HALF).max() < 2.0


def test_below_a_half_to_an_eps_of_what_it_is_added_to():
    n = np.concatenate([np.geomspace(1e-300, 1e-3, 200), np.linspace(1e-3, 0.5, 400)[:-1]])
    values = stirling_error(n)
    assert np.max(off(values, n) * np.abs(values) / np.maximum(1.0, np.abs(values))) < 3.0
    assert off(values, n).max() < 8.0


def test_the_inverse_is_the_same():
    u = 1.0 / FROM_A_HALF
    assert off(stirling_error_of_inverse(u), 1.0 / u).max() < 3.0
    assert stirling_error_of_inverse(np.float64(0.0)) == 0.0


@pytest.mark.parametrize("place", [0.5, saddlepoint.STIRLING_FROM])
def test_no_step_where_the_pieces_meet(place):
    below, above = stirling_error(np.array([np.nextafter(place, 0.0), place]))
    assert abs(above - below) < 6.0 * EPS * abs(above)


def test_the_polynomial_is_chebyshevs_interpolant():
    """Of n times the error in t = (n - 2)/(n + 2) on |t| ≤ 0.6, in 50 digits."""
    with mp.workdps(50):
        degree, reach = len(saddlepoint._NEAR) - 1, mp.mpf(6) / 10
        angles = [mp.pi * (2 * k + 1) / (2 * (degree + 1)) for k in range(degree + 1)]
        nodes = [reach * mp.cos(a) for a in angles]
        tall = [2 * (1 + t) / (1 - t) for t in nodes]
        formula = [(n + 0.5) * mp.log(n) - n + mp.log(2 * mp.pi) / 2 for n in tall]
        values = [n * (mp.loggamma(n + 1) - f) for n, f in zip(tall, formula, strict=True)]
        powers = mp.matrix([[t**j for j in range(degree + 1)] for t in nodes])
        solved = mp.lu_solve(powers, mp.matrix(values))
    for ours, derived in zip(saddlepoint._NEAR, solved, strict=True):
        assert abs(ours - float(derived)) <= 1e-15 * abs(ours)


def test_tensors_of_either_precision():
    torch = pytest.importorskip("torch")
    n = torch.tensor([0.01, 0.3, 0.7, 2.0, 5.5, 7.9, 8.1, 300.0], dtype=torch.float64)
    assert np.allclose(stirling_error(n).numpy(), stirling_error(n.numpy()), rtol=1e-15)
    single = stirling_error(n.float())
    assert single.dtype == torch.float32
    assert np.allclose(single.numpy(), stirling_error(n.float().double().numpy()), rtol=1e-6)


def test_its_slope_is_that_of_log_gamma():
    torch = pytest.importorskip("torch")
    n = torch.tensor([0.01, 0.3, 0.7, 2.0, 5.5, 7.9, 8.1, 300.0], dtype=torch.float64)
    n.requires_grad_()
    stirling_error(n).sum().backward()
    for ours, at in zip(n.grad.tolist(), n.tolist(), strict=True):
        slope = float(mp.digamma(mp.mpf(at) + 1) - mp.log(at) - 0.5 / mp.mpf(at))
        assert ours == pytest.approx(slope, rel=1e-11)
