"""Climb from each case's oracle to the maximum in 40 digits, and write it into cases.json.

    python scripts/polish.py [NAME ...]

Run from tests/published after packages.R, in an environment that has mpmath. The densities and
tails are those of tests/truth.py, and so neither R's nor the library's. Each case gets under
"maximum" its estimates, log likelihood, sum of |terms|, and standard errors from the observed
information; how far the package stopped below is printed.
"""

import json
import multiprocessing
import sys
from collections import Counter
from pathlib import Path

from mpmath import inf, matrix, mp, mpf

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE.parent))

from truth import LOG_DENSITY, LOWER, UPPER  # noqa: E402

mp.dps = 40
COUNTS = {"poisson", "geometric", "negative binomial"}
REALS = {"gev", "normal", "logistic", "gumbel", "laplace", "cauchy", "student t"}
STEP = mpf(10) ** -11


def rows_of(data):
    """Return the distinct rows (low, high, entry, exit) of a data set with their weights."""
    if "values" in data:
        low = high = data["values"]
    elif "time" in data:
        low = data["time"]
        high = [t if e else inf for t, e in zip(low, data["event"], strict=True)]
    else:
        low = [-inf if v is None else v for v in data["lower"]]
        high = [inf if v is None else v for v in data["upper"]]
    n = len(low)

    def full(name, otherwise):
        given = data.get(name, otherwise)
        given = given if isinstance(given, list) else [given] * n
        return [otherwise if v is None else v for v in given]

    rows = Counter()
    for *row, weight in zip(
        low, high, full("entry", -inf), full("exit", inf), full("weights", 1), strict=True
    ):
        rows[tuple(mpf(v) for v in row)] += mpf(weight)
    return {row: weight for row, weight in rows.items() if weight}


def tails(family, x, parameters):
    """Return P(X ≤ x) and P(X > x)."""
    if x == inf:
        return mpf(1), mpf(0)
    if x == -inf or (family in COUNTS and x < 0) or (family not in REALS | COUNTS and x <= 0):
        return mpf(0), mpf(1)
    if family == "beta" and x >= 1:
        return mpf(1), mpf(0)
    x = mp.floor(x) if family in COUNTS else x
    return LOWER[family](x, *parameters), UPPER[family](x, *parameters)


def log_between(family, low, high, parameters):
    """Return log P(low < X ≤ high)."""
    below, above = tails(family, low, parameters), tails(family, high, parameters)
    return mp.log(above[0] - below[0] if below[0] < mpf(1) / 2 else below[1] - above[1])


def terms(rows, family, parameters):
    """Return each row's weighted log likelihood."""
    seen = {}
    out = []
    for (low, high, entry, exit_), weight in rows.items():
        if low == high:
            term = LOG_DENSITY[family](low, *parameters)
        else:
            term = log_between(family, low, high, parameters)
        if (entry, exit_) != (-inf, inf):
            if (entry, exit_) not in seen:
                seen[entry, exit_] = log_between(family, entry, exit_, parameters)
            term -= seen[entry, exit_]
        out.append(weight * term)
    return out


def expansion(f, u):
    """Return value, gradient and Hessian of f at u by central differences."""
    k = len(u)
    h = [STEP * max(abs(v), mpf(10) ** -6) for v in u]

    def at(*moves):
        v = list(u)
        for i, sign in moves:
            v[i] += sign * h[i]
        return f(v)

    value = f(u)
    gradient, hessian = matrix(k, 1), matrix(k, k)
    for i in range(k):
        up, down = at((i, 1)), at((i, -1))
        gradient[i] = (up - down) / (2 * h[i])
        hessian[i, i] = (up - 2 * value + down) / h[i] ** 2
        for j in range(i):
            mixed = (
                at((i, 1), (j, 1))
                - at((i, 1), (j, -1))
                - at((i, -1), (j, 1))
                + at((i, -1), (j, -1))
            )
            hessian[i, j] = hessian[j, i] = mixed / (4 * h[i] * h[j])
    return value, gradient, hessian


def climb(f, u):
    """Return the maximum of f near u by Newton's method, with the information there."""
    for _ in range(60):
        value, gradient, hessian = expansion(f, u)
        step = mp.lu_solve(-hessian, gradient)
        ascent = sum(step[i] * gradient[i] for i in range(len(u)))
        if ascent < 0:  # not concave here: up the slope instead
            step = matrix([g * max(abs(v), 1) ** 2 for g, v in zip(gradient, u, strict=True)])
            step *= mpf("0.05") / max(abs(s / max(abs(v), 1)) for s, v in zip(step, u, strict=True))
        size = mpf(1)
        while True:
            new = [v + size * s for v, s in zip(u, step, strict=True)]
            try:
                if mp.im(got := f(new)) == 0 and got >= value - mpf(10) ** -30:
                    break
            except (ValueError, TypeError):  # a parameter below 0
                pass
            size /= 4
            if size < mpf(10) ** -12:
                return value, u, -hessian, False
        u = new
        if 0 <= ascent < mpf(10) ** -26:
            break
    else:
        return value, u, -hessian, False
    return f(u), u, -expansion(f, u)[2], True


def polish(case):
    """Return the case's maximum, or None where the climb does not end."""
    data = json.loads((HERE / "data" / f"{case['data']}.json").read_text(encoding="utf-8"))
    rows, family, fixed = rows_of(data), case["family"], case.get("fixed", {})
    start = {k: mpf(v) for k, v in case["oracle"]["estimates"].items()}
    limit = {k: mpf(v) for k, v in case.get("limit", {}).items()}
    fixed = {**fixed, **limit}
    free = [k for k in start if k not in fixed]

    def likelihood(held):
        names = [k for k in free if k not in held]

        def f(u):
            values = {**start, **fixed, **held, **dict(zip(names, u, strict=True))}
            return mp.fsum(terms(rows, family, [mpf(values[k]) for k in start]))

        return f, names

    held, level = {}, {}
    if family == "laplace" and any(low == high for low, high, *_ in rows):
        values = sorted({r[0] for r in rows if r[0] == r[1]}, key=lambda v: abs(v - start["loc"]))
        held, level = corner(values[:9], likelihood, start)
    f, names = likelihood(held)
    try:
        value, u, information, ended = climb(f, [start[k] for k in names])
    except ZeroDivisionError:  # level to 40 digits
        return None
    if not ended:
        return None
    covariance = information**-1
    errors = {k: mp.sqrt(covariance[i, i]) for i, k in enumerate(names)}
    estimates = {**start, **fixed, **held, **dict(zip(names, u, strict=True))}
    size = mp.fsum(abs(t) for t in terms(rows, family, [mpf(estimates[k]) for k in start]))
    return {
        "estimates": {k: case["limit"][k] if k in limit else float(estimates[k]) for k in start},
        "errors": {k: float(errors[k]) if k in errors else None for k in start},
        "log_likelihood": float(value),
        "terms": float(size),
        **({"level": level} if level else {}),
    }


def corner(values, likelihood, start):
    """Return the value on which a Laplace location stands, and the ends of a level stretch."""
    reached = {}
    for loc in values:
        f, names = likelihood({"loc": loc})
        reached[loc] = climb(f, [start[k] for k in names])[0]
    top = max(reached.values())
    best = sorted(loc for loc, value in reached.items() if top - value < mpf(10) ** -20)
    return {"loc": best[0]}, {"loc": [float(v) for v in best]} if len(best) > 1 else {}


def say(text):
    """Report on the way."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def compared(case):
    """Say how far below the maximum the package stopped."""
    maximum, package = case["maximum"], case["oracle"]
    gap = maximum["log_likelihood"] - package["log_likelihood"]
    away = [
        abs(maximum["estimates"][k] - package["estimates"][k]) / error
        for k, error in maximum["errors"].items()
        if error
    ]
    return f"package {gap:.2e} below, {max(away, default=0.0):.1e} errors away"


def write(cases):
    """Write cases.json, one line a case."""
    lines = ",\n".join(json.dumps(c, ensure_ascii=False, separators=(",", ":")) for c in cases)
    (HERE / "cases.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main():
    """Polish the cases named, or all."""
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    names = [f"{c['data']} {c['family']}" for c in cases]
    wanted = [c for c, n in zip(cases, names, strict=True) if n in (sys.argv[1:] or names)]
    with multiprocessing.Pool(2) as pool:
        for case, maximum in zip(wanted, pool.imap(polish, wanted), strict=True):
            name = f"{case['data']} {case['family']}"
            if maximum is None:
                say(f"{name}: no maximum found from {case['oracle']}")
                continue
            case["maximum"] = maximum
            say(f"{name}: {maximum['log_likelihood']:.9f}, {compared(case)}")
    write(cases)


if __name__ == "__main__":
    main()
