"""Training, as workers meet it: what is taught, which classes there are, whether one may book."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.hot import hot
from blueprints.refusals import refuses
from schemas.fields import page_view
from schemas.training import ClassesView, ClassView, CourseLine, ListClasses, ListCourses
from service.core.pages import Page
from service.training import browsing, courses
from service.training.browsing import ClassDetail
from service.training.errors import ClassUnknown
from service.training.listing import ClassLine, Filters
from service.training.models import Course

bp = Blueprint("training", __name__, url_prefix="/training", description="培训：课程和班次")


@bp.get("/courses")
@bp.arguments(ListCourses, location="query")
@bp.response(200, page_view(CourseLine))
def list_courses(query: dict[str, Any]) -> Page[Course]:
    """Courses in use, by title."""
    page, per_page = query.pop("page"), query.pop("per_page")
    return courses.in_use(query, page=page, per_page=per_page)


@bp.get("/classes")
@bp.arguments(ListClasses, location="query")
@bp.response(200, ClassesView)
@bp.alt_response(304, description="not changed since the ETag sent in If-None-Match")
@hot(ClassesView)
def list_classes(query: dict[str, Any]) -> Page[ClassLine]:
    """Published classes with places left and booking window; without `state`, those not over."""
    page, per_page = query.pop("page"), query.pop("per_page")
    return browsing.classes(Filters(**query), page=page, per_page=per_page)


@bp.get("/classes/<int:class_id>")
@refuses(ClassUnknown)
@bp.response(200, ClassView)
def get_class(class_id: int) -> ClassDetail:
    """One class with its lessons; signed in, also whether one may book it, and if not why and what to do."""
    return browsing.one(current_actor(), class_id)
