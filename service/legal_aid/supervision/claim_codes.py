"""The claim code of an anonymous tip: shown once, kept only as a keyed digest.

It is made from the request's own key and words by the installation's key, so that a request sent twice gets the same
code, and nothing has to be kept for that.
"""

import secrets

from service.core import crypto

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing in it is read as another."""
LENGTH, GROUP = 16, 4
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def made(request_key: str | None, words: str) -> str:
    """A code of 80 bits, `7K2M-...`."""
    once = request_key or secrets.token_hex(32)
    number = int(crypto.blind_index(f"{once}|{words}", field="labour_tips.code"), 16)
    letters = "".join(LETTERS[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def digest(code: str) -> str:
    """What is kept of it, whichever way it was typed."""
    typed = "".join(each for each in code.upper() if each.isalnum()).translate(ALIKE)
    return crypto.blind_index(typed, field="labour_tips.claim")
