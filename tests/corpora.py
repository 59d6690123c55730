"""The texts and figures that these tests share."""

import json
from pathlib import Path

import numpy as np

import likeliest as lk

DATA = Path(__file__).parent / "language" / "data"
CORPORA = ("alice", "as_you_like_it", "paradise_lost", "genesis")
HELD_OUT = 60  # the last lines of each text
LOG10 = np.log(10.0)


def lines(name):
    """The lines of a text: those to fit on, and those held out."""
    all_lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return all_lines[:-HELD_OUT], all_lines[-HELD_OUT:]


def bigram_counts():
    """The bigrams of 32,033 names."""
    table = np.loadtxt(DATA / "bigrams.csv", delimiter=",")
    return lk.language.NGramCounts.from_table(table, ".abcdefghijklmnopqrstuvwxyz")


def kenlm_figures():
    return json.loads((DATA / "kenlm.json").read_text(encoding="utf-8"))


def sums(model, contexts):
    """The total probability after each context, begun and within a sequence."""
    return np.array([
        sum(model.next(context, bos=start).values())
        for context in contexts
        for start in (True, False)
    ])  # fmt: skip
