"""The triage: a few answers in, and what this is, which ways there are, what it takes and until when.

Pure: the day, the calendar and the clocks come in as arguments, and nothing is kept (docs/rules.md `legal_aid.triage`,
`legal_aid.means`, `legal_aid.urgent`, `legal_aid.group`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.core.calendar import Calendar
from service.legal_aid import advice, triage_questions
from service.legal_aid.advice import MeansAdvice, PaperAdvice, RouteAdvice
from service.legal_aid.clocks import Clock, Term, term
from service.legal_aid.enums import Matter, QuestionKind, Step
from service.legal_aid.errors import TriageUnfinished
from service.legal_aid.triage_questions import NO, QUESTIONS, YES, Question

Answers = Mapping[str, str]
START_OF = {
    "arbitration": ("dismissed_on", "known_on"),
    "arbitration_wages": ("ended_on",),
    "inspection": ("ended_on",),
    "injury_report_employer": ("injured_on",),
    "injury_report": ("injured_on",),
    "suing": ("award_on",),
}
"""Clock -> the answers that may start it, the first that was given."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What comes out. `notes` are things to know, each in a sentence; `urgent` says why aid would be granted first."""

    matter: Matter
    title: str
    explanation: str
    routes: Sequence[RouteAdvice]
    means: MeansAdvice
    papers: Sequence[PaperAdvice]
    terms: Sequence[Term]
    notes: Sequence[str]
    urgent: str | None


def asked(answers: Answers) -> list[Question]:
    """The questions that come up with these answers, in order."""
    return [each for each in QUESTIONS if _comes_up(each, answers)]


def next_question(answers: Answers) -> Question | None:
    """The first question that comes up and has no answer yet; an optional one is answered with nothing ("")."""
    return next((each for each in asked(answers) if each.code not in answers), None)


def problems(answers: Answers, today: date) -> dict[str, list[str]]:
    """What is wrong with the answers, by question."""
    found: dict[str, list[str]] = {}
    for code, answer in answers.items():
        question = triage_questions.BY_CODE.get(code)
        wrong = "没有这个问题" if question is None else _wrong(question, answer, today)
        if wrong:
            found[code] = [wrong]
    return found


def conclude(answers: Answers, *, today: date, calendar: Calendar, clocks: Mapping[str, Clock]) -> Conclusion:
    """The outcome. Raises TriageUnfinished, with what is wrong or the next question in `details`."""
    wrong = problems(answers, today)
    missing = next_question(answers)
    if wrong or missing is not None:
        raise TriageUnfinished(details=wrong or {missing.code if missing else "": ["请先回答这个问题"]})
    matter = Matter(answers["matter"])
    terms = [
        term(
            clocks[code], begins, today=today, calendar=calendar,
            interrupted_on=[date.fromisoformat(answers["claimed_on"])] if answers.get("claimed_on") else [],
        )
        for code, begins in _running(matter, answers)
    ]  # fmt: skip
    return Conclusion(
        matter=matter,
        title=triage_questions.MATTERS[matter],
        explanation=advice.EXPLANATIONS[matter],
        routes=advice.routes(matter, Step(answers["step"]), is_group=_is(answers, "people", "group")),
        means=advice.means(matter, is_migrant=_is(answers, "migrant", YES), hardship=answers["hardship"]),
        papers=advice.papers(matter, is_group=_is(answers, "people", "group"), has_award=_is(answers, "step", "award")),
        terms=terms,
        notes=_notes(matter, answers),
        urgent=_urgent(terms, answers),
    )


def _comes_up(question: Question, answers: Answers) -> bool:
    return all(answers.get(code) in allowed for code, allowed in question.asked_if.items())


def _wrong(question: Question, answer: str, today: date) -> str | None:
    if question.kind is QuestionKind.CHOICE:
        return None if answer in {each.code for each in question.choices} else "没有这个选项"
    if not answer:
        return None if question.is_optional else "请填日期"
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        return "须为日期，如 2026-11-22"
    return None if date(1990, 1, 1) <= day <= today else "不能晚于今天，也不能早于1990年"


def _running(matter: Matter, answers: Answers) -> list[tuple[str, date]]:
    """The clocks that run, with the day each began."""
    if answers["step"] == Step.AWARD:
        codes: tuple[str, ...] = ("suing",)
    elif answers["step"] == Step.COURT:
        codes = ()
    else:
        codes = advice.CLOCKS_OF[matter]
        if _is(answers, "reported", YES):
            codes = tuple(code for code in codes if not code.startswith("injury_report"))
        if answers["step"] == Step.ARBITRATING:
            codes = tuple(code for code in codes if not code.startswith("arbitration"))
    begun = []
    for code in codes:
        given = [answers[name] for name in START_OF[code] if answers.get(name) and _counts(name, answers)]
        if given:
            begun.append((code, date.fromisoformat(given[0])))
    return begun


def _counts(name: str, answers: Answers) -> bool:
    """An answer counts only while its question comes up: who goes back and answers otherwise leaves it behind."""
    return _comes_up(triage_questions.BY_CODE[name], answers)


def _notes(matter: Matter, answers: Answers) -> list[str]:
    found = []
    if matter is Matter.WAGES and _is(answers, "employed", YES) and answers["step"] in (Step.NONE, Step.MEDIATING):
        found.append(advice.STILL_EMPLOYED)
    if matter is Matter.INJURY and _is(answers, "reported", NO):
        found.append(advice.REPORT_YOURSELF)
    if _is(answers, "people", "group"):
        found.append(advice.GROUP)
    return [*found, advice.NO_FEE, advice.WHERE, advice.EMPLOYER_PROVES]


def _urgent(terms: Sequence[Term], answers: Answers) -> str | None:
    if any(each.calls_for_urgent_grant for each in terms):
        return advice.URGENT_TERM
    return advice.URGENT_ASSETS if _is(answers, "escaping", YES) else None


def _is(answers: Answers, code: str, value: str) -> bool:
    return answers.get(code) == value
