"""Measure `likeliest.language` beside KenLM, nltk and the plain PyTorch loop, in one run.

    python benchmarks/language.py bible.txt --lmplz kenlm/build/bin/lmplz
    python benchmarks/language.py bible.txt --memory 1GB --gigabytes 5      # larger than memory

The text is any plain text, a sentence a line. Peers that are not installed are left out, and said:
`lmplz` is built from the source of KenLM, `kenlm` and `nltk` are Python packages. Time is the best
of a few runs; where a peer takes minutes it is run on a part of the text or for some of the steps,
and the table says so. Beside the time stands what each reached, so that a faster answer that is a
worse one shows.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import likeliest as lk
import likeliest.language.kenlm as kenlm_module

HERE = Path(__file__).parent
BIGRAMS = HERE.parent / "tests" / "language" / "data" / "bigrams.csv"
ORDER = 5
HELD_OUT = 1_000  # the last lines


def best_time(call: Callable[[], object], runs: int = 3) -> float:
    """Return the shortest of a few runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def row(what: str, ours: float, peer: str, theirs: float | None, note: str = "") -> str:
    if theirs is None:
        return f"| {what} | {ours:.3g} s | {peer} | not installed | | {note} |"
    return f"| {what} | {ours:.3g} s | {peer} | {theirs:.3g} s | {theirs / ours:.3g} | {note} |"


def estimating(text: Path, lmplz: Path | None) -> Iterator[str]:
    """Counting and estimating a 5-gram word model, with the file written."""
    with tempfile.TemporaryDirectory() as folder:
        saved, arpa = Path(folder) / "ours.lm", Path(folder) / "theirs.arpa"
        lines = text.read_text(encoding="utf-8").splitlines()
        train = Path(folder) / "train"
        train.write_text("\n".join(lines[:-HELD_OUT]) + "\n", encoding="utf-8")
        held_out = lines[-HELD_OUT:]
        model = lk.language.fit(train, ORDER, "words")
        ours = best_time(lambda: lk.language.fit(train, ORDER, "words"))
        with_file = best_time(lambda: lk.language.fit(train, ORDER, "words").save(saved))
        perplexity = f"perplexity of {HELD_OUT:,} lines held out: {model.perplexity(held_out):.4f}"
        theirs, reached = None, ""
        if lmplz is not None:
            theirs = best_time(lambda: run_lmplz(lmplz, train, arpa))
            read = lk.language.read_arpa(arpa)
            reached = f", of lmplz {read.perplexity(held_out):.4f}"
        note = perplexity + reached
        yield row("5-gram words, fitted and saved", with_file, "lmplz", theirs, note)
        yield row("5-gram words, fitted", ours, "lmplz (it writes a file)", theirs)
        yield from against_nltk(lines)
        if lmplz is not None:
            yield from scoring(model, arpa, lines)


def run_lmplz(lmplz: Path, text: Path, arpa: Path) -> None:
    command = [lmplz, "-o", str(ORDER), "--discount_fallback", "-S", "2G", "--text", text]
    subprocess.run([*command, "--arpa", arpa], check=True, capture_output=True)


def against_nltk(lines: list[str]) -> Iterator[str]:
    """Fitting on a part: nltk counts n-grams in Python; its own Kneser–Ney cannot score in time."""
    part = lines[:1_500]
    ours = best_time(lambda: lk.language.fit(part, ORDER, "words"))
    theirs = None
    try:
        from nltk.lm import WittenBellInterpolated
        from nltk.lm.preprocessing import padded_everygram_pipeline

        def fit() -> None:
            grams, words = padded_everygram_pipeline(ORDER, [line.split() for line in part])
            WittenBellInterpolated(ORDER).fit(grams, words)

        theirs = best_time(fit, 1)
    except ImportError:
        pass
    yield row(f"5-gram words of {len(part):,} lines", ours, "nltk.lm (counting alone)", theirs)


def scoring(model: lk.language.NGramModel, arpa: Path, lines: list[str]) -> Iterator[str]:
    """Scoring sentences: log10 p of each."""
    ours = best_time(lambda: model.log_prob(lines))
    theirs = None
    try:
        import kenlm

        query = kenlm.Model(str(arpa))
        theirs = best_time(lambda: [query.score(line) for line in lines])
    except ImportError:
        pass
    yield row(f"log p of {len(lines):,} sentences", ours, "kenlm.Model.score", theirs)


def decoding(text: Path) -> Iterator[str]:
    """Queries of a decoder, one word or one sentence at a time, of a model of nine tenths."""
    lines = [line for line in text.read_text(encoding="utf-8").splitlines() if line.strip()]
    held_out = " ".join(lines[::10]).split()
    train = [line for at, line in enumerate(lines) if at % 10]
    twelve, nine = (cut(held_out, words, 33_000) for words in (12, 9))
    with tempfile.TemporaryDirectory() as folder:
        arpa, saved = Path(folder) / "model.arpa", Path(folder) / "model.lm"
        fitted = lk.language.fit(train, ORDER, "words")
        fitted.to_arpa(arpa)
        fitted.save(saved)
        model = kenlm_module.Model(saved)
        try:
            import kenlm
        except ImportError:
            return
        peer = kenlm.Model(str(arpa))
        size = f"{sum(fitted.sizes):,} n-grams"
        last: list[str] = []
        for first in range(0, len(twelve) - 2_000, 2_000):
            last = twelve[first : first + 2_000]
            ours = best_time(lambda part=last: [model.score(s) for s in part], 1)
            theirs = best_time(lambda part=last: [peer.score(s) for s in part], 1)
        name, per = "kenlm.Model", f"{len(last):,} calls; {size}"
        yield row("sentences of 12 words, one a call, not asked before", ours, name, theirs, per)
        ours = best_time(lambda: [model.score(s) for s in last])
        theirs = best_time(lambda: [peer.score(s) for s in last])
        yield row("the same sentences again", ours, name, theirs, per)
        ours = best_time(lambda: word_by_word(kenlm_module, model, last))
        theirs = best_time(lambda: word_by_word(kenlm, peer, last))
        yield row("BaseScore, word by word, again", ours, name, theirs, f"{len(last) * 12:,} words")
        first_time = best_time(lambda: beams(kenlm_module, model, nine), 1)
        ours = best_time(lambda: beams(kenlm_module, model, nine))
        theirs = best_time(lambda: beams(kenlm, peer, nine))
        note = f"50 steps; the first time {first_time:.3g} s"
        yield row("beams of 20 hypotheses × 50 words", ours, name, theirs, note)
        scored = lk.language.load(saved)
        ours = best_time(lambda: scored.log_prob(nine))
        theirs = best_time(lambda: [peer.score(s) for s in nine])
        yield row(f"a list of {len(nine):,} sentences of 9 words", ours, name, theirs)


def cut(words: list[str], length: int, most: int) -> list[str]:
    starts = range(0, len(words) - length, length)
    return [" ".join(words[at : at + length]) for at in starts][:most]


def word_by_word(module: ModuleType, model: Any, sentences: list[str]) -> None:
    state, after = module.State(), module.State()
    for sentence in sentences:
        model.BeginSentenceWrite(state)
        for word in sentence.split():
            model.BaseScore(state, word, after)
            state, after = after, state


def beams(module: ModuleType, model: Any, sentences: list[str]) -> None:
    """Fifty steps of a beam search: each of 20 hypotheses tries 50 words, the best 20 go on."""
    words = sorted(set(" ".join(sentences[:300]).split()))
    rng = np.random.default_rng(0)
    start = module.State()
    model.BeginSentenceWrite(start)
    hypotheses = [(0.0, start)] * 20
    for _ in range(50):
        tried = [words[at] for at in rng.integers(0, len(words), 50)]
        longer = []
        for total, state in hypotheses:
            for word in tried:
                after = module.State()
                longer.append((total + model.BaseScore(state, word, after), after))
        longer.sort(key=lambda one: -one[0])
        hypotheses = longer[:20]


def counting(text: Path) -> Iterator[str]:
    """Counting characters."""
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large"
        content = text.read_bytes()
        large.write_bytes(content * max(1, 100_000_000 // len(content)))
        size = large.stat().st_size / 1e6
        for order in (2, 3, 5):
            took = best_time(lambda order=order: lk.language.count(large, order))  # type: ignore[misc]
            what = f"characters, order {order}, {size:.0f} MB"
            yield f"| {what} | {took:.3g} s | | | | {size / took:.0f} MB/s |"


def gradient(torch_steps: int) -> Iterator[str]:
    """The document's loop: 1,000 steps on the bigrams of 32,033 names."""
    table = np.loadtxt(BIGRAMS, delimiter=",").astype(int)
    counts = lk.language.NGramCounts.from_table(table, ".abcdefghijklmnopqrstuvwxyz")
    start = np.load(BIGRAMS.with_name("weights.npy"))
    model = lk.language.fit(counts, method="gradient", init=start)
    ours = best_time(lambda: lk.language.fit(counts, method="gradient", init=start))
    theirs, note = None, ""
    try:
        losses, took = torch_loop(table, start, torch_steps)
        theirs = took / torch_steps * 1000
        far = np.abs(np.array(losses) - model.losses[:torch_steps]).max()
        note = f"{torch_steps} of its steps timed; losses within {far:.1e}"
    except ImportError:
        pass
    yield row("1,000 steps of gradient descent", ours, "the PyTorch loop as written", theirs, note)


def torch_loop(table: np.ndarray, start: np.ndarray, steps: int) -> tuple[list[float], float]:
    import torch
    import torch.nn.functional as F  # noqa: N812

    pairs = np.repeat(np.argwhere(table), table[table > 0], axis=0)
    xs, ys = torch.tensor(pairs[:, 0]), torch.tensor(pairs[:, 1])
    num, W = len(xs), torch.tensor(start, requires_grad=True)
    losses, begun = [], time.perf_counter()
    for _ in range(steps):
        xenc = F.one_hot(xs, num_classes=27).float()
        logits = xenc @ W
        counts = logits.exp()
        probs = counts / counts.sum(1, keepdims=True)
        loss = -probs[torch.arange(num), ys].log().mean() + 0.01 * (W**2).mean()
        losses.append(loss.item())
        W.grad = None
        loss.backward()
        W.data += -50 * W.grad
    return losses, time.perf_counter() - begun


WITHIN_MEMORY = """
import resource, sys, threading, time
from pathlib import Path
import likeliest as lk

def private():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1e6
    return float("nan")

done, peak = threading.Event(), [0.0]
def watch():
    while not done.wait(0.01):
        peak[-1] = max(peak[-1], private())
threading.Thread(target=watch).start()
begun = time.perf_counter()
counts = lk.language.count(Path(sys.argv[1]), 5, "words", memory=sys.argv[2])
counted = time.perf_counter()
peak.append(0.0)
model = lk.language.fit(counts, tokenizer="words", memory=sys.argv[2])
model.save(sys.argv[3])
saved = time.perf_counter()
done.set()
whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(counted - begun, saved - counted, *peak, whole, counts.total, sum(model.sizes))
"""


def beyond_memory(text: Path, memory: str, gigabytes: float) -> Iterator[str]:
    """Fitting a text made by repeating the given one with a tenth of its words replaced."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        large = Path(folder) / "large"
        perturbed(text, large, gigabytes)
        size = large.stat().st_size
        command = [sys.executable, "-c", WITHIN_MEMORY, large, memory, Path(folder) / "saved.lm"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        counted, saved, *peaks, total, ngrams = map(float, done.stdout.split())
        yield (
            f"| {size / 1e9:.1f} GB of words, order 5, --memory {memory}, counted "
            f"| {counted:.0f} s | | | | private memory {peaks[0]:.2f} GB; "
            f"{total:,.0f} words, {ngrams:,.0f} n-grams |"
        )
        yield (
            f"| the same, estimated and saved | {saved:.0f} s | | | | private memory "
            f"{peaks[1]:.2f} GB; with pages of mapped files, over all, {peaks[2]:.2f} GB |"
        )


def perturbed(text: Path, large: Path, gigabytes: float) -> None:
    words = text.read_text(encoding="utf-8").replace("\n", " \n ").split(" ")
    known = sorted(set(words) - {"\n", ""})
    number = {word: i for i, word in enumerate(known)}
    ids = np.array([number.get(word, -1) for word in words if word])
    spelled = np.array([*known, "\n"], dtype=object)
    rng = np.random.default_rng(0)
    with large.open("w", encoding="utf-8") as file:
        while file.tell() < gigabytes * 1e9:
            changed = np.where((rng.random(ids.size) < 0.1) & (ids >= 0), rng.permutation(ids), ids)
            file.write(" ".join(spelled[changed].tolist()).replace(" \n ", "\n"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, help="a plain text, a sentence a line")
    parser.add_argument("--lmplz", type=Path, help="the program, if it was built")
    parser.add_argument("--torch-steps", type=int, default=30)
    parser.add_argument("--decoder", action="store_true", help="measure queries, nothing else")
    parser.add_argument("--memory", help="measure fitting within this, and nothing else")
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--write", type=Path, help="write the table here too")
    options = parser.parse_args()
    parts: list[Iterator[str]] = [
        estimating(options.text, options.lmplz),
        decoding(options.text),
        counting(options.text),
        gradient(options.torch_steps),
    ]
    if options.decoder:
        parts = [decoding(options.text)]
    if options.memory:
        parts = [beyond_memory(options.text, options.memory, options.gigabytes)]
    head = [
        f"Python {platform.python_version()}, NumPy {np.__version__}, {os.cpu_count()} cores; "
        f"text of {options.text.stat().st_size / 1e6:.1f} MB",
        "",
        "| what | likeliest | peer | its time | ratio | |",
        "|---|---|---|---|---|---|",
    ]
    table = list(head)
    print("\n".join(head))
    for part in parts:
        for line in part:
            print(line, flush=True)
            table.append(line)
    if options.write:
        options.write.write_text("\n".join(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
