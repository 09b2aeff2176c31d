"""Every published vector, against the client and the sandbox's own crypto, in both directions where it has two."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from blueprints.sandbox import crypto, message_rules
from service.wechat import encrypted_data, events, push
from service.wechat.encrypted_data import open_data
from service.wechat.errors import EncryptedDataStale, PushRefused
from service.wechat.push import PushKeys, PushQuery
from service.wechat.subscribe_fields import problem
from tests.wechat.servers import vectors

ALL = vectors()
POSITIVE, NEGATIVE = ALL["vectors"], ALL["negatives"]
UNUSED = {"hmac_sha256", "jssdk", "aes256_gcm", "rsa_pss_sha256"}
"""Kinds that nothing in the product uses yet; recomputed here so that the vectors are known to be right."""


def of_kind(kind: str, *among: list[dict[str, Any]]) -> list[Any]:
    """Test parameters: the vectors of a kind."""
    return [
        pytest.param(each, id=each["id"]) for group in among or (POSITIVE,) for each in group if each["kind"] == kind
    ]


def test_every_kind_of_vector_is_tried_here() -> None:
    tried = {"sha1_sorted", "sha1_concat", "msg_encrypt", "msg_decrypt", "encrypted_data"} | UNUSED
    assert {each["kind"] for each in POSITIVE + NEGATIVE} == tried
    assert (len(POSITIVE), len(NEGATIVE)) == (20, 3)


@pytest.mark.parametrize("vector", of_kind("sha1_sorted", POSITIVE, NEGATIVE))
def test_push_signatures(vector: dict[str, Any]) -> None:
    parts = vector["inputs"]["parts"]
    for made in (push.signature(*parts), crypto.sorted_sha1(*parts)):
        if "expect" in vector:
            assert made == vector["expect"]
        else:
            assert made != vector["must_not_equal"]


@pytest.mark.parametrize("vector", of_kind("sha1_concat"))
def test_raw_data_signatures(vector: dict[str, Any]) -> None:
    raw, key = vector["inputs"]["parts"]
    assert encrypted_data.is_signed(raw, key, vector["expect"])
    assert not encrypted_data.is_signed(raw + " ", key, vector["expect"])
    assert not encrypted_data.is_signed(raw, key, "签名")
    assert crypto.joined_sha1(raw, key) == vector["expect"]


@pytest.mark.parametrize("vector", of_kind("msg_encrypt"))
def test_push_encryption_both_ways(vector: dict[str, Any]) -> None:
    given, random = vector["inputs"], vector["inputs"]["random"].encode()
    key, appid, message = given["encoding_aes_key"], given["appid"], given["msg"]
    assert push.encrypt(key, appid, message, random) == vector["expect"]
    assert crypto.seal_push(key, appid, message, random) == vector["expect"]
    assert push.decrypt(key, appid, vector["expect"]) == message
    assert crypto.open_push(key, vector["expect"]) == (message, appid)


@pytest.mark.parametrize("vector", of_kind("msg_decrypt"))
def test_push_decryption_both_ways(vector: dict[str, Any]) -> None:
    key, sealed, expect = vector["inputs"]["encoding_aes_key"], vector["inputs"]["encrypt"], vector["expect"]
    opened, appid = crypto.open_push(key, sealed)
    assert appid == expect["appid"]
    assert push.decrypt(key, appid, sealed) == opened
    if "msg" in expect:
        assert opened == expect["msg"]
    if "random" in expect:
        random = expect["random"].encode()
        assert push.encrypt(key, appid, opened, random) == crypto.seal_push(key, appid, opened, random) == sealed
    for name, text in expect.get("xml_fields", {}).items():
        assert ET.fromstring(opened).findtext(name) == text
        assert push.read(opened.encode())[name] == text
    with pytest.raises(PushRefused):
        push.decrypt(key, "wxother", sealed)


@pytest.mark.parametrize("vector", of_kind("encrypted_data"))
def test_sealed_data_both_ways(vector: dict[str, Any]) -> None:
    given, subset = vector["inputs"], vector["expect"]["subset"]
    key, iv, sealed = given["session_key"], given["iv"], given["encrypted_data"]
    made_at = datetime.fromtimestamp(subset["watermark"]["timestamp"], UTC)
    opened = open_data(key, iv, sealed, appid=subset["watermark"]["appid"], now=made_at)
    assert opened == crypto.open_data(key, iv, sealed)
    assert subset.items() <= opened.items()
    again, _ = crypto.seal_data(key, opened, base64.b64decode(iv))
    assert open_data(key, iv, again, appid=subset["watermark"]["appid"], now=made_at) == opened
    with pytest.raises(EncryptedDataStale):
        open_data(key, iv, sealed, appid="wxother", now=made_at)
    with pytest.raises(EncryptedDataStale):
        open_data(key, iv, sealed, appid=subset["watermark"]["appid"], now=datetime.now(UTC))


@pytest.mark.parametrize("vector", of_kind("encrypted_data", NEGATIVE))
def test_sealed_data_under_another_key_fails_cleanly(vector: dict[str, Any]) -> None:
    given = vector["inputs"]
    key, iv, sealed = given["session_key"], given["iv"], given["encrypted_data"]
    with pytest.raises(EncryptedDataStale):
        open_data(key, iv, sealed, appid="wx4f4bc4dec97d474b", now=datetime.now(UTC))
    with pytest.raises(crypto.NotReadable):
        crypto.open_data(key, iv, sealed)


@pytest.mark.parametrize("vector", of_kind("hmac_sha256"))
def test_session_signatures(vector: dict[str, Any]) -> None:
    key, message = vector["inputs"]["key"].encode(), vector["inputs"]["msg"].encode()
    assert hmac.new(key, message, hashlib.sha256).hexdigest() == vector["expect"]


@pytest.mark.parametrize("vector", of_kind("jssdk"))
def test_js_sdk_signatures(vector: dict[str, Any]) -> None:
    text = "&".join(f"{name}={vector['inputs'][name]}" for name in ("jsapi_ticket", "noncestr", "timestamp", "url"))
    assert hashlib.sha1(text.encode()).hexdigest() == vector["expect"]


@pytest.mark.parametrize("vector", of_kind("aes256_gcm"))
def test_signed_api_encryption_both_ways(vector: dict[str, Any]) -> None:
    given = {name: vector["inputs"][name] for name in ("key", "iv", "data", "authtag")}
    key, iv, data, tag = (base64.b64decode(each) for each in given.values())
    aad = vector["inputs"]["aad"].encode()
    plain = AESGCM(key).decrypt(iv, data + tag, aad)
    assert plain.decode() == vector["expect"]["plaintext"]
    assert AESGCM(key).encrypt(iv, plain, aad) == data + tag


@pytest.mark.parametrize("vector", of_kind("rsa_pss_sha256"))
def test_signed_api_signatures(vector: dict[str, Any]) -> None:
    given = vector["inputs"]
    key = serialization.load_pem_public_key(given["public_key_pem"].encode())
    assert isinstance(key, RSAPublicKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), given["salt_len"])
    key.verify(base64.b64decode(given["signature"]), given["message"].encode(), scheme, hashes.SHA256())


@pytest.mark.parametrize("case", ALL["subscribe_field_cases"], ids=lambda case: f"{case['key']}={case['value']}")
def test_fields_of_subscribe_messages(case: dict[str, Any]) -> None:
    assert (problem(case["key"], case["value"]) is None) is case["ok"]
    assert message_rules.is_right(case["key"], case["value"]) is case["ok"]


@pytest.mark.parametrize("event", ALL["events"], ids=lambda event: event["id"])
def test_every_published_event_is_read(event: dict[str, Any]) -> None:
    body = event["body"].encode() if event["format"] == "xml" else json.dumps(event["body"]).encode()
    fields = push.read(body)
    assert events.is_known(fields)
    assert events.read(fields)


def test_the_console_s_check_is_answered_with_the_very_echo() -> None:
    vector = next(each for each in POSITIVE if each["id"] == "push.get.verify")
    token, timestamp, nonce = vector["inputs"]["parts"]
    keys, now = PushKeys(token, "", "wx"), datetime.fromtimestamp(int(timestamp), UTC)
    query = PushQuery(timestamp, nonce, vector["expect"])
    assert push.answer_to_verification(keys, query, "4375120948345356249", now) == "4375120948345356249"


def test_the_official_safe_message_is_believed_by_its_own_signature_alone() -> None:
    by_id = {each["id"]: each for each in POSITIVE}
    whole, plain = by_id["push.post.safe.msg_signature"], by_id["push.post.safe.signature"]
    token, timestamp, nonce, sealed = whole["inputs"]["parts"]
    vector = by_id["push.post.safe.decrypt"]
    keys = PushKeys(token, vector["inputs"]["encoding_aes_key"], vector["expect"]["appid"])
    body, now = (
        json.dumps({"ToUserName": "gh", "Encrypt": sealed}).encode(),
        datetime.fromtimestamp(int(timestamp), UTC),
    )
    good = PushQuery(timestamp, nonce, plain["expect"], whole["expect"])
    assert push.opened(keys, good, body, now) == json.loads(vector["expect"]["msg"])
    for bad in (PushQuery(timestamp, nonce, plain["expect"]), PushQuery(timestamp, nonce, "", plain["expect"])):
        with pytest.raises(PushRefused):
            push.opened(keys, bad, body, now)
    for moment in (-301, 301):
        with pytest.raises(PushRefused):
            push.opened(keys, good, body, datetime.fromtimestamp(int(timestamp) + moment, UTC))
