"""Record what KenLM answers: python record_kenlm_queries.py (pip install kenlm==0.3.0).

Writes data/kenlm_queries.json from the ARPA files beside it, which lmplz made.
"""

import gzip
import json
import tempfile
from itertools import product
from pathlib import Path

import kenlm

DATA = Path(__file__).parent / "data"
CORPORA = ("alice", "genesis")
ODD = [
    "",
    "zebra",
    "God zebra said",
    "the <unk> the",
    "the </s> the",
    "a\x0bthe\x0cof\ta",
    "\xa0 the",
]


def recorded(corpus):
    with tempfile.NamedTemporaryFile(suffix=".arpa") as file:
        file.write(gzip.decompress((DATA / f"{corpus}.words.arpa.gz").read_bytes()))
        file.flush()
        model = kenlm.Model(file.name)
    lines = (DATA / f"{corpus}.txt").read_text(encoding="utf-8").split("\n")[:-1]
    sentences = [*lines[-12:], *ODD]
    words = " ".join(lines[-60:]).split()
    contexts = [words[at : at + at % 5] for at in range(400)]
    return {
        "sentences": sentences,
        "full_scores": {
            f"{bos:d}{eos:d}": [list(model.full_scores(s, bos, eos)) for s in sentences]
            for bos, eos in product((True, False), repeat=2)
        },
        "score": [model.score(s) for s in sentences],
        "perplexity": [model.perplexity(s) for s in sentences],
        "contains": {w: w in model for w in ("the", "zebra", "<unk>", "<s>", "</s>", "", ".")},
        "contexts": contexts,
        "merged": merged(model, contexts),
    }


def merged(model, contexts):
    """The number of the state after each context: equal states have the same."""
    numbers = {}
    return [numbers.setdefault(state_after(model, c), len(numbers)) for c in contexts]


def state_after(model, words):
    state = kenlm.State()
    model.NullContextWrite(state)
    for word in words:
        after = kenlm.State()
        model.BaseScore(state, word, after)
        state = after
    return state


if __name__ == "__main__":
    figures = {corpus: recorded(corpus) for corpus in CORPORA}
    text = json.dumps(figures, ensure_ascii=False, separators=(",", ":"))
    (DATA / "kenlm_queries.json").write_text(text + "\n", encoding="utf-8")
