"""Cross entropy in high precision, and the cases that it is tried on."""

import mpmath
import numpy as np

MARGINS = tuple(range(0, 91, 3))

OPTIONS = {
    "plain": {},
    "smoothed": {"label_smoothing": 0.1},
    "z-loss": {"z_loss": 1e-2},
    "capped": {"soft_cap": 5.0},
    "tempered": {"temperature": 0.7},
    "all": {"label_smoothing": 0.2, "z_loss": 1e-3, "soft_cap": 8.0, "temperature": 1.5},
}


def at_margin(margin, classes, dtype, seed=0):
    """Return logits whose first class leads by a margin, give or take."""
    z = np.random.default_rng(seed).normal(size=classes)
    z[0] = z[1:].max() + margin
    return z.astype(dtype)


def nll(z, t):
    """Return the negative log likelihood of class t, and its gradient by z."""
    with mpmath.workdps(60):
        odds = [mpmath.exp(mpmath.mpf(float(v)) - mpmath.mpf(float(z[t]))) for v in z]
        others = mpmath.fsum(odds) - 1
        slopes = [o / (1 + others) for o in odds]
        slopes[t] = -others / (1 + others)
        return mpmath.log1p(others), slopes


def objective(
    z, t, weight=None, *, label_smoothing=0.0, z_loss=0.0, soft_cap=None, temperature=1.0
):
    """Return a row's loss as it is defined, of mpmath numbers or of what becomes one."""
    z = [mpmath.mpf(v) if isinstance(v, mpmath.mpf) else mpmath.mpf(float(v)) for v in z]
    if soft_cap is not None:
        z = [soft_cap * mpmath.tanh(v / soft_cap) for v in z]
    z = [v / mpmath.mpf(temperature) for v in z]
    w = [mpmath.mpf(1)] * len(z) if weight is None else [mpmath.mpf(float(v)) for v in weight]
    total = mpmath.log(mpmath.fsum(mpmath.exp(v) for v in z))
    asked = [mpmath.mpf(label_smoothing) / len(z)] * len(z)
    asked[t] += 1 - mpmath.mpf(label_smoothing)
    terms = (a * b * (total - v) for a, b, v in zip(asked, w, z, strict=True))
    return mpmath.fsum(terms) + mpmath.mpf(z_loss) * total**2


def slope(z, t, weight=None, **options):
    """Return the gradient of a row's loss by finite differences in high precision."""
    with mpmath.workdps(50):
        step, result = mpmath.mpf(10) ** -20, []
        z = [mpmath.mpf(float(v)) for v in z]
        for i in range(len(z)):
            up, down = list(z), list(z)
            up[i], down[i] = z[i] + step, z[i] - step
            ends = [objective(v, t, weight, **options) for v in (up, down)]
            result.append(float((ends[0] - ends[1]) / (2 * step)))
        return np.array(result)
