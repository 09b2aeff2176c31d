"""The form: the fields of the official application (法律援助申请表), saved step by step, sealed as one value.

Source of the fields: docs/rules.md `legal_aid.form`. What is sensitive needs its separate consent at each use
(docs/rules.md `privacy.separate_consent`). Pure but for opening and sealing.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from service.core import clock, crypto
from service.identity import id_number, purposes
from service.identity.errors import IdNumberWrong
from service.identity.masking import mask_id_number
from service.legal_aid.enums import Matter
from service.legal_aid.models import AidCase

FIELD = "aid_cases.form"
Form = dict[str, Any]

STEPS: dict[str, tuple[str, ...]] = {
    "matter": ("matter", "reason", "claims", "step", "position", "help_wanted", "limitation_clock", "limitation_on"),
    "person": (
        "name", "sex", "born_on", "ethnicity", "id_number", "phone", "household", "address", "postcode", "education",
        "health", "group_kind", "has_applied_before", "worker_category", "safe_to_call", "call_note",
    ),
    "employer": (
        "employer_name", "employer_code", "employer_address", "employer_phone", "occupation", "started_on", "ended_on",
    ),
    "means": ("hardship", "income", "household_people", "property", "is_pledged"),
    "people": ("people_count", "representatives"),
}  # fmt: skip
"""Step -> the fields it saves, in the form's order."""
REQUIRED = ("matter", "reason", "claims", "name", "phone", "employer_name")
SENSITIVE: dict[str, str] = {
    "health": purposes.HEALTH, "income": purposes.FINANCE, "property": purposes.FINANCE,
}  # fmt: skip
"""Field -> the consent it needs."""
LABELS: dict[str, str] = {
    "matter": "案由", "reason": "案情及理由", "claims": "诉求", "name": "姓名", "phone": "手机号",
    "employer_name": "用人单位", "representatives": "代表人", "people_count": "人数",
}  # fmt: skip
GROUP = 10
"""So many with a common claim may choose representatives (docs/rules.md `legal_aid.group`)."""


def merged(form: Form, step: str, part: Mapping[str, Any]) -> Form:
    """The form with a step saved: fields of the step that are not sent are taken out."""
    kept = {name: value for name, value in form.items() if name not in STEPS[step]}
    return kept | {name: value for name, value in part.items() if value is not None and name in STEPS[step]}


def problems(form: Form) -> dict[str, list[str]]:
    """What keeps the form from being handed in, by field."""
    found = {name: [f"请填写{LABELS[name]}"] for name in REQUIRED if not form.get(name)}
    representatives = form.get("representatives") or []
    if people_count(form) >= GROUP and not representatives:
        found["representatives"] = [f"{GROUP}个人以上请推举代表"]
    if representatives and people_count(form) < GROUP:
        found["people_count"] = [f"不到{GROUP}个人，请每个人各自申请"]
    if form.get("id_number"):
        try:
            id_number.checked(form["id_number"], clock.today())
        except IdNumberWrong as wrong:
            found["id_number"] = [wrong.message]
    return found


def people_count(form: Form) -> int:
    """How many have this claim."""
    return int(form.get("people_count") or 1)


def matter(form: Form, otherwise: Matter) -> Matter:
    """What it is about."""
    return Matter(form["matter"]) if form.get("matter") else otherwise


def purposes_of(form: Form) -> set[str]:
    """The consents that what is in the form needs."""
    return {purpose for name, purpose in SENSITIVE.items() if form.get(name)}


def without(form: Form, refused: Collection[str]) -> Form:
    """The form without what needs a consent among those refused."""
    return {name: value for name, value in form.items() if SENSITIVE.get(name) not in refused}


def masked(form: Form) -> Form:
    """The form with ID numbers as staff see them: documents take them from the form itself."""
    shown = dict(form)
    if shown.get("id_number"):
        shown["id_number"] = mask_id_number(shown["id_number"])
    if shown.get("representatives"):
        shown["representatives"] = [
            each | {"id_number": mask_id_number(each.get("id_number"))} for each in shown["representatives"]
        ]
    return shown


def read(case: AidCase) -> Form:
    """The form in clear; empty where it was erased. Raises SealBroken."""
    if case.form_sealed is None:
        return {}
    opened: Form = json.loads(crypto.unseal(case.form_sealed, field=FIELD, row=case.id))
    return opened


def write(case: AidCase, form: Form) -> None:
    """Seal the form into its case."""
    case.form_sealed = crypto.seal(json.dumps(form, ensure_ascii=False, default=str), field=FIELD, row=case.id)
