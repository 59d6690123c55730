"""Maxima of families that R's own packages lack, for tests/fitting/test_against_r.py.

    python tests/truth_from_mpmath.py > tests/truth/mpmath.json

The data are R's, as tests/truth/r.json has them. Each maximum is climbed to in 40 digits on the
densities of tests/truth.py; standard errors are from the observed information there. A fit only
says where to set out from.
"""

import json
import sys
from pathlib import Path

from mpmath import mp, mpf

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "published" / "scripts"))

from polish import climb  # noqa: E402

import likeliest as lk  # noqa: E402
from truth import LOG_DENSITY  # noqa: E402


def values_of(name):
    """Return a data set of R, or of tests/published."""
    of_r = json.loads((HERE / "truth" / "r.json").read_text(encoding="utf-8"))
    if name in of_r:
        return of_r[name]["values"]
    path = HERE / "published" / "data" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["values"]


FITS = {
    "rivers": [
        "gev",
        "generalized pareto",
        "burr",
        "frechet",
        "inverse gamma",
        "half-normal",
        "exponentially modified gaussian",
        "bounded pareto",
        "log-uniform",
        "log-pearson iii",
    ],
    "faithful$eruptions": ["chi2", "half-normal", "gompertz", "chi"],
    "precip": [
        "gev",
        "gompertz",
        "inverse gamma",
        "frechet",
        "chi2",
        "birnbaum-saunders",
        "nakagami",
        "folded normal",
    ],
    "attenu$accel": ["generalized pareto", "half-normal", "beta prime"],
    "danish_fires": ["lomax", "frechet"],
    "airquality$Wind": [
        "gev",
        "burr",
        "gompertz",
        "chi2",
        "exponentiated weibull",
        "generalized gamma",
        "rice",
    ],
    "nhtemp": [
        "skew normal",
        "log-gamma",
        "gev",
        "gumbel of minima",
        "hyperbolic secant",
        "moyal",
        "maxwell",
        "generalized logistic",
        "asymmetric laplace",
        "weibull of maxima",
        "pearson iii",
    ],
    "InsectSprays$count": ["tweedie", "skellam"],
    "quakes$mag": ["dagum", "moyal", "levy", "half-cauchy"],
    "swiss$Agriculture / 100": ["logit-normal", "kumaraswamy", "von mises", "wrapped cauchy"],
    "waves": ["f"],
    "discoveries": [
        "discrete weibull",
        "generalized poisson",
        "conway-maxwell-poisson",
        "poisson-inverse gaussian",
        "discrete uniform",
    ],
    "newcomb": ["johnson su"],
    "toxocara_infested": ["logarithmic", "zeta", "yule-simon"],
}


ENDS = {"bounded pareto", "discrete uniform", "log-uniform"}
"""Of which the likeliest ends are the least and the greatest value."""

KINKED = {"asymmetric laplace": "loc"}
"""Of which the likelihood has corners: at each value of the data, in this parameter.

At the least and the greatest value it only rises towards a limit.
"""


def held(values, name):
    """Return the parameters that lie at a corner of the likelihood, by each corner."""
    if name in ENDS:
        return [{"low": min(values), "high": max(values)}]
    return [{KINKED[name]: v} for v in sorted(set(values))[1:-1]] if name in KINKED else [{}]


def top(values, name, start, corner):
    """Return value, estimates and information at the top, with a corner's parameters held."""
    free = [p for p in start if p not in corner]

    def f(u):
        member = {**corner, **dict(zip(free, u, strict=True))}
        return mp.fsum(LOG_DENSITY[name](x, *(member[p] for p in start)) for x in values)

    if not free:
        return f([]), corner, None
    value, u, information, ended = climb(f, [mpf(start[p]) for p in free])
    if not ended:
        raise ValueError(f"no maximum of {name}")
    return value, {**corner, **dict(zip(free, u, strict=True))}, information


def outer_products(values, name, member):
    """Return the sum of outer products of the rows' scores; at a corner that from the left."""
    at = [mpf(v) for v in member]

    def score(x, i):
        density = LOG_DENSITY[name]
        return mp.diff(lambda v: density(x, *at[:i], v, *at[i + 1 :]), at[i], direction=-1)

    rows = mp.matrix([[score(x, i) for i in range(len(at))] for x in values])
    return rows.T * rows


def maximum(values, name):
    """Return estimates, standard errors and log likelihood at the top."""
    exact = [mpf(float(v)) for v in values]
    start = lk.fit(values, name).parameters
    value, member, information = max(
        (top(exact, name, start, corner) for corner in held(exact, name)), key=lambda t: t[0]
    )
    curved = [p for p in start if name not in ENDS or p not in {"low", "high"}]
    if name in KINKED:
        information = outer_products(exact, name, [member[p] for p in start])
    errors = dict.fromkeys(start)
    if curved:
        covariance = information**-1
        errors |= {p: float(mp.sqrt(covariance[i, i])) for i, p in enumerate(curved)}
    return {
        "estimates": {p: float(member[p]) for p in start},
        "errors": errors,
        "log_likelihood": float(value),
    }


if __name__ == "__main__":
    found = {
        data: {name: maximum(values_of(data), name) for name in names}
        for data, names in FITS.items()
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
