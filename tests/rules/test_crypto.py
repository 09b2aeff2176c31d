"""Sealed values: both ciphers, bound to their row, and the blind index."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from service.core import ciphers, configuration, crypto
from service.core.configuration import Configuration
from service.core.crypto import SealBroken

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
FIELD = "people.phone"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Iterator[None]:
    """Two keys in force."""
    before = configuration._current
    configuration.use(
        Configuration(
            data_dir=tmp_path, field_keys={"old": b"o" * 32, "new": b"n" * 32}, field_key_id="old", index_key=b"i" * 32,
            attendance_key=b"a" * 32, jwt_secret="j" * 32,
        )
    )  # fmt: skip
    yield
    configuration._current = before


def use(**changed: Any) -> None:
    configuration.use(replace(configuration.current(), **changed))


@pytest.fixture(params=["aes-256-gcm", "sm4-gcm"])
def cipher(request: pytest.FixtureRequest) -> str:
    use(field_cipher=request.param)
    return str(request.param)


def test_a_value_comes_back_and_is_never_sealed_alike_twice(cipher: str) -> None:
    sealed = [crypto.seal("13800001234", field=FIELD, row=ROW) for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert [crypto.unseal(each, field=FIELD, row=ROW) for each in sealed] == ["13800001234"] * 2
    assert b"13800001234" not in sealed[0]


def test_a_value_moved_to_another_row_or_column_does_not_open(cipher: str) -> None:
    sealed = crypto.seal("13800001234", field=FIELD, row=ROW)
    for field, row in ((FIELD, OTHER_ROW), ("people.id_number", ROW)):
        with pytest.raises(SealBroken):
            crypto.unseal(sealed, field=field, row=row)


@given(place=st.integers(0, 200), bit=st.integers(0, 7))
@pytest.mark.parametrize("name", ["aes-256-gcm", "sm4-gcm"])
def test_a_flipped_bit_is_noticed(name: str, place: int, bit: int) -> None:
    use(field_cipher=name)
    sealed = bytearray(crypto.seal("13800001234", field=FIELD, row=ROW))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBroken):
        crypto.unseal(bytes(sealed), field=FIELD, row=ROW)


@given(st.binary(max_size=60))
def test_what_is_no_sealed_value_is_refused_as_such(junk: bytes) -> None:
    with pytest.raises(SealBroken):
        crypto.unseal(junk, field=FIELD, row=ROW)


def test_what_was_sealed_before_opens_with_the_key_and_cipher_it_was_sealed_with() -> None:
    sealed = [crypto.seal("a", field=FIELD, row=ROW)]
    use(field_key_id="new", field_cipher="sm4-gcm")
    sealed.append(crypto.seal("b", field=FIELD, row=ROW))
    assert [crypto.unseal(each, field=FIELD, row=ROW) for each in sealed] == ["a", "b"]
    assert [crypto.seal_of(each).key_id for each in sealed] == ["old", "new"]
    assert sealed[1].startswith(crypto.current_seal().header)
    use(field_keys={"new": b"n" * 32})
    with pytest.raises(SealBroken):
        crypto.unseal(sealed[0], field=FIELD, row=ROW)


def test_sm4_gcm_is_the_published_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    monkeypatch.setattr(ciphers, "_sm4_key", lambda _key: key)
    suite = ciphers.SUITES[ciphers.CipherId.SM4_GCM]
    assert suite.encrypt(b"", nonce, text, bound) == sealed
    assert suite.decrypt(b"", nonce, sealed, bound) == text
    with pytest.raises(InvalidTag):
        suite.decrypt(b"", nonce, sealed[:10], bound)


@pytest.mark.parametrize("name", ["sha256", "sm3"])
def test_a_blind_index_is_the_same_for_the_same_value_however_it_is_written(name: str) -> None:
    use(index_hash=name)
    index = crypto.blind_index("53080219900101000x", field=FIELD)
    assert index == crypto.blind_index(" ５３０８０２１９９００１０１０００Ｘ ", field=FIELD)
    assert len(index) == 64
    others = {crypto.blind_index("53080219900101000x", field="people.id_number")}
    use(index_key=b"k" * 32)
    others.add(crypto.blind_index("53080219900101000x", field=FIELD))
    assert index not in others
    assert len(others) == 2


def test_the_hash_of_the_blind_index_is_a_setting() -> None:
    by_default = crypto.blind_index("a", field=FIELD)
    use(index_hash="sm3")
    assert crypto.blind_index("a", field=FIELD) != by_default


def test_a_check_value_tells_keys_apart_without_telling_them() -> None:
    assert crypto.check_value(b"a" * 32) == crypto.check_value(b"a" * 32) != crypto.check_value(b"b" * 32)
    assert len(crypto.check_value(b"a" * 32)) == 16
