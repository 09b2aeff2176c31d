"""Orders and views of skill certificates."""

from marshmallow import fields

from schemas.fields import Day, Number, Order, Paging, QueryFlag, QueryNumber, Text, View, page_view


class EnterCertificate(Order):
    """A certificate of the caller's own."""

    occupation_code = Text(10, required=True, metadata={"example": "4-03-02-07"})
    level = Number(1, 5, required=True, metadata={"description": "5 the lowest, 1 the highest", "example": 4})
    number = Text(30, required=True, metadata={"example": "S000053000001244000001"})
    issued_on = Day(load_default=None, allow_none=True, metadata={"example": "2024-05-01"})


class ListCertificates(Paging):
    """Certificates in scope."""

    confirmed = QueryFlag(load_default=None, metadata={"description": "false: those that wait for confirmation"})
    person = QueryNumber(1, load_default=None, metadata={"description": "those of one member"})


class WithdrawConfirmation(Order):
    """Why the confirmation is taken back; the holder reads it."""

    reason = Text(100, required=True, metadata={"example": "联网查询无此证书"})


class OwnCertificateView(View):
    """A certificate as its holder sees it."""

    id = fields.Integer()
    occupation_code = fields.String(metadata={"example": "4-03-02-07"})
    level = fields.Integer(metadata={"example": 4})
    number = fields.String(metadata={"example": "S000053000001244000001"})
    issued_on = fields.Date(allow_none=True)
    entered_at = fields.AwareDateTime(format="iso")
    confirmed_at = fields.AwareDateTime(
        format="iso", allow_none=True, metadata={"description": "it counts from then on"}
    )


class CertificateLine(OwnCertificateView):
    """A certificate as staff see it."""

    id = fields.Integer(attribute="certificate.id")
    occupation_code = fields.String(attribute="certificate.occupation_code")
    level = fields.Integer(attribute="certificate.level")
    number = fields.String(attribute="certificate.number")
    issued_on = fields.Date(attribute="certificate.issued_on", allow_none=True)
    entered_at = fields.AwareDateTime(format="iso", attribute="certificate.entered_at")
    confirmed_at = fields.AwareDateTime(format="iso", attribute="certificate.confirmed_at", allow_none=True)
    person_id = fields.Integer(attribute="certificate.person_id")
    person_name = fields.String(metadata={"example": "张三"})
    node_name = fields.String(metadata={"example": "示例茶厂工会委员会"})


OwnCertificatePage = page_view(OwnCertificateView)
CertificatePage = page_view(CertificateLine)
