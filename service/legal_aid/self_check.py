"""Answering the triage for somebody: the calendar, the day, and the clocks of the union whose office it would be."""

from collections.abc import Mapping, Sequence
from datetime import date

from service.core import clock
from service.core.access import Actor
from service.legal_aid import offices, settings, triage
from service.legal_aid.clock_table import CLOCKS
from service.legal_aid.errors import NoOffice
from service.legal_aid.triage import Conclusion
from service.legal_aid.triage_questions import QUESTIONS, Question
from service.organisations import holidays


def questions() -> Sequence[Question]:
    """All questions, in order, each with the answers on which it comes up."""
    return QUESTIONS


def conclude(actor: Actor, answers: Mapping[str, str], today: date | None = None) -> Conclusion:
    """The outcome for these answers; nothing of them is kept. Raises TriageUnfinished."""
    try:
        own = {each.code: each for each in settings.at(offices.office_of(actor.person_id)).clocks}
    except NoOffice:
        own = CLOCKS
    return triage.conclude(answers, today=today or clock.today(), calendar=holidays.calendar(), clocks=own)
