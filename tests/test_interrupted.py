"""Work that is killed, or whose disk is full, leaves nothing half-written and no temporary file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

resource = pytest.importorskip("resource", reason="no such signals and limits on this system")

WRITES = """
from likeliest.files import whole
with whole("new.bin") as file:
    file.write(bytes(100_000))
    file.flush()
    wait()
"""
COPIES = """
import likeliest as lk
from likeliest.engines import mapped
mapped.release = lambda array: wait()
lk.fit(lk.scan("values.parquet", "x"), "weibull")
"""
SPILLS = """
import likeliest as lk
from likeliest.data import distributed, spill
distributed._IN_MEMORY = 100
written = spill.Spill._written
spill.Spill._written = lambda *given: (written(*given), wait())
lk.fit(lk.scan("values.parquet", "x", event="seen"), "weibull")
"""
WAIT = """
import time
def wait():
    print("at it", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    x = np.random.default_rng(1).gamma(2.0, 3.0, 30_000)
    frame = pl.DataFrame({"x": x, "seen": x < 10.0, "group": np.arange(x.size) // 5})
    frame.write_parquet(tmp_path / "values.parquet")
    return tmp_path


def begun(code: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TMPDIR": str(folder), "LIKELIEST_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code], cwd=folder, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "how"),
    [
        (WRITES, signal.SIGTERM),
        (WRITES, signal.SIGINT),
        (COPIES, signal.SIGTERM),
        (SPILLS, signal.SIGINT),
        (SPILLS, signal.SIGKILL),
    ],
    ids=["writes-term", "writes-int", "copies-term", "spills-int", "spills-kill"],
)
def test_killed_in_mid_run(folder, code, how):
    with begun(WAIT + code, folder) as work:
        assert work.stdout is not None
        assert work.stdout.readline() == b"at it\n"
        assert work.poll() is None
        work.send_signal(how)
        work.wait(timeout=30)
    assert work.returncode != 0
    assert [path.name for path in folder.iterdir()] == ["values.parquet"]


LIMITED = """
import resource
from likeliest.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
fit = ["fit", "values.parquet", "--column", "x", "--family", "gamma"]
assert run([*fit, "--by", "group", "--save", "all.parquet"]) == 2
assert run([*fit, "--by", "group", "--save", "all.csv"]) == 2
assert run([*fit, "--plot", "gamma.png"]) == 2
import likeliest as lk
from likeliest.data import distributed
from likeliest.errors import DataError
distributed._IN_MEMORY = 100
for words in ({}, {"event": "seen"}):
    try:
        lk.fit(lk.scan("values.parquet", "x", **words), "weibull")
    except DataError as error:
        assert "is full. Make room" in str(error), error
    else:
        raise AssertionError
"""


def test_a_full_disk(folder):
    with begun(LIMITED, folder) as work:
        _, told = work.communicate(timeout=60)
    assert work.returncode == 0, told
    lines = told.decode().splitlines()
    names = ("all.parquet", "all.csv", "gamma.png")
    assert lines == [
        f"likeliest: {name} cannot be written: its disk is full. Make room there, or name another "
        "folder."
        for name in names
    ]
    assert [path.name for path in folder.iterdir()] == ["values.parquet"]
