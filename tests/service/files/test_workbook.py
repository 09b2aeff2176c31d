"""Workbooks from strangers are measured before they are opened; what is written holds no formulas."""

import io
import resource
import time
import tracemalloc
import zipfile
from uuid import UUID

import pytest

from service.core import configuration, crypto
from service.files import shelf, workbook
from service.files.errors import NotAWorkbook, WorkbookTooLarge
from tests import workbooks

GOOD = workbooks.workers(workbooks.worker(1, "530802001"))
FILE = UUID(int=7)


def test_a_good_workbook_passes_both_checks_and_is_read() -> None:
    workbook.check_container(GOOD)
    workbook.check_extent(GOOD)
    lines = list(workbook.rows(GOOD))
    assert lines[0][:2] == ["姓名", "身份证号"]
    assert lines[1][0] == "示例职工1"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"name,id\n1,2\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        b"%PDF-1.7",
        GOOD[: len(GOOD) // 2],
        b"\x00" + GOOD,
    ],
)
def test_what_is_not_a_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(NotAWorkbook):
        workbook.check_container(content)


@pytest.mark.parametrize("missing", ["xl/workbook.xml", "[Content_Types].xml"])
def test_an_archive_without_the_parts_of_a_workbook_is_refused(missing: str) -> None:
    with pytest.raises(NotAWorkbook):
        workbook.check_container(workbooks.repacked(GOOD, {missing: None}))


def test_more_than_20_mb_is_refused() -> None:
    with pytest.raises(WorkbookTooLarge):
        workbook.check_container(GOOD + bytes(workbook.MOST_BYTES))


def test_a_zip_bomb_is_refused_at_once_and_never_unpacked() -> None:
    bomb = workbooks.repacked(GOOD, {"xl/media/a.bin": bytes(workbook.MOST_UNPACKED + 1)})
    assert len(bomb) < 1024 * 1024
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(WorkbookTooLarge):
        workbook.check_container(bomb)
    assert time.perf_counter() - started < 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = workbooks.repacked(GOOD, {"xl/media/a.bin": bytes(64 * 1024 * 1024)})
    lying = workbooks.lying_about_size(bomb, "xl/media/a.bin", 1000)
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        assert archive.getinfo("xl/media/a.bin").file_size == 1000
    with pytest.raises(NotAWorkbook):
        workbook.check_container(lying)
    with pytest.raises(NotAWorkbook):
        workbook.check_container(workbooks.lying_about_size(bomb, "xl/media/a.bin", 65 * 1024 * 1024))


def test_stored_parts_are_measured_too() -> None:
    stored = workbooks.repacked(GOOD, {}, zipfile.ZIP_STORED)
    workbook.check_container(stored)
    workbook.check_extent(stored)
    with pytest.raises(NotAWorkbook):
        workbook.check_container(workbooks.lying_about_size(stored, workbooks.SHEET, 1))


def test_broken_compression_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        at = archive.getinfo(workbooks.SHEET).header_offset + 30 + len(workbooks.SHEET)
    broken = GOOD[:at] + b"\xff" * 8 + GOOD[at + 8 :]
    with pytest.raises(NotAWorkbook):
        workbook.check_container(broken)


def test_other_compressions_and_encryption_are_refused() -> None:
    with pytest.raises(NotAWorkbook):
        workbook.check_container(workbooks.repacked(GOOD, {}, zipfile.ZIP_LZMA))
    encrypted = bytearray(GOOD)
    encrypted[GOOD.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(NotAWorkbook):
        workbook.check_container(bytes(encrypted))


def test_a_directory_pointing_outside_the_file_is_refused() -> None:
    broken = bytearray(GOOD)
    at = GOOD.find(b"PK\x01\x02") + 42
    broken[at : at + 4] = (len(GOOD) - 4).to_bytes(4, "little")
    with pytest.raises(NotAWorkbook):
        workbook.check_container(bytes(broken))


def test_a_lone_cell_far_away_is_refused_before_memory_is_reserved_for_the_empty_ones() -> None:
    sheet = (
        b"<worksheet><sheetData>"
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r=\'XFD1048576\'><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    trap = workbooks.repacked(GOOD, {workbooks.SHEET: sheet})
    workbook.check_container(trap)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(WorkbookTooLarge):
        workbook.check_extent(trap)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize(
    "reference",
    [
        b'<row r="200002">',
        b'<c r="ZZZ9">',
        b'<c r="AAAAAAAB1">',
        b"<c  r \n = 'A999999999999'>",
        b'<c r="A00000000000000000000009">',
    ],
)
def test_the_extent_is_found_however_it_is_written(reference: bytes) -> None:
    with pytest.raises(WorkbookTooLarge):
        workbook.check_extent(workbooks.repacked(GOOD, {workbooks.SHEET: reference * 2 + b'<c r="T200000">'}))


@pytest.mark.parametrize("reference", [b'<row r="900000">', b"<row r" + b" " * 2000 + b"= '900000'>"])
@pytest.mark.parametrize("before", range(0, 40, 3))
def test_a_reference_across_the_seam_of_two_pieces_is_found(
    monkeypatch: pytest.MonkeyPatch, reference: bytes, before: int
) -> None:
    monkeypatch.setattr(workbook, "PIECE", 17)
    monkeypatch.setattr(workbook, "OVERLAP", 150)
    with pytest.raises(WorkbookTooLarge):
        workbook.check_extent(workbooks.repacked(GOOD, {workbooks.SHEET: b"x" * before + reference}))


def test_a_sheet_that_cannot_be_read_is_no_workbook() -> None:
    with pytest.raises(NotAWorkbook):
        list(workbook.rows(workbooks.repacked(GOOD, {workbooks.SHEET: b"<worksheet><sheetData><row"})))


def test_rows_keep_their_lines_where_the_sheet_begins_with_empty_ones() -> None:
    sheet = b'<worksheet xmlns="%s"><sheetData><row r="3"><c r="B3"><v>5</v></c></row></sheetData></worksheet>'
    content = workbooks.repacked(GOOD, {workbooks.SHEET: sheet % workbooks.NAMESPACE})
    assert [[*line] for line in workbook.rows(content)] == [[""], [""], [5.0]]


def test_text_that_looks_like_a_formula_or_a_link_stays_text() -> None:
    content = workbook.written(["a", "b"], [["=1+1", "http://example.com"]], sheet="a", mark="")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read(workbooks.SHEET)
        assert b"hyperlink" not in archive.read(workbooks.SHEET)
    assert list(workbook.rows(content))[1] == ["=1+1", "http://example.com"]


def test_what_lies_on_the_shelf_is_sealed_and_bound_to_its_id(app: object) -> None:
    shelf.keep("imports", FILE, GOOD)
    path = configuration.current().data_dir / "imports" / f"{FILE}.sealed"
    assert shelf.fetch("imports", FILE) == GOOD
    assert b"PK\x03\x04" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    path.rename(path.with_name(f"{UUID(int=8)}.sealed"))
    with pytest.raises(crypto.SealBroken):
        shelf.fetch("imports", UUID(int=8))
    shelf.discard("imports", UUID(int=8))
    shelf.discard("imports", UUID(int=8))
    with pytest.raises(FileNotFoundError):
        shelf.fetch("imports", UUID(int=8))
