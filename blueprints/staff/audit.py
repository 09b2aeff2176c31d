"""The audit trail, for auditors alone."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from schemas.audit import AuditEntriesPage, ListAuditEntries
from service.core.pages import Page
from service.overview import audit_trail
from service.overview.audit_trail import EntryLine, Filter

bp = Blueprint("staff_audit", __name__, url_prefix="/staff/audit", description="审计")


@bp.get("")
@bp.arguments(ListAuditEntries, location="query")
@bp.response(200, AuditEntriesPage)
def list_audit_entries(query: dict[str, Any]) -> Page[EntryLine]:
    """Entries of the trail in the caller's scope, latest first; reading them is written down."""
    page, per_page, actor_id = query.pop("page"), query.pop("per_page"), query.pop("actor")
    return audit_trail.listed(current_actor(), Filter(actor_id=actor_id, **query), page=page, per_page=per_page)
