"""Everything that can be set from outside, in one frozen dataclass. `config/example.env` explains each name."""

import base64
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.local_secrets import local_secrets

LEAST_SECRET_BYTES = 32
WEAK_WORDS = ("change", "secret", "example", "password", "default")
WECHAT_BASE = "https://api.weixin.qq.com"


class SettingsError(Exception):
    """The process must not start. The text names everything that is wrong, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process. Durations carry their unit in the name."""

    environment: str
    host: str
    port: int
    data_dir: Path
    database_url: str
    redis_url: str
    public_url: str
    jwt_secret: str = field(repr=False)
    field_keys: dict[str, bytes] = field(repr=False)
    field_key_id: str
    index_key: bytes = field(repr=False)
    attendance_key: bytes = field(repr=False)
    access_minutes: int
    refresh_days: int
    desk_socket: str
    sandbox_port: int
    wechat_appid: str
    wechat_secret: str = field(repr=False)
    wechat_api_base: str
    most_running_bookings: int
    offer_minutes: int
    attendance_step_seconds: int
    attendance_opens_minutes: int
    attendance_absent_minutes: int
    attendance_place_metres: int
    pdf_font: str
    outbox_keep_days: int
    user_writes_per_minute: int
    user_reads_per_minute: int
    address_requests_per_minute: int
    address_sign_ins_per_minute: int
    account_sign_ins_per_minute: int
    trusted_proxies: int
    web_workers: int
    web_threads: int
    log_level: str
    metrics_token: str = field(repr=False)

    @property
    def is_production(self) -> bool:
        """Whether real people's data is at stake: no sandbox, no demo data, no weak secret."""
        return self.environment == "production"


def load(env: Mapping[str, str]) -> Settings:
    """Read the settings from an environment. Raises SettingsError naming all that is missing, malformed or weak."""
    reader = _Reader(env)
    data_dir = Path(reader.text("DATA_DIR", "var")).resolve()
    environment = reader.text("GONGYUN_ENV", "development")
    if environment not in ("development", "test", "production"):
        reader.problems.append("GONGYUN_ENV: development, test or production")
    if environment != "production":
        reader.fallback = local_secrets(data_dir)
    port = reader.number("PORT", 8000, 1, 65534)
    sandbox_port = reader.number("SANDBOX_PORT", port + 1, 1, 65535)
    field_keys = reader.keys("FIELD_KEYS")
    settings = Settings(
        environment=environment,
        host=reader.text("HOST", "127.0.0.1"),
        port=port,
        data_dir=data_dir,
        database_url=_database_url(reader.text("DATABASE_URL", f"sqlite:///{data_dir / 'gongyun.db'}")),
        redis_url=reader.text("REDIS_URL", ""),
        public_url=reader.text("PUBLIC_URL", ""),
        jwt_secret=reader.secret("JWT_SECRET"),
        field_keys=field_keys,
        field_key_id=reader.text("FIELD_KEY_ID", next(iter(field_keys), "")),
        index_key=reader.secret("INDEX_KEY").encode(),
        attendance_key=reader.secret("ATTENDANCE_KEY").encode(),
        access_minutes=reader.number("ACCESS_MINUTES", 60, 1, 1440),
        refresh_days=reader.number("REFRESH_DAYS", 30, 1, 365),
        desk_socket=reader.text("DESK_SOCKET", ""),
        sandbox_port=sandbox_port,
        wechat_appid=reader.text("WECHAT_APPID", "wxsandbox00000000" if environment != "production" else ""),
        wechat_secret=reader.text("WECHAT_SECRET", "sandbox" if environment != "production" else ""),
        wechat_api_base=reader.text(
            "WECHAT_API_BASE",
            f"http://127.0.0.1:{sandbox_port}" if environment != "production" else WECHAT_BASE,
        ),
        most_running_bookings=reader.number("MOST_RUNNING_BOOKINGS", 3, 1, 100),
        offer_minutes=reader.number("OFFER_MINUTES", 30, 1, 10_080),
        attendance_step_seconds=reader.number("ATTENDANCE_STEP_SECONDS", 30, 5, 300),
        attendance_opens_minutes=reader.number("ATTENDANCE_OPENS_MINUTES", 60, 0, 1440),
        attendance_absent_minutes=reader.number("ATTENDANCE_ABSENT_MINUTES", 120, 0, 10_080),
        attendance_place_metres=reader.number("ATTENDANCE_PLACE_METRES", 300, 50, 5000),
        pdf_font=reader.text("PDF_FONT", "Noto Sans CJK SC"),
        outbox_keep_days=reader.number("OUTBOX_KEEP_DAYS", 7, 1, 365),
        user_writes_per_minute=reader.number("USER_WRITES_PER_MINUTE", 60, 1, 100_000),
        user_reads_per_minute=reader.number("USER_READS_PER_MINUTE", 300, 1, 100_000),
        address_requests_per_minute=reader.number("ADDRESS_REQUESTS_PER_MINUTE", 1_000_000, 1, 10_000_000),
        address_sign_ins_per_minute=reader.number("ADDRESS_SIGN_INS_PER_MINUTE", 3000, 1, 1_000_000),
        account_sign_ins_per_minute=reader.number("ACCOUNT_SIGN_INS_PER_MINUTE", 10, 1, 100_000),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 0, 5),
        web_workers=reader.number("WEB_WORKERS", 2, 1, 64),
        web_threads=reader.number("WEB_THREADS", 32, 1, 256),
        log_level=reader.text("LOG_LEVEL", "INFO"),
        metrics_token=reader.text("METRICS_TOKEN", ""),
    )
    if settings.is_production:
        reader.problems += _production_problems(settings)
    if field_keys and settings.field_key_id not in field_keys:
        reader.problems.append("FIELD_KEY_ID: not one of FIELD_KEYS")
    if reader.problems:
        raise SettingsError("cannot start: " + "; ".join(reader.problems))
    return settings


def _production_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.wechat_api_base != WECHAT_BASE:
        problems.append(f"WECHAT_API_BASE: production talks to {WECHAT_BASE} only")
    if not settings.wechat_appid or not settings.wechat_secret:
        problems.append("WECHAT_APPID and WECHAT_SECRET: missing")
    if settings.database_url.startswith("sqlite:///:memory:"):
        problems.append("DATABASE_URL: a database in memory is lost at every stop")
    return problems


def _database_url(url: str) -> str:
    """PostgreSQL is spoken through psycopg 3, whatever the URL's scheme says."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


class _Reader:
    """Reads names from an environment and gathers every problem, so that all are told at once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.fallback: Mapping[str, str] = {}
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.env.get(name) or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        given = self.env.get(name) or str(default)
        if given.isascii() and given.isdigit() and least <= int(given) <= most:
            return int(given)
        self.problems.append(f"{name}: a whole number from {least} to {most}")
        return default

    def secret(self, name: str) -> str:
        value = self.env.get(name) or self.fallback.get(name, "")
        if not value:
            self.problems.append(f"{name}: missing")
        elif len(value.encode()) < LEAST_SECRET_BYTES:
            self.problems.append(f"{name}: shorter than {LEAST_SECRET_BYTES} bytes")
        elif any(word in value.lower() for word in WEAK_WORDS) or len(set(value)) < LEAST_SECRET_BYTES // 4:
            self.problems.append(f"{name}: too easy to guess")
        return value

    def keys(self, name: str) -> dict[str, bytes]:
        """`id:base64,id:base64`, the first is used for new values; each key is 32 bytes."""
        given = self.env.get(name) or self.fallback.get(name, "")
        keys: dict[str, bytes] = {}
        for pair in filter(None, given.split(",")):
            key_id, _, encoded = pair.partition(":")
            try:
                keys[key_id] = base64.b64decode(encoded, validate=True)
            except NotBase64:
                keys[key_id] = b""
        if not keys:
            self.problems.append(f"{name}: missing")
        elif any(len(key) != LEAST_SECRET_BYTES or len(set(key)) < 8 for key in keys.values()):
            self.problems.append(f"{name}: each key is id:base64 of {LEAST_SECRET_BYTES} random bytes")
        return keys
