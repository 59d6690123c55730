"""Language models by maximum likelihood: from the bigram to Kneser–Ney."""

from pathlib import Path

from likeliest.language import smoothing
from likeliest.language.counting.as_text import read as read_counts
from likeliest.language.counting.count import count
from likeliest.language.counting.counts import NGramCounts
from likeliest.language.fit import fit
from likeliest.language.models.classification import classify
from likeliest.language.models.evaluation import Evaluation
from likeliest.language.models.filtering import Line, keep, rank, scored
from likeliest.language.models.hashed import HashedModel
from likeliest.language.models.mixing import Mixture, mix
from likeliest.language.models.mixture_parts import Cache
from likeliest.language.models.mixture_state import MixtureState, MixtureStep
from likeliest.language.models.model import NGramModel
from likeliest.language.models.state import State, Step
from likeliest.language.models.surprisal import Surprisal
from likeliest.language.neural.mlp import MLPModel
from likeliest.language.storage.arpa import read as read_arpa
from likeliest.language.storage.files import load_counts, load_mlp, load_model
from likeliest.language.storage.kenlm_binary import is_binary, read_trie
from likeliest.language.storage.kenlm_binary import read as load_kenlm
from likeliest.language.text.normalization import normalized
from likeliest.language.text.pieces import HuggingFace
from likeliest.language.text.records import Document, buckets, documents
from likeliest.language.text.tokenizers import Bytes, Characters, Tokenizer, Words
from likeliest.language.text.vocabulary import Vocabulary

__all__ = [
    "Bytes",
    "Cache",
    "Characters",
    "Document",
    "Evaluation",
    "HashedModel",
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
    "load_kenlm",
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
    """Open a saved model: a file of our own, an ARPA file, or a trie of KenLM.

    Parameters
    ----------
    path : str or Path
    tokenizer : str or Tokenizer, optional
        For an ARPA file or a trie, which do not say: "words" by default; an ARPA file whose symbols
        are all characters needs it.
    check : bool
        Of a file of our own, whether to read all of it and make sure that nothing has changed and
        that its n-grams are in order and within range: for a file of unknown origin.
    """
    from likeliest.errors import ReadError
    from likeliest.language.storage.files import MAGIC

    try:
        with Path(path).open("rb") as file:
            own = file.read(len(MAGIC)) == MAGIC
        if is_binary(path):
            return read_trie(path, tokenizer)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.") from None
    return load_model(path, check=check) if own else read_arpa(path, tokenizer)
