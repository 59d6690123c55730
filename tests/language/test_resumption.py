"""A count that was interrupted is taken up where it stopped, and gives the same counts."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import likeliest as lk
from corpora import CORPORA, DATA
from likeliest.language.counting import resumption
from likeliest.language.text import reading as text

FILES = [DATA / f"{corpus}.txt" for corpus in CORPORA]

KILLED = """
import os, signal, sys
from pathlib import Path
import likeliest as lk
from likeliest.language.counting import resumption
from likeliest.language.text import reading as text
text.BLOCK, resumption.PART = 3000, 8_000
read = 0
def progress(size):
    global read
    read += size
    if read > int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
options = {"memory": sys.argv[2]} if sys.argv[2] else {}
lk.language.count(
    [Path(name) for name in sys.argv[5:]], int(sys.argv[3]), sys.argv[4], resume="parts",
    progress=progress, **options,
)
"""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch, tmp_path):
    monkeypatch.setattr(text, "BLOCK", 3000)
    monkeypatch.setattr(resumption, "PART", 8_000)
    monkeypatch.chdir(tmp_path)


def same(a, b):
    assert a.vocabulary == b.vocabulary
    for x, y in zip((*a.levels, *a.counts), (*b.levels, *b.counts), strict=True):
        np.testing.assert_array_equal(x, y)


def killed(after, memory="", order=4, tokenizer="words"):
    """Count in another process that is killed once it has read so many bytes."""
    command = [sys.executable, "-c", KILLED, str(after), memory, str(order), tokenizer]
    done = subprocess.run([*command, *map(str, FILES)], check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("memory", ["", "60MB"])
@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
def test_killed_and_taken_up(tmp_path, monkeypatch, tokenizer, memory):
    killed(31_000, memory, tokenizer=tokenizer)
    finished = {path: path.stat().st_ino for path in (tmp_path / "parts").glob("part-*/*")}
    assert len({path.parent for path in finished}) == 3
    left = list((tmp_path / "parts").glob(".part-*"))
    assert left  # what was being written
    killed(47_000, memory, tokenizer=tokenizer)
    assert all(path.stat().st_ino == inode for path, inode in finished.items())
    assert not any(path.exists() for path in left)

    counted = []
    stretches = resumption.Stretch.__iter__

    def watched(stretch):
        for block in stretches(stretch):
            counted.append(len(block.text))
            yield block

    monkeypatch.setattr(resumption.Stretch, "__iter__", watched)
    options = {"memory": memory} if memory else {}
    counts = lk.language.count(FILES, 4, tokenizer, resume="parts", **options)
    whole = sum(path.stat().st_size for path in FILES)
    assert 0 < sum(counted) <= whole - 4 * 8_000  # four parts were not counted again
    monkeypatch.undo()
    same(counts, lk.language.count(FILES, 4, tokenizer))
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == ["counts", "plan.json"]


def test_killed_while_parts_are_added_up(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(lk.language.NGramCounts, "save", fail)
        with pytest.raises(KeyboardInterrupt):
            lk.language.count(FILES, 3, resume="parts")
    parts = len(list((tmp_path / "parts").glob("part-*")))
    assert parts
    with monkeypatch.context() as patch:
        patch.setattr(resumption.Stretch, "__iter__", fail)  # nothing is counted again
        counts = lk.language.count(FILES, 3, resume="parts")
    same(counts, lk.language.count(FILES, 3))


def test_a_finished_count_is_opened_at_once(monkeypatch):
    first = lk.language.fit(FILES, 3, "words", resume="parts", min_count=2)
    with monkeypatch.context() as patch:
        patch.setattr(text, "_decoded", None)  # nothing is read again
        again = lk.language.fit(FILES, 3, "words", resume="parts", min_count=2)
    same(again.counts, first.counts)
    # Other cuts of the vocabulary and other smoothings use the same counts.
    again = lk.language.fit(FILES, 3, "words", "katz", min_count=3, resume="parts")
    assert again.nll(["the"]) == lk.language.fit(FILES, 3, "words", "katz", min_count=3).nll(
        ["the"]
    )


def test_another_count_in_the_folder_is_refused(tmp_path):
    copy = tmp_path / "text"
    copy.write_bytes(FILES[0].read_bytes())
    lk.language.count(copy, 3, resume="parts")
    for what, options in {
        "its order is 3": {"order": 4},
        "its tokenizer is": {"order": 3, "tokenizer": "words"},
        "its encoding is 'utf-8'": {"order": 3, "encoding": "latin-1"},
    }.items():
        with pytest.raises(lk.errors.ParameterError, match=what):
            lk.language.count(copy, resume="parts", **options)
    with pytest.raises(lk.errors.ParameterError, match="of 1 other files"):
        lk.language.count(FILES, 3, resume="parts")
    os.utime(copy, (1, 1))
    with pytest.raises(lk.errors.ParameterError, match="text has changed since"):
        lk.language.count(copy, 3, resume="parts")
    with pytest.raises(lk.errors.ParameterError, match="holds other files"):
        lk.language.count(copy, 3, resume=tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    copy = tmp_path / "text"
    copy.write_bytes(FILES[0].read_bytes())
    with pytest.raises(lk.errors.ParameterError, match="text has changed since"):
        lk.language.count(copy, 3, resume="parts", progress=lambda _: os.utime(copy, (1, 1)))


@pytest.mark.parametrize("source", [["ab", "ba"], iter(["ab"]), "none", []])
def test_only_files_can_be_taken_up(source):
    with pytest.raises(lk.errors.LikeliestError, match=r"can be taken up again|There is no file"):
        lk.language.count(source, resume="parts")


def test_damaged_parts_are_said(tmp_path):
    killed(31_000)
    parts = sorted((tmp_path / "parts").glob("part-*"))
    with (parts[1] / "run0.level2").open("ab") as file:
        file.write(b"12345678")
    with pytest.raises(lk.errors.ReadError, match="level2 is damaged"):
        lk.language.count(FILES, 4, "words", resume="parts")
    for path in parts[1].iterdir():
        path.unlink()
    parts[1].rmdir()
    with pytest.raises(lk.errors.ReadError, match="its part 1 is missing"):
        lk.language.count(FILES, 4, "words", resume="parts")


def test_two_processes_cannot_count_into_one_folder(tmp_path):
    def other_process(_):
        part = tmp_path / "parts" / "part-000000"
        part.mkdir(exist_ok=True)
        (part / "part.json").write_text("{}")

    with pytest.raises(lk.errors.ReadError, match="written by another process"):
        lk.language.count(FILES, 3, resume="parts", progress=other_process)


def test_the_command_line_takes_up_a_count(tmp_path, capsys):
    from likeliest.cli import run

    killed(31_000, order=3)
    arguments = ["language", "fit", *map(str, FILES), "-n", "3", "-t", "words", "--json"]
    assert run([*arguments, "--resume", "parts"]) == 0
    taken_up = json.loads(capsys.readouterr().out)
    assert run(arguments) == 0
    assert json.loads(capsys.readouterr().out) == taken_up
    assert run(["language", "fit", "-", "--resume", "parts"]) == 2
    assert "only a count of files" in capsys.readouterr().err
