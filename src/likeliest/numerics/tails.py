"""Incomplete gamma and beta functions in tails where SciPy's underflow or lose their digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.numerics.gamma import gammaln_difference
from likeliest.numerics.saddlepoint import deviance, stirling_error
from likeliest.numerics.special import HALF_LOG_TWO_PI, LOG_TWO, gammaln, polynomial, scipy_special

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.numerics.arrays import Array, Number

_UNDERFLOW = 1e-280
_LOG_UNDERFLOW = -700.0  # a little above where float64 ends
_ROUNDED = 1e-3  # the rounding of x then counts for 1e-13 of I_x(a, b) at most
_TINY_BETA = 1e-30  # below this SciPy's incomplete beta has lost digits in its powers
# SciPy's inverses of the incomplete beta stop at 2e-308, and in far tails they are NaN or wrong.
_TINY_ROOT = 1e-300
_TINY_TAIL = 1e-20
# With one parameter below and one above these SciPy's incomplete beta has but nine digits at times.
_LOPSIDED = (1e3, 1e4)
_TERMS = 2_000
_CONVERGED = 3e-16
_MOST_STEPS = 100  # of Newton's method; far out each halves the distance, near the root it squares
_LARGE = 2e4  # of a: from here on SciPy's lower tail loses digits, by 1e7 all of them


def gammainc(a: Number, x: Number) -> Array:
    """Regularised lower incomplete gamma function P(a, x), right in the lower tail of a large a."""
    columns, far = _far_below(a, x)
    value = scipy_special().gammainc(a, x)
    return _with(value, far, lambda *some: np.exp(_lower_fraction(*some)), columns)


def gammaincc(a: Number, x: Number) -> Array:
    """Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x)."""
    columns, far = _far_below(a, x)
    value = scipy_special().gammaincc(a, x)
    return _with(value, far, lambda *some: -np.expm1(_lower_fraction(*some)), columns)


def gammainc_inverse(a: Number, q: Number) -> Array:
    """Return the x at which P(a, x) = q."""
    columns = [np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(a, q)]
    value = scipy_special().gammaincinv(a, q)
    return _with(value, (columns[0] > _LARGE) & (columns[1] < 1e-3), _lower_root, columns)


def log_gammainc(a: Number, x: Number) -> Array:
    """Log of the regularised lower incomplete gamma function P(a, x)."""
    return _log(gammainc, _lower_fraction, a, x)


def log_gammaincc(a: Number, x: Number) -> Array:
    """Log of the regularised upper incomplete gamma function Q(a, x)."""
    return _log(gammaincc, _upper_fraction, a, x)


def betainc(a: Number, b: Number, x: Number, y: Number) -> Array:
    """Regularised incomplete beta function I_x(a, b), y being 1 - x to all its digits."""
    return np.exp(log_betainc(a, b, x, y))


def log_betainc(a: Number, b: Number, x: Number, y: Number) -> Array:
    """Log of the regularised incomplete beta function I_x(a, b), y being 1 - x to all digits."""
    return _log(_betainc, _beta_fraction, a, b, x, y, below=_TINY_BETA)


def betainc_inverse(a: Number, b: Number, q: Number) -> Array:
    """Return the x at which I_x(a, b) = q."""
    columns = [np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(a, b, q)]
    value = scipy_special().betaincinv(a, b, q)
    lacking = ~((value > _TINY_ROOT) & (columns[2] > _TINY_TAIL))
    return _with(value, lacking, lambda *some: _sigmoid(_beta_root(*some)), columns)


def betaincc_inverse(a: Number, b: Number, q: Number) -> Array:
    """Return the x at which 1 - I_x(a, b) = q."""
    columns = [np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(b, a, q)]
    value = scipy_special().betainccinv(a, b, q)
    lacking = ~((value > _TINY_ROOT) & (columns[2] > _TINY_TAIL))
    return _with(value, lacking, lambda *some: _sigmoid(-_beta_root(*some)), columns)


def _betainc(a: Array, b: Array, x: Array, y: Array) -> Array:
    special = scipy_special()
    # Where x has not the digits that y has: log I moves by at most a/(x y) times its rounding.
    other = (x > y) & (1.0 - x != y) & (y < _ROUNDED * a)
    value = _with(
        special.betainc(a, b, np.where(other, 0.5, x)),
        other,
        lambda a, b, _, y: 1.0 - special.betainc(b, a, y),
        columns := (a, b, x, y),
    )
    # SciPy's complement takes ten times as long.
    lost = other & (value < 0.5)
    value = _with(value, lost, lambda a, b, _, y: special.betaincc(b, a, y), columns)
    lopsided = (np.maximum(a, b) > _LOPSIDED[1]) & (np.minimum(a, b) < _LOPSIDED[0])
    return _with(value, lopsided, _betainc_by_fraction, columns)


def _betainc_by_fraction(a: Array, b: Array, x: Array, y: Array) -> Array:
    """Return I_x(a, b) from the tail on the side of the mean that x lies on."""
    below = b * x < a * y
    first, second = np.where(below, a, b), np.where(below, b, a)
    tail = _beta_fraction(first, second, np.where(below, x, y), np.where(below, y, x))
    return np.where(below, np.exp(tail), -np.expm1(tail))


def _log(
    function: Callable[..., Any],
    in_logs: Callable[..., Array],
    *arguments: Any,
    below: float = _UNDERFLOW,
) -> Array:
    """Return log(function), from `in_logs` where the function is tiny."""
    columns = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in arguments))
    value = np.asarray(function(*columns))
    with np.errstate(divide="ignore"):
        result = np.log(value)
    tiny = value < below
    if np.any(tiny):
        result = np.array(result)
        result[tiny] = in_logs(*(column[tiny] for column in columns))
    return result[()]


def _log_poisson(a: Array, x: Array) -> Array:
    """Return log of x^a exp(-x) / Γ(a + 1)."""
    return -deviance(a, x) - stirling_error(a) - HALF_LOG_TWO_PI - 0.5 * np.log(a)


def _far_below(a: Number, x: Number) -> tuple[list[Array], Any]:
    """Return a and x as arrays, and where SciPy's series for P(a, x) would need too many terms."""
    columns = [np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(a, x)]
    return columns, (columns[0] > _LARGE) & (columns[0] - columns[1] > 4.0 * np.sqrt(columns[0]))


def _with(value: Any, place: Any, function: Callable[..., Array], columns: Any) -> Array:
    """Return `value`, replaced by function(*columns) in some places."""
    if not np.any(place):
        return np.asarray(value)[()]
    result = np.array(value)
    result[place] = function(*(column[place] for column in columns))
    return result[()]


def _lower_fraction(a: Array, x: Array) -> Array:
    """Log P(a, x), x < a, by the continued fraction that for large a becomes that of Mills' ratio.

    P(a, x) = x^a e^(-x)/Γ(a) / (a - x + x/(a + 1 - x + 2x/(a + 2 - x + …))): an M-fraction,
    Cuyt et al. (2008), ch. 12.
    """

    def coefficients(n: int) -> tuple[Array, Array]:
        return n * x, a + n - x

    with np.errstate(all="ignore"):
        fraction = _log_poisson(a, x) + np.log(a) + np.log(lentz(a - x, coefficients))
        return np.where(x > 0, fraction, -np.inf)


def _lower_root(a: Array, q: Array) -> Array:
    """Solve P(a, x) = q for large a by Newton's method on log P, from Wilson & Hilferty (1931)."""
    z = scipy_special().ndtri(q)
    x = a * np.maximum(1.0 - 1.0 / (9.0 * a) + z / (3.0 * np.sqrt(a)), 0.1) ** 3
    for _ in range(6):
        log_p = log_gammainc(a, x)
        log_density = _log_poisson(a, x) + np.log(a / x)
        x = x - (log_p - np.log(q)) * np.exp(log_p - log_density)
    return x


def _upper_fraction(a: Array, x: Array) -> Array:
    """Q(a, x) by Legendre's continued fraction; Abramowitz & Stegun 6.5.31."""

    def coefficients(n: int) -> tuple[Array, Array]:
        return -n * (n - a), x + 2 * n + 1 - a

    with np.errstate(all="ignore"):
        return _log_poisson(a, x) + np.log(a) + np.log(lentz(x + 1 - a, coefficients))


def _beta_fraction(a: Array, b: Array, x: Array, y: Array) -> Array:
    """I_x(a, b) by the continued fraction of Didonato & Morris (1992), below the mean."""

    def coefficients(n: int) -> tuple[Array, Array]:
        m = a + 2 * n
        numerator = (a + n - 1) * (a + b + n - 1) * n * (b - n) * x * x / (m - 1) ** 2
        denominator = (
            n + n * (b - n) * x / (m - 1) + (a + n) * (a * y - b * x + 1 + n * (1 + y)) / (m + 1)
        )
        return numerator, denominator

    with np.errstate(all="ignore"):
        first = a * (a * y - b * x + 1) / (a + 1)
        fraction = _log_beta_front(a, b, x, y) + np.log(lentz(first, coefficients))
        return np.where(x > 0, fraction, -np.inf)


def _beta_root(a: Array, b: Array, q: Array) -> Array:
    """Solve I_x(a, b) = q for logit x by Newton's method on the log of the shorter tail.

    That is concave in logit x, and its leading term, a line, lies above it: from the line's root
    the steps climb to the root and never pass it.
    """
    upper = q > 0.5
    a, b = np.where(upper, b, a), np.where(upper, a, b)
    log_tail = np.where(upper, np.log1p(-q), np.log(q))
    logit = (log_tail + scipy_special().betaln(a, b) + np.log(a)) / a
    inside = logit > _LOG_UNDERFLOW  # below it the tail is its leading term
    for _ in range(_MOST_STEPS):
        x, y = _sigmoid(logit), _sigmoid(-logit)
        log_p = log_betainc(a, b, x, y)
        step = (log_p - log_tail) * np.exp(log_p - _log_beta_front(a, b, x, y))
        step = np.where(inside, step, 0.0)
        logit = logit - step
        if np.all(np.abs(step) <= 1e-15 * np.maximum(1.0, np.abs(logit))):
            break
    return np.where(upper, -logit, logit)


def _sigmoid(logit: Array) -> Array:
    # SciPy's own is 0 from a logit of -709 on, where there are still numbers to tell apart.
    return np.exp(np.minimum(logit, 0.0)) / (1.0 + np.exp(-np.abs(logit)))


def _log_beta_front(a: Array, b: Array, x: Array, y: Array) -> Array:
    """Return log of x^a y^b / B(a, b), in Loader's (2000) form."""
    n = a + b
    errors = stirling_error(n) - stirling_error(a) - stirling_error(b)
    peak = 0.5 * np.log(a / n * b) - HALF_LOG_TWO_PI
    return peak + errors - deviance(a, n * x) - deviance(b, n * y)


def lentz(first: Array, coefficients: Callable[[int], tuple[Array, Array]]) -> Array:
    """Return 1/(b0 + a1/(b1 + a2/(b2 + …))) by the modified method of Lentz (1976)."""
    tiny = 1e-300
    c, d, value = first, np.zeros_like(first), first
    done = np.zeros(np.shape(first), dtype=bool)
    for n in range(1, _TERMS):
        numerator, denominator = coefficients(n)
        d = denominator + numerator * d
        d = 1.0 / np.where(d == 0, tiny, d)
        c = denominator + numerator / np.where(c == 0, tiny, c)
        # One that has converged stays as it is, so that it does not depend on the others.
        value = np.where(done, value, value * c * d)
        done |= np.abs(c * d - 1.0) < _CONVERGED
        if done.all():
            break
    return 1.0 / value


def t_tail(df: Number, z: Array) -> Array:
    """P(T > z) of Student's t with `df` degrees of freedom."""
    return np.exp(log_t_tail(df, z))


def log_t_tail(df: Number, z: Array) -> Array:
    """log P(T > z) of Student's t with `df` degrees of freedom, in either tail."""
    df, z = (np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(df, z))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        beyond = _log_t_beyond(df, np.abs(z))
        return np.where(z > 0, beyond, np.log1p(-np.exp(beyond)))[()]


def _log_t_beyond(df: Array, z: Array) -> Array:
    """log P(T > z) for z ≥ 0."""
    normal = df >= _NORMAL_FROM
    if np.all(normal):
        return scipy_special().log_ndtr(-z)
    # The larger part of the work is in the rare far tail: no value goes there for nothing.
    scaled = z / np.sqrt(df)
    result = _log_t_near(df, scaled)
    away = ((scaled >= 1.0) | (result < _LOG_UNDERFLOW)) & (scaled < 1e100)
    for place, part in ((away, _log_t_far), (scaled >= 1e100, _log_t_power)):
        result = _with(result, place & ~normal, part, [df, scaled])
    return _with(result, normal, lambda _, x: scipy_special().log_ndtr(-x), [df, z])


def _log_t_near(df: Array, scaled: Array) -> Array:
    """Log of half of I_y(½, df/2)'s complement at y = z²/(df + z²), scaled being z/√df."""
    half, q = 0.5 * df, np.minimum(scaled, 1.0) ** 2
    # SciPy's betaincc loses digits near 1, for df = 1, where the other side has them.
    x, special = q / (1.0 + q), scipy_special()
    middle = special.betainc(0.5, half, x)
    columns = [half, x]
    outer = _with(
        np.log1p(-middle), middle >= 0.5, lambda h, x: np.log(special.betaincc(0.5, h, x)), columns
    )
    return outer - LOG_TWO


def _log_t_far(df: Array, scaled: Array) -> Array:
    """Log of half of I_x(df/2, ½) at x = df/(df + z²)."""
    half, q = 0.5 * df, scaled * scaled
    return log_betainc(half, np.full_like(half, 0.5), 1.0 / (1.0 + q), q / (1.0 + q)) - LOG_TWO


def _log_t_power(df: Array, scaled: Array) -> Array:
    """Return the tail where it is a power of z to rounding."""
    return df * (t_tail_scale(df) - np.log(scaled) - 0.5 * np.log(df))


def t_tail_scale(df: Number) -> Array:
    """Log of the c for which P(T > z) tends to (c/z)^df as z → ∞."""
    # ½ x^a / (a B(a, ½)) with a = df/2 and x = df/z².
    half = 0.5 * df
    return (
        0.5 * np.log(df) + (gammaln_difference(half, 0.5) - gammaln(0.5) - np.log(2.0 * half)) / df
    )


_NORMAL_FROM = 1e17  # beyond this the t is the normal, to rounding, wherever it does not underflow


def mills(z: Array) -> Array:
    """Mills' ratio (1 - Φ(z))/φ(z) of the standard normal."""
    return np.sqrt(0.5 * np.pi) * scipy_special().erfcx(z / np.sqrt(2.0))


def log_sum_of_mills(inner: Array, half: Array) -> Array:
    """Log of Φ(inner) + exp((outer² - inner²)/2) Φ(-outer), outer = inner + 2 half > |inner|.

    This is the inverse Gaussian's lower tail.
    """
    second = -0.5 * inner * inner - HALF_LOG_TWO_PI + np.log(mills(inner + 2.0 * half))
    return np.logaddexp(scipy_special().log_ndtr(inner), second)


def log_difference_of_mills(inner: Array, half: Array) -> Array:
    """Log of Φ(-inner) - exp((outer² - inner²)/2) Φ(-outer), outer = inner + 2 half > |inner|.

    This is the inverse Gaussian's upper tail: φ(inner) times the fall of Mills' ratio from
    `inner` to `outer`.

    Source: Giner & Smyth (2016), with the fall integrated where it is a small difference.
    """
    columns = np.broadcast_arrays(inner, half)
    inner, half = columns
    with np.errstate(all="ignore"):
        close = (inner > -1.0) & (2.0 * half < np.maximum(1.0, 0.3 * inner))
        fall = _with(mills(inner) - mills(inner + 2.0 * half), close, _fall_of_mills, columns)
        beyond = -0.5 * inner * inner - HALF_LOG_TWO_PI + np.log(fall)
        return _with(beyond, ~close & (inner <= 0), _log_difference_below, columns)


def _log_difference_below(inner: Array, half: Array) -> Array:
    """Return the same where most lies above, from what lies below."""
    return np.log1p(-np.exp(log_sum_of_mills(inner, half)))


def _fall_of_mills(inner: Array, half: Array) -> Array:
    """Integrate -M'(z) = 1 - z M(z), M being Mills' ratio, from `inner` over twice `half`."""
    z = inner[..., None] + half[..., None] * (1.0 + _NODES)
    return np.sum(mills_fall(z) * _NODE_WEIGHTS, axis=-1) * half


def mills_fall(z: Array) -> Array:
    """Return 1 - z M(z), M being Mills' ratio: how fast that falls at z."""
    near, s = np.minimum(z, _ASYMPTOTIC), 1.0 / np.maximum(z, _ASYMPTOTIC) ** 2
    return np.where(z < _ASYMPTOTIC, 1.0 - near * mills(near), s * polynomial(s, _SERIES))


_ASYMPTOTIC = 30.0
# 1 - z M(z) = z⁻² - 3 z⁻⁴ + 15 z⁻⁶ - …: Abramowitz & Stegun 26.2.12.
_SERIES = (1.0, -3.0, 15.0, -105.0, 945.0, -10395.0, 135135.0, -2027025.0)
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)
