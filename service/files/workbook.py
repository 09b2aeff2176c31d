"""Reading and writing .xlsx. What is read comes from strangers, so its size is known before anything is unpacked.

Three traps are closed here: an archive that unpacks to gigabytes, a size in its directory that is a lie, and a lone
cell far down and right, for which the reader would reserve memory for every empty cell before it.
"""

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from service.files.errors import NotAWorkbook, WorkbookTooLarge

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 200_000
MOST_CELLS = 3_000_000
PIECE = 1 << 20
OVERLAP = 512
NEEDED_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
SPACES = re.compile(rb"\s{2,}")
REFERENCE = re.compile(rb"""\br\s?=\s?["']([A-Za-z]*)(\d+)""")
BEYOND = 10**9

FACTS_SHEET, MARK = "概况", "导出"
WIDTH = 18
Facts = Sequence[tuple[str, str | int]]
Cell = str | int | float | bool | date | datetime | time | timedelta


def check_container(content: bytes) -> None:
    """Look at the archive without unpacking it into memory: under a second for the largest that is let in.

    Raises WorkbookTooLarge, NotAWorkbook.
    """
    if len(content) > MOST_BYTES:
        raise WorkbookTooLarge
    parts = _parts(content)
    names = {part.filename for part in parts}
    if not names >= NEEDED_PARTS or len(names) != len(parts):
        raise NotAWorkbook
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise WorkbookTooLarge
    for part in parts:
        if sum(map(len, _unpacked(content, part))) != part.file_size:
            raise NotAWorkbook


def check_extent(content: bytes) -> None:
    """Refuse a sheet with a cell outside the permitted rows and cells. Raises WorkbookTooLarge.

    Reads every part once, so it is for the background; `check_container` comes first.
    """
    last_row = last_column = 1
    for part in _parts(content):
        seen = b""
        for piece in _unpacked(content, part):
            # However many spaces a tag holds, a reference cut in two by the seam is whole in the next round.
            seen = SPACES.sub(b" ", seen[-OVERLAP:] + piece)
            found = REFERENCE.findall(seen)
            last_row = max([last_row, *(_row_number(digits) for _, digits in found)])
            last_column = max([last_column, *(_column_number(letters) for letters in {each for each, _ in found})])
        if last_row > MOST_ROWS + 1 or last_row * last_column > MOST_CELLS:
            raise WorkbookTooLarge


def rows(content: bytes) -> Iterator[list[Cell]]:
    """The cells of the first sheet, row by row, blanks as "". Both checks come first. Raises NotAWorkbook."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, ZipError, PasswordError, IndexError) as error:
        raise NotAWorkbook from error
    yield from sheet.iter_rows()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, its bold first line, and what stands below."""

    name: str
    header: Sequence[str]
    lines: Iterable[Sequence[object]]


def written(
    header: Sequence[str], lines: Iterable[Sequence[object]], *, sheet: str, mark: str, facts: Facts = ()
) -> bytes:
    """A workbook of one sheet, and of a second one, 概况, where there are facts or a mark, a line each."""
    return book([Sheet(sheet, header, lines)], mark=mark, facts=facts)


def book(sheets: Iterable[Sheet], *, mark: str, facts: Facts = ()) -> bytes:
    """A workbook of these sheets, and of 概况 where there are facts or a mark.

    `mark` says who took it out, when and by which request (`identity.exports.mark`); it is printed on each page and
    stands in the file's properties too. Empty only where nothing personal is in it. Every string stays a string:
    nothing a person typed becomes a formula or a link.
    """
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as made:
            text = made.add_format({"num_format": "@"})
            bold = made.add_format({"bold": True, "num_format": "@"})
            for each in sheets:
                page = made.add_worksheet(each.name)
                page.set_column(0, len(each.header) - 1, WIDTH, text)
                page.write_row(0, 0, each.header, bold)
                page.freeze_panes(1, 0)
                page.set_footer(f"&L{mark.replace('&', '&&')}&R&P/&N")
                for number, line in enumerate(each.lines, start=1):
                    page.write_row(number, 0, line)
            told = [*facts, *([(MARK, mark)] if mark else [])]
            if told:
                made.set_properties({"comments": mark})
                last = made.add_worksheet(FACTS_SHEET)
                last.set_column(0, 1, WIDTH, text)
                for number, fact in enumerate(told):
                    last.write_row(number, 0, fact)
        file.seek(0)
        return file.read()


def _parts(content: bytes) -> list[zipfile.ZipInfo]:
    if not content.startswith(b"PK\x03\x04"):
        raise NotAWorkbook
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise NotAWorkbook from error
    if any(part.flag_bits & 1 or part.compress_type not in (0, zipfile.ZIP_DEFLATED) for part in parts):
        raise NotAWorkbook
    return parts


def _unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces of at most 1 MB. Raises NotAWorkbook where it holds more than its directory entry says."""
    if part.header_offset < 0 or part.header_offset + 30 > len(content):
        raise NotAWorkbook
    name_length, extra_length = struct.unpack_from("<HH", content, part.header_offset + 26)
    begin = part.header_offset + 30 + name_length + extra_length
    packed = memoryview(content)[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
        return
    inflater, pending, total = zlib.decompressobj(-zlib.MAX_WBITS), bytes(packed), 0
    while not inflater.eof:
        try:
            piece = inflater.decompress(pending, PIECE)
        except zlib.error as error:
            raise NotAWorkbook from error
        pending, total = inflater.unconsumed_tail, total + len(piece)
        if total > part.file_size or not (piece or pending):
            raise NotAWorkbook
        yield piece


def _row_number(digits: bytes) -> int:
    return int(digits) if len(digits) < 9 else BEYOND


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number if len(letters) < 4 else BEYOND
