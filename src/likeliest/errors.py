"""Everything that can go wrong, as one tree.

LikeliestError
├── DataError (ValueError)            the observations cannot be used as they stand
│   ├── SupportError                  values that the family cannot hold
│   └── ReadError                     a file that cannot be read
├── ParameterError (ValueError)       a parameter outside its range, or unknown
├── FamilyError (ValueError)          no such family, or not one for this job
├── PictureError (ValueError)         a picture that there is not of this fit
├── UnboundedLikelihoodError (ValueError)   the likelihood has no maximum
├── ConvergenceError (RuntimeError)   the maximiser stopped short of a maximum
└── MissingExtraError (ImportError)   an optional dependency is needed

Each message says what was wrong, where, and what to do about it.
"""


class LikeliestError(Exception):
    """The root: `except LikeliestError` catches all that this library raises itself."""


class DataError(LikeliestError, ValueError):
    """The observations cannot be used as they stand."""


class SupportError(DataError):
    """Some values lie outside what the family can hold."""


class ReadError(DataError):
    """A file is missing, malformed, or lacks the column asked for."""


class ParameterError(LikeliestError, ValueError):
    """A parameter lies outside its range, is missing, or is not one of the family's."""


class FamilyError(LikeliestError, ValueError):
    """No family has this name, or the family cannot do what is asked."""


class PictureError(LikeliestError, ValueError):
    """There is no such picture, or it cannot be drawn of this fit."""


class UnboundedLikelihoodError(LikeliestError, ValueError):
    """The likelihood has no maximum, so that no maximum likelihood estimate exists.

    Parameters
    ----------
    reason : str
        Where it has none.
    remedy : str
        What to do about it.
    """

    def __init__(
        self,
        reason: str,
        remedy: str = (
            "fix a parameter, choose another family, or say to what step the values were rounded."
        ),
    ) -> None:
        super().__init__(f"{reason} No estimate exists: {remedy}")
        self.reason = reason


class ConvergenceError(LikeliestError, RuntimeError):
    """The maximiser stopped before it reached a maximum."""


class MissingExtraError(LikeliestError, ImportError):
    """An optional dependency is needed for this and is not installed."""
