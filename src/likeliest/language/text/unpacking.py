"""Files that are packed, read as what is in them: gzip, bzip2, xz and zstd."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
from typing import TYPE_CHECKING, cast

from likeliest.errors import MissingExtraError

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

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
        return _of_zstd(path, raw)
    return raw


def _of_zstd(path: str | Path, raw: BufferedReader) -> io.BufferedIOBase:
    for name in ("compression.zstd", "zstandard"):
        try:
            return cast("io.BufferedIOBase", importlib.import_module(name).open(raw, "rb"))
        except ImportError:
            continue
    raise MissingExtraError(
        f"{path} is packed by zstd: unpack it with zstd -d, or pip install zstandard."
    )
