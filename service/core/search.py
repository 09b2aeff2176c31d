"""Chinese keyword search that is the same on both engines: every one- and two-letter piece of a text is a token.

Two-letter words are found (trigram indexes miss them), and so are pinyin initials (`cys` finds 茶艺师).
"""

import os
import unicodedata

# The dictionary of phrases costs each process 44 MB; the other readings of a character cover what it knows.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, pinyin

MOST_READ_TWICE = 12
"""How many characters of a text count with their other readings too."""


def normal(text: str) -> str:
    """Full-width folded to half-width, lower case, outer space gone."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def search_text(*parts: str) -> str:
    """What is stored beside a row and searched with LIKE: the texts and their pinyin initials, one a line."""
    lines = [normal(part) for part in parts if part]
    return "\n".join([*lines, *(initial for line in lines for initial in initials(line))])


def initials(text: str) -> list[str]:
    """The pinyin initials of a text, the usual ones first; then each other reading of one of its first characters.

    So 曾 is found by z and c, and 重庆 by both zq and cq.
    """
    han = "".join(char for char in text if "\u3400" <= char <= "\u9fff")
    letters = pinyin(han, style=Style.FIRST_LETTER, heteronym=True) if han else []
    usual = "".join(readings[0] for readings in letters)
    others = {
        usual[:place] + other + usual[place + 1 :]
        for place, readings in enumerate(letters[:MOST_READ_TWICE])
        for other in readings[1:]
    }
    return [usual, *sorted(others - {usual})] if usual else []


def like_pattern(word: str) -> str:
    """The word as a LIKE pattern with `\\` as the escape character."""
    escaped = normal(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
