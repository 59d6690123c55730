"""How long inference takes beside R's boot and MASS, iminuit's MINOS and SciPy's goodness of fit.

    python benchmarks/inference.py [--draws 1000] [--repeats 3]

1,000 values each; bootstraps and tests refit every sample. The least of the repeats counts. A peer
that is not installed is left out: R is called as `Rscript`, iminuit is imported.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

import likeliest as lk

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution

MEMBERS = [lk.Gamma(3.0, 2.0), lk.Weibull(1.7, 4.0), lk.StudentT(4.0, 10.0, 2.0)]
N = 1_000
IN_R = {"gamma": "gamma", "weibull": "weibull", "student t": "t"}
IN_SCIPY = {
    "gamma": (stats.gamma, {"loc": 0.0}),
    "weibull": (stats.weibull_min, {"loc": 0.0}),
    "student t": (stats.t, {}),
}
OF_R = """
x <- scan("{data}", quiet = TRUE); suppressMessages({{library(MASS); library(boot)}})
refit <- function(x, i) suppressWarnings(fitdistr(x[i], "{law}")$estimate)
cat(system.time(boot(x, refit, R = {draws}))[["elapsed"]], "\\n")
"""
PROFILED_BY_R = """
suppressMessages(library(MASS)); set.seed(1); x <- rgamma({n}, 3, 0.5)
f <- glm(x ~ 1, family = Gamma("log"))
cat(system.time(suppressMessages(confint(f)))[["elapsed"]], "\\n")
"""


def least(work: Callable[[], Any], repeats: int) -> float:
    """Return the least time of some repeats, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def by_r(script: str) -> float | None:
    """Return the seconds that R says its work took; None without R."""
    if shutil.which("Rscript") is None:
        return None
    done = subprocess.run(
        ["Rscript", "-e", script], capture_output=True, text=True, check=False, timeout=1800
    )
    return float(done.stdout.split()[0]) if done.returncode == 0 else None


def minos(member: Distribution, x: np.ndarray) -> tuple[float, float] | None:
    """Return seconds and evaluations an end of MINOS; None without iminuit."""
    if find_spec("iminuit") is None:
        return None
    from iminuit import Minuit

    family, names = type(member), list(member.parameters)

    def nll(*values: float) -> float:
        return -float(np.sum(family.unchecked(**dict(zip(names, values, strict=True))).log_prob(x)))

    m = Minuit(nll, *member.parameters.values(), name=names)
    m.errordef = Minuit.LIKELIHOOD
    m.migrad()
    before, start = m.nfcn, time.perf_counter()
    m.minos()
    return time.perf_counter() - start, (m.nfcn - before) / (2 * len(names))


def show(what: str, name: str, who: str, seconds: float | None, ours: float) -> None:
    if seconds is not None:
        print(f"| {what} | {name} | {who} | {1e3 * seconds:,.1f} | {seconds / ours:,.3g} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=3)
    o = parser.parse_args()
    print("| work | family | by | ms | times ours |\n|---|---|---|---|---|")
    evaluations = []
    for member in MEMBERS:
        x = member.sample(N, seed=1)
        fit, name = lk.fit(x, type(member)), member.name
        ours = least(lambda fit=fit: fit.bootstrap(o.draws, seed=1), o.repeats)
        refits = f"{o.draws:,} bootstrap refits"
        show(refits, name, "likeliest", ours, ours)
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "x.txt"
            np.savetxt(data, x)
            script = OF_R.format(data=data, law=IN_R[name], draws=o.draws)
            show(refits, name, "boot + MASS::fitdistr", by_r(script), ours)
        ours = least(lambda fit=fit: fit.goodness(draws=o.draws, seed=1), o.repeats)
        test = f"goodness by {o.draws:,} refits"
        show(test, name, "likeliest", ours, ours)
        law, known = IN_SCIPY[name]
        few = max(1, o.draws // 50)  # of which the time is taken as a share
        took = 50.0 * least(
            lambda law=law, known=known, x=x, few=few: stats.goodness_of_fit(
                law, x, known_params=known, statistic="ad", n_mc_samples=few, rng=1
            ),
            1,
        )
        show(test, name, "scipy.stats.goodness_of_fit", took, ours)
        ours = least(lambda x=x, member=member: ends_of(x, member), o.repeats)
        show("all profile ends", name, "likeliest", ours, ours)
        if (found := minos(member, x)) is not None:
            show("all profile ends", name, f"MINOS, {found[1]:.0f} an end", found[0], ours)
        evaluations += [end.evaluations for pair in ends_of(x, member) for end in pair]
        if name == "gamma":
            theirs = by_r(PROFILED_BY_R.format(n=N))
            show("all profile ends", "gamma (its mean)", "MASS::confint", theirs, ours)
    fit, at = lk.fit(MEMBERS[1].sample(N, seed=1), "weibull"), np.linspace(0.5, 9.0, 60)
    for method in ("delta", "profile"):
        took = least(lambda m=method: fit.survival(at, method=m).interval(), o.repeats)
        print(f"| a band of 60 points by {method} | weibull | likeliest | {1e3 * took:.1f} | 1 |")
    print(
        f"\nEvaluations of the objective a profile end: {np.median(evaluations):.0f} in the "
        f"median, {max(evaluations)} at most."
    )


def ends_of(x: np.ndarray, member: Distribution) -> list[Any]:
    """Return the profile ends of each parameter of a fit."""
    profiles = lk.fit(x, type(member)).uncertainty_by("profile")
    return [one.ends() for one in profiles.values() if one is not None]


if __name__ == "__main__":
    main()
