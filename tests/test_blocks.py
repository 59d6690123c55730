"""Blocks of the pages that have no prompt run as they stand: commands, and Python that needs files.

Examples with prompts are doctests. Here each page has a folder of small files under the names that
it uses, and what stands for a cluster, a network or a decoder that is not installed.
"""

import contextlib
import gzip
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import polars as pl
import pytest

import likeliest as lk
from likeliest.cli import run
from pages import PAGES, ROOT, blocks, run_block

# What `.ci/run` or the tests of the benchmarks do, or what needs peers that are not installed here.
BY_THE_CHECK = re.compile(
    r"(python3 -m venv|(\.venv/bin/)?pip install|npm ci|\.ci/run|\.venv/bin/sphinx-build"
    r"|\.venv/bin/python -m pytest|(\.venv/bin/)?python benchmarks/(distributions|peers)\.py)"
)
# Whose blocks another test runs and holds against PyTorch.
ELSEWHERE = {"losses.md": "tests/losses/torch/test_training_loops.py"}


def with_blocks(*languages):
    some = [page for page in PAGES if page.name not in ELSEWHERE and blocks(page, *languages)]
    return pytest.mark.parametrize("page", some, ids=lambda page: page.relative_to(ROOT).as_posix())


def _tables(folder, rng):
    """Write every table that a page names."""
    flow = lk.GEV(0.1, 30.0, 6.0).sample(40, seed=5).round(2)
    lives = lk.Weibull(1.5, 100.0).sample(40, seed=3).round(1)
    stay, moved = rng.integers(0, 2, (2, 40)).tolist()
    counts = rng.negative_binomial(1.0, 0.2, 40)
    tables = {
        "measurements": {"width": flow, "machine": ["a", "b"] * 20},
        "wide": {"width": flow, "height": lives},
        "water": {"conc": ["<0.5", "1.25", "7.5", "2.5"] * 10},
        "units": {"hours": lives, "failed": stay},
        "claims": {"loss": lives + 501.0},
        "visits": {"last_seen": lives, "first_gone": lives + 2.0, "n": [1, 3] * 20},
        "stations": {"level": [*flow[:-1].tolist(), -999.0]},
        "maxima": {"flow": flow},
        "rain": {
            "mm": lives, "station": ["a", "b"] * 20, "month": ["May"] * 20 + ["June"] * 20,
        },
        "lives": {"days": lives},
        "quine": {
            "days": counts, "eth": ["A", "N"] * 20, "sex": ["F", "F", "M", "M"] * 10,
            "age": ["F0"] * 20 + ["F1"] * 20,
        },
        "lung": {"time": lives, "sex": [1, 2] * 20, "age": 50.0 + counts, "died": moved},
    }  # fmt: skip
    for name, columns in tables.items():
        pl.DataFrame(columns).write_csv(folder / f"{name}.csv")
    packed = gzip.compress((folder / "measurements.csv").read_bytes())
    (folder / "measurements.csv.gz").write_bytes(packed)
    (folder / "laenge.csv").write_text("Name;Laenge\na;1,5\nb;2,75\nc;3,25\n", encoding="utf-8")
    (folder / "table.tsv").write_text("1\t2\t3.5\n1\t2\t4.5\n1\t2\t9\n", encoding="utf-8")
    for year in ("trips", "2024", "2025", "units"):
        (folder / year).mkdir()
        pl.DataFrame({
            "minutes": lives, "arrived": stay, "noticed": lives / 2.0, "times": [1.0, 2.0] * 20,
            "station": ["a"] * 20 + ["b"] * 20,
        }).write_parquet(folder / year / "part.parquet")  # fmt: skip
    lives.tofile(folder / "values.bin")
    for family in ("weibull", "lognormal"):
        lk.fit({"days": lives}, family, column="days").save(folder / f"{family}.json")


def _texts(folder):
    """Write every text and language model that a page names."""
    names = list(lk.datasets.first_names())[:300]
    for name in ("names", "other", "web", "wiki"):
        (folder / f"{name}.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    (folder / "shared").mkdir()
    shutil.copy(folder / "wiki.txt", folder / "shared" / "wiki-1.txt")
    lines = "".join(json.dumps({"text": name}) + "\n" for name in names[:20])
    (folder / "web.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    model = lk.language.fit(names, order=3)
    model.save(folder / "names.lm")
    model.save(folder / "wiki.lm")
    lk.language.fit(["the cat sat", "the dog ran"], 2, "words").to_arpa(folder / "words.arpa")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    _tables(folder, np.random.default_rng(0))
    _texts(folder)
    return folder


@pytest.fixture
def folder(files, tmp_path, monkeypatch):
    """Work in a fresh copy of the files."""
    shutil.copytree(files, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def _words(command):
    """Return the words of a command as a shell gives them: patterns become names of files."""
    words = shlex.split(command, comments=True)
    for word in words:
        found = sorted(str(path) for path in Path().glob(word)) if "*" in word else []
        yield from found or [word]


def _obey(command, monkeypatch):
    """Run one command of ours in this process, what is piped into it and its output to a file."""
    before, _, command = command.rpartition(" | ")
    piped = ["bash", "-c", before or ":"]
    given = subprocess.run(piped, capture_output=True, check=True).stdout  # noqa: S603 - our own page
    command, _, target = command.partition(" > ")
    words = [*_words(command.removeprefix(".venv/bin/"))]
    assert words.pop(0) == "likeliest", command
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    with contextlib.redirect_stdout(out):
        code = run(words)
    if target:
        Path(target).write_text(out.getvalue(), encoding="utf-8")
    return code


@with_blocks("bash", "sh", "console")
def test_commands_run(page, folder, monkeypatch, capsys):
    monkeypatch.setattr("likeliest.explorer.server.serve", lambda *_, **__: None)  # ends at once
    for block in blocks(page, "bash", "sh", "console"):
        for command in block.replace("\\\n", " ").splitlines():
            for one in command.split(" && "):
                if one.strip() and not BY_THE_CHECK.match(one):
                    code = _obey(one, monkeypatch)
                    assert code == 0, (one, capsys.readouterr().err)


def _readme(_):
    torch = pytest.importorskip("torch")
    layer = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Softplus())
    given = {"network": lambda x: layer(x)[:, 0], "d": torch.tensor(0.3)}
    return given | {"x": torch.ones(5, 2), "y": torch.arange(5.0), "np": np, "lk": lk}


def _cluster(monkeypatch):
    frames = pytest.importorskip("dask.dataframe")
    distributed = pytest.importorskip("distributed")
    read = frames.read_parquet
    monkeypatch.setattr(distributed, "Client", lambda address: address)  # Dask's own threads
    monkeypatch.setattr(frames, "read_parquet", lambda path: read(path.removeprefix("s3://")))
    return {}


def _groups(_):
    xarray = pytest.importorskip("xarray")
    cells = lk.Gamma(2.0, 3.0).sample((30, 2, 2), seed=1)
    places = {"lat": [52.5, 53.0], "lon": [4.0, 5.0]}
    return {"lk": lk, "rain": xarray.DataArray(cells, places, ("time", "lat", "lon"))}


def _decode(monkeypatch):
    """Stand in for decoders that few have; tests/language/test_decoders.py runs the real ones."""
    torch = pytest.importorskip("torch")

    def module(name, **content):
        made = ModuleType(name)
        vars(made).update(content)
        monkeypatch.setitem(sys.modules, name, made)

    made = SimpleNamespace(build_alphabet=tuple)
    module("pyctcdecode", build_ctcdecoder=lambda labels, kenlm_model_path: Path(kenlm_model_path))
    module("pyctcdecode.alphabet", Alphabet=made)
    module("pyctcdecode.decoder", BeamSearchDecoderCTC=lambda labels, model: (labels, model))
    module("pyctcdecode.language_model", AbstractLanguageModel=object)
    module("transformers", LogitsProcessor=object)
    module("torchaudio", models=None)
    module("torchaudio.models", decoder=None)
    module("torchaudio.models.decoder", CTCDecoderLM=object, CTCDecoderLMState=object)
    monkeypatch.setitem(sys.modules, "kenlm", None)  # put back, whatever the page puts there
    return {"labels": [" ", "a", ""], "model": lk.language.load("words.arpa"), "torch": torch}


def _large(monkeypatch):
    pytest.importorskip("dask.bag")
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "Client", lambda address: address)
    rough = lk.language.load("names.lm").quantise(8)
    return {"lk": lk, "rough": rough, "paths": ["wiki.txt", "other.txt"]}


def _networks(_):
    torch = pytest.importorskip("torch")
    xs, ys = torch.tensor([0, 1, 2, 1]), torch.tensor([1, 2, 1, 0])
    weights = torch.zeros((27, 27), requires_grad=True)
    given = {"torch": torch, "F": torch.nn.functional, "xs": xs, "ys": ys, "num": 4, "W": weights}
    return given | {"range": lambda _: range(3)}  # three steps of the thousand


GIVEN = {
    "README.md": _readme,
    "docs/cluster.md": _cluster,
    "docs/groups.md": _groups,
    "docs/language-decode.md": _decode,
    "docs/language-large.md": _large,
    "docs/language-networks.md": _networks,
    "docs/scan.md": lambda _: {},
}


@with_blocks("python")
def test_python_runs(page, folder, monkeypatch):
    space = GIVEN[page.relative_to(ROOT).as_posix()](monkeypatch)
    for code in blocks(page, "python"):
        run_block(page, code, space)
