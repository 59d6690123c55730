"""Write the catalogue of families: `python docs/families.py`.

docs/families.md and a small picture of each family from the code, and
src/likeliest/distributions/families/elsewhere.json from the table of docs/parameters.md.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import likeliest as lk
from likeliest.distributions import catalogue

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution

HERE = Path(__file__).parent
PAGE, PICTURES = HERE / "families.md", HERE / "pictures" / "families"
ELSEWHERE = HERE.parent / "src/likeliest/distributions/families/elsewhere.json"
SIZE, DPI = (3.2, 1.6), 72

KINDS = (
    ("Counts", lambda family: family.discrete),
    ("Any real number", lambda family: family.support.low == -np.inf),
    ("Positive", lambda family: family.support.high == np.inf),
    ("Shares, and between bounds", lambda family: family.support.high < np.inf),
)
SHAPES = {
    "gev": (-0.3, 0.01, 0.3),
    "generalized pareto": (-0.3, 0.01, 0.5),
    "gompertz": (0.2, 1.0, 3.0),
}
GIVEN = {
    "uniform": [{"low": 0.0, "high": 1.0}],
    "pareto": [{"shape": a, "scale": 1.0} for a in (1.0, 2.0, 4.0)],
    "negative binomial": [{"mean": 4.0, "dispersion": d} for d in (0.05, 0.3, 1.0)],
    "poisson": [{"rate": r} for r in (1.0, 4.0, 10.0)],
    "lognormal": [{"log_mean": 0.0, "log_std": s} for s in (0.25, 0.5, 1.0)],
    "student t": [{"df": df, "loc": 0.0, "scale": 1.0} for df in (1.0, 3.0, 30.0)],
    "tweedie": [{"mean": 1.0, "power": 1.5, "dispersion": d} for d in (0.1, 0.3, 1.0)],
    "skellam": [{"plus": a, "minus": b} for a, b in ((1.6, 1.1), (4.0, 4.0), (1.0, 5.0))],
    "f": [{"dfn": a, "dfd": 6.0} for a in (1.0, 4.0, 20.0)],
    "asymmetric laplace": [
        {"asymmetry": a, "loc": 0.0, "scale": 1.0} for a in (0.5, 1.0, 2.0)
    ],
    "johnson su": [
        {"skew": g, "tail": 1.2, "loc": 0.0, "scale": 1.0} for g in (-1.0, 0.0, 1.0)
    ],
    "von mises": [{"loc": 0.0, "concentration": c} for c in (0.5, 2.0, 8.0)],
    "wrapped cauchy": [{"loc": 0.0, "concentration": c} for c in (0.2, 0.5, 0.8)],
    "bounded pareto": [{"shape": a, "low": 1.0, "high": 10.0} for a in (-1.0, 0.5, 2.0)],
    "log-uniform": [{"low": 1.0, "high": b} for b in (3.0, 10.0, 30.0)],
    "discrete uniform": [{"low": 1, "high": b} for b in (4, 6, 12)],
    "folded normal": [{"loc": m, "scale": 1.0} for m in (0.0, 1.0, 3.0)],
    "rice": [{"distance": m, "scale": 1.0} for m in (0.0, 1.0, 3.0)],
}  # fmt: skip
INTRODUCTION = """# The families

Choose a family here: each with its density, its parameters, and what to know of its fits. This page
is made from the code by `python docs/families.py`; `likeliest families gamma` prints an entry, and
`likeliest families` lists all. Every family takes exact, censored, truncated, rounded, weighted and
grouped rows. For families made of others, such as shifted, truncated or mixed ones, see
[made-families.md](made-families.md) and [mixtures.md](mixtures.md).

Named sets, for `lk.compare(x, "heavy-tailed")` and `likeliest fit --families heavy-tailed`:

"""


def elsewhere() -> str:
    """Return the table of docs/parameters.md as JSON."""
    rows = re.findall(r"^\| (.+) \|$", (HERE / "parameters.md").read_text("utf-8"), re.MULTILINE)
    heads, _, *lines = [row.split(" | ") for row in rows]
    table = {
        line[0]: {
            library: cell.replace("`", "")
            for library, cell in zip(heads[2:], line[2:], strict=True)
            if cell != "–"
        }
        for line in lines
        if len(line) == len(heads) and line[0] in {f.name for f in lk.families.all_families()}
    }
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


def page() -> str:
    """Return the page."""
    sets = "".join(f"- **{name}**: {', '.join(of)}\n" for name, of in lk.families.SETS.items())
    parts = [INTRODUCTION, sets, "- **all**: every family on this page\n"]
    every = lk.families.all_families()
    for title, holds in KINDS:
        some = [family for family in every if holds(family)]
        every = [family for family in every if family not in some]
        parts += [f"\n## {title}\n", *map(_section, some)]
    return "".join(parts)


def slug(name: str) -> str:
    """Return the name of a picture's file."""
    return name.replace(" ", "-")


def _section(family: type[Distribution]) -> str:
    one = catalogue.entry(family)
    picture = f"![The densities of some {one.name} laws](pictures/families/{slug(one.name)}.png)"
    rows = "".join(f"- `{name}`: {words}\n" for name, words in one.parameters.items())
    told = "".join(f"- **{heading}**: {text}\n" for heading, text in one.lines())
    return (
        f"\n### {one.name}\n\n{picture}\n\n{one.summary}\n\n"
        f"```text\n{one.formula}\n```\n\n{rows}\n{told}"
    )


def members(family: type[Distribution]) -> list[Distribution]:
    """Return a few members to draw: of shapes from low to high, about 0 and of scale 1."""
    if family.name in GIVEN:
        return [family(**given) for given in GIVEN[family.name]]
    free = [name for name, c in family.constraints.items() if c.power == 0]
    found = []
    for at in range(3):
        values = {}
        for name, c in family.constraints.items():
            if name not in free:
                values[name] = 0.0 if c.is_location else 1.0
            elif np.isfinite(c.high):
                values[name] = c.low + (c.high - c.low) * (0.2, 0.5, 0.8)[at]
            elif c.low == -np.inf:
                values[name] = SHAPES.get(family.name, (-0.5, 0.01, 0.5))[at]
            else:
                first = name == free[0]
                values[name] = c.low + (
                    SHAPES.get(family.name, (0.8, 2.0, 5.0))[at] if first else 2.0
                )
        found.append(family(**values))
    return found if free else found[:1]


def _ends(member: Distribution) -> tuple[float, float]:
    """Return between which values to draw a density: most of it, of heavy tails their beginning."""
    low, first, middle, third, high = member.quantile([0.005, 0.25, 0.5, 0.75, 0.97]).tolist()
    reach = 3.0 * (third - first)
    return max(low, middle - reach), high if member.discrete else min(high, middle + reach)


def draw(family: type[Distribution]) -> None:
    """Draw the densities of a few members."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=SIZE, layout="constrained")
    some = members(family)
    ends = [_ends(member) for member in some]
    low, high = min(a for a, _ in ends), float(np.median([b for _, b in ends]))
    for member in some:
        if family.discrete:
            x = np.arange(low, min(high, low + 25.0) + 1.0)
            ax.plot(x, member.pmf(x), "o-", markersize=3.0, linewidth=0.7)
        else:
            x = np.linspace(low, high, 400)[1:-1]
            ax.plot(x, member.pdf(x), linewidth=1.3)
    tallest = [float(np.nanquantile(line.get_ydata(), 0.98)) for line in ax.lines]
    ax.set_ylim(0.0, 1.1 * max(tallest))
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=7)
    figure.savefig(PICTURES / f"{slug(family.name)}.png", dpi=DPI)
    plt.close(figure)


def main() -> None:
    """Write the table, the page and the pictures."""
    ELSEWHERE.write_text(elsewhere(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for family in lk.families.all_families():
        draw(family)


if __name__ == "__main__":
    main()
