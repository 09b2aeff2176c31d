"""Courses: what is taught."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Select, select, update

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.errors import Invalid
from service.core.pages import Page, page_of
from service.core.search import like_pattern, search_text
from service.core.transaction import transactional
from service.organisations import divisions, occupations
from service.organisations.enums import Industry
from service.organisations.models import UnionNode
from service.training import scopes
from service.training.enums import FundSource
from service.training.errors import Stale
from service.training.models import Course, TrainingClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePlan:
    """What a course says. `level` is 5 (lowest) to 1, None where it leads to none; `hours` are 课时."""

    title: str
    industry: Industry
    hours: int
    fund_source: FundSource
    summary: str = ""
    occupation_code: str | None = None
    level: int | None = None
    gives_certificate: bool = False
    completion_percent: int = 80


@transactional
def create(actor: Actor, plan: CoursePlan, node_id: int | None = None) -> Course:
    """A new course of the node (the actor's own where None). Raises NodeUnknown, Invalid."""
    node = scopes.node_for(actor, node_id)
    _check(plan)
    made = Course(node_id=node.id, created_at=clock.now(), search=_own_words(plan), **asdict(plan))
    db.session.add(made)
    db.session.flush()
    entries.record(actor, "training.course_created", "course", made.id, node_id=node.id)
    return made


@transactional
def change(actor: Actor, course_id: int, plan: CoursePlan, version: int) -> Course:
    """The course as planned anew, and its classes found under its new name.

    Classes keep the completion percentage they were made with. Raises CourseUnknown, Stale, Invalid.
    """
    found = scopes.course_in_scope(actor, course_id)
    _check(plan)
    _claim(found, version)
    changed = [field for field, value in asdict(plan).items() if getattr(found, field) != value]
    for field in changed:
        setattr(found, field, getattr(plan, field))
    found.search = _own_words(plan)
    db.session.flush()
    if {"title", "occupation_code"} & set(changed):
        _find_classes_anew(found)
    entries.record(actor, "training.course_changed", "course", found.id, fields=changed)
    return found


@transactional
def archive(actor: Actor, course_id: int) -> Course:
    """Take the course out of use: no new classes; those there are go on. Again: no change. Raises CourseUnknown."""
    found = scopes.course_in_scope(actor, course_id)
    if found.archived_at is None:
        found.archived_at = clock.now()
        entries.record(actor, "training.course_archived", "course", found.id)
    return found


@transactional
def restore(actor: Actor, course_id: int) -> Course:
    """Put an archived course back into use. Again: no change. Raises CourseUnknown."""
    found = scopes.course_in_scope(actor, course_id)
    if found.archived_at is not None:
        found.archived_at = None
        entries.record(actor, "training.course_restored", "course", found.id)
    return found


def one(actor: Actor, course_id: int) -> Course:
    """The course, for staff who may use it. Raises CourseUnknown."""
    return scopes.course_in_sight(actor, course_id)


def for_staff(
    actor: Actor, filters: Mapping[str, object], *, is_archived: bool, page: int, per_page: int
) -> Page[Course]:
    """The courses the actor may use, newest first: those of the scope and of the unions above."""
    query = _filtered(filters).join(UnionNode, UnionNode.id == Course.node_id).where(scopes.within_sight(actor))
    query = query.where(Course.archived_at.is_not(None) if is_archived else Course.archived_at.is_(None))
    return page_of(query.order_by(Course.id.desc()), page=page, per_page=per_page)


def in_use(filters: Mapping[str, object], *, page: int, per_page: int) -> Page[Course]:
    """All courses in use, by title: for everybody."""
    query = _filtered(filters).where(Course.archived_at.is_(None))
    return page_of(query.order_by(Course.title, Course.id), page=page, per_page=per_page)


def found_under(course: Course, title: str, place: str, county_code: str | None) -> str:
    """What a class of this course is searched by: its own title and place, course, occupation, county."""
    return search_text(
        title,
        course.title,
        occupations.occupation_name(course.occupation_code) or "",
        place,
        divisions.county_name(county_code) or "",
    )


def _filtered(filters: Mapping[str, object]) -> Select[Course]:
    """Courses with these values of `industry`, `occupation`, `level`, and `q` in the title."""
    query = select(Course)
    columns = {"industry": Course.industry, "occupation": Course.occupation_code, "level": Course.level}
    for name, column in columns.items():
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    for word in str(filters.get("q") or "").split():
        query = query.where(Course.search.like(like_pattern(word), escape="\\"))
    return query


def _check(plan: CoursePlan) -> None:
    if plan.occupation_code is not None and plan.occupation_code not in occupations.OCCUPATIONS:
        raise Invalid(details={"occupation_code": ["没有这个工种代码"]})
    if plan.level is not None and plan.occupation_code is None:
        raise Invalid(details={"level": ["写了等级须选工种"]})


def _claim(course: Course, version: int) -> None:
    """Move the version on, if it is still the one that was read. Raises Stale."""
    claimed = (
        update(Course)
        .where(Course.id == course.id, Course.version == version)
        .values(version=version + 1)
        .returning(Course.id)
        .execution_options(synchronize_session=False)
    )
    is_claimed = db.session.scalar(claimed) is not None
    db.session.refresh(course)
    if not is_claimed:
        raise Stale(details={"version": course.version})


def _own_words(plan: CoursePlan) -> str:
    return search_text(plan.title, occupations.occupation_name(plan.occupation_code) or "")


def _find_classes_anew(course: Course) -> None:
    for each in db.session.scalars(select(TrainingClass).where(TrainingClass.course_id == course.id)):
        each.search = found_under(course, each.title, each.place, each.county_code)
