"""Write truncation.json: log likelihoods of single rows far in the tails, in 100 digits.

    python scripts/truncation.py

Run from tests/published in an environment that has mpmath. Bounds are found where a tail has the
probability wanted, and rounded to float64 before anything is computed from them. The rows are

- value: a value seen because it lies beyond an entry (below an exit);
- window: a value between an entry and an exit that hold a 1e-3 or 1e-6 part of the tail, or all
  but a 1e-3 part;
- open: a right-censored (left-censored) row beyond an entry (below an exit);
- cell, cell seen: an interval with half of a tail's probability, as it is and truncated;
- thin, thin seen: an interval that is 1e-9 of the distance between the quartiles wide, likewise;
- sample: five values, each 200,000 times, beyond an entry (below an exit): sums that cancel.

Gradients and Hessians are by the parameters, in their order, from central differences with steps
of 1e-25 of a parameter.
"""

import json
import multiprocessing
import sys
from pathlib import Path

from mpmath import inf, mp, mpf

HERE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE.parent), str(HERE / "scripts")]

from polish import COUNTS, REALS, log_between, say, tails  # noqa: E402

from truth import LOG_DENSITY  # noqa: E402

mp.dps = 100
DIGITS = mpf(10) ** -25
PROBABILITIES = (1e-3, 1e-40, 1e-200)
MEMBERS = [
    ("normal", {"mean": 0.0, "std": 1.0}),
    ("normal", {"mean": 1000.0, "std": 0.25}),
    ("lognormal", {"log_mean": 0.5, "log_std": 1.25}),
    ("exponential", {"rate": 0.75}),
    ("weibull", {"shape": 1.75, "scale": 3.0}),
    ("weibull", {"shape": 4.5, "scale": 100.0}),
    ("gamma", {"shape": 2.5, "scale": 3.0}),
    ("gamma", {"shape": 60.0, "scale": 0.5}),
    ("beta", {"alpha": 3.25, "beta": 14.5}),
    ("logistic", {"loc": -2.0, "scale": 1.5}),
    ("loglogistic", {"shape": 3.5, "scale": 2.0}),
    ("gumbel", {"loc": 4.0, "scale": 2.5}),
    ("student t", {"df": 4.0, "loc": 0.0, "scale": 1.0}),
    ("student t", {"df": 30.0, "loc": 10.0, "scale": 2.0}),
    ("cauchy", {"loc": 1.0, "scale": 2.0}),
    ("laplace", {"loc": 1.0, "scale": 2.0}),
    ("inverse gaussian", {"mean": 2.0, "shape": 3.0}),
    ("pareto", {"shape": 2.5, "scale": 2.0}),
    ("rayleigh", {"scale": 2.0}),
    ("poisson", {"rate": 3.5}),
    ("poisson", {"rate": 600.0}),
    ("geometric", {"prob": 0.125}),
    ("negative binomial", {"mean": 6.0, "dispersion": 0.4}),
]


class UnreachableError(Exception):
    """No float64 stands where the tail has this probability."""


def log_tail(family, x, parameters, upper):
    if family == "pareto" and x <= parameters[1]:
        return mpf(0) if upper else -inf
    tail = tails(family, mpf(x), parameters)[int(upper)]
    return mp.log(tail) if tail > 0 else -inf


def quantile(family, parameters, log_p, upper):
    """Return the float64 whose tail's log probability is nearest to log_p."""
    with mp.workdps(40):
        return _quantile(family, parameters, log_p, upper)


def _quantile(family, parameters, log_p, upper):
    lowest = {"gumbel": -1e3}.get(family, -1e300) if family in REALS else 0.0
    highest = {"beta": 1.0}.get(family, 4000.0 if family in COUNTS else 1e300)
    low, high = mpf(lowest), mpf(highest)
    whole = family in COUNTS
    while True:
        # Halve by exponent far from zero, plainly near it.
        if not whole and low > 0 and high / low > 4:
            middle = mp.sqrt(low * high)
        elif not whole and high < 0 and low / high > 4:
            middle = -mp.sqrt(low * high)
        elif not whole and low == 0 and high > mpf(10) ** -290:
            middle = min(high / 2, mp.sqrt(high * mpf(10) ** -290))
        elif not whole and low < -1 and high > 1:
            middle = mpf(0)
        elif not whole and low < -1 and high == 0:
            middle = mpf(-1)
        elif not whole and low == 0:
            middle = high / 2
        else:
            middle = (low + high) / 2
        middle = mp.floor(middle) if whole else mpf(float(middle))
        if middle in (low, high):
            break
        far = log_tail(family, middle, parameters, upper) < log_p
        low, high = (low, middle) if far == upper else (middle, high)
    x = float(high if upper else low)
    got = log_tail(family, x, parameters, upper)
    if abs(got - log_p) > (3 if whole else 0.5) or x in (lowest, highest, 0.0):
        raise UnreachableError
    return x


def log_likelihood(family, row, parameters):
    """Return the log likelihood of a row, what was seen less that it was seen, and Σ|terms|."""
    if "values" in row:
        terms = [
            w * LOG_DENSITY[family](mpf(x), *parameters)
            for x, w in zip(row["values"], row["weights"], strict=True)
        ]
    elif row["lower"] == row["upper"]:
        terms = [LOG_DENSITY[family](mpf(row["lower"]), *parameters)]
    else:
        terms = [between(family, row["lower"], row["upper"], parameters)]
    if "entry" in row or "exit" in row:
        seen = between(family, row.get("entry"), row.get("exit"), parameters)
        terms.append(-sum(row.get("weights", [1])) * seen)
    return mp.fsum(terms), mp.fsum(abs(t) for t in terms)


def between(family, low, high, parameters):
    low, high = -inf if low is None else mpf(low), inf if high is None else mpf(high)
    if family == "pareto" and low <= parameters[1]:
        low = -inf
        if high == inf:
            return mpf(0)
    return log_between(family, low, high, parameters)


def derivatives(family, row, parameters):
    k = len(parameters)
    h = [DIGITS * max(abs(p), mpf(1) / 1000) for p in parameters]

    def at(*moves):
        moved = list(parameters)
        for i, sign in moves:
            moved[i] += sign * h[i]
        return log_likelihood(family, row, moved)[0]

    here = at()
    gradient, hessian = [], [[0.0] * k for _ in range(k)]
    for i in range(k):
        up, down = at((i, 1)), at((i, -1))
        gradient.append(float((up - down) / (2 * h[i])))
        hessian[i][i] = float((up - 2 * here + down) / h[i] ** 2)
        for j in range(i):
            mixed = (
                at((i, 1), (j, 1))
                - at((i, 1), (j, -1))
                - at((i, -1), (j, 1))
                + at((i, -1), (j, -1))
            )
            hessian[i][j] = hessian[j][i] = float(mixed / (4 * h[i] * h[j]))
    return gradient, hessian


def rows(family, parameters, p, upper):
    """Yield the rows of one tail of probability p."""
    logs = mp.log(mpf(p))

    def part(share):
        return quantile(family, parameters, logs + mp.log(mpf(share)), upper)

    def turned(what, near, far, edge, end):
        # near, far: the value's bounds; edge, end: those within which it is seen.
        lower, upper_, entry, exit_ = (near, far, edge, end) if upper else (far, near, end, edge)
        row = {"what": what, "lower": lower, "upper": upper_, "entry": entry, "exit": exit_}
        return {k: v for k, v in row.items() if v is not None or k in {"lower", "upper"}}

    whole = family in COUNTS
    edge = part(1)
    half = part("0.5")
    if whole and upper:  # more than the entry
        half = max(half, edge + 1.0)
    yield turned("value", half, half, edge, None)
    if p < 1e-30:
        values = [part(share) for share in ("0.9", "0.7", "0.5", "0.3", "0.1")]
        values = [max(v, edge + 1.0) for v in values] if whole and upper else values
        ends = {"entry": edge} if upper else {"exit": edge}
        yield {"what": "sample", "values": values, "weights": [200_000] * 5, **ends}
    yield turned("open", half, None, edge, None)
    if edge != half:
        yield turned("cell", edge, half, None, None)
    quarter = part("0.25")
    if half < quarter if upper else quarter < half:
        yield turned("cell seen", half, quarter, edge, None)
    if whole:
        more = half + 1.0 if upper else half - 1.0
        yield turned("thin", half, more, None, None)
        yield turned("thin seen", half, more, edge, None)
        yield turned("window", half, half, edge, part("0.001"))
        return
    spread = quantile(family, parameters, mp.log(mpf("0.25")), True) - quantile(
        family, parameters, mp.log(mpf("0.25")), False
    )
    width = min(1e-9 * spread, 1e-6 * abs(half - edge))
    thin = half + width if upper else half - width
    if thin != half:
        yield turned("thin", half, thin, None, None)
        yield turned("thin seen", half, thin, edge, None)
    for share in ("0.001", "0.999", "0.999999"):
        end = part(share)
        inside = edge + (end - edge) / 2
        if min(edge, end) < inside < max(edge, end):
            yield turned("window", inside, inside, edge, end)


def of_tail(job):
    """Return the rows of one member, tail and probability, with what they come to."""
    family, named, upper, p = job
    parameters = [mpf(v) for v in named.values()]
    out = []
    try:
        for row in rows(family, parameters, p, upper):
            value, size = log_likelihood(family, row, parameters)
            made = {**row, "log_likelihood": float(value), "terms": float(size)}
            if p < 1e-30 and row["what"] in {"value", "open"}:
                made["gradient"], made["hessian"] = derivatives(family, row, parameters)
            out.append(made)
    except UnreachableError:
        pass
    return out


def main():
    members = []
    lines = []
    with multiprocessing.Pool(2) as pool:
        for family, named in MEMBERS:
            jobs = [(family, named, upper, p) for upper in (True, False) for p in PROBABILITIES]
            made = [row for tail in pool.map(of_tail, jobs, 1) for row in tail]
            members.append(made)
            head = json.dumps({"family": family, "parameters": named})[:-1]
            body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in made)
            lines.append(f'{head}, "rows": [\n{body}\n]}}')
    text = "[\n" + ",\n".join(lines) + "\n]\n"
    (HERE / "truncation.json").write_text(text, encoding="utf-8")
    everything = [row for made in members for row in made]
    derived = sum("gradient" in row for row in everything)
    say(f"{len(everything)} rows, {derived} with derivatives")


if __name__ == "__main__":
    main()
