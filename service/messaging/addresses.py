"""Whose WeChat account is whose. Identity knows, which stands above: it is asked through what composition gives."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressBook:
    """`openid_of(person_id)` and `person_of(openid)`; None where there is none."""

    openid_of: Callable[[int], str | None]
    person_of: Callable[[str], int | None]


_book = AddressBook(lambda _person_id: None, lambda _openid: None)


def use(book: AddressBook) -> None:
    """Ask this book from now on. Composition is the only caller."""
    global _book  # noqa: PLW0603  one process, one address book
    _book = book


def openid_of(person_id: int) -> str | None:
    """The person's WeChat account in our mini-program."""
    return _book.openid_of(person_id)


def person_of(openid: str) -> int | None:
    """The person behind a WeChat account."""
    return _book.person_of(openid)
