"""What kind of file bytes are, by how they begin; what is packed is unpacked."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib

from likeliest.errors import ReadError

_PICKLE = "a Python pickle, which is not opened, for it can run code; write CSV or Parquet"
_BEGINNINGS = {
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"\xff\xff\xff\xff": "arrow stream",
    b"\x93NUMPY": "npy",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "an Excel workbook of before 2007; save it as CSV or .xlsx",
    b"likelm": "a saved language model, not data: `likeliest language` takes it",
    b"%PDF": "a PDF document; the numbers in it must be written into a text file first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x89HDF": "an HDF5 file; export the data set as CSV, .npy or Parquet",
    b"CDF\x01": "a NetCDF file; export the variable as CSV, .npy or Parquet",
    b"SQLite format 3": "an SQLite database; export the table as CSV",
    b"MATLAB 5.0": "a MATLAB file; export the variable as CSV",
    b"<stata_dta": "a Stata file; export it as CSV",
    b"RDX": "an R workspace; write the data frame with write.csv",
    b"X\n\x00": "an R object; write the data frame with write.csv",
    b"\x80\x04\x95": _PICKLE,
    b"\x80\x05\x95": _PICKLE,
    b"FEA1": "a Feather file of version 1; write it anew with a present Arrow",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
}  # fmt: skip
READ = frozenset({"parquet", "arrow", "arrow stream", "npy", "zip"})
PACKED = frozenset({"gzip", "bzip2", "xz", "zstd"})
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def kind_of(head: bytes, where: str) -> str:
    """Return the kind of a file, "text" where its beginning is none that is known.

    Raises
    ------
    ReadError
        If it is of a kind that is known and not read.

    Examples
    --------
    >>> kind_of(b"x,y", "a.csv"), kind_of(b"PAR1...", "a.csv")
    ('text', 'parquet')
    """
    kind = next((k for start, k in _BEGINNINGS.items() if head.startswith(start)), "text")
    if kind != "text" and kind not in READ | PACKED:
        raise ReadError(f"{where} is {kind}.")
    if head.lstrip()[:20].lower().startswith(_MARKUP):
        raise ReadError(f"{where} is a page of HTML or XML, not a table: save the data as CSV.")
    return kind


def unpacked(raw: bytes, kind: str, where: str) -> bytes:
    """Return what a packed file holds."""
    try:
        return _UNPACKERS[kind](raw)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        raise ReadError(f"{where} cannot be unpacked as {kind}: {error}.") from None


def _from_zstd(raw: bytes) -> bytes:
    """Return what was packed, unpacked by polars, as lines of text."""
    import polars as pl

    try:
        lines = pl.read_csv(
            io.BytesIO(raw), has_header=False, infer_schema=False, separator="\x1f",
            quote_char=None, encoding="utf8-lossy", schema={"line": pl.String},
        )  # fmt: skip
    except pl.exceptions.NoDataError:
        return b""
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise ValueError(str(error).splitlines()[0] if str(error) else "it is damaged") from None
    return "\n".join(lines["line"].fill_null("").to_list()).encode("utf-8")


_UNPACKERS = {
    "gzip": gzip.decompress,
    "bzip2": bz2.decompress,
    "xz": lzma.decompress,
    "zstd": _from_zstd,
}


def only_member(raw: bytes, where: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the only file in a zip archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            files = [
                f for f in archive.infolist() if not f.is_dir() and "__MACOSX" not in f.filename
            ]
            if len(files) == 1:
                return files[0].filename, archive.read(files[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, OSError, EOFError,
            ValueError) as error:  # fmt: skip
        raise ReadError(f"{where} cannot be unpacked as zip: {error}.") from None
    names = ", ".join(file.filename for file in files[:5]) + (", …" if len(files) > 5 else "")
    raise ReadError(
        f"{where} is an archive of {len(files):,} files ({names}): unpack the one that is meant."
    )


def members(raw: bytes) -> list[str]:
    """Return the names in a zip archive; none if it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return []
