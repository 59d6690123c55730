"""Packed files (gzip, bzip2, xz, zstd): read as what is in them, written as their name says."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from likeliest.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

_LEVEL = 6  # of gzip: its own default takes twice the time for a hundredth of the size

BROKEN = (OSError, EOFError, lzma.LZMAError)
"""What reading a packed file that is cut short or damaged raises."""


def unpacked(path: str | Path, raw: BufferedReader) -> io.BufferedIOBase:
    """Return what is in a file, by what its first bytes say it is.

    Raises
    ------
    MissingExtraError
        If it is packed by zstd, and neither Python (from 3.14 on) nor a package unpacks that.
    """
    first = raw.peek(6)
    if first.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if first.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    if first.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMAFile(raw)
    if first.startswith(b"\x28\xb5\x2f\xfd"):
        return cast("io.BufferedIOBase", _of_zstd(path, raw))
    return raw


@contextmanager
def packed(path: str | Path, raw: BinaryIO) -> Iterator[BinaryIO]:
    """Open what packs bytes into a file by the ending of its name, or the file itself.

    Raises
    ------
    MissingExtraError
        If the name ends in .zst, and neither Python (from 3.14 on) nor a package packs that.
    """
    ending = Path(path).suffix.lower()
    with ExitStack() as stack:
        packer: Any = raw
        if ending == ".gz":
            packer = stack.enter_context(gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0))
        elif ending == ".bz2":
            packer = stack.enter_context(bz2.BZ2File(raw, "wb"))
        elif ending == ".xz":
            packer = stack.enter_context(lzma.LZMAFile(raw, "wb"))
        elif ending == ".zst":
            packer = stack.enter_context(_of_zstd(path, raw, "wb"))
        yield packer


def _of_zstd(path: str | Path, raw: Any, mode: str = "rb") -> Any:
    for name in ("compression.zstd", "zstandard"):
        try:
            return importlib.import_module(name).open(raw, mode)
        except ImportError:
            continue
    way = "unpack it with zstd -d" if mode == "rb" else "end its name in .gz"
    raise MissingExtraError(f"{path} is packed by zstd: {way}, or pip install zstandard.")
