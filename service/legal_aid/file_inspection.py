"""Looking at what was sent before it is kept: what it is by its content, and nothing in it that tells a place.

Pictures are drawn anew from their points, so that no tag, and nothing hung on behind, comes along; tags of recordings
are cut off (docs/rules.md `legal_aid.files`).
"""

import io
import re
import warnings
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from service.legal_aid.enums import FileKind
from service.legal_aid.file_errors import FileDamaged, FileKindRefused

MOST_POINTS = 50_000_000
"""More points than a phone's camera takes: a bomb."""
LONGEST_SIDE = 4000
QUALITY = 88
PDF = "application/pdf"
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "JPEG"}
VOICES = frozenset({"audio/mpeg", "audio/mp4", "audio/amr", "audio/aac", "audio/x-wav", "audio/wav", "audio/ogg"})
ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)(?![A-Za-z0-9])")
PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
"""How a PDF may write a letter of a name: `/J#61vaScript`."""
ZIP_PARTS = (b"PK\x03\x04", b"PK\x05\x06")
EXIF = re.compile(rb"\xff\xe1(..)Exif\0\0", re.DOTALL)
EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", PDF: "pdf", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/amr": "amr",
    "audio/aac": "aac", "audio/x-wav": "wav", "audio/wav": "wav", "audio/ogg": "ogg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}  # fmt: skip
PLACE_ATOM = b"\xa9xyz"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is kept: its type, and the content without what tells a place."""

    media_type: str
    content: bytes


def inspect(kind: FileKind, content: bytes) -> Inspected:
    """Look at a file. Raises FileKindRefused for what may not be sent as this kind, FileDamaged."""
    guessed = filetype.guess(content)
    media_type = guessed.mime if guessed is not None else ""
    if kind is FileKind.VOICE:
        return _voice(media_type, content)
    if media_type in PICTURES:
        return _picture(media_type, content)
    if media_type == PDF:
        return _pdf(content)
    raise FileKindRefused


def _picture(media_type: str, content: bytes) -> Inspected:
    kept_as = PICTURES[media_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as sent:
                if sent.width * sent.height > MOST_POINTS:
                    raise FileDamaged
                turned = ImageOps.exif_transpose(sent)
                turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                drawn = turned.convert("RGB" if kept_as == "JPEG" else "RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileDamaged from error
    except (OSError, SyntaxError, ValueError) as error:
        raise FileDamaged from error
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    out = io.BytesIO()
    bare.save(out, kept_as, quality=QUALITY)
    return Inspected(f"image/{kept_as.lower()}", out.getvalue())


def _pdf(content: bytes) -> Inspected:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise FileDamaged
    if content[content.rindex(b"%%EOF") + 5 :].strip() or all(part in content for part in ZIP_PARTS):
        raise FileKindRefused
    if ACTIVE_PDF.search(PDF_HEX.sub(lambda each: bytes.fromhex(each[1].decode()), content)):
        raise FileKindRefused
    return Inspected(PDF, _without_exif(content))


def _without_exif(content: bytes) -> bytes:
    """A PDF whose photos have blank tags: their room stays, so that nothing moves."""
    found = bytearray(content)
    for each in EXIF.finditer(content):
        end = min(each.start() + 2 + int.from_bytes(each[1], "big"), len(found))
        found[each.end() : end] = bytes(max(0, end - each.end()))
    return bytes(found)


def _voice(media_type: str, content: bytes) -> Inspected:
    named = {"video/mp4": "audio/mp4", "audio/m4a": "audio/mp4", "audio/x-m4a": "audio/mp4"}.get(media_type, media_type)
    if named not in VOICES:
        raise FileKindRefused
    if named == "audio/mpeg":
        content = _without_tags(content)
    if named == "audio/mp4":
        content = _without_place(content)
    return Inspected(named, content)


def _without_tags(content: bytes) -> bytes:
    """An MP3 without the tags before and behind the sound."""
    if content[:3] == b"ID3" and len(content) > 10:
        size = 0
        for each in content[6:10]:
            size = size << 7 | each & 0x7F
        content = content[10 + size :]
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    if not content:
        raise FileDamaged
    return content


def _without_place(content: bytes) -> bytes:
    """An MP4 whose places are blank: the atom stays, its words go, so that nothing moves."""
    found = bytearray(content)
    at = found.find(PLACE_ATOM)
    while at >= 4:
        size = int.from_bytes(found[at - 4 : at], "big")
        end = min(at - 4 + size, len(found)) if size >= 8 else at + 4
        found[at + 4 : end] = bytes(max(0, end - at - 4))
        at = found.find(PLACE_ATOM, at + 4)
    return bytes(found)
