"""Record binaries of KenLM and what KenLM answers from them: python record_kenlm_binaries.py.

Needs kenlm==0.3.0 (pip install kenlm) and its build_binary on the PATH. Writes data/kenlm_binary.*:
an ARPA file, the binaries built from it, packed by gzip, and a JSON file of scores.
"""

import gzip
import json
import subprocess
import tempfile
from pathlib import Path

import kenlm

import likeliest as lk

DATA = Path(__file__).parent / "data"
KINDS = {
    "probing": ["probing"],
    "rests": ["-r", "1.arpa 2.arpa 3.arpa", "probing"],
    "trie": ["trie"],
    "arrays": ["-a", "22", "trie"],
    "quantised": ["-q", "8", "-b", "7", "trie"],
    "both": ["-q", "5", "-b", "4", "-a", "3", "trie"],
}


def build(folder, name, options):
    command = ["build_binary", *options, "kenlm_binary.arpa", f"kenlm_binary.{name}"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)  # noqa: S603 - our own


def recorded():
    lines = (DATA / "alice.txt").read_text(encoding="utf-8").split("\n")[:-1]
    sentences = [*lines[:4], *lines[-6:], "", "zebra the zebra", "the </s> the"]
    scores = {}
    with tempfile.TemporaryDirectory() as folder:
        whole = lk.language.fit(lines[:50], 4, "words")
        # Without some n-grams that longer ones end with, as SRILM prunes.
        whole.prune(3e-4).to_arpa(f"{folder}/kenlm_binary.arpa")
        for n in (1, 2, 3):
            lk.language.fit(lines[:50], n, "words").to_arpa(f"{folder}/{n}.arpa")
        for name, options in KINDS.items():
            build(folder, name, options)
            model = kenlm.Model(f"{folder}/kenlm_binary.{name}")
            scores[name] = [list(model.full_scores(sentence)) for sentence in sentences]
        build(folder, "wordless", ["-v", "trie"])
        for name in ("arpa", *KINDS, "wordless"):
            content = (Path(folder) / f"kenlm_binary.{name}").read_bytes()
            (DATA / f"kenlm_binary.{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    return {"sentences": sentences, "full_scores": scores}


if __name__ == "__main__":
    text = json.dumps(recorded(), ensure_ascii=False, separators=(",", ":"))
    (DATA / "kenlm_binary.json").write_text(text + "\n", encoding="utf-8")
