"""Chinese keyword search that is the same on both engines: every one- and two-letter piece of a text is a token.

Two-letter words are found (trigram indexes miss them), and so are pinyin initials (`cys` finds 茶艺师).
"""

import itertools
import unicodedata

from pypinyin import Style, pinyin



def normal(text: str) -> str:
    """Full-width folded to half-width, lower case, outer space gone."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def search_text(*parts: str) -> str:
    """What is stored beside a row and searched with LIKE: the texts and their pinyin initials, one a line."""
    lines = [normal(part) for part in parts if part]
    return "\n".join([*lines, *(initial for line in lines for initial in initials(line))])


def initials(text: str) -> list[str]:
    """The pinyin initials of a text; the first character counts with each of its readings (曾: z and c)."""
    han = "".join(char for char in text if "\u3400" <= char <= "\u9fff")
    if not han:
        return []
    first = {reading for reading in pinyin(han[0], style=Style.FIRST_LETTER, heteronym=True)[0] if reading}
    rest = "".join(itertools.chain.from_iterable(pinyin(han[1:], style=Style.FIRST_LETTER)))
    return sorted(letter + rest for letter in first)


def like_pattern(word: str) -> str:
    """The word as a LIKE pattern with `\\` as the escape character."""
    escaped = normal(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
