"""Draw the gallery of docs/pictures.md: `python docs/pictures.py` writes docs/pictures/*.png."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import likeliest as lk

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOLDER = Path(__file__).parent / "pictures"
DPI = 72
_ABSENCES = Path(__file__).parents[1] / "tests/published/regression/data/quine.csv"


def gallery() -> dict[str, Axes | Figure]:
    """Return the pictures of the page by the names of their files."""
    rain = lk.fit(lk.read({"rain (mm)": lk.datasets.seattle_rain()}, "rain (mm)"), "lognormal")
    life = lk.Weibull(1.5, 100.0).sample(200, seed=2)
    watched = np.random.default_rng(1).uniform(20.0, 200.0, 200)
    lives = lk.fit(np.minimum(life, watched), "weibull", event=life <= watched)
    counts = lk.fit(lk.NegativeBinomial(3.0, 0.4).sample(400, seed=3), "poisson")
    maxima = lk.fit(lk.GEV(0.1, 30.0, 6.0).sample(60, seed=5), "gev")
    waits = lk.fit(lk.datasets.waiting_times(), "normal", rounding=1)
    gamma = lk.fit(lk.datasets.seattle_rain(), "gamma")
    compared = lk.compare(lk.datasets.seattle_rain())
    station = np.repeat(np.arange(12), 25)
    groups = lk.fit(
        lk.Gamma(2.0, 3.0).sample(station.size, seed=3) * (1.0 + 0.06 * station),
        "gamma",
        by=[f"station {each}" for each in station],
    )
    days = lk.regress(
        "days ~ eth + sex + age + learner", pl.read_csv(_ABSENCES), "negative binomial"
    )
    return {
        "four": rain.plots(),
        "density": rain.plot(),
        "log_density": lk.plots.fit(rain, log=True),
        "qq": waits.plot("qq"),
        "pp": waits.plot("pp"),
        "cdf": rain.plot("cdf"),
        "survival": lives.plot("survival"),
        "hazard": lives.plot("hazard"),
        "probability": lives.plot("probability"),
        "profile": maxima.plot("profile"),
        "surface": lk.plots.surface(gamma, start={"shape": 1.15, "scale": 13.0}),
        "return_level": maxima.plot("return level"),
        "rootogram": counts.plot("rootogram"),
        "residuals": rain.plot("residuals"),
        "worm": waits.plot("worm"),
        "mean_excess": rain.plot("mean excess"),
        "densities": compared.plot(),
        "criterion": compared.plot("criterion"),
        "tails": compared.plot("tails"),
        "estimates": groups.plot(),
        "groups": groups.plot("densities"),
        "effects": days.plot(),
        "rootogram_of_rows": days.plot("rootogram"),
    }


def main() -> None:
    """Write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in gallery().items():
        figure = drawn if hasattr(drawn, "savefig") else drawn.get_figure(root=True)
        figure.savefig(FOLDER / f"{name}.png", dpi=DPI)


if __name__ == "__main__":
    main()
