"""A worker's own skill certificates."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.fields import Paging, View
from schemas.skills import EnterCertificate, OwnCertificatePage, OwnCertificateView
from service.core.pages import Page
from service.skills import certificates
from service.skills.errors import CertificateConfirmed, CertificateEntered, CertificateUnknown, CertificateWrong
from service.skills.models import SkillCertificate

bp = Blueprint("skills", __name__, url_prefix="/me/certificates", description="技能证书")


@bp.get("")
@bp.arguments(Paging, location="query")
@bp.response(200, OwnCertificatePage)
def list_my_certificates(query: dict[str, Any]) -> Page[SkillCertificate]:
    """The caller's certificates, newest entry first."""
    return certificates.own(current_actor(), page=query["page"], per_page=query["per_page"])


@bp.post("")
@refuses(CertificateWrong, CertificateEntered)
@bp.arguments(EnterCertificate)
@bp.response(201, OwnCertificateView)
@keyed(OwnCertificateView, 201)
def enter_certificate(order: dict[str, Any]) -> SkillCertificate:
    """Enter a certificate of one's own; it counts once staff have confirmed it."""
    return certificates.enter(current_actor(), **order)


@bp.delete("/<int:certificate_id>")
@refuses(CertificateUnknown, CertificateConfirmed)
@bp.response(200, View)
@keyed(View)
def remove_certificate(certificate_id: int) -> None:
    """Take back an entry that has not been confirmed."""
    certificates.remove(current_actor(), certificate_id)
