"""Write the commands that make a result again, for Python and for a shell."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from likeliest.report.page import Commands
from likeliest.report.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA = "DATA"  # stands for a file that is not known


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a result was made from, as far as it is known.

    Parameters
    ----------
    source : str
        The file, or the name of a bundled data set; empty where it is not known.
    column : str
        Empty where the data have none.
    columns : tuple of str
        Several columns, each for itself.
    all_columns : bool
        Whether they are all that hold numbers.
    families : tuple of str, or str
        Their names, or the name of a set.
    words : mapping
        The words of `likeliest.observe` with the columns that hold them.
    by : tuple of str
        The columns of the keys of groups.
    fixed : mapping
    rounding : float, optional
    criterion : str
    drops, limits : bool
    decimal : str
    missing_code : float or "none", optional
    is_ranking : bool
        Whether families are compared, or one is fitted.
    is_complete : bool
        Whether nothing else says what was seen of the values.
    """

    source: str = ""
    column: str = ""
    columns: tuple[str, ...] = ()
    all_columns: bool = False
    families: tuple[str, ...] | str = "common"
    words: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    rounding: float | None = None
    criterion: str = "aicc"
    drops: bool = False
    limits: bool = False
    decimal: str = ""
    missing_code: float | str | None = None
    is_ranking: bool = True
    is_complete: bool = True

    def commands(self) -> tuple[Commands, ...]:
        """Return the commands for Python and for a shell."""
        return Commands("In Python", self.python()), Commands("On the command line", self.shell())

    def python(self) -> tuple[str, ...]:
        r"""Return the lines of Python.

        Examples
        --------
        >>> print(*Recipe("rain.csv", "mm").python(), sep="\n")
        import likeliest as lk
        <BLANKLINE>
        result = lk.compare('rain.csv', column='mm')
        result.report(source='rain.csv').save('report.html')
        """
        verb = "compare" if self.is_ranking else "fit"
        given = ", ".join([self._data(), *self._python_families(), *self._python_words()])
        note = () if self.is_complete else (
            "# DATA: with the words of lk.observe that say how each value was seen",
        )  # fmt: skip
        if self._is_each:
            made = f"result = {{name: lk.{verb}({given}) for name in {[*self.columns]!r}}}"
            return "import likeliest as lk", "", *note, made
        source = f"source={self.source!r}" if self.source else ""
        return (
            "import likeliest as lk",
            "",
            *note,
            f"result = lk.{verb}({given})",
            f"result.report({source}).save('report.html')",
        )

    @property
    def _is_each(self) -> bool:
        """Whether several columns are read one by one in Python."""
        return bool(self.columns) and (not self.all_columns or self._is_read)

    @property
    def _is_read(self) -> bool:
        """Whether cells are read as only `likeliest.read` can be told."""
        return self.limits or bool(self.decimal) or self.missing_code is not None

    @property
    def _column(self) -> str:
        """The column as Python has it: a name in quotes, or a variable."""
        return "name" if self._is_each else repr(self.column)

    def _data(self) -> str:
        if not self.source:
            return _DATA
        if not self._is_read:
            return repr(self.source)
        more = [self._column] if self.column or self._is_each else []
        more += ["missing='drop'"] if self.drops else []
        more += ["limits=True"] if self.limits else []
        more += [f"decimal={self.decimal!r}"] if self.decimal else []
        more += [] if self.missing_code is None else [f"missing_code={self.missing_code!r}"]
        return f"lk.read({', '.join([repr(self.source), *more])})"

    def _python_families(self) -> list[str]:
        if isinstance(self.families, str):
            return [] if self.families == "common" else [repr(self.families)]
        return [repr(self.families[0] if len(self.families) == 1 else [*self.families])]

    def _python_words(self) -> list[str]:
        given: dict[str, str] = {}
        if self.source and not self._is_read and (self.column or self._is_each):
            given["column"] = self._column
        if self.by:
            given["by"] = repr(self.by[0] if len(self.by) == 1 else [*self.by])
        given |= {name: repr(_given(name, value)) for name, value in self.words.items()}
        if self.rounding is not None:
            given["rounding"] = repr(self.rounding)
        if self.criterion != "aicc":
            given["criterion"] = repr(self.criterion)
        if self.fixed:
            given["fixed"] = repr(dict(self.fixed))
        if self.drops and not self._is_read:
            given["missing"] = "'drop'"
        return [f"{name}={value}" for name, value in given.items()]

    def shell(self) -> tuple[str, ...]:
        """Return the line for a shell.

        Examples
        --------
        >>> print(*Recipe("my rain.csv", "mm", families=("gamma",), is_ranking=False).shell())
        likeliest report 'my rain.csv' --column mm --family gamma --output report.html
        """
        words = ["likeliest", "report", self.source or _DATA]
        if self.all_columns:
            words.append("--all-columns")
        for name in () if self.all_columns else self.columns or filter(None, (self.column,)):
            words += ["--column", name]
        for name in self.by:
            words += ["--by", name]
        if isinstance(self.families, str):
            words += [] if self.families == "common" else ["--families", self.families]
        else:
            words += [word for name in self.families for word in ("--family", name)]
        for name, value in self.words.items():
            words += [f"--{name.replace('_', '-')}", value]
        for name, held in self.fixed.items():
            words += ["--fixed", f"{name}={held!r}"]
        words += [] if self.rounding is None else ["--rounding", f"{self.rounding!r}"]
        words += [] if self.criterion == "aicc" else ["--criterion", self.criterion]
        words += ["--drop-missing"] if self.drops else []
        words += ["--limits"] if self.limits else []
        words += ["--decimal", self.decimal] if self.decimal else []
        words += [] if self.missing_code is None else ["--missing-code", f"{self.missing_code}"]
        words += ["--output", "report.html"]
        return (" ".join(map(quoted, words)),)


def quoted(word: str) -> str:
    r"""Return a word as a shell reads it; what cannot be seen is written as Bash's escapes.

    Examples
    --------
    >>> print(quoted("mm"), quoted("$HOME"), quoted("a\nb'c"))
    mm '$HOME' $'a\nb\'c'
    """
    if visible(word) == word:
        return shlex.quote(word)
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{visible(escaped)}'"


def _given(word: str, value: str) -> object:
    """Return a number for the end of a window that is the same for all, else the column."""
    try:
        return float(value) if word in {"entry", "exit"} else value
    except ValueError:
        return value
