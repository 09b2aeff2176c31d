"""What every start on a demo machine sees to, and what it tells."""

from collections.abc import Callable

from service.overview.demo import aid_beside, aid_cases, classes, invention, register, staff


def seed(scale: str, password: str, tell: Callable[[str], None] = lambda _: None) -> None:
    """Plant staff, unions and workers in one of the sizes of `register.SCALES`; repeating does no harm."""
    staff.plant(password)
    register.plant(*register.SCALES[scale], tell)


def refresh() -> dict[str, str]:
    """The small demo data, planted once, and the classes that belong to this start; what to tell the person."""
    password = staff.kept_password()
    seed("small", password)
    workers, unions = register.SCALES["small"]
    trainer = staff.actor("trainer1")
    classes.refresh(staff.actor("city"), trainer.worker_id, unions)
    aid_cases.plant(unions)
    claim_code = aid_beside.plant(unions)
    first, last = invention.persona(aid_cases.FIRST), invention.persona(aid_cases.LAST)
    return {
        "workers": f"{invention.persona(1)} .. {invention.persona(workers)}, by POST /sandbox/wx/login",
        "staff": ", ".join(clerk.login for clerk in staff.CLERKS),
        "legal aid": f"{first} .. {last} have a case each; an anonymous tip opens with {claim_code}",
        "password": password,
    }
