"""The mean of a regression along each covariate, with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from likeliest.errors import PictureError
from likeliest.plots import style
from likeliest.plots.of_regressions.names import told
from likeliest.tables import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.inference.estimates import Estimate
    from likeliest.numerics.arrays import Array
    from likeliest.regression.columns import Categories, Columns
    from likeliest.regression.result import Regression

_POINTS = 101
_MOST = 6  # covariates that are drawn side by side
_ACROSS = 3
_SQUARE = 4  # of them stand two by two
_RUG = 500  # marks of the rows' values
_ASIDE = 0.1  # between the marks of two levels
_PROBABILITY = "probability"
_LONG = 12  # characters of a level's name, beyond which names are turned


class Along(NamedTuple):
    """Rows in which one covariate moves and the others stand still.

    Parameters
    ----------
    rows : dict of columns
    at : array
        The covariate, or the places of its levels.
    levels : list of str
        Empty of numbers.
    seen : array
        Its values in the rows that were fitted.
    aside : float
        How far beside its place a level is marked.
    """

    rows: dict[str, Any]
    at: Array
    levels: list[str]
    seen: Array
    aside: float = 0.0


def effects(
    regression: Regression,
    ax: Axes | None = None,
    *,
    column: str | None = None,
    level: float = 0.95,
) -> Axes:
    """Draw the mean along a covariate, the others held where their middle is.

    Other numbers are held at their median and other categories at their commonest level. Where the
    family has no mean the median is drawn, and of levels the probability of each. The band holds
    each point of the curve with probability `level`, by the delta method; marks along the axis are
    the values in the data.

    Parameters
    ----------
    regression : Regression
    ax : matplotlib Axes, optional
    column : str, optional
        The covariate; without it each that formulas read, six at most.
    level : float

    Returns
    -------
    Axes
        Of several covariates a frame, whose `child_axes` are theirs.

    Raises
    ------
    PictureError
        If there is no such covariate, or arrays were given in place of a formula.

    Examples
    --------
    >>> import likeliest as lk
    >>> frame = {"stops": [2, 3, 6, 7, 8, 9, 10, 12, 15], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
    >>> ax = effects(lk.regress("stops ~ speed", frame, "poisson"))
    >>> ax.get_lines()[0].get_ydata()[[0, -1]].round(1).tolist()
    [3.2, 15.4]
    """
    covariates = _covariates(regression)
    names = [name for name in covariates.by_name if name not in _known_parts(regression)]
    if column is not None and column not in names:
        raise PictureError(f"No formula reads a column {column!r}; they read {', '.join(names)}.")
    if not names:
        raise PictureError("There is no effect to draw: no formula reads a column.")
    chosen = names[:_MOST] if column is None else [column]
    across = 2 if len(chosen) == _SQUARE else min(len(chosen), _ACROSS)
    down = -(-len(chosen) // across)
    of = _drawn_of(regression)
    size = (7.0, 4.2) if len(chosen) == 1 else (3.4 * across + 0.6, 3.0 * down + 0.6)
    what = f"Effect of {chosen[0]}" if len(chosen) == 1 else "Effects"
    ax = style.axes(ax, told(what, regression), size)
    panels = [ax] if len(chosen) == 1 else style.panels(ax, len(chosen), across)
    names_of_levels = _levels(regression)
    for panel, name in zip(panels, chosen, strict=True):
        along = _along(covariates, name)
        _draw(panel, along, _estimate(regression, along, of), level, names_of_levels)
        panel.set_xlabel(name)
    if names_of_levels:
        style.legend(panels[0])
    ends = [panel.get_ylim() for panel in panels]
    for panel in panels:
        panel.set_ylim(min(low for low, _ in ends), max(high for _, high in ends))
        panel.set_ylabel("")
    panels[0].set_ylabel(_response_of(regression, of))
    style.note(panels[-1], _note(regression, len(names) - len(chosen) if column is None else 0))
    return ax


def _covariates(regression: Regression) -> Columns:
    if regression.covariates is None:
        regression.required_problem("A picture of effects")
        raise PictureError(
            "Effects are drawn along the columns that formulas read, and this regression was given "
            'arrays. Name them in a frame: lk.regress("y ~ speed", frame, family).'
        )
    return regression.covariates


def _known_parts(regression: Regression) -> set[str]:
    """Return the columns that are offsets or exposures, or the response, and so no covariates."""
    parts = {name for some in regression.offsets.values() for name, _ in some if name}
    response = regression.response
    named = set() if response is None else {*response.response_columns}
    read = {
        name
        for predictor in regression.predictors.values()
        if predictor.terms.formula is not None
        for name in predictor.terms.formula.columns
    }
    return (parts | named) - read


def _along(covariates: Columns, name: str) -> Along:
    moved = covariates.by_name[name]
    values: Any
    if not isinstance(moved, np.ndarray):
        at, seen = np.arange(len(moved.levels), dtype=np.float64), np.empty(0)
        values, levels = list(moved.levels), [str(one) for one in moved.levels]
    else:
        numbers = np.unique(moved)
        few = 2 < numbers.size <= _POINTS and np.all(numbers == np.floor(numbers))
        low, high = float(numbers[0]), float(numbers[-1])
        at = numbers if few or numbers.size <= 2 else np.linspace(low, high, _POINTS)
        values, levels, seen = at, [], np.asarray(moved)
    rows: dict[str, Any] = {name: values}
    for other, column in covariates.by_name.items():
        if other != name:
            rows[other] = [_middle(column)] * len(at)
    return Along(rows, at, levels, seen)


def _middle(column: Array | Categories) -> Any:
    if not isinstance(column, np.ndarray):
        return column.levels[int(np.argmax(np.bincount(column.codes)))]
    middle = np.median(column)
    return float(column[np.argmin(np.abs(column - middle))])  # one that occurs: it may be a code


def _drawn_of(regression: Regression) -> str:
    if hasattr(regression.form.family, "levels"):
        return _PROBABILITY
    has_mean = np.isfinite(np.asarray(regression.distribution().mean)).all()
    return "mean" if has_mean else "median"


def _of_levels(d: Any) -> Array:
    return np.asarray(d.level_probabilities)


def _levels(regression: Regression) -> list[str]:
    """Return the names of the levels that a family of such tells apart; none of another."""
    count = getattr(regression.form.family, "levels", 0)
    named = regression.response
    column = named and regression.covariates and regression.covariates.by_name.get(named.response)
    levels = getattr(column, "levels", range(1, count + 1))
    return [str(one) for one in levels] if count else []


def _draw(ax: Axes, along: Along, found: Estimate, level: float, names: list[str]) -> None:
    """Draw a curve with its band, or one for each name."""
    ends = np.stack([found.value, *found.interval(level)])
    curves = np.moveaxis(ends, -1, 0) if names else ends[None]
    for index, (curve, name) in enumerate(zip(curves, names or [""], strict=True)):
        aside = _ASIDE * (index - 0.5 * (len(curves) - 1))
        _draw_one(ax, along._replace(aside=aside), curve, index, name)


def _draw_one(ax: Axes, along: Along, curve: Array, index: int, name: str) -> None:
    value, low, high = curve
    if along.levels or along.at.size <= 2:
        places = np.arange(along.at.size)
        off = np.abs(np.stack([value - low, high - value]))
        ax.errorbar(
            places + along.aside, value, off, color=style.COLOURS[index % len(style.COLOURS)],
            marker=style.MARKERS[index % len(style.MARKERS)], markersize=5.0, capsize=4.0,
            linestyle="none", label=name or None,
        )  # fmt: skip
        shown = along.levels or [number(one) for one in along.at]
        turned = max(map(len, shown)) * len(shown) > _LONG * 3
        ax.set_xticks(
            places, shown, rotation=30 if turned else 0, ha="right" if turned else "center"
        )
        ax.set_xlim(-0.6, along.at.size - 0.4)
        return
    ax.plot(along.at, value, **(style.line(index) | {"label": name or None}))
    colour = style.COLOURS[index % len(style.COLOURS)]
    ax.fill_between(along.at, low, high, **(style.BAND | {"color": colour}))
    seen = np.unique(along.seen)
    some = seen[np.linspace(0, seen.size - 1, min(seen.size, _RUG)).astype(np.intp)]
    ax.plot(
        some, np.zeros(some.size), "|", color=style.GREY, markersize=8.0, alpha=0.6,
        transform=ax.get_xaxis_transform(), clip_on=False,
    )  # fmt: skip


def _estimate(regression: Regression, along: Along, of: str) -> Estimate:
    main = regression.form.main
    known = np.zeros(along.at.size) if main in regression.offsets else None
    if of == _PROBABILITY:
        return regression.estimate(_of_levels, along.rows, offset=known)
    if of == "mean":
        return regression.estimate(lambda d: d.mean, along.rows, offset=known)
    return regression.estimate(lambda d: d.quantile(0.5), along.rows, offset=known)


def _response_of(regression: Regression, of: str) -> str:
    response = regression.response
    name = f"{of} of {response.response}" if response is not None else of
    exposed = any(known for _, known in regression.offsets.get(regression.form.main, ()))
    return f"{name}, per unit of exposure" if exposed else name


def _note(regression: Regression, left: int) -> str:
    parts = regression.offsets.get(regression.form.main, ())
    notes = ["at offset 0"] * any(not exposed for _, exposed in parts)
    notes += [f"{left} more by column="] * (left > 0)
    return ", ".join(notes)
