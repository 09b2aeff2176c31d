"""People as staff see them: those in their scope, numbers masked."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.identity import ListPeople, PeoplePage, PersonLine
from service.core.pages import Page
from service.identity.errors import PersonUnknown
from service.organisations.errors import NodeUnknown
from service.overview import people
from service.overview.people import PersonInScope

bp = Blueprint("staff_people", __name__, url_prefix="/staff/people", description="职工")


@bp.get("")
@refuses(NodeUnknown)
@bp.arguments(ListPeople, location="query")
@bp.response(200, PeoplePage)
def list_people(query: dict[str, Any]) -> Page[PersonInScope]:
    """Members in the caller's scope, by name; numbers are looked up elsewhere, never in an address."""
    return people.in_scope(
        current_actor(), q=query["q"], node_id=query["node"], page=query["page"], per_page=query["per_page"]
    )


@bp.get("/<int:person_id>")
@refuses(PersonUnknown)
@bp.response(200, PersonLine)
def get_person(person_id: int) -> PersonInScope:
    """One member in the caller's scope."""
    return people.one_in_scope(current_actor(), person_id)
