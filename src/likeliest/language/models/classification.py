"""Which of several models a text is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError

if TYPE_CHECKING:
    from likeliest.language.models.scorer import Scorer


def classify(
    models: Mapping[str, Scorer],
    texts: list[str],
    *,
    priors: Mapping[str, float] | None = None,
) -> list[dict[str, float]]:
    """Return for each text the probability of each model, by Bayes' rule.

    Parameters
    ----------
    models : mapping from name to model
        Of characters, best: models of words with vocabularies of different size leave different
        shares to unknown words.
    texts : list of str
    priors : mapping from name to a positive number, optional
        How probable each is before a text is seen; alike by default.

    Returns
    -------
    list of dict, for each text the names with their probabilities, the most probable first

    Raises
    ------
    DataError
        If no model gives a text a probability above 0.

    Examples
    --------
    >>> import likeliest as lk
    >>> english = lk.language.fit(["the cat sat on the mat", "the dog ran home"], order=3)
    >>> german = lk.language.fit(["die katze sass auf der matte", "der hund lief heim"], order=3)
    >>> (found,) = classify({"en": english, "de": german}, ["the hat"])
    >>> {name: round(p, 3) for name, p in found.items()}
    {'en': 1.0, 'de': 0.0}
    """
    if isinstance(texts, str):
        raise DataError("texts are a list of strings; put one text in a list: [text].")
    names = list(models)
    if not names:
        raise ParameterError("there is no model to choose: name one at least.")
    weights = np.array([1.0 if priors is None else priors.get(name, 0.0) for name in names])
    if not (weights > 0.0).all() or not np.isfinite(weights).all():
        raise ParameterError(f"each model needs a prior above 0; the models: {', '.join(names)}.")
    logs = np.stack([models[name].log_prob(list(texts)) for name in names], axis=1)
    logs += np.log(weights / weights.sum())
    most = logs.max(axis=1, keepdims=True, initial=-np.inf)
    if not np.isfinite(most).all():
        at = int(np.argmin(np.isfinite(most[:, 0])))
        raise DataError(
            f"text {at + 1:,} has probability 0 under all {len(names)} models: {texts[at]!r:.60}. "
            "Fit them with a smoothing that keeps a place for unknown symbols."
        )
    shares = np.exp(logs - most)
    shares /= shares.sum(axis=1, keepdims=True)
    return [{names[i]: float(row[i]) for i in np.argsort(-row, kind="stable")} for row in shares]
