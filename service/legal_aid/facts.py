"""What the desk has to know in the open, taken from the sealed form: matter, people, category, employer's index, means.

The means check follows the triage's table (docs/rules.md `legal_aid.means`).
"""

from collections.abc import Mapping
from datetime import date

from service.core import clock
from service.identity import people
from service.legal_aid import access, advice, forms
from service.legal_aid.clock_table import CLOCKS
from service.legal_aid.enums import Matter, Means, MeansBasis
from service.legal_aid.errors import MeansUnshown
from service.legal_aid.forms import Form
from service.legal_aid.models import AidCase
from service.legal_aid.triage_questions import YES
from service.organisations import employers
from service.organisations.enums import WorkerCategory

NO_HARDSHIP_SAID = "none"


def first_form(person_id: int, matter: Matter, answers: Mapping[str, str]) -> Form:
    """The form as it begins: what the roster knows of the worker, and what the triage was told."""
    person = people.person(person_id)
    employer = employers.employer(person.employer_id)
    known = {
        "matter": matter.value,
        "name": person.name if person.is_verified else None,
        "id_number": person.id_number,
        "phone": person.phone,
        "worker_category": WorkerCategory.MIGRANT.value
        if answers.get("migrant") == YES
        else person.worker_category.value,
        "employer_name": employer.name if employer else None,
        "employer_code": employer.credit_code if employer else None,
        "hardship": answers.get("hardship"),
        "ended_on": answers.get("ended_on") or answers.get("dismissed_on"),
        "step": answers.get("step"),
    }
    form = {name: value for name, value in known.items() if value}
    return form | ({"triage": dict(answers)} if answers else {})


def take_over(case: AidCase, form: Form) -> None:
    """Write what stands in the open from the form into the case."""
    case.matter = forms.matter(form, case.matter)
    case.people_count = forms.people_count(form)
    case.worker_category = WorkerCategory(form.get("worker_category") or case.worker_category)
    # Stands in the open, so it is the name of a clock or nothing: never words of the worker's.
    case.limitation_clock = form.get("limitation_clock") if form.get("limitation_clock") in CLOCKS else None
    limit = form.get("limitation_on")
    case.limitation_on = date.fromisoformat(limit) if isinstance(limit, str) else limit
    name, code = form.get("employer_name"), form.get("employer_code")
    found = employers.known([name] if name else [], [code] if code else [])
    case.employer_id = found[0].id if found else None
    case.employer_index = access.employer_index(name) if name else None


def settle_means(case: AidCase, form: Form, *, has_proof: bool) -> None:
    """How hardship is shown: by which article not at all, by proof, by the person's own pledge. Raises MeansUnshown."""
    said = advice.means(
        case.matter,
        is_migrant=case.worker_category is WorkerCategory.MIGRANT,
        hardship=form.get("hardship") or NO_HARDSHIP_SAID,
    )
    if said.means is Means.EXEMPT:
        case.means_basis, case.means_article = MeansBasis.EXEMPT, said.article
    elif has_proof:
        case.means_basis, case.means_article = MeansBasis.PROOF, said.article
    elif form.get("is_pledged"):
        case.means_basis, case.means_article, case.pledged_at = MeansBasis.PLEDGE, said.article, clock.now()
    else:
        raise MeansUnshown
