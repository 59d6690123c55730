"""Newton's method from member to member, each in coordinates about the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from likeliest.errors import ConvergenceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.numerics.arrays import Array

M = TypeVar("M", bound="Multivariate")

_LONGEST = 2.0  # of a step in one coordinate, each of which has 1 for its natural length
_DONE = 1e-10  # nats that the last step is to rise; it squares the distance to the top
_MOST = 300
_HALVINGS = 30


class Slope(NamedTuple):
    """A log likelihood with its gradient and Hessian by the coordinates about a member."""

    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True)
class Top(Generic[M]):
    """Where an ascent ended.

    Parameters
    ----------
    member : Multivariate
    value : float
        The log likelihood, nats.
    information : array of shape (k, k)
        Minus the Hessian by the coordinates about the member.
    iterations : int
    """

    member: M
    value: float
    information: Array
    iterations: int


def ascend(
    member: M,
    at: Callable[[M], Slope],
    surely: Callable[[M], M] | None = None,
    stop: Callable[[M], None] = lambda _: None,
) -> Top[M]:
    """Climb to a top by Newton's method, with curvature made negative and steps halved.

    Parameters
    ----------
    member : Multivariate
        Where to set out.
    at : callable
        Gives the log likelihood with its derivatives about a member.
    surely : callable, optional
        Gives a member that is at least as likely, by a step of EM: taken where Newton's fails.
    stop : callable
        Is shown each member, and raises where it runs to a limit.

    Raises
    ------
    ConvergenceError
        If no top was reached.
    """
    here = at(member)
    for iteration in range(1, _MOST + 1):
        stop(member)
        step, decrement, is_top = _newton(here)
        if is_top and decrement <= _DONE:
            if np.abs(step).max(initial=0.0) > 1e-14:
                last = member.moved(step)
                there = at(last)
                if there.value >= here.value - 1e-9 * max(1.0, abs(here.value)):
                    member, here = last, there
            return Top(member, here.value, -here.hessian, iteration)
        far = float(np.abs(step).max(initial=0.0))
        length = min(1.0, _LONGEST / far) if far else 1.0
        for halving in range(_HALVINGS):
            trial = member.moved(length * step)
            there = at(trial)
            if there.value > here.value:
                break
            if surely is not None and halving == 0:
                trial = surely(member)
                there = at(trial)
                if there.value > here.value:
                    break
            length *= 0.5
        else:
            if decrement <= 1e-7 + 1e-13 * abs(here.value):  # rounding hides what is left to rise
                return Top(member, here.value, -here.hessian, iteration)
            break
        member, here = trial, there
    raise ConvergenceError(
        f"The likelihood of {member.name} was climbed for {iteration} steps without a top: the "
        "rows tell too little of its parameters. Choose a simpler family, or fewer columns."
    )


def _newton(here: Slope) -> tuple[Array, float, bool]:
    """Return the step, what it is to rise, and whether the curvature is that of a top."""
    scale = 1.0 / np.sqrt(np.maximum(np.abs(here.hessian.diagonal()), 1e-300))
    bend = -here.hessian * np.outer(scale, scale)
    gradient = here.gradient * scale
    try:
        root = np.linalg.cholesky(bend)
        half = np.linalg.solve(root, gradient)
        return scale * np.linalg.solve(root.T, half), 0.5 * float(half @ half), True
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(bend)
        pull = vectors.T @ gradient / np.maximum(np.abs(values), 1e-8)
        return scale * (vectors @ pull), 0.5 * float(gradient @ (vectors @ pull)), False
