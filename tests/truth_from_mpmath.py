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
    ],
    "quakes$mag": ["dagum", "moyal", "levy", "half-cauchy"],
    "swiss$Agriculture / 100": ["logit-normal", "kumaraswamy"],
    "waves": ["f"],
    "discoveries": [
        "discrete weibull",
        "generalized poisson",
        "conway-maxwell-poisson",
        "poisson-inverse gaussian",
    ],
    "toxocara_infested": ["logarithmic", "zeta", "yule-simon"],
}


def maximum(values, name):
    """Return estimates, standard errors and log likelihood at the top."""
    exact = [mpf(float(v)) for v in values]
    start = lk.fit(values, name).parameters

    def f(u):
        return mp.fsum(LOG_DENSITY[name](x, *u) for x in exact)

    value, u, information, ended = climb(f, [mpf(v) for v in start.values()])
    if not ended:
        raise ValueError(f"no maximum of {name}")
    covariance = information**-1
    errors = [mp.sqrt(covariance[i, i]) for i in range(len(u))]
    return {
        "estimates": dict(zip(start, map(float, u), strict=True)),
        "errors": dict(zip(start, map(float, errors), strict=True)),
        "log_likelihood": float(value),
    }


if __name__ == "__main__":
    found = {
        data: {name: maximum(values_of(data), name) for name in names}
        for data, names in FITS.items()
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
