"""A regression as it is to be fitted: observations, predictors, and the columns of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import Observations
from likeliest.regression.design import taken
from likeliest.regression.objective import Elsewhere, Objective
from likeliest.regression.predictor import Predictor, standardised
from likeliest.regression.smooths import smooths_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from likeliest.numerics.arrays import Array, Indices
    from likeliest.regression.afar import Afar
    from likeliest.regression.design import Design
    from likeliest.regression.forms import Form
    from likeliest.regression.links import Link
    from likeliest.regression.matrices import Terms
    from likeliest.regression.predictor import Standardised
    from likeliest.regression.smooths import Smooth


@dataclass(frozen=True)
class Given:
    """What a parameter depends on.

    Parameters
    ----------
    link : Link
    terms : Terms
    matrix : of shape (rows, columns), or None where the parameter is constant
    offset : array of shape (rows,), optional
    """

    link: Link
    terms: Terms
    matrix: Array | Design | None
    offset: Array | None = None


@dataclass(frozen=True)
class Problem:
    """A regression to be fitted.

    Parameters
    ----------
    form : Form
    observations : Observations
    predictors : dict of Predictor by parameter
    columns : dict of matrices, None where a parameter is constant
        Those in which the maximiser climbs: standardised.
    turns : dict of arrays
        Take coefficients of those columns to coefficients about the centre.
    offsets : dict of arrays or None
    fixed : dict of float
    smooths : tuple of Smooth
        Terms whose coefficients are penalised.
    afar : Afar, optional
        All rows, where these are not in memory; the others stand for them.
    """

    form: Form
    observations: Observations
    predictors: dict[str, Predictor]
    columns: dict[str, Array | Design | None]
    turns: dict[str, Array]
    offsets: dict[str, Array | None]
    fixed: Mapping[str, float]
    smooths: tuple[Smooth, ...] = ()
    afar: Afar | None = None

    @classmethod
    def of(
        cls,
        form: Form,
        observations: Observations,
        given: Mapping[str, Given],
        fixed: Mapping[str, float],
        afar: Afar | None = None,
    ) -> Problem:
        """Standardise the columns of each parameter.

        Raises
        ------
        DataError
            If columns are dependent, or more than the rows.
        """
        predictors: dict[str, Predictor] = {}
        columns: dict[str, Array | Design | None] = {}
        turns: dict[str, Array] = {}
        offsets: dict[str, Array | None] = {}
        constant: int | None
        made: dict[int, Standardised] = {}
        for name, one in given.items():
            offsets[name] = one.offset
            if one.matrix is None:
                centre, constant, turn = np.zeros(1), 0, np.eye(1)
                columns[name] = None if one.offset is None else np.ones((len(observations), 1))
            else:
                if id(one.matrix) not in made:  # two parameters may have the same formula
                    made[id(one.matrix)] = standardised(one.matrix, one.terms.columns, name)
                columns[name], centre, constant, turn = made[id(one.matrix)]
            turns[name] = turn
            predictors[name] = Predictor(
                name, one.link, one.terms, centre, constant, one.offset is not None
            )
        smooths = [one for name, g in given.items() for one in smooths_of(name, g.terms)]
        return cls(
            form,
            observations,
            predictors,
            columns,
            turns,
            offsets,
            dict(fixed),
            tuple(smooths),
            afar,
        )

    @cached_property
    def objective(self) -> Objective:
        """The log likelihood by the coefficients of the standardised columns."""
        names = self.form.names
        links = [
            self.predictors[name].link if name in self.predictors else float(self.fixed[name])
            for name in names
        ]
        made = Objective.of(
            self.form,
            links,
            self.observations,
            columns=[self.columns.get(name) for name in names],
            offsets=[self.offsets.get(name) for name in names],
            sizes=[self.predictors[name].size if name in self.predictors else 0 for name in names],
        )
        if self.afar is None:
            return made
        blocks = self.afar.reading(self.predictors, self.turns, links)
        rows = Elsewhere(self.afar.partitions, blocks, self.afar.rows)
        return replace(made, n=self.afar.n, elsewhere=rows)

    @property
    def n(self) -> float:
        """Number of observations: the sum of the weights."""
        return self.observations.n if self.afar is None else self.afar.n

    @cached_property
    def penalised(self) -> Objective:
        """The log likelihood less half of the penalties: what is climbed."""
        if not self.smooths:
            return self.objective
        return replace(self.objective, penalty=self.penalty([s.strength for s in self.smooths]))

    def with_smooths(self, smooths: Sequence[Smooth]) -> Problem:
        """Return the problem with other strengths of the penalties; the rows are the same."""
        made = replace(self, smooths=tuple(smooths))
        made.__dict__["objective"] = self.objective
        return made

    def penalty(self, strengths: Sequence[float]) -> Array:
        """Return the matrix of the penalties, by the objective's coefficients."""
        total = np.zeros((self.objective.k, self.objective.k))
        for strength, one in zip(strengths, self.smooths, strict=True):
            total += strength * self.bend(one)
        return total

    def bend(self, smooth: Smooth) -> Array:
        """Return the matrix of a penalty of strength 1."""
        at = self.objective.slices[self.form.names.index(smooth.parameter)]
        rows = self.turns[smooth.parameter][list(smooth.bends)]
        matrix = np.zeros((self.objective.k, self.objective.k))
        matrix[at, at] = rows.T @ rows
        return matrix

    def freedom(self, information: Array) -> Array:
        """Return the effective degrees of freedom of each coefficient of the columns.

        Parameters
        ----------
        information : array of shape (k, k)
            Of the penalised likelihood.
        """
        penalty = self.penalty([one.strength for one in self.smooths])
        share = np.eye(len(penalty)) - np.linalg.solve(information, penalty)
        return np.asarray((self.turn @ share @ np.linalg.inv(self.turn)).diagonal())

    @cached_property
    def turn(self) -> Array:
        """The matrix that takes the objective's coefficients to those about the centre."""
        whole = np.zeros((self.objective.k, self.objective.k))
        for name, at in zip(self.form.names, self.objective.slices, strict=True):
            if name in self.turns:
                whole[at, at] = self.turns[name]
        return whole

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that are estimated, the main one first."""
        main = self.form.main
        return tuple(sorted(self.predictors, key=lambda name: name != main))

    @cached_property
    def order(self) -> Indices:
        """Where the coefficients, the main parameter's first, stand in the objective."""
        slices = dict(zip(self.form.names, self.objective.slices, strict=True))
        places = [np.arange(slices[name].start, slices[name].stop) for name in self.names]
        return np.concatenate(places)

    def with_response(self, values: Array) -> Problem:
        """Return the problem of other exact values in the same rows."""
        return replace(self, observations=Observations.of_checked(values))

    def reweighed(self, weights: Array) -> Problem:
        """Return the problem with other weights, less the rows whose weight is 0."""
        at = np.flatnonzero(weights)
        matrices = {id(c): taken(c, at) for c in self.columns.values() if c is not None}
        return replace(
            self,
            observations=replace(self.observations, weights=weights).take(at),
            columns={n: None if c is None else matrices[id(c)] for n, c in self.columns.items()},
            offsets={n: None if c is None else c[at] for n, c in self.offsets.items()},
        )

    def holding(self, name: str, value: float) -> Problem:
        """Return the problem with a parameter that is the same for all rows fixed."""
        rest = [other for other in self.predictors if other != name]
        return replace(
            self,
            predictors={other: self.predictors[other] for other in rest},
            columns={other: self.columns[other] for other in rest},
            turns={other: self.turns[other] for other in rest},
            offsets={other: self.offsets[other] for other in rest},
            fixed={**self.fixed, name: value},
            smooths=tuple(one for one in self.smooths if one.parameter != name),
        )
