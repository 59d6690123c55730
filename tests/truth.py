"""Textbook densities, distribution functions and tails in mpmath: independent of the library."""

from __future__ import annotations

import functools
import math

from mpmath import mp, mpf

mp.dps = 60


def _t(x, df, loc, scale):
    z = (x - loc) / scale
    if df == mp.inf:
        return _normal(x, loc, scale)
    peak = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2
    return peak - mp.log(scale) - (df + 1) / 2 * mp.log1p(z * z / df)


def _normal(x, mean, std):
    z = (x - mean) / std
    return -z * z / 2 - mp.log(std) - mp.log(2 * mp.pi) / 2


def _negative_binomial(x, mean, d):
    if d == 0:
        return _poisson(x, mean)
    r = 1 / d
    choose = mp.loggamma(x + r) - mp.loggamma(r) - mp.loggamma(x + 1)
    return choose - r * mp.log1p(mean * d) + x * mp.log(mean * d / (1 + mean * d))


def _poisson(x, rate):
    return x * mp.log(rate) - rate - mp.loggamma(x + 1)


def _reduced(x, shape, loc, scale):
    z = (x - loc) / scale
    return z if shape == 0 else mp.log1p(shape * z) / shape


def _yule_simon_upper(x, k):
    with mp.extradps(40 + int(mp.log10(1 + x))):
        logs = mp.loggamma(x + 1) + mp.loggamma(k + 1) - mp.loggamma(x + k + 1)
    return mp.exp(logs)


def _logit(x):
    return mp.log(x) - mp.log1p(-x)


def _fatigue(x, k, s):
    return (mp.sqrt(x / s) - mp.sqrt(s / x)) / k


def _log_beta_of_odds(odds, a, b):
    beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return a * mp.log(odds) - (a + b) * mp.log1p(odds) - beta


def _log_gamma(x, q, m, s):
    if q == 0:
        return _normal(x, m, s)
    t, k = q * (x - m) / s, 1 / q**2
    with mp.extradps(30 + int(max(0, 3 * mp.log10(k)))):
        peak = mp.log(abs(q) / s) + k * mp.log(k) - mp.loggamma(k)
        return peak + k * (t - mp.exp(t))


def _log_gamma_below(x, q, m, s):
    if q == 0:
        return _phi((x - m) / s)
    k = 1 / q**2
    y = k * mp.exp(q * (x - m) / s)
    return _lower_gamma(k, y) if q > 0 else _upper_gamma(k, y)


def _log_gamma_above(x, q, m, s):
    return _log_gamma_below(-x, -q, -m, s)


def _owens_t(h, a):
    """Owen's T(h, a), |a| ≤ 1 (Owen 1956, equation 3.10)."""
    half, total, power, j = h * h / 2, mpf(0), a, 0
    term = mp.exp(-half)
    rest = -mp.expm1(-half)  # 1 less the first terms of exp(-h²/2) exp(h²/2)
    while abs(rest * power) > mp.eps:
        total += (-1) ** j * power / (2 * j + 1) * rest
        j += 1
        term *= half / j
        rest, power = rest - term, power * a * a
    return (mp.atan(a) - total) / (2 * mp.pi)


def _pearson_iii(x, g, m, s):
    if g == 0:
        return _normal(x, m, s)
    r, k = g / 2, 4 / g**2
    with mp.extradps(30 + int(max(0, 3 * mp.log10(k)))):
        u = 1 + r * (x - m) / s
        return mp.log(abs(r) / s) + k * mp.log(k) + (k - 1) * mp.log(u) - k * u - mp.loggamma(k)


def _pearson_iii_below(x, g, m, s):
    return _log_gamma_below(
        mp.log1p(g * (x - m) / (2 * s)) * 2 / g if g else (x - m) / s, g / 2, 0, 1
    )


def _tweedie_parts(m, p, d):
    return m ** (2 - p) / (d * (2 - p)), (2 - p) / (p - 1), d * (p - 1) * m ** (p - 1)


def _tweedie_sum(rate, shape, scale, x, of_part):
    """Add up what `of_part` gives for each number of parts, until the Poisson's mass ends it."""
    likeliest = (rate * (x / scale) ** shape / shape**shape) ** (1 / (1 + shape))
    total, j, mass = mpf(0), 0, mp.exp(-rate)
    while True:
        j += 1
        mass *= rate / j
        term = mass * of_part(j * shape, x / scale)
        total += term
        if j > likeliest + rate and term < total * mp.eps:
            return total


def _tweedie(x, m, p, d):
    rate, shape, scale = _tweedie_parts(m, p, d)
    if x == 0:
        return -rate
    density = _tweedie_sum(
        rate, shape, scale, x, lambda k, y: mp.exp((k - 1) * mp.log(y) - y - mp.loggamma(k))
    )
    return mp.log(density / scale)


def _tweedie_tail(x, m, p, d, of_part):
    return _tweedie_sum(*_tweedie_parts(m, p, d), x, of_part) if x > 0 else mpf(0)


def _skellam(x, a, b):
    if x < 0:
        return _skellam(-x, b, a)
    return x * mp.log(a) - a - b - mp.loggamma(x + 1) + mp.log(mp.hyp0f1(x + 1, a * b))


def _skellam_above(x, a, b):
    total, k = mpf(0), int(x)
    while True:
        k += 1
        term = mp.exp(_skellam(mpf(k), a, b))
        total += term
        if k > a - b and term < total * mp.eps:
            return total


def _skew_normal_below(x, a, m, s):
    z = (x - m) / s
    if z < 0 and a * z > mp.sqrt(5 * mp.dps + 100):  # Φ(a z) is 1
        return 2 * _phi(z)
    short = 1 + a * a if a > 0 else 1
    with mp.extradps(30 + int(0.25 * z * z * short + mp.log10(1 + abs(a)))):
        if abs(a) <= 1:
            return _phi(z) - 2 * _owens_t(z, a)
        below, other = _phi(z), _phi(a * z)
        half = (below + other) / 2 - below * other - (mpf(1) / 2 if a < 0 else 0)
        return below - 2 * (half - _owens_t(a * z, 1 / a))


def _delayed(x, m, s, d, side):
    z, r = (x - m) / s, s / d
    with mp.extradps(40):
        return _phi(side * z) - side * mp.exp(r * (r / 2 - z)) * _phi(z - r)


def _nakagami(x, k, s):
    r = (x / s) ** 2
    return mp.log(2 / x) + k * mp.log(k * r) - k * r - mp.loggamma(k)


def _generalized_poisson(x, mean, bring):
    first = mean * (1 - bring)
    w = first + bring * x
    return mp.log(first) + (x - 1) * mp.log(w) - w - mp.loggamma(x + 1)


def _sum_below(mass):
    """Return P(X ≤ x) of counts, whose mass is given by x and x!."""

    def below(x, *p):
        with mp.extradps(10):
            factorial, total = mpf(1), mass(mpf(0), mpf(1), *p)
            for k in range(1, int(x) + 1):
                factorial *= k
                total += mass(mpf(k), factorial, *p)
            return total

    return below


def _sum_above(mass):
    """Return P(X > x), by masses that fall from x on until they are of no account."""

    def above(x, *p):
        with mp.extradps(10):
            k = int(x) + 1
            factorial, total, last, term = mp.factorial(k), mpf(0), mpf(0), mp.inf
            while term > last or term > total * mp.eps:
                last, term = term, mass(mpf(k), factorial, *p)
                total, k = total + term, k + 1
                factorial *= k
            return total

    return above


FARTHEST = mpf(10) ** -300  # a tail that is asked for


@functools.cache
def _poisson_inverse_gaussian(mean, d, digits):
    """Return the masses from 0 until they are of no account, by Bessel's polynomials."""
    with mp.workdps(digits + 10):
        root = mp.sqrt(1 + 2 * mean * d)
        scale, before, latest = mp.exp(-2 * mean / (1 + root)), mpf(1), mpf(1)
        masses, k = [scale], 0
        while k <= mean or masses[-1] > mp.eps * FARTHEST:
            k += 1
            scale *= mean / root / k
            masses.append(scale * latest)
            before, latest = latest, (2 * k - 1) * d / root * latest + before
        return masses


def _poisson_inverse_gaussian_mass(x, mean, d):
    if mean * d < 10:  # mpmath's Bessel function is slow where order and argument are alike
        return mp.log(_poisson_inverse_gaussian(mean, d, mp.dps)[int(x)])
    root = mp.sqrt(1 + 2 * mean * d)
    bessel = mp.log(mp.besselk(x - mpf(1) / 2, root / d)) + mp.log(2 * root / d / mp.pi) / 2
    return 1 / d + bessel + x * mp.log(mean / root) - mp.loggamma(x + 1)


def _of_masses(table):
    """Return the tails of counts from a function that lists the masses."""
    return (
        lambda x, *p: mp.fsum(table(*p, mp.dps)[: int(x) + 1]),
        lambda x, *p: mp.fsum(table(*p, mp.dps)[int(x) + 1 :]),
    )


@functools.cache
def _conway_maxwell(mean, power, digits, least=FARTHEST):
    """Return the masses from 0 until they are of no account, λ by Newton's method."""
    with mp.workdps(digits + 10):
        # Not above the root by much, where ν < 1: sums would go on for ever.
        tilt, low, high = mp.log(mean) * (power if mean > 1 else 1), -mp.inf, mp.inf
        powers = [mpf(1)]
        while True:
            k, terms, ratio = 0, [mpf(1)], mp.exp(tilt)
            while k <= mean or terms[-1] > mp.eps * least:
                k += 1
                if k == len(powers):
                    powers.append(mp.power(k, -power))
                terms.append(terms[-1] * ratio * powers[k])
            total = mp.fsum(terms)
            gap = mp.fsum((j - mean) * t for j, t in enumerate(terms)) / total
            var = mp.fsum((j - mean) ** 2 * t for j, t in enumerate(terms)) / total - gap**2
            if abs(gap) < mp.eps * 100 * (1 + mean):
                return [t / total for t in terms]
            low, high = (tilt, high) if gap < 0 else (low, tilt)
            tilt -= max(-1, min(1, gap / var))
            if not low < tilt < high:
                tilt = (low + high) / 2


def _conway_maxwell_mass(x, mean, power):
    first, second = _conway_maxwell(mean, power, mp.dps, mpf(1))[:2]
    return mp.log(first) + x * mp.log(second / first) - power * mp.loggamma(x + 1)


def _generalized_poisson_mass(x, factorial, mean, bring):
    first = mean * (1 - bring)
    w = first + bring * x
    return first * w ** (int(x) - 1) * mp.exp(-w) / factorial


def _gompertz_hazard(x, a, b):
    return b * x if a == 0 else b * mp.expm1(a * x) / a


_PIG_BELOW, _PIG_ABOVE = _of_masses(_poisson_inverse_gaussian)
_COM_BELOW, _COM_ABOVE = _of_masses(_conway_maxwell)
LOG_DENSITY = {
    "normal": _normal,
    "lognormal": lambda x, m, s: _normal(mp.log(x), m, s) - mp.log(x),
    "exponential": lambda x, rate: mp.log(rate) - rate * x,
    "gamma": lambda x, k, s: (k - 1) * mp.log(x) - x / s - mp.loggamma(k) - k * mp.log(s),
    "weibull": lambda x, k, s: mp.log(k / s) + (k - 1) * mp.log(x / s) - mp.power(x / s, k),
    "beta": lambda x, a, b: (
        (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x)
        + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
    ),
    "uniform": lambda x, low, high: -mp.log(high - low),
    "logistic": lambda x, m, s: -(x - m) / s - mp.log(s) - 2 * mp.log1p(mp.exp(-(x - m) / s)),
    "loglogistic": lambda x, k, s: (
        mp.log(k / s) + (k - 1) * mp.log(x / s) - 2 * mp.log1p(mp.power(x / s, k))
    ),
    "laplace": lambda x, m, s: -abs(x - m) / s - mp.log(2 * s),
    "student t": _t,
    "cauchy": lambda x, m, s: -mp.log(mp.pi * s) - mp.log1p(((x - m) / s) ** 2),
    "inverse gaussian": lambda x, m, k: (
        mp.log(k / (2 * mp.pi * x**3)) / 2 - k * (x - m) ** 2 / (2 * m * m * x)
    ),
    "pareto": lambda x, a, s: mp.log(a) + a * mp.log(s) - (a + 1) * mp.log(x),
    "gumbel": lambda x, m, s: -(x - m) / s - mp.exp(-(x - m) / s) - mp.log(s),
    "rayleigh": lambda x, s: mp.log(x) - 2 * mp.log(s) - x * x / (2 * s * s),
    "gumbel of minima": lambda x, m, s: (x - m) / s - mp.exp((x - m) / s) - mp.log(s),
    "maxwell": lambda x, s: (
        mp.log(2 / mp.pi) / 2 + 2 * mp.log(x) - 3 * mp.log(s) - x * x / (2 * s * s)
    ),
    "levy": lambda x, s: mp.log(s / (2 * mp.pi)) / 2 - s / (2 * x) - 3 * mp.log(x) / 2,
    "half-cauchy": lambda x, s: mp.log(2 / (mp.pi * s)) - mp.log1p((x / s) ** 2),
    "hyperbolic secant": lambda x, m, s: -mp.log(mp.pi * s) - mp.log(mp.cosh((x - m) / s)),
    "moyal": lambda x, m, s: (
        -((x - m) / s + mp.exp(-(x - m) / s)) / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2
    ),
    "dagum": lambda x, c, d, s: (
        mp.log(c * d / x) - c * mp.log(x / s) - (d + 1) * mp.log1p(mp.power(x / s, -c))
    ),
    "gev": lambda x, k, m, s: (
        -(1 + k) * _reduced(x, k, m, s) - mp.exp(-_reduced(x, k, m, s)) - mp.log(s)
    ),
    "generalized pareto": lambda x, k, s: -(1 + k) * _reduced(x, k, 0, s) - mp.log(s),
    "lomax": lambda x, k, s: mp.log(k / s) - (k + 1) * mp.log1p(x / s),
    "burr": lambda x, c, d, s: (
        mp.log(c * d / s) + (c - 1) * mp.log(x / s) - (d + 1) * mp.log1p(mp.power(x / s, c))
    ),
    "frechet": lambda x, k, s: mp.log(k / s) - (k + 1) * mp.log(x / s) - mp.power(x / s, -k),
    "half-normal": lambda x, s: mp.log(2 / mp.pi) / 2 - mp.log(s) - x * x / (2 * s * s),
    "inverse gamma": lambda x, k, s: (
        k * mp.log(s) - mp.loggamma(k) - (k + 1) * mp.log(x) - s / x
    ),
    "chi2": lambda x, df: (
        (df / 2 - 1) * mp.log(x) - x / 2 - mp.loggamma(df / 2) - df / 2 * mp.log(2)
    ),
    "gompertz": lambda x, a, b: mp.log(b) + a * x - _gompertz_hazard(x, a, b),
    "bernoulli": lambda x, p: mp.log(p) if x == 1 else mp.log1p(-p),
    "poisson": _poisson,
    "geometric": lambda x, p: mp.log(p) + x * mp.log1p(-p),
    "negative binomial": _negative_binomial,
    "logit-normal": lambda x, m, s: _normal(_logit(x), m, s) - mp.log(x) - mp.log1p(-x),
    "birnbaum-saunders": lambda x, k, s: (
        _normal(_fatigue(x, k, s), 0, 1)
        + mp.log((mp.sqrt(x / s) + mp.sqrt(s / x)) / (2 * k * x))
    ),
    "exponentiated weibull": lambda x, a, k, s: (
        mp.log(a * k / x) + k * mp.log(x / s) - mp.power(x / s, k)
        + (a - 1) * mp.log(-mp.expm1(-mp.power(x / s, k)))
    ),
    "kumaraswamy": lambda x, a, b: (
        mp.log(a * b) + (a - 1) * mp.log(x) + (b - 1) * mp.log(-mp.expm1(a * mp.log(x)))
    ),
    "generalized logistic": lambda x, k, m, s: (
        mp.log(k / s) - (x - m) / s - (k + 1) * mp.log1p(mp.exp(-(x - m) / s))
    ),
    "nakagami": _nakagami,
    "skew normal": lambda x, a, m, s: (
        mp.log(2) + _normal(x, m, s) + mp.log(_phi(a * (x - m) / s))
    ),
    "exponentially modified gaussian": lambda x, m, s, d: (
        (s / d) * (s / d / 2 - (x - m) / s) + mp.log(_phi((x - m) / s - s / d) / d)
    ),
    "log-gamma": _log_gamma,
    "skellam": _skellam,
    "tweedie": _tweedie,
    "pearson iii": _pearson_iii,
    "log-pearson iii": lambda x, g, m, s: _pearson_iii(mp.log(x), g, m, s) - mp.log(x),
    "generalized gamma": lambda x, q, m, s: _log_gamma(mp.log(x), q, m, s) - mp.log(x),
    "chi": lambda x, df: _nakagami(x, df / 2, mp.sqrt(df)),
    "beta prime": lambda x, a, b: _log_beta_of_odds(x, a, b) - mp.log(x),
    "f": lambda x, n, d: _log_beta_of_odds(n * x / d, n / 2, d / 2) - mp.log(x),
    "generalized poisson": _generalized_poisson,
    "conway-maxwell-poisson": _conway_maxwell_mass,
    "poisson-inverse gaussian": _poisson_inverse_gaussian_mass,
    "asymmetric laplace": lambda x, k, m, s: (
        -(k if x >= m else -1 / k) * (x - m) / s - mp.log(s * (k + 1 / k))
    ),
    "bounded pareto": lambda x, k, low, high: (
        -(k + 1) * mp.log(x) - mp.log(_power_between(low, high, k))
    ),
    "discrete uniform": lambda x, low, high: -mp.log(high - low + 1),
    "folded normal": lambda x, m, s: (
        _normal(x, m, s) + mp.log1p(mp.exp(-2 * m * x / (s * s)))
    ),
    "johnson su": lambda x, g, d, m, s: (
        _normal(g + d * mp.asinh((x - m) / s), 0, 1) + mp.log(d / s)
        - mp.log1p(((x - m) / s) ** 2) / 2
    ),
    "log-uniform": lambda x, low, high: -mp.log(x * mp.log(high / low)),
    "rice": lambda x, m, s: (
        mp.log(x / (s * s)) - (x * x + m * m) / (2 * s * s) + mp.log(mp.besseli(0, x * m / (s * s)))
    ),
    "von mises": lambda x, m, k: k * mp.cos(x - m) - mp.log(2 * mp.pi * mp.besseli(0, k)),
    "weibull of maxima": lambda x, k, m, s: (
        mp.log(k / s) + (k - 1) * mp.log((m - x) / s) - mp.power((m - x) / s, k)
    ),
    "wrapped cauchy": lambda x, m, c: (
        mp.log((1 - c * c) / (2 * mp.pi)) - mp.log(1 + c * c - 2 * c * mp.cos(x - m))
    ),
    "yule-simon": lambda x, k: mp.log(k / x * _yule_simon_upper(x, k)),
    "zeta": lambda x, k: -(1 + k) * mp.log(x) - mp.log(mp.zeta(1 + k)),
    "logarithmic": lambda x, p: x * mp.log(p) - mp.log(x) - mp.log(-mp.log1p(-p)),
    "discrete weibull": lambda x, k, s: (
        mp.log(-mp.expm1(mp.power(x / s, k) - mp.power((x + 1) / s, k))) - mp.power(x / s, k)
    ),
}  # fmt: skip


def _upper_gamma(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def _lower_gamma(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def _incomplete_beta(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def _phi(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def _t_upper(x, df, loc, scale):
    z = (x - loc) / scale
    if df == mp.inf:
        return _phi(-z)
    half = _incomplete_beta(df / 2, mpf(1) / 2, df / (df + z * z)) / 2
    return half if z > 0 else 1 - half


def _inverse_gaussian_upper(x, m, k):
    root = mp.sqrt(k / x)
    return _phi(-root * (x / m - 1)) - mp.exp(2 * k / m) * _phi(-root * (x / m + 1))


def _inverse_gaussian_lower(x, m, k):
    root = mp.sqrt(k / x)
    return _phi(root * (x / m - 1)) + mp.exp(2 * k / m) * _phi(-root * (x / m + 1))


def _complement(function):
    return lambda *arguments: 1 - function(*arguments)


def _expit(z):
    return 1 / (1 + mp.exp(-z))


def _laplace_lower(z):
    return mp.exp(z) / 2 if z < 0 else 1 - mp.exp(-z) / 2


def _power_between(a, b, k):
    """Return the integral of t^(-k-1) from a to b."""
    return mp.log(b / a) if k == 0 else mp.power(a, -k) * -mp.expm1(-k * mp.log(b / a)) / k


def _asymmetric_laplace_lower(x, k, m, s):
    z = (x - m) / s
    return k * k * mp.exp(z / k) / (1 + k * k) if z < 0 else 1 - mp.exp(-k * z) / (1 + k * k)


def _folded_normal_lower(x, m, s):
    with mp.extradps(320):
        root = s * mp.sqrt(2)
        return (mp.erf((x - m) / root) + mp.erf((x + m) / root)) / 2


def _rice_terms(x, m, s):
    """Return Poisson weights of m²/2s² and of x²/2s², to beyond where their products count."""
    h, y = (v * v / (2 * s * s) for v in (m, x))
    last = 0
    while True:
        last += 40
        if last > h + y and mp.loggamma(last + 1) - last * mp.log(h + y) > 1.2 * mp.dps + 800:
            break

    def weights(rate):
        terms = [mp.exp(-rate)]
        for k in range(1, last):
            terms.append(terms[-1] * rate / k)
        return terms

    return weights(h), weights(y)


def _rice_upper(x, m, s):
    total, up_to = mpf(0), mpf(0)
    for of_m, of_x in zip(*_rice_terms(x, m, s), strict=True):
        up_to += of_x
        total += of_m * up_to
    return total


def _rice_lower(x, m, s):
    total, beyond = mpf(0), mpf(0)
    for of_m, of_x in reversed([*zip(*_rice_terms(x, m, s), strict=True)]):
        total += of_m * beyond
        beyond += of_x
    return total


def _von_mises_between(a, b, m, k):
    # Fourier's series; quotients of neighbouring Bessel functions by their recurrence, downwards.
    last = int(k + 20 * mp.sqrt(k)) + 2 * mp.dps + 50
    quotients = [mpf(0)]
    for j in range(last, 0, -1):
        quotients.append(k / (2 * j + k * quotients[-1]))
    total, share = (b - a) / 2, mpf(1)
    for j, quotient in enumerate(reversed(quotients[1:]), 1):
        share *= quotient
        total += share * (mp.sin(j * (b - m)) - mp.sin(j * (a - m))) / j
    return total / mp.pi


def _wrapped_cauchy_between(a, b, m, c):
    def turn(t):
        return t / 2 + mp.atan(c * mp.sin(t) / (1 - c * mp.cos(t)))

    return (turn(b - m) - turn(a - m)) / mp.pi


_START, _END = mpf(-math.pi), mpf(math.pi)

UPPER = {
    "asymmetric laplace": lambda x, k, m, s: _asymmetric_laplace_lower(-x, 1 / k, -m, s),
    "bounded pareto": lambda x, k, low, high: (
        _power_between(x, high, k) / _power_between(low, high, k)
    ),
    "discrete uniform": lambda x, low, high: (high - x) / (high - low + 1),
    "folded normal": lambda x, m, s: _phi((m - x) / s) + _phi((-m - x) / s),
    "johnson su": lambda x, g, d, m, s: _phi(-g - d * mp.asinh((x - m) / s)),
    "log-uniform": lambda x, low, high: mp.log(high / x) / mp.log(high / low),
    "rice": _rice_upper,
    "von mises": lambda x, m, k: _von_mises_between(x, _END, m, k),
    "weibull of maxima": lambda x, k, m, s: -mp.expm1(-mp.power((m - x) / s, k)),
    "wrapped cauchy": lambda x, m, c: _wrapped_cauchy_between(x, _END, m, c),
    "normal": lambda x, m, s: _phi((m - x) / s),
    "lognormal": lambda x, m, s: _phi((m - mp.log(x)) / s),
    "exponential": lambda x, rate: mp.exp(-rate * x),
    "gamma": lambda x, k, s: _upper_gamma(k, x / s),
    "weibull": lambda x, k, s: mp.exp(-mp.power(x / s, k)),
    "beta": lambda x, a, b: _incomplete_beta(b, a, 1 - x),
    "uniform": lambda x, low, high: (high - x) / (high - low),
    "logistic": lambda x, m, s: _expit((m - x) / s),
    "loglogistic": lambda x, k, s: 1 / (1 + mp.power(x / s, k)),
    "laplace": lambda x, m, s: _laplace_lower((m - x) / s),
    "student t": _t_upper,
    "cauchy": lambda x, m, s: mp.atan2(1, (x - m) / s) / mp.pi,
    "inverse gaussian": _inverse_gaussian_upper,
    "pareto": lambda x, a, s: mp.power(s / x, a),
    "gumbel": lambda x, m, s: -mp.expm1(-mp.exp(-(x - m) / s)),
    "rayleigh": lambda x, s: mp.exp(-x * x / (2 * s * s)),
    "gumbel of minima": lambda x, m, s: mp.exp(-mp.exp((x - m) / s)),
    "maxwell": lambda x, s: _upper_gamma(mpf(3) / 2, x * x / (2 * s * s)),
    "levy": lambda x, s: mp.erf(mp.sqrt(s / (2 * x))),
    "half-cauchy": lambda x, s: 2 * mp.atan2(s, x) / mp.pi,
    "hyperbolic secant": lambda x, m, s: 2 * mp.atan(mp.exp((m - x) / s)) / mp.pi,
    "moyal": lambda x, m, s: mp.erf(mp.exp((m - x) / (2 * s)) / mp.sqrt(2)),
    "dagum": lambda x, c, d, s: -mp.expm1(-d * mp.log1p(mp.power(x / s, -c))),
    "gev": lambda x, k, m, s: -mp.expm1(-mp.exp(-_reduced(x, k, m, s))),
    "generalized pareto": lambda x, k, s: mp.exp(-_reduced(x, k, 0, s)),
    "lomax": lambda x, k, s: mp.power(1 + x / s, -k),
    "burr": lambda x, c, d, s: mp.power(1 + mp.power(x / s, c), -d),
    "frechet": lambda x, k, s: -mp.expm1(-mp.power(x / s, -k)),
    "half-normal": lambda x, s: mp.erfc(x / s / mp.sqrt(2)),
    "inverse gamma": lambda x, k, s: _lower_gamma(k, s / x),
    "chi2": lambda x, df: _upper_gamma(df / 2, x / 2),
    "gompertz": lambda x, a, b: mp.exp(-_gompertz_hazard(x, a, b)),
    "bernoulli": lambda x, p: p if x < 1 else mpf(0),
    "poisson": lambda x, rate: _lower_gamma(x + 1, rate),
    "geometric": lambda x, p: mp.power(1 - p, x + 1),
    "negative binomial": lambda x, m, d: (
        _lower_gamma(x + 1, m) if d == 0 else _incomplete_beta(x + 1, 1 / d, m * d / (1 + m * d))
    ),
    "logit-normal": lambda x, m, s: _phi((m - _logit(x)) / s),
    "birnbaum-saunders": lambda x, k, s: _phi(-_fatigue(x, k, s)),
    "exponentiated weibull": lambda x, a, k, s: (
        -mp.expm1(a * mp.log1p(-mp.exp(-mp.power(x / s, k))))
    ),
    "kumaraswamy": lambda x, a, b: mp.power(-mp.expm1(a * mp.log(x)), b),
    "generalized logistic": lambda x, k, m, s: -mp.expm1(-k * mp.log1p(mp.exp((m - x) / s))),
    "skew normal": lambda x, a, m, s: _skew_normal_below(-x, -a, -m, s),
    "exponentially modified gaussian": lambda *at: _delayed(*at, -1),
    "log-gamma": _log_gamma_above,
    "skellam": _skellam_above,
    "tweedie": lambda *at: (
        _tweedie_tail(*at, _upper_gamma) if at[0] > 0 else -mp.expm1(_tweedie(*at))
    ),
    "pearson iii": lambda x, g, m, s: _pearson_iii_below(-x, -g, -m, s),
    "log-pearson iii": lambda x, g, m, s: _pearson_iii_below(-mp.log(x), -g, -m, s),
    "generalized gamma": lambda x, q, m, s: _log_gamma_above(mp.log(x), q, m, s),
    "nakagami": lambda x, k, s: _upper_gamma(k, k * (x / s) ** 2),
    "chi": lambda x, df: _upper_gamma(df / 2, x * x / 2),
    "beta prime": lambda x, a, b: _incomplete_beta(b, a, 1 / (1 + x)),
    "f": lambda x, n, d: _incomplete_beta(d / 2, n / 2, d / (d + n * x)),
    "generalized poisson": _sum_above(_generalized_poisson_mass),
    "conway-maxwell-poisson": _COM_ABOVE,
    "poisson-inverse gaussian": _PIG_ABOVE,
    "yule-simon": _yule_simon_upper,
    "zeta": lambda x, k: mp.zeta(1 + k, x + 1) / mp.zeta(1 + k),
    "logarithmic": lambda x, p: mp.betainc(x + 1, 0, 0, p) / -mp.log1p(-p),
    "discrete weibull": lambda x, k, s: mp.exp(-mp.power((x + 1) / s, k)),
}

LOWER = {
    **{name: _complement(function) for name, function in UPPER.items()},
    "asymmetric laplace": _asymmetric_laplace_lower,
    "bounded pareto": lambda x, k, low, high: (
        _power_between(low, x, k) / _power_between(low, high, k)
    ),
    "discrete uniform": lambda x, low, high: (x - low + 1) / (high - low + 1),
    "folded normal": _folded_normal_lower,
    "johnson su": lambda x, g, d, m, s: _phi(g + d * mp.asinh((x - m) / s)),
    "log-uniform": lambda x, low, high: mp.log(x / low) / mp.log(high / low),
    "rice": _rice_lower,
    "von mises": lambda x, m, k: _von_mises_between(_START, x, m, k),
    "weibull of maxima": lambda x, k, m, s: mp.exp(-mp.power((m - x) / s, k)),
    "wrapped cauchy": lambda x, m, c: _wrapped_cauchy_between(_START, x, m, c),
    "normal": lambda x, m, s: _phi((x - m) / s),
    "lognormal": lambda x, m, s: _phi((mp.log(x) - m) / s),
    "exponential": lambda x, rate: -mp.expm1(-rate * x),
    "gamma": lambda x, k, s: _lower_gamma(k, x / s),
    "generalized poisson": _sum_below(_generalized_poisson_mass),
    "conway-maxwell-poisson": _COM_BELOW,
    "poisson-inverse gaussian": _PIG_BELOW,
    "logit-normal": lambda x, m, s: _phi((_logit(x) - m) / s),
    "birnbaum-saunders": lambda x, k, s: _phi(_fatigue(x, k, s)),
    "exponentiated weibull": lambda x, a, k, s: mp.power(-mp.expm1(-mp.power(x / s, k)), a),
    "kumaraswamy": lambda x, a, b: -mp.expm1(b * mp.log1p(-mp.power(x, a))),
    "generalized logistic": lambda x, k, m, s: mp.exp(-k * mp.log1p(mp.exp((m - x) / s))),
    "skew normal": _skew_normal_below,
    "exponentially modified gaussian": lambda *at: _delayed(*at, 1),
    "log-gamma": _log_gamma_below,
    "skellam": lambda x, a, b: _skellam_above(-x - 1, b, a) if b else _upper_gamma(x + 1, a),
    "tweedie": lambda x, *p: _tweedie_tail(x, *p, _lower_gamma) + mp.exp(_tweedie(mpf(0), *p)),
    "pearson iii": _pearson_iii_below,
    "log-pearson iii": lambda x, g, m, s: _pearson_iii_below(mp.log(x), g, m, s),
    "generalized gamma": lambda x, q, m, s: _log_gamma_below(mp.log(x), q, m, s),
    "nakagami": lambda x, k, s: _lower_gamma(k, k * (x / s) ** 2),
    "chi": lambda x, df: _lower_gamma(df / 2, x * x / 2),
    "beta prime": lambda x, a, b: _incomplete_beta(a, b, x / (1 + x)),
    "f": lambda x, n, d: _incomplete_beta(n / 2, d / 2, n * x / (d + n * x)),
    "weibull": lambda x, k, s: -mp.expm1(-mp.power(x / s, k)),
    "beta": lambda x, a, b: _incomplete_beta(a, b, x),
    "uniform": lambda x, low, high: (x - low) / (high - low),
    "logistic": lambda x, m, s: _expit((x - m) / s),
    "loglogistic": lambda x, k, s: 1 / (1 + mp.power(x / s, -k)),
    "laplace": lambda x, m, s: _laplace_lower((x - m) / s),
    "student t": lambda x, df, m, s: _t_upper(2 * m - x, df, m, s),
    "cauchy": lambda x, m, s: mp.atan2(1, (m - x) / s) / mp.pi,
    "inverse gaussian": _inverse_gaussian_lower,
    "pareto": lambda x, a, s: -mp.expm1(a * mp.log(s / x)),
    "gumbel": lambda x, m, s: mp.exp(-mp.exp(-(x - m) / s)),
    "rayleigh": lambda x, s: -mp.expm1(-x * x / (2 * s * s)),
    "gumbel of minima": lambda x, m, s: -mp.expm1(-mp.exp((x - m) / s)),
    "maxwell": lambda x, s: _lower_gamma(mpf(3) / 2, x * x / (2 * s * s)),
    "levy": lambda x, s: mp.erfc(mp.sqrt(s / (2 * x))),
    "half-cauchy": lambda x, s: 2 * mp.atan2(x, s) / mp.pi,
    "hyperbolic secant": lambda x, m, s: 2 * mp.atan(mp.exp((x - m) / s)) / mp.pi,
    "moyal": lambda x, m, s: mp.erfc(mp.exp((m - x) / (2 * s)) / mp.sqrt(2)),
    "dagum": lambda x, c, d, s: mp.power(1 + mp.power(x / s, -c), -d),
    "gev": lambda x, k, m, s: mp.exp(-mp.exp(-_reduced(x, k, m, s))),
    "generalized pareto": lambda x, k, s: -mp.expm1(-_reduced(x, k, 0, s)),
    "lomax": lambda x, k, s: -mp.expm1(-k * mp.log1p(x / s)),
    "burr": lambda x, c, d, s: -mp.expm1(-d * mp.log1p(mp.power(x / s, c))),
    "frechet": lambda x, k, s: mp.exp(-mp.power(x / s, -k)),
    "half-normal": lambda x, s: mp.erf(x / s / mp.sqrt(2)),
    "inverse gamma": lambda x, k, s: _upper_gamma(k, s / x),
    "chi2": lambda x, df: _lower_gamma(df / 2, x / 2),
    "gompertz": lambda x, a, b: -mp.expm1(-_gompertz_hazard(x, a, b)),
    "poisson": lambda x, rate: _upper_gamma(x + 1, rate),
    "geometric": lambda x, p: -mp.expm1((x + 1) * mp.log1p(-p)),
    "negative binomial": lambda x, m, d: (
        _upper_gamma(x + 1, m) if d == 0 else _incomplete_beta(1 / d, x + 1, 1 / (1 + m * d))
    ),
}


def _truncated(name, low=None, high=None):
    """Return log density and tails of a family that can be seen only within bounds."""
    density, below, above = LOG_DENSITY[name], LOWER[name], UPPER[name]

    def within(a, b, *p):
        if a is None:
            return below(b, *p)
        return above(a, *p) if b is None else below(b, *p) - below(a, *p)

    def seen(*p):
        return within(low, high, *p)

    return (
        lambda x, *p: density(x, *p) - mp.log(seen(*p)),
        lambda x, *p: within(low, x, *p) / seen(*p),
        lambda x, *p: within(x, high, *p) / seen(*p),
    )


def _with_zeros(density, below, above, *, beside):
    """Return the same of values that are 0 with the probability that the first parameter says.

    `beside`: the family's own zeros are there as well.
    """

    def log_density(x, share, *p):
        if x != 0:
            return mp.log(1 - share) + density(x, *p)
        return mp.log(share + (1 - share) * mp.exp(density(x, *p)) if beside else share)

    return (
        log_density,
        lambda x, share, *p: share * (x >= 0) + (1 - share) * below(x, *p),
        lambda x, share, *p: share * (x < 0) + (1 - share) * above(x, *p),
    )


def _two_of(density, below, above):
    """Return the same of a mixture of two members."""

    def mixed(of):
        def sum_of(x, share, *p):
            half = len(p) // 2
            return share * of(x, *p[:half]) + (1 - share) * of(x, *p[half:])

        return sum_of

    both = mixed(lambda x, *p: mp.exp(density(x, *p)))
    return lambda x, *p: mp.log(both(x, *p)), mixed(below), mixed(above)


def _plain(name):
    return LOG_DENSITY[name], LOWER[name], UPPER[name]


def _shifted(density, below, above):
    """Return the same of X plus the first parameter."""
    return (
        lambda x, shift, *p: density(x - shift, *p),
        lambda x, shift, *p: below(x - shift, *p),
        lambda x, shift, *p: above(x - shift, *p),
    )


def _reflected(density, below, above):
    return (
        lambda x, *p: density(-x, *p),
        lambda x, *p: above(-x, *p),
        lambda x, *p: below(-x, *p),
    )


def _spliced_without_jump(body, tail, at):
    """Return the same of a body of two parameters up to a value, and a tail of x less it beyond."""
    (density, below, above), (beyond, under, over) = body, tail

    def share(p):
        odds = mp.exp(density(at, *p[:2]) - beyond(mpf(0), *p[2:])) / below(at, *p[:2])
        return odds / (1 + odds)

    def log_density(x, *p):
        if x > at:
            return mp.log(share(p)) + beyond(x - at, *p[2:])
        return mp.log(1 - share(p)) + density(x, *p[:2]) - mp.log(below(at, *p[:2]))

    def lower(x, *p):
        if x > at:
            return 1 - share(p) + share(p) * under(x - at, *p[2:])
        return (1 - share(p)) * below(x, *p[:2]) / below(at, *p[:2])

    def upper(x, *p):
        if x > at:
            return share(p) * over(x - at, *p[2:])
        within = (above(x, *p[:2]) - above(at, *p[:2])) / below(at, *p[:2])
        return share(p) + (1 - share(p)) * within

    return log_density, lower, upper


def _log_of(density, below, above):
    return (
        lambda x, *p: density(mp.exp(x), *p) + x,
        lambda x, *p: below(mp.exp(x), *p),
        lambda x, *p: above(mp.exp(x), *p),
    )


for _name, _functions in {
    "truncated(lognormal, lower=2)": _truncated("lognormal", mpf(2)),
    "truncated(gamma, lower=1, upper=12)": _truncated("gamma", mpf(1), mpf(12)),
    "truncated(normal, upper=54)": _truncated("normal", None, mpf(54)),
    "truncated(poisson, lower=0)": _truncated("poisson", mpf(0)),
    "truncated(negative binomial, lower=2)": _truncated("negative binomial", mpf(2)),
    "zero-inflated poisson": _with_zeros(*_plain("poisson"), beside=True),
    "zero-inflated negative binomial": _with_zeros(*_plain("negative binomial"), beside=True),
    "hurdle poisson": _with_zeros(*_truncated("poisson", mpf(0)), beside=False),
    "hurdle gamma": _with_zeros(*_plain("gamma"), beside=False),
    "hurdle normal": _with_zeros(*_plain("normal"), beside=False),
    "mixture(normal, 2)": _two_of(*_plain("normal")),
    "shifted(reflected gamma)": _shifted(*_reflected(*_plain("gamma"))),
    "log-of gamma": _log_of(*_plain("gamma")),
    "spliced(gamma, exponential, at=5, continuous=true)": _spliced_without_jump(
        _plain("gamma"), _plain("exponential"), mpf(5)
    ),
}.items():
    LOG_DENSITY[_name], LOWER[_name], UPPER[_name] = _functions


def parameters(member):
    """Return a member's parameters as exact mpmath numbers."""
    return [mpf(float(v)) for v in member.parameters.values()]


def _log_choose(n, x):
    return mp.loggamma(n + 1) - mp.loggamma(x + 1) - mp.loggamma(n - x + 1)


def _log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def _summed(log_mass, trials):
    """Return a log mass on 0, …, trials with the sums of masses to either side."""

    def upper(x, *p):
        return mp.fsum(mp.exp(log_mass(mpf(k), *p)) for k in range(int(x) + 1, trials + 1))

    def lower(x, *p):
        return mp.fsum(mp.exp(log_mass(mpf(k), *p)) for k in range(int(x) + 1))

    return log_mass, lower, upper


for _name, _functions in {
    "binomial(trials=20)": _summed(
        lambda x, p: _log_choose(20, x) + x * mp.log(p) + (20 - x) * mp.log1p(-p), 20
    ),
    "beta-binomial(trials=20)": _summed(
        lambda x, a, b: _log_choose(20, x) + _log_beta(x + a, 20 - x + b) - _log_beta(a, b), 20
    ),
}.items():
    LOG_DENSITY[_name], LOWER[_name], UPPER[_name] = _functions


def log_density(member, x):
    """Return the log density or log mass at x, to 60 digits."""
    return LOG_DENSITY[member.name](mpf(float(x)), *parameters(member))


def slopes(moved, k, unit):
    """Return the derivatives by each of k moves over `unit`, by central differences."""
    up, down = _to_both_sides(moved, k)
    return [(u - d) / 2 * unit for u, d in zip(up, down, strict=True)]


def expanded(moved, k, unit):
    """Return a function with its derivatives by central differences, of k moves over `unit`."""
    e = _steps(k)
    here = moved(*[0] * k)
    up, down = _to_both_sides(moved, k)
    score = [(u - d) / 2 * unit for u, d in zip(up, down, strict=True)]
    hessian = []
    for i in range(k):
        for j in range(i, k):
            if i == j:
                hessian.append((up[i] - 2 * here + down[i]) * unit**2)
                continue
            both = moved(*(a + b for a, b in zip(e[i], e[j], strict=True)))
            neither = moved(*(-a - b for a, b in zip(e[i], e[j], strict=True)))
            rest = up[i] + up[j] - 2 * here + down[i] + down[j]
            hessian.append((both + neither - rest) / 2 * unit**2)
    return here, score, hessian


def _steps(k):
    return [[int(i == j) for j in range(k)] for i in range(k)]


def _to_both_sides(moved, k):
    e = _steps(k)
    return [moved(*row) for row in e], [moved(*(-b for b in row)) for row in e]
