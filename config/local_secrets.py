"""Secrets for a machine nobody has configured: made once, kept in the data directory, never used in production."""

import base64
import contextlib
import json
import os
import secrets
from pathlib import Path

TEXTS = ("JWT_SECRET", "INDEX_KEY", "ATTENDANCE_KEY")
KEYS = ("FIELD_KEYS", "AUDIT_KEYS")


def local_secrets(data_dir: Path) -> dict[str, str]:
    """The secrets of this data directory, by setting name; made at the first call, readable by their owner only.

    A secret that came with a later release is made when it is first missed.
    """
    path = data_dir / "local-secrets.json"
    kept = _read(path)
    made = _made()
    if not set(made) <= set(kept):
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = data_dir / f".local-secrets.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made | kept, file)
        if kept:
            draft.replace(path)
        else:
            # A link, unlike a rename, never replaces what another process has just made.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
    return _read(path)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def _made() -> dict[str, str]:
    made = {name: secrets.token_hex(32) for name in TEXTS}
    return made | {name: "local:" + base64.b64encode(secrets.token_bytes(32)).decode() for name in KEYS}
