"""Excel workbooks, made by hand from the few parts that one needs."""

import io
import sys
import zipfile
from xml.sax.saxutils import escape

import pytest

import likeliest as lk
from likeliest.errors import MissingExtraError, ReadError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(value):
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"


def workbook(*sheets):
    """Return the bytes of a workbook, each sheet a list of rows."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="r{i}"/>' for i in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/s{i}.xml"/>'
            for i in numbers
        )
        + "</Relationships>",
    }
    for i, rows in zip(numbers, sheets, strict=True):
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/s{i}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


TABLE = [["k", "x"], ["a", 1.5], ["b", 2.5], ["c", 4.0]]


def test_without_a_reader_the_way_out_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(workbook(TABLE))
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(MissingExtraError, match=r"Excel workbook.*fastexcel.*CSV"):
        lk.read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    "sheets",
    [
        [TABLE],
        [TABLE, []],
        [[["Lengths of May", None], [None, None], *TABLE]],
        [[["x"], [1.5], [2.5], [4.0]]],
        [[[1.5], [2.5], [4.0]]],
        [[["k", "x"], [None, "mm"], ["a", "1,5"], ["b", "2,5"], ["c", 4.0]]],
    ],
)
def test_a_sheet_is_read(tmp_path, sheets):
    pytest.importorskip("fastexcel")
    (tmp_path / "a.xlsx").write_bytes(workbook(*sheets))
    assert lk.read(tmp_path / "a.xlsx").values.tolist() == [1.5, 2.5, 4.0]


def test_several_sheets_are_named(tmp_path):
    pytest.importorskip("fastexcel")
    (tmp_path / "a.xlsx").write_bytes(workbook(TABLE, TABLE))
    with pytest.raises(ReadError, match="2 sheets with cells in them: S1, S2"):
        lk.read(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(workbook([]))
    with pytest.raises(ReadError, match="no values"):
        lk.read(tmp_path / "b.xlsx")
    (tmp_path / "c.xlsx").write_bytes(workbook(TABLE)[:-60])
    with pytest.raises(ReadError, match="zip"):
        lk.read(tmp_path / "c.xlsx")
