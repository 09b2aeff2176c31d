"""What becomes of a case whose worker has gone: number and dates stay, words and files go.

Columns are emptied with the person (`service/overview/holdings.py`); the files on the shelf, and a draft as a whole, go
in the night after (docs/rules.md `retention.legal_aid`).
"""

from sqlalchemy import delete, select

from service.core.db import db
from service.core.transaction import transactional
from service.identity.models import Person
from service.legal_aid import attachments
from service.legal_aid.enums import CaseState
from service.legal_aid.file_models import AidFile
from service.legal_aid.models import AidCase

AT_A_TIME = 100


def forget_erased() -> int:
    """Take away the files of people who are erased, and their drafts; of how many cases."""
    gone = 0
    while done := _forget_some():
        gone += done
    return gone


@transactional
def _forget_some() -> int:
    erased = Person.erased_at.is_not(None)
    with_files = select(AidCase.id).join(AidFile, AidFile.case_id == AidCase.id)
    drafts = select(AidCase.id).where(AidCase.state == CaseState.DRAFT)
    ids: set[object] = set()
    for query in (with_files, drafts):
        found = query.join(Person, Person.id == AidCase.person_id).where(erased).limit(AT_A_TIME)
        ids |= set(db.session.scalars(found))
    for case in db.session.scalars(select(AidCase).where(AidCase.id.in_(ids))):
        attachments.forget_all(case.id)
        if case.state is CaseState.DRAFT:
            db.session.execute(delete(AidCase).where(AidCase.id == case.id))
    return len(ids)
