"""Right answers to reports about other packages, through Python, frames and the command line.

The data stand in `data/`, and `printed.json` names the reports that the figures come from.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import likeliest as lk
from likeliest.cli import run

DATA = Path(__file__).parent / "data"

# data, family, the figures as they were printed, and whether their digits were cut.
RIGHT = [
    ("waves", "weibull", {"shape": "1.18482", "scale": "1.64303"}, False),
    ("retention", "beta", {"alpha": "33.264", "beta": "99.018"}, False),
    ("ten_failures", "weibull", {"shape": "1.68128", "scale": "7965.97"}, False),
    ("lifelines_1250", "weibull", {"shape": "1.4413", "scale": "14.0467"}, False),
    ("lifelines_1250", "weibull", {"shape": "1.44", "scale": "14.04"}, True),
    ("lifelines_827", "weibull", {"shape": "0.65306", "scale": "73.393"}, False),
    ("reliability_12", "weibull", {"shape": "1.340318", "scale": "841.950"}, True),
    ("weibull_23", "weibull", {"shape": "1.215545", "scale": "71.8322"}, False),
    ("reliability_57", "weibull", {"shape": "1.809364", "scale": "40.0725"}, False),
    ("surpyval_50", "weibull", {"shape": "0.200166", "scale": "9.4757e13"}, False),
]  # fmt: skip
NAMES = {"values": "column", "time": "column"} | {
    word: word for word in ("event", "lower", "upper", "entry", "exit", "weights")
}


def columns_of(name):
    """Return the columns of a data set, and which word of `observe` each is."""
    data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    columns = {key: data[key] for key in NAMES if key in data}
    return columns, {NAMES[key]: key for key in columns}


def arrays(columns, words):
    """Return the data and the words as arrays."""
    made = {word: np.array(columns[key], dtype=float) for word, key in words.items()}
    return made.pop("column", None), made


def by_arrays(columns, words, family, path):
    data, more = arrays(columns, words)
    return lk.fit(data, family, **more).parameters


def by_frame(columns, words, family, path):
    return lk.fit(pd.DataFrame(columns), family, **words).parameters


def by_observe(columns, words, family, path):
    data, more = arrays(columns, words)
    return lk.fit(lk.observe(data, **more), family).parameters


def by_compare(columns, words, family, path):
    return lk.compare(pd.DataFrame(columns), [family], rounding=0.0, **words)[family].parameters


def by_command(columns, words, family, path):
    pd.DataFrame(columns).to_csv(path / "data.csv", index=False)
    options = [part for word, key in words.items() for part in (f"--{word}", key)]
    saved = path / "fit.json"
    arguments = ["fit", path / "data.csv", "-f", family, *options, "--save", saved]
    assert run([*map(str, arguments)]) == 0
    return lk.Fit.load(saved).parameters


@pytest.mark.parametrize("way", [by_arrays, by_frame, by_observe, by_compare, by_command])
@pytest.mark.parametrize(("data", "law", "right", "cut"), RIGHT, ids=lambda v: str(v)[:20])
def test_right_answers(way, data, law, right, cut, tmp_path):
    columns, words = columns_of(data)
    parameters = way(columns, words, law, tmp_path)
    for parameter, printed in right.items():
        mantissa, _, power = printed.partition("e")
        last = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
        slack = last * (1.0 if cut else 0.5) * (1 + 1e-9)
        assert abs(parameters[parameter] - float(printed)) <= slack, parameter
