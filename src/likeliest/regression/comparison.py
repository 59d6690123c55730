"""RegressionComparison: regressions of several families on the same terms, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from likeliest.distributions import families
from likeliest.errors import LikeliestError, ParameterError
from likeliest.fitting.criteria import Criterion, above_best, akaike_weights, evaluate
from likeliest.tables import Table, frame, html, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.regression.result import Regression
    from likeliest.tables import Library


@dataclass(frozen=True, eq=False)
class RegressionComparison:
    """Regressions of several families on the same data and terms, ranked.

    Its length is the number of regressions, and iterating gives them, the likeliest first; a
    family's name in brackets gives that of the family.

    Parameters
    ----------
    regressions : tuple of Regression
    criterion : {"aicc", "aic", "bic", "nll"}
    left_out : dict
        For each family that is not among them, the reason.

    Examples
    --------
    >>> import likeliest as lk
    >>> frame = {"stops": [2, 3, 9, 7, 8, 19, 10, 2, 25], "speed": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
    >>> compared = lk.regress("stops ~ speed", frame, ["poisson", "negative binomial"])
    >>> compared.best.family, [r.family for r in compared.by("nll")]
    ('negative binomial', ['negative binomial', 'poisson'])
    """

    regressions: tuple[Regression, ...]
    criterion: Criterion
    left_out: dict[str, str]

    @property
    def best(self) -> Regression:
        """The first of the regressions."""
        return self.regressions[0]

    @property
    def values(self) -> list[float]:
        """The criterion of each; smaller is better."""
        return [
            evaluate(self.criterion, r.log_likelihood, r.estimated, r.n) for r in self.regressions
        ]

    @property
    def deltas(self) -> list[float]:
        """How far each criterion lies above the best."""
        return above_best(self.values)

    @property
    def weights(self) -> list[float]:
        """Akaike weights: the share of exp(-Δ/2) that each has (of exp(-Δ) for nll).

        Source: Burnham & Anderson (2002), section 2.9.
        """
        return akaike_weights(self.deltas, self.criterion)

    def by(self, criterion: Criterion) -> RegressionComparison:
        """Return the same regressions ranked by another criterion.

        Raises
        ------
        ParameterError
            If there is no such criterion.
        """

        def value(one: Regression) -> float:
            return evaluate(criterion, one.log_likelihood, one.estimated, one.n)

        ranked = tuple(sorted(self.regressions, key=value))
        return replace(self, regressions=ranked, criterion=criterion)

    def __len__(self) -> int:
        """The number of regressions."""
        return len(self.regressions)

    def __iter__(self) -> Iterator[Regression]:
        """Iterate over the regressions, the likeliest first."""
        return iter(self.regressions)

    def __getitem__(self, family: str | type[Distribution]) -> Regression:
        """Return the regression of a family.

        Raises
        ------
        KeyError
            If it is not among them; with the reason, if it was left out.
        """
        name = families.find(family).name
        for one in self.regressions:
            if one.family == name:
                return one
        raise KeyError(self.left_out.get(name, f"{name} is not among those compared."))

    def table(self) -> Table:
        """Return a row for each regression."""
        named = self.criterion.upper().replace("CC", "Cc")
        cells = zip(self.regressions, self.values, self.deltas, self.weights, strict=True)
        rows = tuple(
            (r.family, f"{value:.2f}", f"{delta:.2f}", f"{weight:.3f}", f"{r.estimated:.4g}")
            for r, value, delta, weight in cells
        )
        title = f"{len(self)} regressions · {self.best.n:,.6g} observations"
        left_out = tuple(f"left out: {name}: {why}" for name, why in self.left_out.items())
        return Table(title, ("family", named, f"Δ{named}", "weight", "estimated"), rows, left_out)

    def to_frame(self, library: Library = "polars") -> Any:
        """Return a data frame with a row for each regression."""
        return frame(
            {
                "family": [r.family for r in self.regressions],
                self.criterion: self.values,
                "delta": self.deltas,
                "weight": self.weights,
                "log_likelihood": [r.log_likelihood for r in self.regressions],
                "estimated": [r.estimated for r in self.regressions],
            },
            library,
        )

    def __repr__(self) -> str:
        return text(self.table())

    def _repr_html_(self) -> str:
        return html(self.table())


def compared(
    named: Sequence[str | type[Distribution]],
    regressed: Callable[[str | type[Distribution]], Regression],
) -> RegressionComparison:
    """Return the regressions of families, ranked by AICc; those that fail are left out and said.

    Raises
    ------
    ParameterError
        If no family is named, or one twice.
    LikeliestError
        If none could be regressed: the error of the first.
    """
    members = [families.find(one) for one in named]
    if not members or len(set(members)) < len(members):
        raise ParameterError("Name the families to compare, each once.")
    done: list[Regression] = []
    failed: dict[str, LikeliestError] = {}
    for member in members:
        try:
            done.append(regressed(member))
        except LikeliestError as error:
            failed[member.name] = error
    if not done:
        raise next(iter(failed.values()))
    left_out = {name: str(error) for name, error in failed.items()}
    measure = done[0].measure
    for one in done:
        if one.measure != measure:
            left_out[one.family] = (
                f"it gives the values a {one.measure}, {done[0].family} a {measure}: the two "
                "cannot be compared."
            )
    alike = tuple(one for one in done if one.measure == measure)
    return RegressionComparison(alike, "aicc", left_out).by("aicc")
