"""Estimating in chunks and in a file gives the model of memory, bit by bit, and leaves nothing."""

import errno
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk
from corpora import CORPORA, DATA, lines
from likeliest import files
from likeliest.engines import mapped
from likeliest.language import smoothing
from likeliest.language.counting import spill
from likeliest.language.smoothing import METHODS
from likeliest.language.storage import files as storage
from likeliest.language.storage.space import Memory

FILES = [DATA / f"{corpus}.txt" for corpus in CORPORA]
PRUNED = [(), (0, 1), (0, 0, 1, 2)]
PRUNING = sorted(name for name, method in METHODS.items() if method.prunes)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The temporary folder."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


@pytest.fixture
def in_file(folder, monkeypatch):
    """Make any model too large for memory, and chunks of so many n-grams."""

    def set_rows(rows):
        monkeypatch.setattr(spill, "rows", lambda _: rows)

    for method in METHODS.values():
        monkeypatch.setattr(method, "memory", 1e9)
    monkeypatch.setattr("likeliest.engines.memory.available", lambda: None)
    set_rows(500)
    return set_rows


def fitted(counts, method, memory=None, **options):
    if method == "jelinek-mercer":  # without a held-out text it goes through memory alone
        options["heldout"] = lines("genesis")[1]
    return lk.language.fit(counts, tokenizer="words", smoothing=method, memory=memory, **options)


def same(a, b):
    one, other = a.estimate, b.estimate
    assert one.vocabulary == other.vocabulary
    assert one.notes == other.notes
    assert (one.floors is None) == (other.floors is None)
    pairs = zip(
        (*one.levels, *one.log_probs, *one.log_weights, *(one.floors or ())),
        (*other.levels, *other.log_probs, *other.log_weights, *(other.floors or ())),
        strict=True,
    )
    for x, y in pairs:
        np.testing.assert_array_equal(x.view(np.int64), y.view(np.int64))


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_file_holds_the_bits_of_memory(in_file, monkeypatch, tmp_path, method, order):
    counts = lk.language.count(lines("alice")[0], order, "words")
    with monkeypatch.context() as patch:
        patch.setattr(METHODS[method], "memory", 0)
        plain = fitted(counts, method)
    for rows in (7, 500, 100_000):
        in_file(rows)
        model = fitted(counts, method, "50MB")
        assert model.file is not None
        same(plain, model)
    model.save(tmp_path / "model.lm")
    same(plain, storage.load_model(tmp_path / "model.lm", check=True))


@pytest.mark.parametrize("prune", PRUNED[1:])
@pytest.mark.parametrize("method", PRUNING)
def test_a_pruned_model_in_a_file(in_file, monkeypatch, method, prune):
    counts = lk.language.count(lines("genesis")[0], 4, "words")
    with monkeypatch.context() as patch:
        patch.setattr(METHODS[method], "memory", 0)
        plain = fitted(counts, method, prune=prune)
        whole = fitted(counts, method)
    assert sum(plain.sizes) < sum(whole.sizes)
    for rows in (7, 500):
        in_file(rows)
        same(plain, fitted(counts, method, "50MB", prune=prune))


@pytest.mark.parametrize("method", sorted(METHODS))
def test_chunks_in_memory_give_the_same_bits(monkeypatch, method):
    counts = lk.language.count(lines("alice")[0], 4, "words")
    plain = fitted(counts, method)
    before = lk.set_threads(1)
    try:
        for threads in (1, 2):
            lk.set_threads(threads)
            monkeypatch.setattr(Memory, "rows", lambda *_: 11)
            same(plain, fitted(counts, method))
    finally:
        lk.set_threads(before)


def test_an_order_beyond_any_line_in_a_file(in_file, tmp_path):
    in_file(3)
    for method in sorted(set(METHODS) - {"jelinek-mercer"}):
        model = lk.language.fit(["ab", "c"], 6, smoothing=method, memory="50MB")
        assert model.sizes[-1] == 0
        model.save(tmp_path / "model.lm")
        assert lk.language.load(tmp_path / "model.lm").nll(["ab"]) == model.nll(["ab"])


def test_counts_on_disk_and_a_model_in_a_file(in_file, monkeypatch):
    text = lines("alice")[0] + lines("genesis")[0]
    monkeypatch.setattr(spill, "_OF_NGRAM", 20_000)
    model = lk.language.fit(text, 5, "words", memory="50MB")
    assert mapped.mapping(model.counts.levels[-1]) is not None
    with monkeypatch.context() as patch:
        patch.setattr(METHODS["kneser-ney"], "memory", 0)
        same(lk.language.fit(text, 5, "words"), model)


def test_the_file_is_the_model_that_is_saved(in_file, folder, tmp_path):
    model = lk.language.fit(lines("alice")[0], 3, "words", memory="50MB")
    (temporary,) = folder.iterdir()
    inode, before = temporary.stat().st_ino, model.nll(["the cat"])
    model.save(tmp_path / "model.lm")
    assert list(folder.iterdir()) == []
    assert (tmp_path / "model.lm").stat().st_ino == inode
    fresh = tmp_path / "fresh"
    fresh.touch()
    assert (tmp_path / "model.lm").stat().st_mode == fresh.stat().st_mode
    model.save(tmp_path / "again.lm")
    (tmp_path / "model.lm").unlink()
    opened = storage.load_model(tmp_path / "again.lm", check=True)
    assert before == model.nll(["the cat"]) == opened.nll(["the cat"])
    assert not model.estimate.log_probs[-1].flags.writeable


def test_a_file_on_another_disk_is_copied(in_file, folder, tmp_path, monkeypatch):
    model = lk.language.fit(lines("alice")[0], 3, "words", memory="50MB")
    rename = files._rename

    def within_a_disk(temporary, target):
        if Path(temporary).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(temporary, target)

    monkeypatch.setattr(files, "_rename", within_a_disk)
    model.save(tmp_path / "model.lm")
    same(model, storage.load_model(tmp_path / "model.lm", check=True))
    assert len(list(folder.iterdir())) == 1
    del model
    assert list(folder.iterdir()) == []


def test_a_model_that_is_not_saved_leaves_no_file(in_file, folder):
    model = lk.language.fit(lines("alice")[0], 3, "words", memory="50MB")
    copied = pickle.loads(pickle.dumps(model))  # noqa: S301
    assert copied.file is None
    assert copied.nll(["the cat"]) == model.nll(["the cat"])
    assert len(list(folder.iterdir())) == 1
    del model
    assert list(folder.iterdir()) == []
    assert copied.nll(["the cat"]) > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_does_not_remove_the_file(in_file, folder):
    model = lk.language.fit(lines("alice")[0], 3, "words", memory="50MB")
    child = os.fork()
    if child == 0:
        model.file.remove()
        os._exit(0)
    os.waitpid(child, 0)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_estimate_leaves_nothing_and_begins_anew(in_file, folder, tmp_path, error):
    def interrupt(_, total):
        assert total > 0
        raise error

    options = {"memory": "50MB", "resume": tmp_path / "parts"}
    with pytest.raises(error) as caught:
        lk.language.fit(FILES, 4, "words", **options, estimating=interrupt)
    assert list(folder.iterdir()) == []
    assert caught.tb is not None  # which holds all that was at work
    kept = (tmp_path / "parts" / "counts").stat()
    model = lk.language.fit(FILES, 4, "words", **options)
    assert (tmp_path / "parts" / "counts").stat() == kept
    same(lk.language.fit(FILES, 4, "words", memory="50MB"), model)


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="room is not asked for here")
def test_a_full_disk_is_said(in_file, folder, monkeypatch):
    reserve = os.posix_fallocate

    def full(handle, offset, size):
        if size > 20_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        reserve(handle, offset, size)

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(lk.errors.DataError, match="TMPDIR"):
        lk.language.fit(FILES, 4, "words", memory="50MB")
    assert list(folder.iterdir()) == []


def test_a_disk_that_is_full_of_runs_is_said(folder, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spill, "_OF_NGRAM", 20_000)
    monkeypatch.setattr(np, "ascontiguousarray", full)
    with pytest.raises(lk.errors.DataError, match=r"the disk of .* is full.*TMPDIR"):
        lk.language.count(FILES, 4, "words", memory="50MB")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS])
def test_a_file_system_that_reserves_nothing(in_file, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, "not here")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    model = lk.language.fit(FILES, 3, "words", memory="50MB")
    same(model, lk.language.fit(FILES, 3, "words", memory="50MB"))


def test_a_changed_model_is_saved_as_it_is(in_file, tmp_path):
    model = lk.language.fit(FILES, 3, "words", memory="50MB")
    other = lk.language.fit(FILES, 3, "words", "witten-bell", memory="50MB")
    changed = replace(model, estimate=other.estimate, smoothing="witten-bell")
    changed.save(tmp_path / "changed.lm")
    again = lk.language.load(tmp_path / "changed.lm")
    assert again.smoothing == "witten-bell"
    same(again, other)


def test_a_model_that_could_not_be_saved_is_still_ones_own(in_file, tmp_path):
    model = lk.language.fit(FILES, 3, "words", memory="50MB")
    before = model.file.path.stat().st_mode
    with pytest.raises(lk.errors.ReadError, match="nowhere"):
        model.save(tmp_path / "nowhere" / "model.lm")
    assert model.file.path.stat().st_mode == before


def test_a_private_copy_of_a_file_keeps_its_changes(tmp_path):
    path = tmp_path / "numbers"
    np.zeros(5_000, dtype=np.int64).tofile(path)
    copy = np.memmap(path, np.int64, "c")
    copy[:] = 7
    copy.flags.writeable = False
    mapped.release(copy)
    assert copy.sum() == 35_000


def test_what_no_chunk_will_do_for_is_refused(in_file, folder):
    counts = lk.language.count(lines("alice")[0], 3, "words")
    with pytest.raises(lk.errors.DataError, match="weights or a held-out text"):
        lk.language.fit(counts, 3, "words", "jelinek-mercer", memory="50MB")
    given = smoothing.JelinekMercer(weights=(0.9, 0.7, 0.5))
    model = lk.language.fit(counts, 3, "words", given, memory="50MB")
    assert model.file is not None


@pytest.mark.parametrize("method", ["mle", "kneser-ney"])
@pytest.mark.parametrize("rows", [7, 100_000])
def test_progress_adds_up_to_all_ngrams(in_file, method, rows):
    in_file(rows)
    told = []
    model = lk.language.fit(
        lines("alice")[0], 3, "words", method, memory="50MB",
        estimating=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert {total for _, total in told} == {sum(model.sizes)}
    assert sum(done for done, _ in told) == sum(model.sizes)


MEASURED = """
import sys, threading
import numpy as np
import likeliest as lk

def private():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon")) * 1024

counts = lk.language.load_counts(sys.argv[1])
before, peak, done = private(), 0, threading.Event()

def watch():
    global peak
    while not done.wait(0.002):
        peak = max(peak, private())

thread = threading.Thread(target=watch)
thread.start()
options = {"memory": sys.argv[2]} if sys.argv[2] else {}
model = lk.language.fit(counts, tokenizer="words", smoothing=sys.argv[3], **options)
done.set()
thread.join()
print(peak - before, sum(model.sizes))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells it")
def test_private_memory_stays_within_the_limit(tmp_path):
    rng = np.random.default_rng(4)
    text = [" ".join(map(str, row)) for row in rng.integers(0, 1000, (1000, 2200))]
    lk.language.count(text, 5, "words").save(tmp_path / "counts")

    def peak(memory, method):
        command = [sys.executable, "-c", MEASURED, str(tmp_path / "counts"), memory, method]
        done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return map(int, done.stdout.split())

    in_memory, ngrams = peak("", "kneser-ney")
    assert in_memory > 8 * ngrams > 50e6
    for method in ("kneser-ney", "katz"):
        assert next(peak("50MB", method)) < 50e6
