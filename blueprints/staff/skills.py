"""Skill certificates as staff confirm them."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.skills import CertificateLine, CertificatePage, ListCertificates, WithdrawConfirmation
from service.core.pages import Page
from service.skills import certificates
from service.skills.certificates import CertificateInScope
from service.skills.errors import CertificateConfirmed, CertificateUnknown

bp = Blueprint("staff_skills", __name__, url_prefix="/staff/certificates", description="技能证书核验")


@bp.get("")
@bp.arguments(ListCertificates, location="query")
@bp.response(200, CertificatePage)
def list_certificates(query: dict[str, Any]) -> Page[CertificateInScope]:
    """Certificates of members in the caller's scope, those waiting longest first."""
    return certificates.listed(current_actor(), person_id=query.pop("person"), **query)


@bp.post("/<int:certificate_id>/confirm")
@refuses(CertificateUnknown, CertificateConfirmed)
@bp.response(200, CertificateLine)
@keyed(CertificateLine)
def confirm_certificate(certificate_id: int) -> CertificateInScope:
    """Say that the certificate is genuine: from now on it counts for booking."""
    return certificates.confirm(current_actor(), certificate_id)


@bp.post("/<int:certificate_id>/withdraw")
@refuses(CertificateUnknown)
@bp.arguments(WithdrawConfirmation)
@bp.response(200, CertificateLine)
@keyed(CertificateLine)
def withdraw_confirmation(order: dict[str, Any], certificate_id: int) -> CertificateInScope:
    """Take a confirmation back, with a reason its holder reads."""
    return certificates.withdraw(current_actor(), certificate_id, reason=order["reason"])
