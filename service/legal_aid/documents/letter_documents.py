"""提示函, 意见书, 建议书 as documents: filled anew from the sealed letter at each fetching, which is written down."""

from uuid import UUID

from service.core.access import Actor
from service.core.db import db
from service.legal_aid.attachments import Content
from service.legal_aid.documents import filling
from service.legal_aid.documents.case_documents import day_words
from service.legal_aid.supervision import letters, sight
from service.legal_aid.supervision.models import LabourTip
from service.legal_aid.supervision.spoken import LETTERS
from service.organisations import nodes


def fetch(actor: Actor, letter_id: UUID) -> Content:
    """The letter as .docx. Raises LetterUnknown, SealBroken."""
    letter = letters.of_actor(actor, letter_id)
    tip = db.session.get_one(LabourTip, letter.tip_id)
    sight.tell(actor, tip, "letter")
    said = letters.content_of(letter) | {
        "number": letter.number, "union": nodes.node(tip.node_id).name, "issued_on": day_words(letter.issued_on),
        "due_on": day_words(letter.due_on),
    }  # fmt: skip
    return Content(f"{LETTERS[letter.kind]}.docx", filling.MEDIA_TYPE, filling.filled(letter.kind.value, said))
