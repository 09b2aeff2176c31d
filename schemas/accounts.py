"""Orders and views of one's own account: sign-ins, password, authenticator."""

from marshmallow import fields, validate

from schemas.fields import Order, Text, View, page_view
from service.identity.enums import Channel


def password_field() -> fields.String:
    """A password as typed: nothing is stripped."""
    return fields.String(
        required=True,
        validate=validate.Length(1, 200, error="须为1至200个字"),
        error_messages={"required": "必填", "null": "不能为空", "invalid": "须为文字"},
        metadata={"example": "chaguan-2026-puer"},
    )


class ChangePassword(Order):
    """The present password and the new one."""

    current = password_field()
    new = password_field()


class GiveTotpCode(Order):
    """Six digits of the authenticator, or a recovery code where one is taken."""

    code = Text(40, required=True, metadata={"example": "482913"})


class TotpView(View):
    """Whether an authenticator is in force."""

    is_enrolled = fields.Boolean()
    recovery_codes_left = fields.Integer()


class EnrolmentView(View):
    """What an authenticator is set up with, shown once."""

    secret = fields.String(metadata={"example": "JBSWY3DPEHPK3PXP"})
    uri = fields.String(metadata={"example": "otpauth://totp/..."})
    picture = fields.String(metadata={"description": "the same as a QR picture, SVG", "example": "<svg/>"})


class RecoveryCodesView(View):
    """Codes that open once each, shown once."""

    recovery_codes = fields.List(fields.String(metadata={"example": "3f9a-11c0-7d24-88be-02aa"}))


class SignInLine(View):
    """One device's sign-in."""

    id = fields.UUID()
    channel = fields.Enum(Channel, by_value=True)
    device = fields.String(allow_none=True, metadata={"example": "MicroMessenger/8.0"})
    created_at = fields.AwareDateTime(format="iso")
    refreshed_at = fields.AwareDateTime(format="iso")
    expires_at = fields.AwareDateTime(format="iso")
    is_current = fields.Boolean()


class EndedView(View):
    """How many were ended."""

    ended = fields.Integer()


SignInsPage = page_view(SignInLine)
