"""Secrets for a machine nobody has configured: made once, kept in the data directory, never used in production."""

import base64
import contextlib
import json
import os
import secrets
from pathlib import Path


def local_secrets(data_dir: Path) -> dict[str, str]:
    """The secrets of this data directory, by setting name; made at the first call, readable by their owner only."""
    path = data_dir / "local-secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_hex(32) for name in ("JWT_SECRET", "INDEX_KEY", "ATTENDANCE_KEY")}
        made["FIELD_KEYS"] = "local:" + base64.b64encode(secrets.token_bytes(32)).decode()
        draft = data_dir / f".local-secrets.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        # A link, unlike a rename, never replaces what another process has just made.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded
