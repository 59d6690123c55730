"""Language models by maximum likelihood: from the bigram to Kneser–Ney."""

from pathlib import Path

from likeliest.language import smoothing
from likeliest.language.arpa import read as read_arpa
from likeliest.language.classification import classify
from likeliest.language.count import count
from likeliest.language.counts import NGramCounts
from likeliest.language.counts_text import read as read_counts
from likeliest.language.evaluation import Evaluation
from likeliest.language.filtering import Line, keep, rank, scored
from likeliest.language.fit import fit
from likeliest.language.mixing import Mixture, mix
from likeliest.language.mixture_parts import Cache
from likeliest.language.mixture_state import MixtureState, MixtureStep
from likeliest.language.mlp import MLPModel
from likeliest.language.model import NGramModel
from likeliest.language.normalization import normalized
from likeliest.language.pieces import HuggingFace
from likeliest.language.records import Document, buckets, documents
from likeliest.language.state import State, Step
from likeliest.language.storage import load_counts, load_mlp, load_model
from likeliest.language.surprisal import Surprisal
from likeliest.language.tokenizers import Bytes, Characters, Tokenizer, Words
from likeliest.language.vocabulary import Vocabulary

__all__ = [
    "Bytes",
    "Cache",
    "Characters",
    "Document",
    "Evaluation",
    "HuggingFace",
    "Line",
    "MLPModel",
    "Mixture",
    "MixtureState",
    "MixtureStep",
    "NGramCounts",
    "NGramModel",
    "State",
    "Step",
    "Surprisal",
    "Tokenizer",
    "Vocabulary",
    "Words",
    "buckets",
    "classify",
    "count",
    "documents",
    "fit",
    "keep",
    "load",
    "load_counts",
    "load_mlp",
    "load_model",
    "mix",
    "normalized",
    "rank",
    "read_arpa",
    "read_counts",
    "scored",
    "smoothing",
]


def load(
    path: str | Path, tokenizer: str | Tokenizer | None = None, *, check: bool = False
) -> NGramModel:
    """Open a saved model: a file of our own, or an ARPA file.

    Parameters
    ----------
    path : str or Path
    tokenizer : str or Tokenizer, optional
        For an ARPA file, which does not say: "words" by default, unless all symbols are characters.
    check : bool
        Of a file of our own, whether to read all of it and make sure that nothing has changed and
        that its n-grams are in order and within range: for a file of unknown origin.
    """
    from likeliest.errors import ReadError
    from likeliest.language.storage import MAGIC

    try:
        with Path(path).open("rb") as file:
            own = file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.") from None
    return load_model(path, check=check) if own else read_arpa(path, tokenizer)
