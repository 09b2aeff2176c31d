"""Everything that can be set from outside, in one frozen dataclass. `config/example.env` explains each name."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from config.local_secrets import local_secrets
from config.reading import Reader, flag, keys, number, secret, secret_bytes, text

WECHAT_BASE = "https://api.weixin.qq.com"
WECHAT_OPEN_BASE = "https://open.weixin.qq.com"
REAL_WECHAT = {"wechat_api_base": WECHAT_BASE, "wechat_open_base": WECHAT_OPEN_BASE}
SANDBOX = "sandbox"
SANDBOX_TEMPLATES = Path(__file__).with_name("templates.toml")
QUIET_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
PUSH_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
PUSH_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
CLAMD_ADDRESS = re.compile(r"/.+|[^:/\s]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}")
ENVIRONMENTS = ("development", "test", "production")
CIPHERS = ("aes-256-gcm", "sm4-gcm")
INDEX_HASHES = ("sha256", "sm3")


class SettingsError(Exception):
    """The process must not start. The text names everything that is wrong, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process: where each is read from, its default and bounds. Durations carry their unit."""

    environment: str = text("GONGYUN_ENV", "development")
    debug: str = text("FLASK_DEBUG")
    host: str = text("HOST", "127.0.0.1")
    port: int = number("PORT", 8000, 1, 65_534)
    data_dir: Path = text("DATA_DIR", "var")
    database_url: str = text("DATABASE_URL")
    redis_url: str = text("REDIS_URL")
    public_url: str = text("PUBLIC_URL")
    jwt_secret: str = secret("JWT_SECRET")
    field_keys: dict[str, bytes] = keys("FIELD_KEYS")
    field_key_id: str = text("FIELD_KEY_ID")
    field_cipher: str = text("FIELD_CIPHER", "aes-256-gcm")
    index_key: bytes = secret_bytes("INDEX_KEY")
    index_hash: str = text("INDEX_HASH", "sha256")
    attendance_key: bytes = secret_bytes("ATTENDANCE_KEY")
    audit_keys: dict[str, bytes] = keys("AUDIT_KEYS")
    access_minutes: int = number("ACCESS_MINUTES", 60, 1, 1440)
    refresh_days: int = number("REFRESH_DAYS", 30, 1, 365)
    staff_session_hours: int = number("STAFF_SESSION_HOURS", 12, 1, 720)
    staff_totp_required: bool = flag("STAFF_TOTP_REQUIRED")
    binding_phone_proof: bool = flag("BINDING_PHONE_PROOF")
    sms_provider: str = text("SMS_PROVIDER")
    sms_gateway_url: str = text("SMS_GATEWAY_URL")
    sms_gateway_secret: str = text("SMS_GATEWAY_SECRET", is_secret=True)
    real_name_provider: str = text("REAL_NAME_PROVIDER")
    desk_socket: str = text("DESK_SOCKET")
    sandbox_port: int = number("SANDBOX_PORT", 0, 0, 65_535)
    wechat_appid: str = text("WECHAT_APPID")
    wechat_secret: str = text("WECHAT_SECRET", is_secret=True)
    wechat_api_base: str = text("WECHAT_API_BASE")
    wechat_open_base: str = text("WECHAT_OPEN_BASE")
    wechat_service_appid: str = text("WECHAT_SERVICE_APPID")
    wechat_service_secret: str = text("WECHAT_SERVICE_SECRET", is_secret=True)
    wechat_push_token: str = text("WECHAT_PUSH_TOKEN", is_secret=True)
    wechat_push_aes_key: str = text("WECHAT_PUSH_AES_KEY", is_secret=True)
    wechat_templates: str = text("WECHAT_TEMPLATES")
    quiet_hours: str = text("QUIET_HOURS", "22:00-07:00")
    most_running_bookings: int = number("MOST_RUNNING_BOOKINGS", 3, 1, 100)
    offer_minutes: int = number("OFFER_MINUTES", 30, 1, 10_080)
    attendance_step_seconds: int = number("ATTENDANCE_STEP_SECONDS", 30, 5, 300)
    attendance_opens_minutes: int = number("ATTENDANCE_OPENS_MINUTES", 60, 0, 1440)
    attendance_absent_minutes: int = number("ATTENDANCE_ABSENT_MINUTES", 120, 0, 10_080)
    attendance_place_metres: int = number("ATTENDANCE_PLACE_METRES", 300, 50, 5000)
    pdf_font: str = text("PDF_FONT", "Noto Sans CJK SC")
    outbox_keep_days: int = number("OUTBOX_KEEP_DAYS", 7, 1, 365)
    audit_keep_days: int = number("AUDIT_KEEP_DAYS", 1096, 184, 36_525)
    inbox_keep_days: int = number("INBOX_KEEP_DAYS", 366, 30, 3653)
    request_keep_days: int = number("REQUEST_KEEP_DAYS", 1096, 184, 36_525)
    copy_keep_days: int = number("COPY_KEEP_DAYS", 7, 1, 30)
    clamd_address: str = text("CLAMD_ADDRESS")
    legal_aid_smallest_count: int = number("LEGAL_AID_SMALLEST_COUNT", 5, 3, 100)
    export_rows_a_day: int = number("EXPORT_ROWS_A_DAY", 1000, 1, 1_000_000)
    export_rows_off_hours: int = number("EXPORT_ROWS_OFF_HOURS", 100, 0, 1_000_000)
    office_hours: str = text("OFFICE_HOURS", "08:00-18:00")
    unverified_keep_days: int = number("UNVERIFIED_KEEP_DAYS", 366, 30, 3653)
    closure_cooling_days: int = number("CLOSURE_COOLING_DAYS", 7, 0, 15)
    archive_years: int = number("ARCHIVE_YEARS", 10, 10, 100)
    user_writes_per_minute: int = number("USER_WRITES_PER_MINUTE", 120, 1, 100_000)
    user_reads_per_minute: int = number("USER_READS_PER_MINUTE", 300, 1, 100_000)
    address_requests_per_minute: int = number("ADDRESS_REQUESTS_PER_MINUTE", 1_000_000, 1, 10_000_000)
    address_sign_ins_per_minute: int = number("ADDRESS_SIGN_INS_PER_MINUTE", 3000, 1, 1_000_000)
    account_sign_ins_per_minute: int = number("ACCOUNT_SIGN_INS_PER_MINUTE", 10, 1, 100_000)
    trusted_proxies: int = number("TRUSTED_PROXIES", 0, 0, 5)
    build_clients: bool = flag("BUILD_CLIENTS")
    web_workers: int = number("WEB_WORKERS", 2, 1, 64)
    web_threads: int = number("WEB_THREADS", 32, 1, 256)
    api_docs: int = number("API_DOCS", 1, 0, 1)
    log_level: str = text("LOG_LEVEL", "INFO")
    metrics_token: str = text("METRICS_TOKEN", is_secret=True)
    worker_metrics_port: int = number("WORKER_METRICS_PORT", 0, 0, 65_535)

    @property
    def is_production(self) -> bool:
        """Whether real people's data is at stake: no sandbox, no demo data, no weak secret."""
        return self.environment == "production"


def load(env: Mapping[str, str]) -> Settings:
    """Read the settings from an environment. Raises SettingsError naming all that is missing, malformed or weak."""
    reader = Reader(env)
    if reader.text("GONGYUN_ENV", "development") != "production":
        reader.fallback = local_secrets(Path(reader.text("DATA_DIR", "var")).resolve())
    settings = _completed(Settings(**{each.name: each.metadata["read"](reader) for each in fields(Settings)}))
    problems = reader.problems + _problems(settings)
    if problems:
        raise SettingsError("cannot start: " + "; ".join(problems))
    return settings


def load_or_exit(env: Mapping[str, str]) -> Settings:
    """The same for a process' entry, with DATA_DIR there; what is wrong in one line on standard error, exit code 2."""
    try:
        settings = load(env)
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except SettingsError as error:
        said = str(error)
    except OSError as error:
        said = f"cannot start: DATA_DIR: {error}"
    else:
        return settings
    sys.stderr.write(f"工云 {said}\n")
    raise SystemExit(2)


def _completed(read: Settings) -> Settings:
    """What depends on other settings where it is not set itself."""
    data_dir = Path(read.data_dir).resolve()
    sandbox_port = read.sandbox_port or read.port + 1
    wechat = REAL_WECHAT if read.is_production else _sandbox(sandbox_port)
    completed: dict[str, Any] = {name: getattr(read, name) or value for name, value in wechat.items()}
    build_clients = not read.is_production if read.build_clients is None else read.build_clients
    totp_required = read.is_production if read.staff_totp_required is None else read.staff_totp_required
    return replace(
        read,
        data_dir=data_dir,
        build_clients=build_clients,
        staff_totp_required=totp_required,
        binding_phone_proof=bool(read.binding_phone_proof),
        sms_provider=read.sms_provider or ("" if read.is_production else SANDBOX),
        database_url=_database_url(read.database_url or f"sqlite:///{data_dir / 'gongyun.db'}"),
        field_key_id=read.field_key_id or next(iter(read.field_keys), ""),
        sandbox_port=sandbox_port,
        wechat_templates=read.wechat_templates or ("" if read.is_production else str(SANDBOX_TEMPLATES)),
        **completed,
    )


def _sandbox(port: int) -> dict[str, str]:
    """What the product and the sandbox, which reads the same settings, agree on."""
    return {
        "wechat_appid": "wxsandbox00000000",
        "wechat_secret": "sandbox",
        "wechat_service_appid": "wxsandboxservice0",
        "wechat_service_secret": "sandboxservice",
        "wechat_push_token": "sandboxpush",
        "wechat_push_aes_key": "sandboxsandboxsandboxsandboxsandboxsandbox0",
        "wechat_api_base": f"http://127.0.0.1:{port}",
        "wechat_open_base": f"http://127.0.0.1:{port}",
    }


def _problems(settings: Settings) -> list[str]:
    problems = []
    if settings.environment not in ENVIRONMENTS:
        problems.append(f"GONGYUN_ENV: one of {', '.join(ENVIRONMENTS)}")
    if settings.field_keys and settings.field_key_id not in settings.field_keys:
        problems.append("FIELD_KEY_ID: not one of FIELD_KEYS")
    if settings.field_cipher not in CIPHERS:
        problems.append(f"FIELD_CIPHER: one of {', '.join(CIPHERS)}")
    if settings.index_hash not in INDEX_HASHES:
        problems.append(f"INDEX_HASH: one of {', '.join(INDEX_HASHES)}")
    if settings.wechat_push_token and not PUSH_TOKEN.fullmatch(settings.wechat_push_token):
        problems.append("WECHAT_PUSH_TOKEN: 3 to 32 letters and digits, as in WeChat's console")
    if settings.wechat_push_aes_key and not PUSH_AES_KEY.fullmatch(settings.wechat_push_aes_key):
        problems.append("WECHAT_PUSH_AES_KEY: 43 letters and digits, as in WeChat's console")
    if not QUIET_HOURS.fullmatch(settings.quiet_hours):
        problems.append("QUIET_HOURS: like 22:00-07:00, in Pu'er; 00:00-00:00 for none")
    if not QUIET_HOURS.fullmatch(settings.office_hours) or settings.office_hours[:5] >= settings.office_hours[6:]:
        problems.append("OFFICE_HOURS: like 08:00-18:00, in Pu'er")
    problems += _provider_problems(settings)
    if settings.is_production:
        problems += _problems_in_production(settings) + _dangers_in_production(settings)
    return problems


def _provider_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.clamd_address and not CLAMD_ADDRESS.fullmatch(settings.clamd_address):
        problems.append("CLAMD_ADDRESS: like 127.0.0.1:3310, or the path of clamd's socket")
    if settings.sms_provider not in ("", SANDBOX, "gateway"):
        problems.append("SMS_PROVIDER: gateway, or outside production sandbox")
    if settings.sms_provider == "gateway" and not (settings.sms_gateway_url and settings.sms_gateway_secret):
        problems.append("SMS_GATEWAY_URL and SMS_GATEWAY_SECRET: missing beside SMS_PROVIDER=gateway")
    if settings.real_name_provider not in ("", SANDBOX):
        problems.append("REAL_NAME_PROVIDER: empty, or outside production sandbox")
    return problems


def _problems_in_production(settings: Settings) -> list[str]:
    problems = []
    if settings.wechat_api_base != WECHAT_BASE:
        problems.append(f"WECHAT_API_BASE: production talks to {WECHAT_BASE} only")
    if settings.wechat_open_base != WECHAT_OPEN_BASE:
        problems.append(f"WECHAT_OPEN_BASE: production sends people to {WECHAT_OPEN_BASE} only")
    if not settings.wechat_appid or not settings.wechat_secret:
        problems.append("WECHAT_APPID and WECHAT_SECRET: missing")
    if bool(settings.wechat_service_appid) != bool(settings.wechat_service_secret):
        problems.append("WECHAT_SERVICE_APPID and WECHAT_SERVICE_SECRET: both or neither")
    if bool(settings.wechat_push_aes_key) > bool(settings.wechat_push_token):
        problems.append("WECHAT_PUSH_TOKEN: missing beside WECHAT_PUSH_AES_KEY")
    if ":memory:" in settings.database_url:
        problems.append("DATABASE_URL: a database in memory is lost at every stop")
    return problems


def _dangers_in_production(settings: Settings) -> list[str]:
    """What is handy while building and dangerous with real people's data."""
    problems = []
    if settings.debug not in ("", "0"):
        problems.append("FLASK_DEBUG: off in production")
    for name, url in (("PUBLIC_URL", settings.public_url), ("SMS_GATEWAY_URL", settings.sms_gateway_url)):
        if url and not url.startswith("https://"):
            problems.append(f"{name}: production speaks https only")
    for name, provider in (
        ("SMS_PROVIDER", settings.sms_provider),
        ("REAL_NAME_PROVIDER", settings.real_name_provider),
    ):
        if provider == SANDBOX:
            problems.append(f"{name}: the sandbox is not for production")
    return problems


def _database_url(url: str) -> str:
    """PostgreSQL is spoken through psycopg 3, whatever the URL's scheme says."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
