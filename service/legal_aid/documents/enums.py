"""Closed lists of documents; imports nothing of the service."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """劳动仲裁申请书, 授权委托书, 给予和不予法律援助决定书, 补正通知书. Each has its template of this name."""

    ARBITRATION_REQUEST = "arbitration_request"
    AUTHORISATION = "authorisation"
    GRANT = "grant"
    REFUSAL = "refusal"
    SUPPLEMENT_NOTICE = "supplement_notice"
