"""People as staff see them: those in their scope, numbers masked."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.identity import ListPeople, PeoplePage, PersonLine, SearchPeople, SetWork
from service.core.pages import Page
from service.identity.errors import IdNumberWrong, OccupationUnknown, PersonUnknown, PhoneWrong
from service.identity.profiles import Work
from service.identity.request_errors import OwnWork
from service.organisations.errors import NodeUnknown
from service.overview import people
from service.overview.people import Narrowed, PersonInScope, Sought

bp = Blueprint("staff_people", __name__, url_prefix="/staff/people", description="职工")


@bp.get("")
@refuses(NodeUnknown)
@bp.arguments(ListPeople, location="query")
@bp.response(200, PeoplePage)
def list_people(query: dict[str, Any]) -> Page[PersonInScope]:
    """Members in the caller's scope, by name; for numbers see the search."""
    page, per_page = query.pop("page"), query.pop("per_page")
    return people.in_scope(current_actor(), Narrowed(**query), page=page, per_page=per_page)


@bp.post("/search")
@refuses(IdNumberWrong, PhoneWrong)
@bp.arguments(SearchPeople)
@bp.response(200, PeoplePage)
@keyed(PeoplePage)
def search_people(order: dict[str, Any]) -> Page[PersonInScope]:
    """Members in the caller's scope by ID number, phone or name; that they were looked up is written down."""
    page, per_page = order.pop("page"), order.pop("per_page")
    return people.search(current_actor(), Sought(**order), page=page, per_page=per_page)


@bp.put("/<int:person_id>/work")
@refuses(PersonUnknown, OwnWork, OccupationUnknown)
@bp.arguments(SetWork)
@bp.response(200, PersonLine)
@keyed(PersonLine)
def set_work(order: dict[str, Any], person_id: int) -> PersonInScope:
    """Correct what the register says of a member's work: it decides which classes are open to her."""
    return people.set_work(current_actor(), person_id, Work(**order))


@bp.get("/<int:person_id>")
@refuses(PersonUnknown)
@bp.response(200, PersonLine)
def get_person(person_id: int) -> PersonInScope:
    """One member in the caller's scope."""
    return people.one_in_scope(current_actor(), person_id)
