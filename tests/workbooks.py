"""Workbooks for tests: good ones, and ones that somebody made to do harm."""

import io
import struct
import zipfile
from collections.abc import Sequence

from service.files import workbook
from service.unions.enums import ImportKind
from service.unions.import_columns import COLUMNS
from tests import make

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def headings(kind: ImportKind) -> list[str]:
    """The headings of the template."""
    return [column.heading for column in COLUMNS[kind]]


def workers(*rows: Sequence[object]) -> bytes:
    """A workers' workbook with these rows."""
    return workbook.written(headings(ImportKind.WORKERS), rows, sheet="a", mark="")


def nodes(*rows: Sequence[object]) -> bytes:
    """A workbook of the tree with these rows."""
    return workbook.written(headings(ImportKind.UNION_NODES), rows, sheet="a", mark="")


def worker(number: int, node_code: str, **cells: object) -> list[object]:
    """A good row for a made-up worker; cells by heading."""
    row: dict[str, object] = {
        "姓名": f"示例职工{number}",
        "身份证号": make.id_number(100_000 + number),
        "手机号": f"139{number:08d}",
        "工会编码": node_code,
        "用人单位": "示例茶厂",
    }
    row.update(cells)
    return [row.get(heading, "") for heading in headings(ImportKind.WORKERS)]


def node(code: str, parent: str, **cells: object) -> list[object]:
    """A good row for a grassroots union; cells by heading."""
    row: dict[str, object] = {"编码": code, "名称": f"示例工会{code}", "类型": "基层工会", "上级编码": parent}
    row.update(cells)
    return [row.get(heading, "") for heading in headings(ImportKind.UNION_NODES)]


def repacked(content: bytes, parts: dict[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with parts replaced, added, or left out where None."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept.update({name: part for name, part in parts.items() if part is not None})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, part in kept.items():
            if parts.get(name, b"") is not None:
                archive.writestr(name, part)
    return out.getvalue()


def lying_about_size(content: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size in its directory than the part has."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", changed, at + 28)[0]
        if bytes(changed[at + 46 : at + 46 + length]) == name.encode():
            struct.pack_into("<I", changed, at + 24, size)
        at = changed.find(b"PK\x01\x02", at + 1)
    return bytes(changed)
