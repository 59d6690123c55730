"""Write unbounded.json: published data under which a family's likelihood has no maximum.

    python scripts/unbounded.py

Run from tests/published in an environment that has mpmath. Each entry says which way the
likelihood rises and the value that it rises to, which no member of the family reaches. Both are
checked here along the way.
"""

import json
from pathlib import Path

from mpmath import findroot, mp, mpf
from polish import rows_of, terms

HERE = Path(__file__).resolve().parents[1]


def log_likelihood(data, family, *parameters):
    return mp.fsum(terms(rows_of(data), family, [mpf(p) for p in parameters]))


def read(name):
    return json.loads((HERE / "data" / f"{name}.json").read_text(encoding="utf-8"))


def power_law(rows):
    """Return the supremum, and the power k, of (k/x) (x/exit)^k over x below its exit."""
    k = -mp.fsum(rows.values()) / mp.fsum(w * mp.log(r[0] / r[3]) for r, w in rows.items())
    return mp.fsum(w * (mp.log(k / x) + k * mp.log(x / e)) for (x, _, _, e), w in rows.items()), k


def pareto_between(rows):
    """Return the supremum, and the power a, of a x^(-a-1) / (entry^-a - exit^-a)."""

    def f(a):
        return mp.fsum(
            w * (mp.log(a) - (a + 1) * mp.log(x) - mp.log(e**-a - s**-a))
            for (x, _, e, s), w in rows.items()
        )

    a = findroot(lambda v: mp.diff(f, v), mpf("1.5"))
    return f(a), a


def logarithmic_series(rows):
    """Return the supremum, and θ, of -θ^x / (x log(1 - θ)) over x = 1, 2, ..."""

    def f(t):
        return mp.fsum(
            w * (x * mp.log(t) - mp.log(x) - mp.log(-mp.log1p(-t))) for (x, *_), w in rows.items()
        )

    t = findroot(lambda v: mp.diff(f, v), mpf("0.5"))
    return f(t), t


def rising(data, family, members, supremum):
    """Check that members have ever higher likelihoods, up to the supremum; return it."""
    reached = [log_likelihood(data, family, *m) for m in members]
    assert reached == sorted(reached), reached
    assert 0 < supremum - reached[-1] < mpf(10) ** -4, (supremum, reached)
    return float(supremum)


def main():
    entries = []

    def add(name, family, towards, members, supremum):
        value = rising(read(name), family, members, supremum)
        entries.append({"data": name, "family": family, "towards": towards, "supremum": value})

    far = [mpf(10) ** p for p in (4, 8, 12)]
    aids = read("transfusions")
    supremum, k = power_law(rows_of(aids))
    add("transfusions", "weibull", {"scale": "∞"}, [(k, s) for s in far], supremum)
    add("transfusions", "gamma", {"scale": "∞"}, [(k, s) for s in far], supremum)
    both = {"log_mean": "∞", "log_std": "∞"}
    add("transfusions", "lognormal", both, [(k * s, mp.sqrt(s)) for s in far], supremum)

    supremum, a = pareto_between(rows_of(read("danish_fires_2_to_20")))
    both = {"log_mean": "-∞", "log_std": "∞"}
    members = [(-a * s, mp.sqrt(s)) for s in far]
    add("danish_fires_2_to_20", "lognormal", both, members, supremum)

    supremum, t = logarithmic_series(rows_of(read("belgian_claimants")))
    both = {"mean": "0", "dispersion": "∞"}
    members = [(t / (1 - t) / s, s) for s in far]
    add("belgian_claimants", "negative binomial", both, members, supremum)

    none = mpf(0)  # every row is censored above: a law that lies beyond all of them fits best
    add("class_b_150", "exponential", {"rate": "0"}, [(1 / s**2,) for s in far], none)
    add("class_b_150", "weibull", {"scale": "∞"}, [(2, s) for s in far], none)
    add("class_b_150", "lognormal", {"log_mean": "∞"}, [(10 + s, 1) for s in (1, 4, 9)], none)
    add("class_b_150", "gamma", {"scale": "∞"}, [(2, s) for s in far], none)
    add("class_b_150", "normal", {"mean": "∞"}, [(8064 + s, 1) for s in (1, 4, 9)], none)

    lines = ",\n".join(json.dumps(e, ensure_ascii=False) for e in entries)
    (HERE / "unbounded.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
