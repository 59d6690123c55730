"""Regressor: a regression by maximum likelihood with the habits of scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, MissingExtraError, ParameterError
from likeliest.regression.estimation import regress
from likeliest.regression.scores import seen_in

try:
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.metrics import r2_score
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise MissingExtraError(
        "Regressor needs scikit-learn: pip install 'likeliest[sklearn]'. lk.regress does without."
    ) from None

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array


class Regressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Relate the parameters of a family to covariates, as an estimator of scikit-learn.

    It goes into pipelines, cross-validation and grid searches. What `likeliest.regress` returns
    stands in `regression_`, with standard errors and tests.

    Parameters
    ----------
    family : str or class
        Any family that `likeliest.regress` takes.
    formula : str, optional
        The terms of the main parameter, read from a data frame: `"days ~ eth + sex"`, or
        `"~ eth + sex"` where `fit` is given y. Without it X is an array, and each column a term.
    formulas : mapping, optional
        The terms of further parameters by name: {"shape": "~ sex"}; only beside `formula`.
    links, fixed : mapping, optional
        As `likeliest.regress` takes them.

    Attributes
    ----------
    regression_ : Regression
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : array of str
        Their names, where X was a data frame.

    Examples
    --------
    >>> import likeliest as lk
    >>> X = [[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0], [8.0], [9.0]]
    >>> stops = [2, 3, 6, 7, 8, 9, 10, 12, 15]
    >>> model = lk.Regressor("poisson").fit(X, stops)
    >>> model.predict([[10.0], [12.0]]).round(2).tolist(), round(model.score(X, stops), 3)
    ([18.73, 27.66], 0.943)
    """

    def __init__(
        self,
        family: str | type[Distribution] = "normal",
        *,
        formula: str | None = None,
        formulas: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
        fixed: Mapping[str, float] | None = None,
    ) -> None:
        self.family = family
        self.formula = formula
        self.formulas = formulas
        self.links = links
        self.fixed = fixed

    def fit(
        self, X: Any, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Regressor:
        """Find the likeliest coefficients.

        Parameters
        ----------
        X : array of shape (n, p), or a data frame where there is a formula
        y : array-like of shape (n,), optional
            The response; None where the formula names it.
        sample_weight : array-like of shape (n,), optional
            How often each row counts.

        Raises
        ------
        DataError, ParameterError, UnboundedLikelihoodError, ConvergenceError
            As `likeliest.regress`.
        """
        weights = None if sample_weight is None else np.asarray(sample_weight)
        words = {"weights": weights, "links": self.links, "fixed": self.fixed}
        if self.formula is None:
            if self.formulas:
                raise ParameterError("formulas= go with formula=, which speaks of the main one.")
            checked, y = validate_data(
                self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=2
            )
            has_names = hasattr(self, "feature_names_in_")
            self.regression_ = regress(y, X if has_names else checked, self.family, **words)
            return self
        validate_data(self, X, skip_check_array=True)
        if (y is None) == self._names_no_response:
            raise DataError(
                f"y is needed beside the formula {self.formula!r}, which names no response."
                if y is None
                else f"The formula {self.formula!r} names the response: give no y, or begin it "
                "with ~."
            )
        seen = {} if y is None else {"lower": y, "upper": y}
        self.regression_ = regress(
            self.formula, X, self.family, formulas=self.formulas, **seen, **words
        )
        return self

    def predict(self, X: Any) -> Array:
        """Return the mean of each row, of shape (n,)."""
        check_is_fitted(self)
        return self.regression_.predict(self._checked(X))

    def predict_distribution(self, X: Any) -> Distribution:
        """Return the distribution of each row, with parameters of shape (n,).

        Every verb works on it: `quantile`, `interval`, `sf`, `sample`.
        """
        check_is_fitted(self)
        return self.regression_.distribution(self._checked(X))

    def score(
        self, X: Any, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return R² of the predicted means, as scikit-learn's regressors do.

        `log_score` is what the likelihood itself says of new rows.
        """
        return float(r2_score(self._response(X, y), self.predict(X), sample_weight=sample_weight))

    def log_score(
        self, X: Any, y: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the mean log likelihood of new rows, nats; higher is better.

        As a scorer of a grid search: `scoring=lambda model, X, y: model.log_score(X, y)`.
        """
        each = self.predict_distribution(X).log_prob(self._response(X, y))
        return float(np.average(each, weights=sample_weight))

    @property
    def _names_no_response(self) -> bool:
        return self.formula is not None and self.formula.lstrip().startswith("~")

    def _checked(self, X: Any) -> Any:
        if self.formula is None:
            return validate_data(self, X, dtype=np.float64, reset=False)
        validate_data(self, X, skip_check_array=True, reset=False)
        return X

    def _response(self, X: Any, y: ArrayLike | None) -> Array:
        return seen_in(self.regression_, X) if y is None else np.asarray(y, np.float64)

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn what X and y may be."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = self.formula is None or self._names_no_response
        return tags
