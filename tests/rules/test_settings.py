"""Settings: what is refused, and that everything wrong is told at once."""

import base64
import os
import secrets
from pathlib import Path

import pytest

from config.settings import SettingsError, load


@pytest.fixture
def production() -> dict[str, str]:
    return {
        "GONGYUN_ENV": "production",
        "JWT_SECRET": secrets.token_hex(32),
        "INDEX_KEY": secrets.token_hex(32),
        "ATTENDANCE_KEY": secrets.token_hex(32),
        "FIELD_KEYS": "a:" + base64.b64encode(os.urandom(32)).decode(),
        "AUDIT_KEYS": "a:" + base64.b64encode(os.urandom(32)).decode(),
        "WECHAT_APPID": "wx1234567890abcdef",
        "WECHAT_SECRET": secrets.token_hex(16),
        "DATABASE_URL": "postgres://u@h/d",
    }


def test_a_machine_nobody_configured_gets_secrets_of_its_own_and_keeps_them(tmp_path: Path) -> None:
    first, again = (load({"DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert first == again
    assert first.database_url == f"sqlite:///{tmp_path}/gongyun.db"
    assert first.wechat_api_base == "http://127.0.0.1:8001"
    assert (tmp_path / "local-secrets.json").stat().st_mode & 0o777 == 0o600
    assert load({"DATA_DIR": str(tmp_path / "other")}).jwt_secret != first.jwt_secret


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = load({"DATA_DIR": str(tmp_path)})
    shown = repr(settings)
    for hidden in (settings.jwt_secret, settings.index_key.decode(), settings.attendance_key.decode()):
        assert hidden not in shown
    assert "field_keys" not in shown


def test_production_starts_with_everything_given(production: dict[str, str]) -> None:
    settings = load(production)
    assert settings.is_production
    assert settings.database_url == "postgresql+psycopg://u@h/d"
    assert settings.field_key_id == "a"


def test_production_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"GONGYUN_ENV": "production"})
    for name in ("JWT_SECRET", "INDEX_KEY", "ATTENDANCE_KEY", "FIELD_KEYS", "AUDIT_KEYS", "WECHAT_APPID"):
        assert f"{name}" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("JWT_SECRET", "short", "shorter than 32 bytes"),
        ("JWT_SECRET", "a" * 64, "too easy to guess"),
        ("INDEX_KEY", "change-me-" * 8, "too easy to guess"),
        ("FIELD_KEYS", "a:!!!", "32 random bytes"),
        ("FIELD_KEYS", "a:" + base64.b64encode(b"0" * 32).decode(), "32 random bytes"),
        ("FIELD_KEY_ID", "b", "not one of FIELD_KEYS"),
        ("FIELD_CIPHER", "rot13", "one of aes-256-gcm, sm4-gcm"),
        ("INDEX_HASH", "md5", "one of sha256, sm3"),
        ("AUDIT_KEYS", "a:!!!", "32 random bytes"),
        ("AUDIT_KEEP_DAYS", "183", "whole number from 184"),
        ("ARCHIVE_YEARS", "9", "whole number from 10"),
        ("WECHAT_API_BASE", "http://127.0.0.1:8001", "production talks to"),
        ("WECHAT_OPEN_BASE", "http://127.0.0.1:8001", "production sends people to"),
        ("WECHAT_SERVICE_APPID", "wx1234567890abcdee", "both or neither"),
        ("WECHAT_PUSH_AES_KEY", "a" * 43, "WECHAT_PUSH_TOKEN: missing"),
        ("WECHAT_PUSH_AES_KEY", "a" * 42, "43 letters and digits"),
        ("WECHAT_PUSH_TOKEN", "no spaces, please", "3 to 32 letters and digits"),
        ("DATABASE_URL", "sqlite:///:memory:", "in memory"),
        ("PORT", "eighty", "whole number"),
        ("WEB_WORKERS", "0", "whole number"),
    ],
)
def test_production_refuses_what_is_weak_or_wrong(production, name: str, value: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as refused:
        load({**production, name: value})
    assert name in str(refused.value)


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="GONGYUN_ENV"):
        load({"DATA_DIR": str(tmp_path), "GONGYUN_ENV": "staging"})
