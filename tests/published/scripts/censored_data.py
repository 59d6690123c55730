"""Add what SciPy's fits of censored data reach to cases.json, under "scipy".

    python scripts/censored_data.py

Run from tests/published after polish.py. SciPy takes values, left-, right- and interval-censored,
without weights or truncation. Its log likelihood is computed at its estimates in 40 digits.
"""

import json
import warnings

import numpy as np
import scipy
from mpmath import inf, mp, mpf
from polish import HERE, rows_of, say, terms, write
from scipy import stats

# SciPy's distribution, what it is told to hold, and our parameters from its.
LAWS = {
    "normal": (stats.norm, {}, lambda loc, scale: (loc, scale)),
    "lognormal": (stats.lognorm, {"floc": 0}, lambda s, loc, scale: (np.log(scale), s)),
    "exponential": (stats.expon, {"floc": 0}, lambda loc, scale: (1 / scale,)),
    "weibull": (stats.weibull_min, {"floc": 0}, lambda c, loc, scale: (c, scale)),
    "gamma": (stats.gamma, {"floc": 0}, lambda a, loc, scale: (a, scale)),
    "beta": (stats.beta, {"floc": 0, "fscale": 1}, lambda a, b, loc, scale: (a, b)),
    "logistic": (stats.logistic, {}, lambda loc, scale: (loc, scale)),
    "loglogistic": (stats.fisk, {"floc": 0}, lambda c, loc, scale: (c, scale)),
    "gumbel": (stats.gumbel_r, {}, lambda loc, scale: (loc, scale)),
    "laplace": (stats.laplace, {}, lambda loc, scale: (loc, scale)),
    "cauchy": (stats.cauchy, {}, lambda loc, scale: (loc, scale)),
    "rayleigh": (stats.rayleigh, {"floc": 0}, lambda loc, scale: (scale,)),
    "inverse gaussian": (stats.invgauss, {"floc": 0}, lambda m, loc, scale: (m * scale, scale)),
}
MOST = 1_000  # rows: SciPy climbs without derivatives


def censored(rows):
    """Return the rows as SciPy's CensoredData, each as often as it weighs."""
    kinds = {"uncensored": [], "left": [], "right": [], "interval": []}
    for (low, high, *_), weight in rows.items():
        many = int(weight)
        if low == high:
            kinds["uncensored"] += [float(low)] * many
        elif low == -inf:
            kinds["left"] += [float(high)] * many
        elif high == inf:
            kinds["right"] += [float(low)] * many
        else:
            kinds["interval"] += [(float(low), float(high))] * many
    kinds["interval"] = np.reshape(kinds["interval"], (-1, 2))
    return stats.CensoredData(**kinds)


def fit_of(case):
    data = json.loads((HERE / "data" / f"{case['data']}.json").read_text(encoding="utf-8"))
    known = case["family"] in LAWS and "fixed" not in case and "maximum" in case
    if not known or {"entry", "exit"} & set(data) or data["kind"] in {"exact", "weights"}:
        return None
    rows = rows_of(data)
    if sum(rows.values()) > MOST:
        return None
    law, held, ours = LAWS[case["family"]]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = ours(*law.fit(censored(rows), **held))
        except Exception as error:  # noqa: BLE001 - what SciPy cannot fit is no oracle
            say(f"{case['data']} {case['family']}: {error!r}")
            return None
    names = list(case["maximum"]["estimates"])
    value = mp.fsum(terms(rows, case["family"], [mpf(float(v)) for v in found]))
    call = ", ".join(
        [f"stats.{law.name}.fit(CensoredData(...)", *(f"{k}={v}" for k, v in held.items())]
    )
    return {
        "by": f"scipy {scipy.__version__}: {call})",
        "estimates": {k: float(v) for k, v in zip(names, found, strict=True)},
        "log_likelihood": float(value),
    }


def main():
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    for case in cases:
        case.pop("scipy", None)
        found = fit_of(case)
        if found:
            case["scipy"] = found
            gap = case["maximum"]["log_likelihood"] - found["log_likelihood"]
            say(f"{case['data']} {case['family']}: SciPy {gap:.2e} below")
    write(cases)


if __name__ == "__main__":
    main()
