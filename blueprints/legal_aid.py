"""Legal aid before a case: the triage, open to everybody. What is answered is not kept."""

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.legal_aid import AnswerTriage, ConclusionView, TriageQuestionsView
from service.legal_aid import self_check
from service.legal_aid.errors import TriageUnfinished
from service.legal_aid.triage import Conclusion
from service.legal_aid.triage_questions import Question

bp = Blueprint("legal_aid", __name__, url_prefix="/legal-aid", description="法律援助：诉求自查")


@bp.get("/triage")
@bp.response(200, TriageQuestionsView)
def list_triage_questions() -> dict[str, Sequence[Question]]:
    """The questions, in order, each with the answers on which it comes up."""
    return {"items": self_check.questions()}


@bp.post("/triage")
@refuses(TriageUnfinished)
@bp.arguments(AnswerTriage)
@bp.response(200, ConclusionView)
def conclude_triage(order: dict[str, Any]) -> Conclusion:
    """What it is, which ways there are, the means check, papers, time limits. Asks only: nothing is kept."""
    return self_check.conclude(current_actor(), order["answers"])
