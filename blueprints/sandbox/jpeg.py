"""A JPEG of black and white squares: each is whole blocks of 8 by 8 pixels, so that only their brightness is coded."""

from collections.abc import Sequence

BLOCK = 8
WHITE, BLACK = 127, -128
"""Brightness of a block, its DC coefficient, once the quantisation table divides by eight."""
SIZES = {0: "0", 8: "10", 7: "110"}
"""Huffman codes of a difference's size in bits. Ours has three: none, white to black and back, the first white."""
END_OF_BLOCK = "0"


def squares(matrix: Sequence[Sequence[bool]], width: int) -> bytes:
    """A picture about `width` pixels wide, a square for each entry, True for black. The first entry is white."""
    blocks = max(1, round(width / BLOCK / len(matrix[0])))
    side, height = len(matrix[0]) * blocks * BLOCK, len(matrix) * blocks * BLOCK
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
            _segment(0xDB, b"\x00" + b"\x08" * 64),
            _segment(0xC0, b"\x08" + height.to_bytes(2, "big") + side.to_bytes(2, "big") + b"\x01\x01\x11\x00"),
            _segment(0xC4, b"\x00" + bytes([1, 1, 1]) + bytes(13) + bytes([0, 8, 7])),
            _segment(0xC4, b"\x10" + bytes([1]) + bytes(15) + b"\x00"),
            _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            _scan(matrix, blocks),
            b"\xff\xd9",
        ]
    )


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def _scan(matrix: Sequence[Sequence[bool]], blocks: int) -> bytes:
    bits, before = [], 0
    for row in matrix:
        for _ in range(blocks):
            for is_black in row:
                for _ in range(blocks):
                    level = BLACK if is_black else WHITE
                    bits.append(_difference(level - before) + END_OF_BLOCK)
                    before = level
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


def _difference(value: int) -> str:
    size = abs(value).bit_length()
    shown = value if value > 0 else value + (1 << size) - 1
    return SIZES[size] + (format(shown, f"0{size}b") if size else "")
