"""Tables of known numbers in every dress: the right numbers, or an error; never other numbers.

Left out are numbers such as 1.250 for 1250 in files that nothing but a person can tell from 1.25.
"""

import contextlib
import itertools

import pytest

import likeliest as lk
from likeliest.errors import ReadError

DATA = ([1.25, -2.5, 3.75, 0.5, 7.25, 4.0], [1250.0, 30123.5, 999.0, 4567.25, 88000.0, 1234567.5])
GERMAN = str.maketrans(",.", ".,")
STYLES = {
    "plain": lambda v: f"{v:.2f}",
    "comma": lambda v: f"{v:.2f}".translate(GERMAN),
    "English": lambda v: f"{v:,.2f}",
    "German": lambda v: f"{v:,.2f}".translate(GERMAN),
    "French": lambda v: f"{v:,.2f}".replace(",", "\u202f").replace(".", ","),
    "Swiss": lambda v: f"{v:,.2f}".replace(",", "'"),
    "exponent": lambda v: f"{v:.8e}",
    "minus": lambda v: f"{v:.2f}".replace("-", "−"),
    "plus": lambda v: f"{v:+.2f}",
}
SEPARATORS = (",", ";", "\t", "|", " ", "")
HEADS = ("none", "words", "title", "number", "year", "remark", "sep")
BESIDE = {
    "none": [], "id": ["1", "2", "3", "4", "5", "6"], "row": ["0", "1", "2", "3", "4", "5"],
    "site": [*"abcdef"], "day": [f"2020-01-0{i}" for i in range(1, 7)],
    "conc": ["<5", "7.5", "8.5", "9.5", "10.5", "11.5"],
}  # fmt: skip
EVERY = [
    case
    for case in itertools.product(DATA, STYLES, SEPARATORS, HEADS, BESIDE, (False, True))
    if (case[2] or case[4] == "none") and (case[3] != "sep" or case[2] not in {"", " "})
]
CASES = EVERY[::11]


def written(values, style, separator, head, beside, *, quoted):
    """Return the text, and the name of the column of the values where the text gives one."""

    def line(cells):
        return separator.join(
            f'"{c}"' if quoted or (separator and separator in c) else c for c in cells
        )

    names = [beside, "x"] if BESIDE[beside] else ["x"]
    if head in {"number", "year"}:
        names = [str((10 if head == "number" else 2019) + i) for i in range(len(names))]
    numbers = map(STYLES[style], values)
    rows = zip(BESIDE[beside], numbers, strict=True) if BESIDE[beside] else zip(numbers)
    lines = [] if head == "none" else [line(names)]
    above = {"title": ["Results of May", ""], "remark": ["# by hand"], "sep": [f"sep={separator}"]}
    lines = above.get(head, []) + lines + [line(row) for row in rows]
    return "\n".join(lines) + "\n", None if head == "none" else names[-1]


@pytest.mark.parametrize("at", range(len(CASES)))
def test_no_dress_gives_other_numbers(tmp_path, at):
    values, style, separator, head, beside, quoted = CASES[at]
    text, name = written(values, style, separator, head, beside, quoted=quoted)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    for column in {None, name}:
        try:
            read = lk.read(tmp_path / "a.csv", column).values.tolist()
        except ReadError:
            continue
        assert read == pytest.approx(values, rel=1e-12), text


def test_most_of_them_are_read(tmp_path):
    read = 0
    for values, style, separator, head, beside, quoted in CASES[::3]:
        text, name = written(values, style, separator, head, beside, quoted=quoted)
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        with contextlib.suppress(ReadError):
            read += lk.read(tmp_path / "a.csv", name or "column_1").values.tolist() == values
    assert read > 0.6 * len(CASES[::3])
