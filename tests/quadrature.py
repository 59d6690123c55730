"""Expectations under the textbook densities, in mpmath: independent of the library.

Continuous: the trapezoidal rule after a map that makes the integrand fall off double
exponentially at both ends (Takahasi & Mori 1974), with half the step as a check of itself.
"""

import functools
import math

import numpy as np
from mpmath import mp, mpf

from truth import LOG_DENSITY, parameters

DIGITS = 60
NEGLIGIBLE = mpf("1e-28")
STEP = mpf(1) / 128


def _maps(member):
    """Return functions from v to (x, dx/dv), which together cover the support once."""
    name, p = member.name, parameters(member)
    low, middle, high = (mpf(float(v)) for v in member.quantile([0.25, 0.5, 0.75]))
    if np.isfinite(float(member.mean)) and name != "gev":
        middle = mpf(float(member.mean))  # far above the median where most lies next to 0
    if name == "laplace":
        return [_above(p[0], p[1], sign) for sign in (1, -1)]
    if name == "asymmetric laplace":
        return [_above(p[1], p[2] / p[0], 1), _above(p[1], p[2] * p[0], -1)]
    if name == "weibull of maxima":
        spread = mp.log((p[1] - low) / (p[1] - high))
        return [_mirrored(p[1], _positive(p[1] - middle, spread))]
    if name in {"uniform", "log-uniform", "bounded pareto"}:
        return [_between(p[-2], p[-1], mpf(0), mpf(1))]
    if member.circular:
        ends = mpf(math.pi)
        shares = [(v + ends) / (ends - v) for v in (low, mpf(float(member.loc)), high)]
        logits = [mp.log(abs(share)) for share in shares]
        return [_between(-ends, ends, logits[1], min(logits[2] - logits[0], mpf(4)))]
    if member.support.high == 1.0:
        spread = mp.log(high / (1 - high)) - mp.log(low / (1 - low))
        return [_between(mpf(0), mpf(1), mp.log(middle / (1 - middle)), min(spread, mpf(4)))]
    if name == "pareto":
        return [_power(p[1], p[0])]
    if name in {"gev", "generalized pareto"} and abs(p[0]) > 1e-6:
        return [_extreme(name, p, middle)]
    if name in {"pearson iii", "log-pearson iii"}:
        return [_pearson(name, p, low, high)]
    if member.support.low == 0:
        return [_positive(middle, min(mp.log(high / low), mpf(4)))]
    return [_real(middle, (high - low) / 2)]


def _extreme(name, p, middle):
    """Map about the end of the support, which depends on the parameters."""
    end = (p[1] if name == "gev" else 0) - p[-1] / p[0]
    if name == "generalized pareto" and p[0] < 0:
        return _between(mpf(0), end, mp.log(middle / (end - middle)), mpf(1))
    if name == "generalized pareto":
        return _positive(middle, mpf(1))
    from_end = _positive(abs(middle - end), mpf(1))

    def at(v):
        distance, slope = from_end(v)
        return end + mp.sign(p[0]) * distance, slope

    return at


def _pearson(name, p, low, high):
    """Map about the end of the support, of log x in the place of x for the log-Pearson."""
    is_log = name != "pearson iii"
    low, high = (mp.log(v) if is_log else v for v in (low, high))
    if abs(p[0]) > 1e-6:
        end = p[1] - 2 * p[2] / p[0]
        spread = abs(mp.log((high - end) / (low - end)))
        from_end = _positive(abs(p[1] - end), spread)
    else:
        real = _real(p[1], (high - low) / 2)

    def at(v):
        if abs(p[0]) > 1e-6:
            distance, slope = from_end(v)
            y = end + mp.sign(p[0]) * distance
        else:
            y, slope = real(v)
        x = mp.exp(y) if is_log else y
        return x, slope * x if is_log else slope

    return at


def _above(origin, scale, sign):
    def at(v):
        y = scale * mp.exp(mp.sinh(v))
        return origin + sign * y, y * mp.cosh(v)

    return at


def _mirrored(end, positive):
    def at(v):
        y, slope = positive(v)
        return end - y, slope

    return at


def _between(low, high, centre, spread):
    def at(v):
        u = centre + spread * mp.sinh(v)
        q = 1 / (1 + mp.exp(-u))
        return low + (high - low) * q, (high - low) * q * (1 - q) * spread * mp.cosh(v)

    return at


def _power(scale, shape):
    def at(v):
        y = mp.exp(mp.sinh(v)) / shape
        x = scale * mp.exp(y)
        return x, x * y * mp.cosh(v)

    return at


def _positive(middle, spread):
    def at(v):
        x = middle * mp.exp(spread * mp.sinh(v))
        return x, x * spread * mp.cosh(v)

    return at


def _real(middle, spread):
    def at(v):
        u = mp.sinh(v)
        return middle + spread * mp.sinh(u), spread * mp.cosh(u) * mp.cosh(v)

    return at


@functools.cache
def _nodes(member, step):
    """Return (x, log density, weight, whether twice the step has it too) for those that matter."""
    density, at = LOG_DENSITY[member.name], parameters(member)
    found = []
    for change in _maps(member):
        for direction in (1, -1):
            k, small = (0 if direction == 1 else 1), 0
            while small < 8 and k * step < 10:
                x, slope = change(direction * k * step)
                k += 1
                log_f = density(x, *at)
                if not mp.isfinite(log_f):  # x has rounded to an end
                    break
                weight = mp.exp(log_f) * slope * step
                found.append((x, log_f, weight, (k - 1) % 2 == 0))
                worth = weight * (1 + x * x) * (1 + abs(log_f))
                small = small + 1 if worth < NEGLIGIBLE else 0
    return found


def _integrals(member, function):
    """Return the sum over every other node, and over all."""
    coarse, fine = [], []
    for x, log_f, weight, is_coarse in _nodes(member, STEP):
        term = weight * function(x, log_f)
        fine.append(term)
        coarse += [2 * term] if is_coarse else []
    return mp.fsum(coarse), mp.fsum(fine)


def expectation(member, function):
    """E[function(X, log f(X))], X being distributed as a member, to some 16 digits."""
    with mp.workdps(DIGITS):
        if member.discrete:
            return _sum(member, function)
        whole, half = _integrals(member, function)
        assert abs(whole - half) <= mpf("1e-15") * (1 + abs(half)), "the truth itself is in doubt"
        return half


@functools.cache
def _masses(member):
    mass, at = LOG_DENSITY[member.name], parameters(member)
    if member.name == "bernoulli":
        return [(mpf(k), mass(mpf(k), *at), mp.exp(mass(mpf(k), *at))) for k in (0, 1)]
    first, last = float(member.quantile(1e-40)), float(member.upper_quantile(1e-40))
    last = min(last + 1, float(member.bounds().high))
    terms = [(mpf(k), mass(mpf(k), *at)) for k in range(int(first), int(last) + 1)]
    return [(k, log_p, mp.exp(log_p)) for k, log_p in terms]


def _sum(member, function):
    return mp.fsum(p * function(k, log_p) for k, log_p, p in _masses(member))
