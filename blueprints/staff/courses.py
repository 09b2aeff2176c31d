"""Courses, as staff meet them."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.fields import page_view
from schemas.staff_training import ChangeCourse, CreateCourse, ListStaffCourses, StaffCourseView
from service.core.pages import Page
from service.organisations.errors import NodeUnknown
from service.training import courses
from service.training.courses import CoursePlan
from service.training.errors import CourseUnknown, Stale
from service.training.models import Course

bp = Blueprint("staff_courses", __name__, url_prefix="/staff/training/courses", description="课程管理")


@bp.get("")
@bp.arguments(ListStaffCourses, location="query")
@bp.response(200, page_view(StaffCourseView))
def list_staff_courses(query: dict[str, Any]) -> Page[Course]:
    """The courses the caller may use: those of the scope and of the unions above, newest first."""
    page, per_page, is_archived = query.pop("page"), query.pop("per_page"), query.pop("is_archived")
    return courses.for_staff(current_actor(), query, is_archived=is_archived, page=page, per_page=per_page)


@bp.post("")
@refuses(NodeUnknown)
@bp.arguments(CreateCourse)
@bp.response(201, StaffCourseView)
@keyed(StaffCourseView, 201)
def create_course(order: dict[str, Any]) -> Course:
    """Create a course."""
    node_id = order.pop("node_id")
    return courses.create(current_actor(), CoursePlan(**order), node_id)


@bp.get("/<int:course_id>")
@refuses(CourseUnknown)
@bp.response(200, StaffCourseView)
def get_staff_course(course_id: int) -> Course:
    """One course."""
    return courses.one(current_actor(), course_id)


@bp.put("/<int:course_id>")
@refuses(CourseUnknown, Stale)
@bp.arguments(ChangeCourse)
@bp.response(200, StaffCourseView)
@keyed(StaffCourseView)
def change_course(order: dict[str, Any], course_id: int) -> Course:
    """Change a course."""
    version = order.pop("version")
    return courses.change(current_actor(), course_id, CoursePlan(**order), version)


@bp.post("/<int:course_id>/archive")
@refuses(CourseUnknown)
@bp.response(200, StaffCourseView)
@keyed(StaffCourseView)
def archive_course(course_id: int) -> Course:
    """Take a course out of use; its classes go on."""
    return courses.archive(current_actor(), course_id)


@bp.post("/<int:course_id>/restore")
@refuses(CourseUnknown)
@bp.response(200, StaffCourseView)
@keyed(StaffCourseView)
def restore_course(course_id: int) -> Course:
    """Put an archived course back into use."""
    return courses.restore(current_actor(), course_id)
