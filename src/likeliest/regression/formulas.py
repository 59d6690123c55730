"""Formulas, checked by their syntax before anything evaluates them: a formula is code."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from likeliest.numerics.arrays import Array

FUNCTIONS = ("log", "exp", "sqrt", "poly", "bs", "cr", "s", "C", "scale", "center", "I")
"""What a formula may call, beside the functions that a caller hands over."""

_CONTRASTS = ("treatment", "sum", "helmert", "diff", "poly")
_ELEMENTWISE: dict[str, Callable[[Any], Any]] = {
    "log": np.log, "exp": np.exp, "sqrt": np.sqrt, "I": np.asarray,
}  # fmt: skip
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
_LONGEST = 10_000
_DEEPEST = 50
_MOST_POWER = 6


@dataclass(frozen=True)
class Formula:
    """A formula that was checked: `response ~ terms`.

    Parameters
    ----------
    response : str
        The expression to the left of `~`; empty if there is none.
    terms : str
        What stands to the right.
    functions : tuple of str
        Names that a caller added to those that formulas may call.
    """

    response: str
    terms: str
    functions: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: object, functions: Collection[str] = ()) -> Formula:
        """Check a formula and take it apart.

        Raises
        ------
        ParameterError
            If it is no formula, or calls anything but the functions that a formula may call.

        Examples
        --------
        >>> Formula.of("days ~ eth + log(age)").columns
        ('eth', 'age')
        """
        if not isinstance(text, str):
            raise ParameterError(
                f'A formula is text such as "y ~ x + C(group)"; got {type(text).__name__}.'
            )
        if len(text) > _LONGEST:
            raise ParameterError(f"A formula has at most {_LONGEST:,} characters.")
        sides = _sides(text)
        if len(sides) > 2 or not sides[-1].strip():
            raise _malformed(text, "it has one ~ with terms to its right")
        response, terms = sides if len(sides) == 2 else ("", sides[0])
        made = cls(response.strip(), terms.strip(), tuple(functions))
        if made.response:
            _check(_tree(made.response, text), text, made.functions, of_terms=False)
        tree = _tree(made.terms, text)
        _check(tree, text, made.functions, of_terms=True)
        _require_smooths_alone(tree, text)
        return made

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that the terms read, in order."""
        return tuple(dict.fromkeys(_names(self.terms)))

    @cached_property
    def response_columns(self) -> tuple[str, ...]:
        """The columns that the response reads."""
        return tuple(dict.fromkeys(_names(self.response))) if self.response else ()

    @cached_property
    def categorical(self) -> frozenset[str]:
        """The columns that C() makes categories of, whose whole numbers stay such."""
        calls = (
            one for one in ast.walk(_tree(self.terms, self.terms)) if isinstance(one, ast.Call)
        )
        return frozenset(
            name
            for call in calls
            if isinstance(call.func, ast.Name) and call.func.id == "C" and call.args
            for name in _read(call.args[0])
        )

    @property
    def has_terms(self) -> bool:
        """Whether any column is read: else there is an intercept alone."""
        return bool(self.columns)

    def respond(
        self, columns: Mapping[str, Array], context: Mapping[str, Callable[..., Any]]
    ) -> Array:
        """Return the response, from arithmetic on columns."""
        tree = _tree(self.response, self.response)
        with np.errstate(all="ignore"):
            return np.asarray(_value(tree, columns, {**_ELEMENTWISE, **context}), np.float64)


def require_safe(expression: str, functions: tuple[str, ...]) -> None:
    """Raise unless one factor, as a parser took it out of a formula, may be evaluated."""
    _check(_tree(expression, expression), expression, functions, of_terms=False)


def is_smooth(term: str) -> bool:
    """Whether a term of a checked formula, as it is shown, is a smooth one: `s(x)`."""
    return term.startswith("s(") and _is_smooth(_tree(term, term))


def factor_column(expression: str) -> str | None:
    """Return the only column that a categorical factor reads, `g` of `C(g, contr.sum)`."""
    try:
        names = tuple(dict.fromkeys(_names(expression)))
    except (ParameterError, SyntaxError):
        return expression
    return names[0] if len(names) == 1 else None


def quoted(name: str) -> str:
    """Return the name of a column as a formula writes it."""
    return name if name.isidentifier() else f"`{name}`"


_BACKTICKED = re.compile(r"`([^`\n]+)`")
_PLACE = "column_{}_in_backticks"
_HIDDEN = re.compile(_PLACE.format("([0-9a-f]+)"))


def _sides(text: str) -> list[str]:
    """Split at ~, outside backticks and strings."""
    parts, here, quote = [], "", ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "`\"'":
            quote = letter
        elif letter == "~":
            parts.append(here)
            here = ""
            continue
        here += letter
    return [*parts, here]


def _tree(text: str, whole: str) -> ast.expr:
    """Return the syntax tree, with `:` as a matrix product and names in backticks as places."""
    plain = _BACKTICKED.sub(lambda found: _PLACE.format(found.group(1).encode().hex()), text)
    try:
        _require_plain(plain)
        tokens = list(tokenize.generate_tokens(io.StringIO(plain.replace("\n", " ")).readline))
        swapped = "".join(_swapped(token) for token in tokens)
        tree = ast.parse(swapped.strip(), mode="eval").body
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError):
        raise _malformed(whole, f"{text.strip()!r:.60} cannot be read") from None
    return tree


def _swapped(token: tokenize.TokenInfo) -> str:
    """Return a token as Python reads it: a column may be called `yield` or `class`."""
    if token.type == tokenize.OP and token.string == ":":
        return " @ "
    if keyword.iskeyword(token.string) and token.string not in {"None", "True", "False"}:
        return " " + _PLACE.format(token.string.encode().hex())
    return f" {token.string}"


def _require_plain(text: str) -> None:
    """Raise ValueError at comments and escapes, which some parsers read and others do not."""
    if "#" in text or "\\" in text:
        raise ValueError(text)


def _original(name: str) -> str:
    """Return the name of a column that stood in backticks."""
    head, tail = _PLACE.split("{}")
    if name.startswith(head) and name.endswith(tail):
        return bytes.fromhex(name[len(head) : -len(tail)]).decode()
    return name


def _shown(tree: ast.AST) -> str:
    """Return a part of a tree as a formula writes it."""
    said = ast.unparse(tree).replace(" @ ", ":")
    return _HIDDEN.sub(lambda found: bytes.fromhex(found[1]).decode(), said)


def _names(text: str) -> Iterator[str]:
    """Yield the names of columns in an expression, called functions left out."""
    yield from _read(_tree(text, text))


def _read(tree: ast.AST) -> Iterator[str]:
    if isinstance(tree, ast.Name):
        yield _original(tree.id)
    elif isinstance(tree, ast.Call):
        for part in (*tree.args, *(word.value for word in tree.keywords)):
            yield from _read(part)
    elif not isinstance(tree, ast.Attribute):
        for child in ast.iter_child_nodes(tree):
            yield from _read(child)


def _check(
    tree: ast.expr, text: str, functions: tuple[str, ...], *, of_terms: bool, depth: int = 0
) -> None:
    """Raise unless a tree holds columns, numbers, arithmetic and calls of known functions."""
    if depth > _DEEPEST:
        raise _refused(text, "it is nested too deeply")
    for child in _inner(tree, text, functions, of_terms=of_terms, inside=depth > 0):
        deeper = of_terms and not isinstance(tree, ast.Call)
        _check(child, text, functions, of_terms=deeper, depth=depth + 1)


def _inner(
    tree: ast.expr, text: str, functions: tuple[str, ...], *, of_terms: bool, inside: bool
) -> list[ast.expr]:
    """Return what a part of a tree is made of, or raise if it is nothing that a formula holds."""
    is_name = isinstance(tree, ast.Name) and not tree.id.startswith("_")
    if is_name or (not of_terms and isinstance(tree, ast.Attribute) and _is_contrast(tree)):
        return []
    if isinstance(tree, ast.Constant):
        _check_constant(tree, text, inside=inside or not of_terms)
        return []
    if isinstance(tree, ast.BinOp):
        _check_operation(tree, text, of_terms=of_terms)
        return [tree.left, tree.right]
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, (ast.USub, ast.UAdd)):
        return [tree.operand]
    if isinstance(tree, ast.Call):
        _check_call(tree, text, functions)
        return [*tree.args, *(word.value for word in tree.keywords)]
    if not of_terms and isinstance(tree, (ast.List, ast.Tuple)):
        return tree.elts
    raise _refused(text, f"{_shown(tree)!r:.60} is no column, number, sum or known call")


def _require_smooths_alone(tree: ast.expr, text: str) -> None:
    """Raise if s() stands anywhere but as a term of its own."""
    terms = [tree]
    while terms:
        one = terms.pop()
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add):
            terms += [one.left, one.right]
            continue
        inside = list(ast.iter_child_nodes(one)) if _is_smooth(one) else [one]
        if any(_is_smooth(part) for child in inside for part in ast.walk(child)):
            raise _refused(
                text,
                "s(x) is a term by itself, between plus signs; a curve for each level of a "
                "category, or times a number, is s(x, by = z)",
            )


def _is_smooth(tree: ast.AST) -> bool:
    return isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "s"


def _check_constant(tree: ast.Constant, text: str, *, inside: bool) -> None:
    if isinstance(tree.value, str) and not inside:
        raise _refused(text, f"{tree.value!r:.60} is text: a column with a space stands in `...`")
    if not isinstance(tree.value, (int, float, str, bool, type(None))):
        raise _refused(text, f"{tree.value!r:.60} is no number")


def _check_operation(tree: ast.BinOp, text: str, *, of_terms: bool) -> None:
    if not isinstance(tree.op, _OPERATORS) or (isinstance(tree.op, ast.MatMult) and not of_terms):
        raise _refused(text, f"{_shown(tree)!r:.60} is no sum, product or interaction")
    if isinstance(tree.op, ast.Pow) and of_terms:
        power = getattr(tree.right, "value", None)
        if not (isinstance(power, int) and 1 <= power <= _MOST_POWER):
            raise _refused(
                text,
                f"{_shown(tree)!r:.60} raises terms to a power: a whole number up to "
                f"{_MOST_POWER} (of a column write I(x**2))",
            )


def _check_call(tree: ast.Call, text: str, functions: tuple[str, ...]) -> None:
    known = (*FUNCTIONS, *functions)
    called = tree.func
    if isinstance(called, ast.Attribute) and _is_contrast(called):
        return
    if not (isinstance(called, ast.Name) and called.id in known):
        raise _refused(text, f"{_shown(called)!r:.60} is not one of {', '.join(known)}")
    if called.id in _ELEMENTWISE and (len(tree.args) != 1 or tree.keywords):
        raise _refused(text, f"{called.id} takes one argument")
    if any(word.arg is None for word in tree.keywords):
        raise _refused(text, "it unpacks arguments with **")


def _is_contrast(tree: ast.Attribute) -> bool:
    owner = tree.value
    return isinstance(owner, ast.Name) and owner.id == "contr" and tree.attr in _CONTRASTS


def _value(
    tree: ast.expr, columns: Mapping[str, Array], functions: Mapping[str, Callable[..., Any]]
) -> Any:
    """Evaluate a checked expression of the response."""
    if isinstance(tree, ast.Name):
        return columns[_original(tree.id)]
    if isinstance(tree, ast.Constant):
        return tree.value
    if isinstance(tree, ast.UnaryOp):
        inner = _value(tree.operand, columns, functions)
        return -inner if isinstance(tree.op, ast.USub) else inner
    if isinstance(tree, ast.BinOp):
        left, right = (_value(one, columns, functions) for one in (tree.left, tree.right))
        return _ARITHMETIC[type(tree.op)](left, right)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        if tree.func.id in functions and not tree.keywords:
            return functions[tree.func.id](*(_value(a, columns, functions) for a in tree.args))
        raise ParameterError(
            f"{tree.func.id} cannot stand in the response: it takes arithmetic, log, exp, sqrt."
        )
    raise ParameterError(f"{_shown(tree)!r:.60} cannot stand in the response.")


_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
    ast.Pow: np.power,
}  # fmt: skip


def _malformed(text: str, why: str) -> ParameterError:
    return ParameterError(f'{text!r:.80} is no formula such as "y ~ x + C(group)": {why}.')


def _refused(text: str, why: str) -> ParameterError:
    return ParameterError(
        f"The formula {text!r:.80} is not evaluated: {why}. A formula holds columns, numbers, "
        f"+ - * / : **, and calls of {', '.join(FUNCTIONS)}; in Python context={{'f': f}} adds "
        "functions."
    )
