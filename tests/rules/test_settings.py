"""Settings: what is refused, and that everything wrong is told at once."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import SettingsError, load, load_or_exit
from tests.engines import ROOT


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
        ("CLAMD_ADDRESS", "somewhere", "path of clamd"),
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


ENTRIES = (
    ["-m", "gunicorn", "-c", "config/gunicorn.py", "--check-config", "wsgi:app"],
    ["-m", "flask", "--app", "wsgi", "worker", "run"],
    ["-m", "tools.prepare"],
)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[1])
def test_a_process_that_may_not_start_says_why_in_one_line(entry: list[str], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    env = kept | {"GONGYUN_ENV": "production", "DATA_DIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *entry], check=False, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (2, 1), done.stderr
    assert lines[0].startswith("工云 cannot start: ")
    assert "JWT_SECRET" in lines[0]
    assert "Traceback" not in done.stdout


def test_the_data_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    made = load_or_exit({"DATA_DIR": str(tmp_path / "data")}).data_dir
    assert made.stat().st_mode & 0o777 == 0o700
    assert load({"DATA_DIR": str(tmp_path / "local")}).data_dir.stat().st_mode & 0o777 == 0o700


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as stopped:
        load_or_exit({"DATA_DIR": str(tmp_path / "file" / "data")})
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
