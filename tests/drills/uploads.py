"""Files nobody should send, over HTTP: refused with 422, the field and Chinese words; what is kept is harmless.

Wrong types, files that are two things at once, bombs, cut-off and oversize ones, names that are paths, pieces out of
order; tags with a place in JPEG, PNG, WebP, PDF, MP3 and MP4. What is given out comes as an attachment under a name of
ours. The controls: a server that keeps files as they come, and one that sends them bare.
"""

import io
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from service.legal_aid import scanning
from tests import make_legal_aid as aid
from tests.bench.stage import Stage, stage
from tests.drills import aid_unguarded
from tests.drills.case_planting import FILES, OWN, Planting
from tests.drills.case_words import LIMITS
from tests.drills.scene import Verdict, control

PIECE = 500_000
GPS, PLACE = 0x8825, "PUERPLACE22.7873"
CHINESE = re.compile("[\u4e00-\u9fff]")
OURS = re.compile(r"attachment; filename=\"file\.[a-z0-9]+\"; filename\*=UTF-8''[a-z_]+-[0-9a-f]{6}\.[a-z0-9]+")
LONGEST_REFUSAL, MOST_GROWTH_MB = 5.0, 400.0
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/abs/a.jpg",
    "a\u202egpj.exe",
    "照片\u2066.jpg",
    "a\nb.jpg",
    "..",
    "CON",
)


def run(engine: str) -> dict[str, Any]:
    """How many were refused and kept, and that each guard taken away is noticed."""
    verdict = Verdict()
    with stage(engine, own_postgres=True, **LIMITS) as made:
        planting = Planting(made)
        made.server.start("web", "worker")
        refused(verdict, planting)
        taken(verdict, planting)
        named(verdict, planting)
        in_pieces(verdict, planting)
        on_the_shelf(verdict, made)
        controls(verdict, planting)
    return verdict.outcome()


def zipped(name: str = "a.txt", content: bytes = b"hello") -> bytes:
    """A zip of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of so many points in few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer, row = zlib.compressobj(9), bytes(width * 3 + 1)
    rows = b"".join(packer.compress(row) for _ in range(min(height, 4000))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small PNG with a text of 300 MB in a few hundred KB."""
    whole = aid.picture(kind="PNG")
    content = b"Comment\0\0" + zlib.compress(bytes(300_000_000), 1)
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))
    return whole[:33] + chunk + whole[33:]


@cache
def bad() -> Mapping[str, tuple[str, bytes]]:
    """What must be refused, by what it is: the name it comes under, its content."""
    jpeg = aid.picture(size=(300, 200))
    return {
        "a program": ("a.jpg", b"MZ" + bytes(200)),
        "an ELF": ("a.png", b"\x7fELF" + bytes(200)),
        "html named jpg": ("a.jpg", b"<!doctype html><script>alert(1)</script>"),
        "svg": ("a.svg", SVG),
        "svg named png": ("a.png", b"<?xml version='1.0'?>" + SVG),
        "gif with script": ("a.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//"),
        "real gif": ("a.jpg", aid.picture(kind="GIF")),
        "bmp": ("a.bmp", aid.picture(kind="BMP")),
        "tiff": ("a.tif", aid.picture(kind="TIFF")),
        "zip": ("a.zip", zipped()),
        "zip bomb": ("a.zip", zipped(content=bytes(200_000_000))),
        "docx": ("a.docx", zipped("word/document.xml")),
        "pdf with a zip behind": ("a.pdf", PDF + zipped()),
        "pdf around a zip": ("a.pdf", PDF[:9] + zipped() + PDF[9:]),
        "pdf that runs script": ("a.pdf", PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>")),
        "pdf that hides script": ("a.pdf", PDF.replace(b"<<>>", b"<</S/J#61vaScript>>")),
        "pdf that starts programs": ("a.pdf", PDF.replace(b"<<>>", b"<</S/Launch/F(cmd)>>")),
        "pdf cut off": ("a.pdf", PDF[:20]),
        "jpeg cut off": ("a.jpg", jpeg[: len(jpeg) // 2]),
        "jpeg of nothing": ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(60)),
        "png cut off": ("a.png", aid.picture(kind="PNG")[:40]),
        "too many points": ("a.png", bomb(20_000, 20_000)),
        "points without end": ("a.png", bomb(2_000_000, 2_000_000 // 1000)),
        "text bomb": ("a.png", text_bomb()),
        "the scanners' test": ("a.jpg", scanning.TEST_FILE),
        "nothing known": ("a.jpg", b"\x00" * 64),
    }  # fmt: skip


def refused(verdict: Verdict, planting: Planting) -> None:
    """Each bad file: 422, the field, Chinese words, quickly, and nothing of it kept."""
    at, before, slowest = begin(planting), memory_mb(planting.made), 0.0
    for what, (name, content) in bad().items():
        began = time.monotonic()
        answer, _ = upload(planting, at, name, content)
        slowest = max(slowest, time.monotonic() - began)
        verdict.expect(is_told(answer, "piece"), f"{what}: {answer.status_code} {answer.text[:200]}")
    for what, order, field in (
        ("oversize", {"size": 20 * 1024 * 1024 + 1}, "size"), ("no size", {"size": 0}, "size"),
        ("long name", {"name": "长" * 300}, "name"), ("NUL in the name", {"name": "a\x00.jpg"}, "name"),
        ("no name", {"name": " "}, "name"), ("no such kind", {"kind": "program"}, "kind"),
    ):  # fmt: skip
        coming = {"kind": "paper", "paper": "wages", "name": "a.jpg", "size": 10} | order
        answer = planting.ask("worker 0", "POST", f"{at}/files", json=coming)
        verdict.expect(is_told(answer, field), f"{what}: {answer.status_code} {answer.text[:200]}")
    grown = memory_mb(planting.made) - before
    kept = planting.send("worker 0", "GET", at)["files"]
    verdict.figures.update(refused=len(bad()) + 6, slowest_s=round(slowest, 2), grown_mb=round(grown))
    verdict.expect(not kept, f"kept: {[each['name'] for each in kept]}")
    verdict.expect(slowest < LONGEST_REFUSAL, f"a refusal took {slowest:.1f} s")
    verdict.expect(grown < MOST_GROWTH_MB, f"the server grew by {grown:.0f} MB")


def good() -> Mapping[str, tuple[str, str, bytes]]:
    """What is kept, with a place in its tags or something hung on: kind, name, content."""
    exif = Image.Exif()
    exif[0x010E] = PLACE
    exif.get_ifd(GPS)[2] = (22.0, 47.0, 14.0)
    exif.get_ifd(GPS)[29] = PLACE
    jpeg = aid.picture(exif=exif, size=(120, 90))
    tag = PLACE.encode()
    m4a = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + struct.pack(">I", 12 + len(tag)) + b"\xa9xyz"
    m4a += struct.pack(">HH", len(tag), 0x15C7) + tag + b"x" * 64
    return {
        "jpeg with a place": ("paper", "a.jpg", jpeg),
        "png with a place": ("paper", "a.png", aid.picture(kind="PNG", exif=exif)),
        "webp with a place": ("paper", "a.webp", aid.picture(kind="WEBP", exif=exif)),
        "jpeg and html": ("paper", "a.html", jpeg + b"<script>alert('" + tag + b"')</script>"),
        "png and zip": ("paper", "a.zip", aid.picture(kind="PNG") + zipped(PLACE)),
        "jpeg named exe": ("paper", "a.exe", jpeg),
        "pdf": ("paper", "a.pdf", PDF),
        "pdf with a photo": ("paper", "a.pdf", PDF[:9] + b"2 0 obj<<>>stream\n" + jpeg + b"\nendstream\n" + PDF[9:]),
        "mp3": ("voice", "a.mp3", b"ID3\x03\0\0\0\0\0" + bytes([len(tag)]) + tag + b"\xff\xfb\x90\x00" + bytes(64)),
        "mp4": ("voice", "a.m4a", m4a),
    }  # fmt: skip


def taken(verdict: Verdict, planting: Planting) -> None:
    """Each good file: no place in it any more, given out as an attachment, not to be sniffed, under a name of ours."""
    at = begin(planting)
    for what, (kind, name, content) in good().items():
        answer, file_id = upload(planting, at, name, content, kind)
        verdict.expect(answer.ok, f"{what}: {answer.status_code} {answer.text[:200]}")
        got = planting.ask("worker 0", "GET", f"{FILES}/{file_id}")
        for fault in served_faults(got):
            verdict.faults.append(f"{what}: {fault}")
        verdict.expect(got.content[:2] == content[:2] or "webp" in what or kind == "voice", f"{what}: another type")
    verdict.figures["kept"] = len(good())


def served_faults(got: requests.Response) -> list[str]:
    """What is wrong with a file as it is given out."""
    head = got.headers
    exif = Image.open(io.BytesIO(got.content)).getexif() if got.headers["Content-Type"].startswith("image/") else None
    faults = {
        "not 200": got.status_code != 200,
        "the place is in it": PLACE.encode() in got.content,
        "tags in it": bool(exif),
        "script in it": b"<script>" in got.content,
        "no attachment under a name of ours": not OURS.fullmatch(head.get("Content-Disposition", "")),
        "may be sniffed": head.get("X-Content-Type-Options") != "nosniff",
        "may be a page": "default-src 'none'" not in head.get("Content-Security-Policy", ""),
        "kept by caches": head.get("Cache-Control") != "no-store",
    }
    return [fault for fault, is_there in faults.items() if is_there]


def named(verdict: Verdict, planting: Planting) -> None:
    """Names that are paths or turn letters round: kept as a plain word, and nowhere on the shelf."""
    at = begin(planting)
    for name in NAMES:
        answer, _ = upload(planting, at, name, aid.picture())
        verdict.expect(answer.ok, f"{name!r}: {answer.status_code}")
    shown = [each["name"] for each in planting.send("worker 0", "GET", at)["files"]]
    odd = [each for each in shown if re.search(r"[/\\\x00-\x1f\u202a-\u202e\u2066-\u2069]", each)]
    verdict.figures["names"] = len(shown)
    verdict.expect(not odd and len(shown) == len(NAMES), f"names: {shown}")


def in_pieces(verdict: Verdict, planting: Planting) -> None:
    """Early ones are told where to go on, ones sent twice and overlapping change nothing, too long ones are refused."""
    at, content = begin(planting), aid.picture(size=(900, 700), colour="blue")
    file_id = announce(planting, at, "a.jpg", content)
    third = len(content) // 3
    sent = lambda start, end: piece(planting, file_id, start, content[start:end])  # noqa: E731
    early = sent(third, 2 * third)
    verdict.expect(early.status_code == 409 and early.json()["details"]["received"] == 0, f"early: {early.text}")
    verdict.expect(bool(CHINESE.search(early.json()["detail"])), "no words for it")
    answers = [sent(0, third), sent(0, third), sent(third // 2, third + 50)]
    verdict.expect({each.json().get("received") for each in answers} == {third}, f"{[each.text for each in answers]}")
    verdict.expect(sent(2 * third, 2 * third + 10).status_code == 409, "a gap was taken")
    sent(third, 2 * third)
    over = piece(planting, file_id, 2 * third, content[2 * third :] + b"more")
    verdict.expect(is_told(over, "piece"), f"too long: {over.status_code} {over.text[:100]}")
    verdict.expect(is_told(piece(planting, file_id, -1, b"x"), "start"), "a piece before the beginning")
    verdict.expect(is_told(piece(planting, file_id, 2 * third, b""), "piece"), "an empty piece")
    last = sent(2 * third, len(content))
    verdict.expect(last.json().get("state") == "ready", f"last: {last.text}")
    verdict.expect(sent(0, third).json().get("state") == "ready", "again after the end")
    whole = planting.ask("worker 0", "GET", f"{FILES}/{file_id}").content
    verdict.expect(Image.open(io.BytesIO(whole)).size == (900, 700), "put together wrongly")
    stranger = planting.ask("worker 1", "POST", f"{FILES}/{file_id}/pieces", **form(0, b"x"))
    verdict.expect(stranger.status_code == 404, f"a stranger's piece: {stranger.status_code}")
    big = planting.ask("worker 0", "POST", f"{FILES}/{file_id}/pieces", **form(0, bytes(22 * 1024 * 1024)))
    verdict.expect(big.status_code == 413 and bool(CHINESE.search(big.json()["detail"])), f"22 MB: {big.status_code}")


def on_the_shelf(verdict: Verdict, made: Stage) -> None:
    """Files lie sealed under random ids, in no other folder."""
    root = Path(made.server.env["DATA_DIR"])
    lying = [path for path in root.glob("legal-aid*/*") if path.is_file()]
    odd = [path.name for path in lying if not re.fullmatch(r"[0-9a-f-]{36}\.sealed", path.name)]
    clear = [path.name for path in lying if path.read_bytes()[:4] in (b"%PDF", b"\xff\xd8\xff\xe0", b"\x89PNG")]
    verdict.figures["on_the_shelf"] = len(lying)
    verdict.expect(bool(lying) and not odd and not clear, f"on the shelf: {odd[:3]} {clear[:3]}")


def controls(verdict: Verdict, planting: Planting) -> None:
    """Each guard off."""
    for guard, fails in (("inspection", keeps_anything), ("headers", sends_bare)):
        aid_unguarded.start(planting.made, guard)
        with control(verdict, f"{guard}_off", partial(fails, planting)):
            pass


def keeps_anything(planting: Planting) -> bool:
    """Bad files are kept, and places in good ones."""
    verdict = Verdict()
    refused(verdict, planting)
    taken(verdict, planting)
    found = " ".join(verdict.faults)
    return "html named jpg" in found and "the place is in it" in found


def sends_bare(planting: Planting) -> bool:
    """Files come without the headers that keep a browser from opening them."""
    verdict = Verdict()
    taken(verdict, planting)
    return any("no attachment" in fault for fault in verdict.faults) and any(
        "sniffed" in each for each in verdict.faults
    )


def begin(planting: Planting) -> str:
    """A draft of the first worker's without files."""
    case = planting.send("worker 0", "POST", OWN, json={"matter": "wages", "answers": {}})
    for each in planting.send("worker 0", "GET", f"{OWN}/{case['id']}")["files"]:
        planting.send("worker 0", "DELETE", f"{FILES}/{each['id']}")
    return f"{OWN}/{case['id']}"


def announce(planting: Planting, at: str, name: str, content: bytes, kind: str = "paper") -> str:
    """Room for a file; its id."""
    coming = {"kind": kind, "paper": "wages", "name": name, "size": len(content)}
    return str(planting.send("worker 0", "POST", f"{at}/files", json=coming)["id"])


def upload(
    planting: Planting, at: str, name: str, content: bytes, kind: str = "paper"
) -> tuple[requests.Response, str]:
    """The last answer to a file sent in pieces, and its id."""
    file_id = announce(planting, at, name, content, kind)
    answer = piece(planting, file_id, 0, content[:PIECE])
    for start in range(PIECE, len(content), PIECE):
        answer = piece(planting, file_id, start, content[start : start + PIECE])
    return answer, file_id


def piece(planting: Planting, file_id: str, start: int, content: bytes) -> requests.Response:
    """The answer to one piece."""
    return planting.ask("worker 0", "POST", f"{FILES}/{file_id}/pieces", **form(start, content))


def form(start: int, content: bytes) -> dict[str, Any]:
    """A multipart form, under a name nobody asked for."""
    return {"data": {"start": str(start)}, "files": {"piece": ("../../x.php", io.BytesIO(content), "text/html")}}


def is_told(answer: requests.Response, field: str) -> bool:
    """Whether it is 422 and says what is wrong with this field, in Chinese."""
    if answer.status_code != 422:
        return False
    said = answer.json()
    return field in said["details"] and bool(CHINESE.search(str(said["details"][field]) + said["detail"]))


def memory_mb(made: Stage) -> float:
    """What the web server's processes hold."""
    return made.memory_mb()["web"]
