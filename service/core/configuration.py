"""What the domain must be told from outside, handed over once at composition.

The service never reads the environment: `blueprints.app.create_app` fills this from the settings.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Keys, places and numbers the domain works with. Durations carry their unit in the name."""

    data_dir: Path
    field_keys: dict[str, bytes] = field(repr=False)
    field_key_id: str
    field_cipher: str = "aes-256-gcm"
    index_key: bytes = field(repr=False)
    index_hash: str = "sha256"
    attendance_key: bytes = field(repr=False)
    audit_keys: dict[str, bytes] = field(default_factory=dict, repr=False)
    jwt_secret: str = field(repr=False)
    access_minutes: int = 60
    refresh_days: int = 30
    staff_session_hours: int = 12
    staff_totp_required: bool = False
    binding_phone_proof: bool = False
    sms_provider: str = ""
    sms_gateway_url: str = ""
    sms_gateway_secret: str = field(default="", repr=False)
    real_name_provider: str = ""
    desk_socket: str = ""
    most_running_bookings: int = 3
    offer_minutes: int = 30
    attendance_step_seconds: int = 30
    attendance_opens_minutes: int = 60
    attendance_absent_minutes: int = 120
    attendance_place_metres: int = 300
    pdf_font: str = "Noto Sans CJK SC"
    outbox_keep_days: int = 7
    audit_keep_days: int = 1096
    inbox_keep_days: int = 366
    request_keep_days: int = 1096
    copy_keep_days: int = 7
    legal_aid_smallest_count: int = 5
    export_rows_a_day: int = 1000
    export_rows_off_hours: int = 100
    office_hours: str = "08:00-18:00"
    unverified_keep_days: int = 366
    closure_cooling_days: int = 7
    archive_years: int = 10
    wechat_appid: str = ""
    wechat_secret: str = field(default="", repr=False)
    wechat_api_base: str = ""
    wechat_open_base: str = ""
    wechat_service_appid: str = ""
    wechat_service_secret: str = field(default="", repr=False)
    wechat_push_token: str = field(default="", repr=False)
    wechat_push_aes_key: str = field(default="", repr=False)
    wechat_templates: str = ""
    quiet_hours: str = "22:00-07:00"


_current: Configuration | None = None


def use(configuration: Configuration) -> None:
    """Make this the configuration of the process."""
    global _current  # noqa: PLW0603  one process, one configuration; composition is the only caller
    _current = configuration


def current() -> Configuration:
    """The configuration in force. Raises RuntimeError before composition."""
    if _current is None:
        raise RuntimeError("service.core.configuration.use() has not been called")
    return _current
