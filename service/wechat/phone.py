"""The phone number behind the code of the phone button. The code works once and costs money."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.wechat.answers import number
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import PhoneCodeInvalid, WeChatUnavailable

DIGITS = re.compile(r"\d{5,15}")


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number WeChat has verified: without the country's code, and that code (`86`)."""

    number: str = field(repr=False)
    country: str


def phone_number(wechat: WeChatClient, code: str, openid: str | None = None) -> PhoneNumber:
    """Whose button it was. With an openid, WeChat checks that the code is that person's.

    Raises PhoneCodeInvalid, WeChatBusy, WeChatDayLimit, WeChatUnavailable, WeChatMisconfigured.
    """
    call = Call(
        name="getuserphonenumber",
        kind=Kind.PHONE,
        path="/wxa/business/getuserphonenumber",
        body={"code": code} | ({"openid": openid} if openid else {}),
        errors=dict.fromkeys((40029, 40013, 40163, 40003), PhoneCodeInvalid),
    )
    info = wechat.ask(call).get("phone_info")
    if not isinstance(info, dict):
        raise WeChatUnavailable
    watermark = info.get("watermark")
    if not isinstance(watermark, dict) or watermark.get("appid") != wechat.appid:
        raise PhoneCodeInvalid
    return read_phone(info)


def read_phone(info: Mapping[str, Any]) -> PhoneNumber:
    """The number in what WeChat says or has sealed; its country comes as a number or a string.

    Raises WeChatUnavailable where there is none.
    """
    pure, country = str(info.get("purePhoneNumber", "")), number(info.get("countryCode"))
    if not DIGITS.fullmatch(pure) or country is None:
        raise WeChatUnavailable
    return PhoneNumber(pure, str(country))
