"""Files as people have them: a right answer or one clear line, in Python and on the command line.

Each case is a file's name and bytes, what is asked of it, and either the values that a person reads
in it or words of the message that says why not.
"""

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import zipfile

import numpy as np
import pandas as pd
import polars as pl
import pytest

import likeliest as lk
from likeliest.cli import run
from likeliest.cli.wording import on_the_command_line
from likeliest.errors import ReadError

X = [1.5, 2.5, 4.0]
PLAIN = b"x\n1.5\n2.5\n4\n"


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


def parquet(**columns):
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def zstd():
    file = io.BytesIO()
    pl.DataFrame({"x": X}).lazy().sink_csv(file, compression="zstd")
    return file.getvalue()


def ipc_stream():
    file = io.BytesIO()
    pl.DataFrame({"x": X}).write_ipc_stream(file)
    return file.getvalue()


FRAME = pd.DataFrame({"x": X, "kind": ["a", "b", "c"]})

READ = [
    # encodings and newlines
    ("a.csv", PLAIN, {}, X),
    ("bom.csv", b"\xef\xbb\xbf" + PLAIN, {"column": "x"}, X),
    ("utf16.csv", PLAIN.decode().encode("utf-16"), {"column": "x"}, X),
    ("utf16le.csv", PLAIN.decode().encode("utf-16-le"), {}, X),
    ("utf16be.csv", b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"), {}, X),
    ("utf32.csv", PLAIN.decode().encode("utf-32"), {}, X),
    ("latin.csv", "Länge;b\n1,5;u\n2,5;v\n4;w\n".encode("cp1252"), {"column": "Länge"}, X),
    ("latin-late.csv", b"x,w\n" + b"1,a\n" * 60_000 + b"2,\xe9\n", {"column": "x"},
     [1.0] * 60_000 + [2]),
    ("dos.csv", PLAIN.replace(b"\n", b"\r\n"), {}, X),
    ("mac.csv", PLAIN.replace(b"\n", b"\r"), {}, X),
    ("no-newline.txt", b"1.5\n2.5\n4", {}, X),
    ("blank-first.txt", b"\n1\n2\n3\n4\n5", {}, [1, 2, 3, 4, 5]),
    ("blank-last.csv", PLAIN + b"\n\n \n", {}, X),
    ("no-ending", PLAIN, {}, X),
    # separators
    ("semicolon.csv", b"k;x\na;1.5\nb;2.5\nc;4\n", {}, X),
    ("tab.txt", b"k\tx\na\t1.5\nb\t2.5\nc\t4\n", {}, X),
    ("bar.txt", b"k|x\na|1.5\nb|2.5\nc|4\n", {}, X),
    ("blanks.txt", b"k    x\na  1.5\nb  2.5\nc    4\n", {}, X),
    ("aligned.txt", b" 1.5\n 2.5\n   4\n", {}, X),
    ("sep.csv", b"sep=;\nk;x\na;1,5\nb;2,5\nc;4\n", {}, X),
    ("sep-tab.csv", b"sep=\t\nk\tx\na\t1.5\nb\t2.5\nc\t4\n", {}, X),
    ("a.tsv", b"k\tx\na,b\t1.5\nb,c\t2.5\nc,d\t4\n", {}, X),
    ("trailing.csv", b"k,x,\na,1.5,\nb,2.5,\nc,4,\n", {}, X),
    ("trailing-rows.csv", b"k,x\na,1.5,\nb,2.5,\nc,4,\n", {}, X),
    ("empty-rows.csv", b"k,x\na,1.5\nb,2.5\nc,4\n,\n,\n", {}, X),
    ("space-after.csv", b"k, x\na, 1.5\nb, 2.5\nc, 4\n", {"column": "x"}, X),
    # quotes
    ("quoted.csv", b'"k","x"\n"a","1.5"\n"b","2.5"\n"c","4"\n', {}, X),
    ("comma-inside.csv", b'k,x\n"a, b",1.5\n"c",2.5\nd,4\n', {}, X),
    ("newline-inside.csv", b'k,x\n"a\nb",1.5\n"c",2.5\nd,4\n', {}, X),
    ("quote-inside.csv", b'k,x\n"a ""b""",1.5\n"c",2.5\nd,4\n', {}, X),
    # headers
    ("headless.txt", b"1.5\n2.5\n4\n", {}, X),
    ("headless.csv", b"a,1.5\nb,2.5\nc,4.5\n", {}, [1.5, 2.5, 4.5]),
    ("years.csv", b"2019,2020\n10,20\n11,21\n12,25\n", {"column": "2019"}, [10, 11, 12]),
    ("years-as-rows.csv", b"2019,2020\n10,20\n", {"column": "column_0"}, [2019, 10]),
    ("wells.csv", b"name,1,2\na,10,20\nb,11,21\n", {"column": "2"}, [20, 21]),
    ("digits.csv", b"k,x1\na,1.5\nb,2.5\nc,4\n", {}, X),
    ("blank-name.csv", b"k, x \na,1.5\nb,2.5\nc,4\n", {"column": "x"}, X),
    ("twice-other.csv", b"k,k,x\na,b,1.5\na,b,2.5\na,b,4\n", {}, X),
    ("title.csv", b"Lengths of May\n\nk,x\na,1.5\nb,2.5\nc,4\n", {}, X),
    ("title-padded.csv", b"Lengths of May,,\nby hand,,\n,,\nk,x,\na,1.5,\nb,2.5,\nc,4,\n", {}, X),
    ("title-one.csv", b"Lengths of May\nx\n1.5\n2.5\n4\n", {"column": None}, X),
    ("comment.csv", b"# measured in May\n# by hand\nx\n1.5\n2.5\n# a late one\n4\n", {}, X),
    ("savetxt.txt", b"# t x\n0.0 1.5\n1.0 2.5\n2.0 4\n", {"column": "x"}, X),
    ("hash.csv", b"#,x\n1,1.5\n2,2.5\n3,4\n", {"column": "x"}, X),
    ("unit.csv", b"x\nmm\n1.5\n2.5\n4\n", {}, X),
    ("units.csv", b"t,x\n[s],[mm]\n0,1.5\n1,2.5\n2,4\n", {"column": "x"}, X),
    ("billions.csv", b"k;x\na;1 234 567 890,5\nb;-1 250\n", {}, [1234567890.5, -1250]),
    ("year.txt", b"2019\n1.25\n-2.50\n3.75\n", {"column": "2019"}, [1.25, -2.5, 3.75]),
    ("year-as-row.txt", b"2019\n1.25\n-2.50\n3.75\n", {"column": "column_0"},
     [2019, 1.25, -2.5, 3.75]),
    ("whole-first.txt", b"4\n1.5\n2.5\n", {}, [4, 1.5, 2.5]),
    ("whole-among.txt", b"4\n1.25\n3\n2.75\n", {}, [4, 1.25, 3, 2.75]),
    ("whole-all.txt", b"2019\n12\n14\n13\n", {}, [2019, 12, 14, 13]),
    # numbers as they are written
    ("comma.csv", b"k;x\na;1,5\nb;2,5\nc;4\n", {}, X),
    ("comma-lines.txt", b"x\n1,5\n2,5\n4,0\n", {}, X),
    ("comma-ragged.txt", b"1,5\n2,5\n4\n", {}, X),
    ("comma-said.txt", b"1,5\n2,5\n4,0\n", {"decimal": ","}, X),
    ("comma-quoted.csv", b'k,x\na,"1,5"\nb,"2,5"\nc,"4"\n', {}, X),
    ("F1.csv", b"Nr;Laenge\n1;2,5\n2;3,5\n3;7,25\n", {"column": "Laenge"}, [2.5, 3.5, 7.25]),
    ("thousands.csv", b'id,x\n1,"1,250.00"\n2,"80.50"\n3,"8,000.01"\n', {"column": "x"},
     [1250, 80.5, 8000.01]),
    ("thousands-comma.csv", b"k;x\na;1.250,5\nb;950\nc;1.250\n", {}, [1250.5, 950, 1250]),
    ("millions.csv", b"k;x\na;1.250.000\nb;950\n", {}, [1_250_000, 950]),
    ("elsewhere.csv", b"a;x\n0,5;1.250\n1,5;950\n", {"column": "x"}, [1250, 950]),
    ("swiss.csv", b"k;x\na;1'250.5\nb;950\n", {}, [1250.5, 950]),
    ("three.csv", b"k,x\na,1.250\nb,2.375\nc,0.500\n", {}, [1.25, 2.375, 0.5]),
    ("three-whole.csv", b"k,x\na,1.250\nb,2.300\nc,1000\n", {}, [1.25, 2.3, 1000]),
    ("beside-said.csv", b"x\n950\n1.250\n", {"decimal": "."}, [950, 1.25]),
    ("french.csv", "k;x\na;1\u202f250,5\nb;9 500\n".encode(), {}, [1250.5, 9500]),
    ("groups-said.csv", b"k;x\na;1,234\nb;5,678\n", {"decimal": "."}, [1234, 5678]),
    ("groups-comma.csv", b"k;x\na;1,234\nb;5,678\n", {"decimal": ","}, [1.234, 5.678]),
    ("minus.csv", "x\n−1.5\n2.5\n-4\n".encode(), {}, [-1.5, 2.5, -4]),
    ("exponent.csv", b"x\n1.5e0\n2.5E+00\n+4\n", {}, X),
    ("late-float.csv", b"val,w\n" + b"1,a\n" * 15_000 + b"3.5,b\n", {}, [1.0] * 15_000 + [3.5]),
    ("late-column.csv", b"k,x\n" + b"a,\n" * 3_000 + b"b,2.5\n", {"missing": "drop"}, [2.5]),
    # missing
    ("na-first.txt", b"NA\n1\n2\n3\n4\n5\n", {"missing": "drop"}, [1, 2, 3, 4, 5]),
    ("na.csv", b"x\n1.5\nNA\n2.5\nnull\n4\n#N/A\n", {"missing": "drop"}, X),
    ("nan.csv", b"x\n1.5\nnan\n2.5\n4\n", {"missing": "drop"}, X),
    ("dash.csv", b"k,x\na,1.5\nb,-\nc,2.5\nd,4\n", {"missing": "drop"}, X),
    ("empty-cells.csv", b"k,x\na,1.5\nb,\nc,2.5\nd,4\n", {"missing": "drop"}, X),
    # limits
    ("limits.csv", b"id,x\n1,<5\n2,7.5\n3,> 100\n", {"column": "x", "limits": True}, [5, 7.5, 100]),
    ("limits-comma.csv", "id;x\n1;≤0,5\n2;7,5\n".encode(), {"column": "x", "limits": True},
     [0.5, 7.5]),
    # what others write
    ("pandas.csv", FRAME.to_csv().encode(), {}, X),
    ("pandas-plain.csv", FRAME.to_csv(index=False).encode(), {}, X),
    ("pandas.json", FRAME.to_json().encode(), {}, X),
    ("pandas-records.json", FRAME.to_json(orient="records").encode(), {}, X),
    ("pandas-split.json", FRAME.to_json(orient="split").encode(), {}, X),
    ("pandas-index.json", FRAME.to_json(orient="index").encode(), {}, X),
    ("pandas-table.json", FRAME.to_json(orient="table").encode(), {"column": "x"}, X),
    ("pandas-values.json", FRAME[["x"]].to_json(orient="values").encode(), {}, X),
    ("pandas.jsonl", FRAME.to_json(orient="records", lines=True).encode(), {}, X),
    ("pandas-filtered.csv", b",x\n0,1.5\n3,2.5\n9,4\n", {}, X),
    ("a[1]*.csv", PLAIN, {}, X),
    ("sex.csv", b"sex,x\nm,-\nf,1.5\nf,2.5\nm,4\n", {"missing": "drop"}, X),
    ("states.csv", b"k,x\nND,1.5\nOH,2.5\nSD,4\n", {}, X),
    ("a-person.csv", b"k,x\nAnn,1.5\nBob,2.5\nMax,2.25\n", {}, [1.5, 2.5, 2.25]),
    ("kinds.csv", b"k,x\nmean,1.5\nsum,2.5\nmean,4\nsum,7\n", {}, [1.5, 2.5, 4, 7]),
    ("no-note.csv", b"x,note\n1.5,a\n2.5,b\n3.5,c\n2.5,\n", {}, [1.5, 2.5, 3.5, 2.5]),
    ("r.csv", b'"","x"\n"1",1.5\n"2",2.5\n"3",4\n', {}, X),
    ("r2.csv", b'"";"x"\n"1";1,5\n"2";2,5\n"3";4\n', {}, X),
    ("r-table.txt", b'"x" "k"\n"1" 1.5 "a"\n"2" 2.5 "b"\n"3" 4 "c"\n', {}, X),
    ("r-part.txt", b"x y\n1 1.5 7\n3 2.5 8\n9 4 9\n", {"column": "x"}, X),
    ("r-words.txt", b'"x" "y"\n"Mazda RX4" 1.5 6\n"Valiant" 2.5 6\n"Datsun 710" 4 4\n',
     {"column": "x"}, X),
    ("r-one.txt", b"x\n1 1.5\n2 2.5\n3 4\n", {}, X),
    ("r-quotes.csv", b'"x","y"\n"1",1,2\n"2",2,3\n', {"column": "x"}, [1, 2]),
    ("r-point.csv", b"x,y\nA,1,2\nB,2,3\n", {"column": "x", "decimal": "."}, [1, 2]),
    ("r-fractions.csv", b"x,y\n1,1.5,2\n4,2.5,3\n9,4.5,5\n", {"column": "x"}, [1.5, 2.5, 4.5]),
    ("r-named.csv", b",x,y\nA,1,2\nB,2,3\n", {"column": "x"}, [1, 2]),
    ("formula.csv", b'k,x\na,="1.5"\nb,"=""2.5"""\nc,4\n', {}, X),
    ("plus.csv", b"t\n7+\n3\n12 +\n", {"limits": True}, [7, 3, 12]),
    ("r-names.txt", b"x y\nrow1 1.5 7\nrow2 2.5 8\nrow3 4 9\n", {"column": "x"}, X),
    ("excel.csv", "k;x\r\na;1,5\r\nb;2,5\r\nc;4\r\n;\r\n".encode("utf-8-sig"), {}, X),
    ("excel.txt", "k\tx\r\na\t1,5\r\nb\t2,5\r\nc\t4\r\n".encode("utf-16"), {}, X),
    ("dates.csv", b"day,x\n2020-01-01,1.5\n2020-01-02,2.5\n2020-01-03,4\n", {}, X),
    ("german-dates.csv", b"Tag;x\n1.5.2020;1,5\n2.5.2020;2,5\n3.5.2020;4\n", {}, X),
    # what instruments, SAS, Stata, SPSS, pandas and databases write
    ("sas.csv", b"OBS,k,x\n1,a,1.5\n2,b,.\n3,c,2.5\n4,d,4\n",
     {"column": "x", "missing": "drop"}, X),
    ("sas.txt", b"Obs    k      x\n\n  1    a    1.5\n  2    b    2.5\n  3    c    4.0\n",
     {"column": "x"}, X),
    ("sas-codes.csv", b"ID,X\n1,.\n2,1.5\n3,.A\n4,2.5\n5,._\n6,4\n",
     {"column": "X", "missing": "drop"}, X),
    ("stata.csv", b"id\tx\n1\t1.5\n2\t.a\n3\t2.5\n4\t4\n", {"column": "x", "missing": "drop"}, X),
    ("spss.csv", b"id;x\n7;1,5\n3;#NULL!\n5;2,5\n6;4\n", {"column": "x", "missing": "drop"}, X),
    ("instrument.csv", b"Instrument,X200\nSerial,12345\nt,x\n0.0,1.5\n0.1,2.5\n0.2,4\n",
     {"column": "x"}, X),
    ("operator.txt", b'"Sample";"A"\n"By";"me"\n\nNr.;L [mm]\n1;1,5\n2;2,5\n3;4,0\n',
     {"column": "L [mm]"}, X),
    ("sections.csv", b"[Header]\nVersion=1\n[Data]\nt,x\n0,1.5\n1,2.5\n2,4.0\n",
     {"column": "x"}, X),
    ("slashes.csv", b"// by hand\nt,x\n0,1.5\n1,2.5\n2,4.0\n", {"column": "x"}, X),
    ("psql.txt", b" k | x\n---+-----\n a | 1.5\n b | 2.5\n c | 4\n", {}, X),
    ("psql-counted.txt", b" k | x\n---+-----\n a | 1.5\n b | 2.5\n c | 4\n(3 rows)\n\n", {}, X),
    ("mysql.txt", b"+---+---+\n| k | x |\n+---+---+\n| a |1.5|\n| b |2.5|\n| c | 4 |\n+---+---+\n",
     {}, X),
    ("table.md", b"| k | x |\n|---|---|\n| a | 1.5 |\n| b | 2.5 |\n| c | 4 |\n", {}, X),
    ("numbered.csv", pd.Series(X).to_csv().encode(), {}, X),
    ("numbered-two.csv", pd.DataFrame([[v, 7] for v in X]).to_csv().encode(), {"column": "0"}, X),
    ("printed.txt", FRAME.to_string().encode(), {}, X),
    # signs and line ends
    ("dots.csv", b"k,x\na,1.5\nb,N.A.\nc,n/a\nd,(null)\ne,2.5\nf,#NA\ng,4\n",
     {"missing": "drop"}, X),
    ("nbsp.csv", "k,x\u00a0\na,1.5\nb,\u00a02.5\u00a0\nc,4\n".encode(), {"column": "x"}, X),
    ("bom-inside.csv", "k,x\n\ufeffa,1.5\nb,\ufeff2.5\nc,\u200b4\n".encode(), {"column": "x"}, X),
    ("two-boms.csv", "\ufeff\ufeffx\n1.5\n2.5\n4\n".encode(), {"column": "x"}, X),
    ("apostrophes.csv", "k;x\na;1’250,5\nb;12’345’678\n".encode(), {}, [1250.5, 12345678]),
    ("mixed-ends.csv", b"k,x\r\na,1.5\nb,2.5\r\nc,4\n", {}, X),
    ("mixed-old.csv", b"x\r1.5\r2.5\n4\r", {}, X),
    ("dos-twice.csv", b"k,x\r\r\na,1.5\r\r\nb,2.5\r\r\nc,4\r\r\n", {}, X),
    ("utf16-mac.csv", "k;x\ra;1,5\rb;2,5\rc;4\r".encode("utf-16"), {}, X),
    ("minus-99.csv", b"x\n1.5\n-99\n4\n", {}, [1.5, -99, 4]),
    ("minus-999.csv", b"x\n1.5\n-999\n-300\n", {}, [1.5, -999, -300]),
    ("coded.csv", b"x\n1.5\n-999\n2.5\n4\n-999.0\n", {"missing_code": -999, "missing": "drop"}, X),
    ("coded-99.csv", b"k;x\na;1,5\nb;99\nc;2,5\nd;4\n", {"missing_code": 99, "missing": "drop"}, X),
    ("no-code.csv", b"x\n1.5\n-999\n4\n", {"missing_code": "none"}, [1.5, -999, 4]),
    ("no-code.parquet", parquet(x=[1, -9999, 4]), {"missing_code": "none"}, [1, -9999, 4]),
    # packed
    ("a.csv.gz", gzip.compress(PLAIN), {}, X),
    ("misnamed.csv", gzip.compress(PLAIN), {}, X),
    ("a.csv.bz2", bz2.compress(PLAIN), {}, X),
    ("a.csv.xz", lzma.compress(PLAIN), {}, X),
    ("a.csv.zst", zstd(), {}, X),
    ("a.zip", zipped(a_csv=PLAIN), {}, X),
    ("a.json.gz", gzip.compress(b"[1.5, 2.5, 4]"), {}, X),
    ("a.parquet.gz", gzip.compress(parquet(x=X)), {}, X),
    # JSON and arrays
    ("list.json", b"[1.5, 2.5, 4]", {}, X),
    ("mixed.json", b'[1.5, null, 2.5, 4, "NA"]', {"missing": "drop"}, X),
    ("columns.json", b'{"x": [1.5, 2.5, 4], "k": ["a", "b", "c"]}', {}, X),
    ("answered.json", b'{"data": [{"x": 1.5}, {"x": 2.5}, {"x": 4}]}', {}, X),
    ("late.json", json.dumps([{"x": 1}] * 500 + [{"x": 2.5}]).encode(), {}, [1.0] * 500 + [2.5]),
    ("lines.jsonl", b'{"x": 1.5}\n{"x": 2.5}\n\n{"x": 4}\n', {}, X),
    ("numbers.jsonl", b"1.5\n2.5\n4\n", {}, X),
    ("lines.json", b'{"x": 1.5}\n{"x": 2.5}\n{"x": 4}\n', {}, X),
    ("unnamed", b"[1.5, 2.5, 4]", {}, X),
    ("a.npy", npy(np.array(X)), {}, X),
    ("big-endian.npy", npy(np.array(X, dtype=">f8")), {}, X),
    ("half.npy", npy(np.array(X, dtype="f2")), {}, X),
    ("two.npy", npy(np.array([[1.5, 9], [2.5, 9], [4, 9]])), {"column": "column_0"}, X),
    ("fields.npy", npy(np.array([(1.5, "a"), (2.5, "b")], dtype=[("x", "f8"), ("k", "U1")])), {},
     [1.5, 2.5]),
    ("a.npz", npz(x=np.array(X), y=np.ones(2)), {"column": "x"}, X),
    ("a.arrow", ipc_stream(), {}, X),
    *[
        (f"{kind}.parquet", parquet(x=pl.Series([1, 2, 4], dtype=kind)), {}, [1, 2, 4])
        for kind in (
            pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64,
            pl.Float32, pl.Float64, pl.Decimal(10, 2), pl.Int128,
        )
    ],
    ("text.parquet", parquet(x=["1,5", "2,5", "4"]), {}, X),
    ("category.parquet", parquet(x=pl.Series(["1.5", "2.5", "4"], dtype=pl.Categorical)), {}, X),
    ("null.parquet", parquet(x=[1.5, None, 2.5, float("nan"), 4.0]), {"missing": "drop"}, X),
    ("index.parquet", parquet(x=X, __index_level_0__=[0, 1, 2]), {}, X),
]  # fmt: skip

REFUSED = [
    # a choice that nobody made
    ("F1.csv", b"Nr;Laenge\n1;2,5\n2;3,5\n3;7,25\n", {}, ["Nr, Laenge", "counts the rows"]),
    ("thousands.csv", b'id,amount\n1,"1,250.00"\n2,"80.50"\n3,"8,000.01"\n', {}, ["id, amount"]),
    ("limits.csv", b"id,conc\n1,<5\n2,7.5\n", {}, ["id, conc", "Choose one"]),
    ("limit.csv", b"id,conc\n1,<5\n2,7.5\n", {"column": "conc"}, ["'<5'", "row 0", "--limits"]),
    ("units.csv", b"id,x\n4,12 mm\n2,13 mm\n", {}, ["'id'", "'x'", "'12 mm'", "unit"]),
    ("money.csv", b"id,x\n4,$12\n2,$13\n", {}, ["'$12'", "currency"]),
    ("counter.csv", b"id,word\n1,a\n2,b\n3,c\n", {}, ["'id'", "counts the rows"]),
    ("mangled.csv", b"id,x\n1,1.5.2020\n2,2.5.2020\n3,3.5.2020\n", {}, ["'id'", "counts the rows"]),
    ("names.csv", b"site,x\nS1,1.5\nS2,2.5\n", {}, ["'x'", "'site'", "'S1'"]),
    # either
    ("pairs.txt", b"12,5\n13,7\n", {}, ["'12,5'", "2 columns", "--decimal"]),
    ("thousand.txt", b"1,234\n5,678\n", {}, ["'1,234'", "--decimal"]),
    ("either.csv", b"k;x\na;1,234\nb;5,678\n", {"column": "x"}, ["1.234 or 1234", "--decimal"]),
    ("groups.csv", b"k;x\na;950\nb;1.250\nc;2.300\n", {"column": "x"}, ["1250 or 1.250"]),
    ("mixed.csv", b"k;x\na;1.5\nb;2,5\n", {"column": "x"}, ["'1.5'", "'2,5'", "Write them alike"]),
    ("years.csv", b"2019;2020\n10;20\n11;21\n12;25\n", {}, ["Line 1", "--column 2019"]),
    ("labelled.csv", b"name,2019\na,10\nb,20\n", {}, ["Line 1", "--column 2019", "column_1"]),
    ("year.txt", b"2019\n1.25\n-2.50\n3.75\n", {}, ["Line 1", "--column 2019", "column_0"]),
    ("year-comma.txt", b'"2019"\n"1,25"\n"-2,50"\n"3,75"\n', {}, ["Line 1", "--column 2019"]),
    ("size.txt", b"10\n1.250e+03\n3.012e+04\n9.990e+02\n", {}, ["Line 1", "--column 10"]),
    ("twice.txt", b"0 1,25\n1 -2,50\n2 3,75\n", {"column": "column_1"}, ["blanks", "semicolons"]),
    ("five-digits.txt", b"Of May\n\n x\n0 1250.00\n1 30123.00\n2 4567.00\n", {}, ["not numbers"]),
    ("from-0.txt", b"Of May\n\n x\n0 125\n1 301\n2 456\n", {"column": "x"}, ["no column"]),
    ("tenths.txt", b"8\n" + b"1.5\n2.5\n" * 6, {}, ["Line 1", "--column 8"]),
    ("row.txt", b"1 2 3 4\n", {}, ["several numbers on line 1", "one a line"]),
    ("row.csv", b"1,2,3,4\n", {}, ["several numbers on line 1", "one a line"]),
    # ragged
    ("ragged.csv", b"a,x\n1,2\n3,4,5\n", {"column": "x"}, ["line 3", "3 cells"]),
    ("shifted.csv", b"id,amount\n1,2,5\n2,3,5\n", {"column": "amount"}, ["line 1 has 2", "3"]),
    ("labels.csv", b"name,x\nA,1,5\nB,2,7\n", {"column": "x"}, ["decimal commas", "semicolons"]),
    ("labels-some.csv", b"name,x\nA,1,5\nB,2\nC,3,5\n", {"column": "x", "missing": "drop"},
     ["decimal commas"]),
    ("labels-groups.csv", b"name,x\nA,1,250\nB,2,700\n", {"column": "x"}, ["between thousands"]),
    ("labels-three.csv", b"name,x,y\nA,1,5,3\nB,2,7,4\n", {"column": "x"}, ["decimal commas"]),
    ("labels-last.csv", b"x,name\n1,5,A\n2,7,B\n", {"column": "x"}, ["decimal commas"]),
    ("labels-quoted.csv", b'"k","x"\n"A",1,5\n"B",2,7\n', {"column": "x"}, ["names of rows"]),
    ("labels-days.csv", b"day,x\n2020-01-01,1,5\n2020-01-02,2,7\n", {"column": "x"}, ["commas"]),
    ("labels-blank.csv", b"day x\n2020-01-01 1,25\n2020-01-02 -2,50\n", {}, ["decimal commas"]),
    ("labels.txt", b"name x\nA 1 250\nB 2 700\nC 3 100\n", {"column": "x"}, ["between thousands"]),
    ("plus.csv", b"t\n7+\n3\n12+\n", {}, ["'7+'", "--limits"]),
    ("interval.csv", b'x\n"(0,1]"\n"(1,2]"\n', {}, ["interval", "--lower"]),
    ("cut-interval.csv", b"k,x\na,(0,1]\nb,(1,2]\n", {}, ["interval", "double quotes"]),
    ("broken.csv", b"k,x\na,1.5\nb,broken\nc,4\n", {}, ["'x'", "'broken' beside numbers"]),
    ("late.csv", b"id,x\n" + b"1,2\n" * 9_000 + b"1,2,50\n", {"column": "x"}, ["line 9002"]),
    # missing and worse
    ("na-first.txt", b"NA\n1\n2\n3\n4\n5\n", {}, ["1 of 6", "row 0: 'NA'", "--missing drop"]),
    ("limit-first.txt", b"<5\n7\n8\n", {}, ["1 of 3", "row 0", "'<5'", "--limits"]),
    ("late-na.csv", b"val,w\n" + b"1,a\n" * 15_000 + b"NA,b\n", {}, ["1 of 15,001", "row 15000"]),
    ("inside.txt", b"1\n\n2\n", {}, ["1 of 3", "row 1: empty"]),
    ("inf.csv", b"x\n1\ninf\n", {}, ["1 of 2", "not finite", "row 1"]),
    ("beyond.csv", b"x\n1\n1e400\n", {}, ["1 of 2", "not finite", "row 1"]),
    ("all.csv", b"x\nNA\nNA\n", {"missing": "drop"}, ["all 2 cells"]),
    ("big.csv", b"x\n9007199254740993\n1\n", {}, ["2^53"]),
    ("word.csv", b"x\nfailed\n1\n2\n", {}, ["row 0", "'failed'"]),
    ("total.csv", b"x\n1.5\n2.5\nTotal\n", {}, ["row 2", "'Total'"]),
    ("total-row.csv", b"k,x\na,1.5\nb,2.5\nTotal,4\n", {}, ["'Total'", "Remove"]),
    ("mean-row.csv", b"k;x\na;1,5\nb;2,5\nMittelwert;2,0\n", {}, ["'Mittelwert'", "Remove"]),
    ("rounded.csv", b"k,x\na,1.21\nb,2.52\nc,4.38\nTotal,8.1\n", {}, ["row 3", "'Total'", "8.1"]),
    ("other.csv", b"k,x\na,1.5\nb,2.5\nmean,4.5\n", {}, ["'mean'", "name it otherwise"]),
    *[
        (f"{word}.csv", f"k,x\na,1.5\nb,2.5\nc,4\n{word},{said}\n".encode(), {}, [repr(word), said])
        for word, said in (
            ("Std", "1.26"), ("Count", "3"), ("Subtotal", "8"), ("Grand total", "8"),
            ("Median:", "2.5"), ("Std. Dev.", "1.26"), ("Total (mm)", "8"), ("Zwischensumme", "8"),
        )
    ],
    ("foot.csv", b"k,x\na,1.5\nb,2.5\nMax,2.5\nMin,1.5\nSource: a book,\n", {"missing": "drop"},
     ["'Max'", "2.5"]),
    ("between.csv", b"k,x\na,1.5\nb,2.5\nSubtotal,4\nc,3\nd,4\n", {}, ["row 2", "'Subtotal'"]),
    ("nameless.csv", b"k,x,n\na,1.5,3\nb,2.5,3\nc,4,4\n,8.0,10\n", {"column": "x"},
     ["row 3", "no name"]),
    ("all.csv", b"k,x\na,1.5\nb,2.5\nc,4\nAll,8.0\n", {}, ["row 3", "'All'"]),
    ("total.txt", b"k x\na 1.5\nb 2.5\nTotal 4\n", {}, ["'Total'"]),
    ("total.json", b'[{"k": "a", "x": 1.5}, {"k": "Total", "x": 1.5}]', {}, ["'Total'"]),
    ("columns.json", b'{"k": ["a", "Total"], "x": [1.5, 1.5]}', {}, ["'Total'"]),
    ("total.parquet", parquet(k=["a", "b", "Total"], x=X), {}, ["row 2", "'Total'"]),
    ("bool.parquet", parquet(x=[True, False, True]), {}, ["true and false", "--event", "1 and 0"]),
    ("bool.json", b"[true, false, true]", {}, ["true and false"]),
    ("some-bool.json", b"[true, 1, 2]", {}, ["row 0", "'True'", "1 and 0"]),
    ("nested-cells.json", b'[{"a": {"x": 1.5}}, {"a": {"x": 2.5}}]', {}, ["Several values in one"]),
    ("durations.csv", b"x\n0 days 01:00:00\n1 days 02:30:00\n", {}, ["A time?"]),
    ("bool.npy", npy(np.array([True, False])), {}, ["true and false"]),
    ("arabic.csv", "x\n1\n٣\n".encode(), {}, ["row 1", "'٣'"]),
    ("german.csv", b"id;x\n4;1.250\n2;3.500\n", {"column": "x"}, ["1.250", "--decimal"]),
    ("blank-groups.txt", b"x\n1 250\n2 500\n3 100\n", {}, ["'1 250'", "one number, or two"]),
    ("beside.csv", b"x\n950\n1.250\n2.300\n", {}, ["1250 or 1.250", "--decimal"]),
    ("open-quote.csv", b'k,x\na,1\n"b,2\nc,3\n', {"column": "x"}, ["line 3", "never closed"]),
    ("percent.csv", b"x\n5 %\n6 %\n", {}, ["percentage"]),
    ("unit.csv", b"x\n12 mm\n13 mm\n", {}, ["'mm'", "header"]),
    ("brackets.csv", b"x\n(5)\n6\n", {}, ["minus"]),
    ("codes.csv", b"k,x\na,1.5\nb,-999\nc,4\nd,-999\n", {},
     ["2 of 4", "-999", "--missing-code -999;", "--missing-code none."]),
    ("coded.csv", b"x\n1.5\n-999\n4\n", {"missing_code": -999},
     ["1 of 3", "row 1: '-999'", "drop"]),
    ("what-code.csv", b"x\n1.5\n-999\n4\n", {"missing_code": "x"}, ["--missing-code must", "'x'"]),
    ("codes.json", b"[1.5, 2.5, -9999.0]", {}, ["1 of 3", "-9999"]),
    ("codes.parquet", parquet(x=[1, -99, 3, -99]), {}, ["2 of 4", "-99"]),
    ("pandas-0.csv", b"0\n1.5\n2.25\n4.0\n", {}, ["Line 1", "--column 0"]),
    ("pandas-year.csv", b"2019\n1.5\n2.25\n4.0\n", {}, ["Line 1", "--column 2019"]),
    ("pandas-index.csv", b",2019\n0,15\n1,22\n2,40\n", {}, ["one number a line, or 2 columns"]),
    ("describe.csv", FRAME.describe().to_csv().encode(), {}, ["'count'"]),
    ("ragged.txt", b"name x y\nAnn Lee 1.5 2\nBob 2.5 3\n", {"column": "x"}, ["4 cells", "quotes"]),
    ("r-ragged.txt", b"mpg cyl\nMazda RX4 21 6\nValiant 18 6\n", {"column": "mpg"}, ["quotes"]),
    ("printed-by-r.txt", b"[1] 1.5 2.5 4.0\n", {}, ["R prints", "write.csv"]),
    ("printed-by-numpy.txt", b"[1.5 2.5 4. ]\n", {}, ["NumPy prints", "numpy.savetxt"]),
    ("usd.csv", b"x\nUSD 12.50\nUSD 13\n", {}, ["currency"]),
    ("minus-usd.csv", b"x\n-$12.50\n($13)\n", {}, ["currency"]),
    ("excel-date.csv", b"x\n1.5\n2-Feb\n4\n", {}, ["'2-Feb'", "date"]),
    ("lakhs.csv", b"k;x\na;1,23,456.50\nb;12,34,567\n", {"column": "x"}, ["lakhs"]),
    ("power.csv", "x\n1.5×10^3\n2.5×10^3\n".encode(), {}, ["power of ten"]),
    ("behind.csv", b"x\n1.5-\n2.5\n", {}, ["minus", "before"]),
    ("about.csv", b"x\n~1.5\n2.5\n", {}, ["about"]),
    ("star.csv", b"x\n1.5*\n2.5 [1]\n", {}, ["footnote"]),
    ("error-behind.csv", b"x\n1.5 (0.2)\n2.5 (0.3)\n", {}, ["error in brackets"]),
    ("fraction.csv", b"x\n1/2\n3/4\n", {}, ["decimals"]),
    ("hex.csv", b"x\n0x10\n0x20\n", {}, ["hexadecimal"]),
    ("fortran.csv", b"x\n1.5D+00\n2.5D+00\n", {}, ["Fortran"]),
    ("again.csv", b"k,x\na,1.5\nk,x\nb,2.5\n", {"column": "x"}, ["row 1", "'x'"]),
    ("range.csv", b"x\n5-6\n6-7\n", {}, ["range"]),
    ("error.csv", "x\n5±0.1\n6±0.2\n".encode(), {}, ["error"]),
    ("div.csv", b"x\n5\n#DIV/0!\n", {}, ["spreadsheet"]),
    ("nd.csv", b"x\n5\nn.d.\n", {}, ["--limits"]),
    ("truth.csv", b"x\nTRUE\nFALSE\n", {}, ["1 and 0"]),
    ("time.csv", b"x\n12:30\n12:45\n", {}, ["time"]),
    ("date.csv", b"x\n2020-01-01\n2020-01-02\n", {}, ["date"]),
    ("absent.csv", b"a,b\n1,2\n", {"column": "A"}, ["no column 'A'", "'a'"]),
    ("twice.csv", b"x,x\n1,2\n3,4\n", {"column": "x"}, ["several columns", "'x'"]),
    # files that are not tables
    ("empty.csv", b"", {}, ["empty"]),
    ("white.csv", b" \n\n", {}, ["empty"]),
    ("header.csv", b"x\n", {}, ["no values"]),
    ("comments.csv", b"# nothing\n# at all\n", {}, ["no values"]),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, {}, ["Excel", "CSV"]),
    ("a.lm", b"likelm1\n\x13\x03\x00", {}, ["language model", "likeliest language"]),
    ("a.pdf", b"%PDF-1.7\n1 0 obj", {}, ["PDF"]),
    ("a.png", b"\x89PNG\r\n\x1a\n", {}, ["picture"]),
    ("a.rds", gzip.compress(b"X\n\x00\x00\x00\x03"), {}, ["R object", "write.csv"]),
    ("a.pkl", b"\x80\x04\x95\x00\x00", {}, ["pickle"]),
    ("a.html", b"<!DOCTYPE html><html>", {}, ["HTML"]),
    ("binary.csv", bytes(range(256)) * 20, {}, ["not text"]),
    ("cut.csv.gz", gzip.compress(PLAIN * 99)[:40], {}, ["unpacked", "gzip"]),
    ("two.zip", zipped(a_csv=PLAIN, b_csv=PLAIN), {}, ["2 files", "a.csv, b.csv"]),
    ("cut.zip", zipped(a_csv=PLAIN)[:30], {}, ["zip"]),
    ("cut.parquet", parquet(x=X)[:60], {}, ["parquet"]),
    ("not.parquet", PLAIN, {}, ["parquet"]),
    ("cut.npy", npy(np.array(X))[:90], {}, ["NumPy"]),
    ("object.npy", npy(np.array([object()], dtype=object)), {}, ["NumPy"]),
    ("complex.npy", npy(np.array([1j])), {}, ["complex"]),
    ("cube.npy", npy(np.ones((2, 2, 2))), {}, ["shape"]),
    ("fit.json", json.dumps(lk.fit(X, "normal").to_dict()).encode(), {}, ["saved fit", "sample"]),
    ("compared.json", json.dumps(lk.compare(X, ["normal"], criterion="nll").to_dict()).encode(), {},
     ["comparison"]),
    ("cut.json", b"[1, 2", {}, ["not JSON"]),
    ("one.json", b"3", {}, ["one value"]),
    ("nested.json", b'{"data": [1], "about": {"x": 1}}', {}, ["no table", "'data'"]),
    ("lists.json", b'[{"x": [1, 2]}]', {}, ["not a number"]),
    ("deep.json", b"[" * 100_000, {}, ["JSON"]),
    ("dates.parquet", parquet(x=[dt.date(2020, 1, 1), dt.date(2020, 1, 2)]), {}, ["dates"]),
    ("lists.parquet", parquet(x=[[1.0], [2.0]]), {}, ["List"]),
    ("big.parquet", parquet(x=[2**60, 1]), {}, ["2^53"]),
    ("two.parquet", parquet(x=X, y=X), {}, ["x, y"]),
]  # fmt: skip


def options(asked):
    """Return what is asked as the command line says it."""
    flags = []
    for argument, value in asked.items():
        name = argument.replace("_", "-")
        flags += [f"--{name}"] if value is True else [f"--{name}", str(value)] if value else []
    return flags


def names(cases):
    return [f"{name}-{i}" for i, (name, *_) in enumerate(cases)]


def test_there_are_a_hundred_files_at_least():
    assert len({content for _, content, _, _ in READ + REFUSED}) >= 100


@pytest.mark.parametrize(("name", "content", "asked", "values"), READ, ids=names(READ))
def test_read(tmp_path, capsys, name, content, asked, values):
    path = tmp_path / name
    path.write_bytes(content)
    column = lk.read(path, **asked)
    np.testing.assert_array_equal(column.values, values)


UNLIMITED = [case for case in READ if not case[2].get("limits")]


@pytest.mark.parametrize(("name", "content", "asked", "values"), UNLIMITED, ids=names(UNLIMITED))
def test_read_on_the_command_line(tmp_path, capsys, name, content, asked, values):
    path = tmp_path / name
    path.write_bytes(content)
    column = lk.read(path, **asked)
    code = run(["likelihood", str(path), "normal:0,1", "--json", *options(asked)])
    out, err = capsys.readouterr()
    assert code == 0, err
    record = json.loads(out)[0]
    assert record["column"] == (column.name or None)
    expected = lk.Normal(0.0, 1.0).log_likelihood(np.array(values, dtype=np.float64))
    assert record["log_likelihood"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("name", "content", "asked", "said"), REFUSED, ids=names(REFUSED))
def test_refused(tmp_path, capsys, name, content, asked, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError) as caught:
        lk.read(path, **asked)
    assert " --" not in str(caught.value)  # Python has no options
    for part in said:
        assert part in on_the_command_line(str(caught.value)), caught.value
    code = run(["fit", str(path), "-f", "normal", *options(asked)])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("likeliest: ")
    assert err.count("\n") == 1
    for part in said:
        assert part in err
    assert "Python" not in err.replace("a Python pickle", "")
    assert "lk." not in err
