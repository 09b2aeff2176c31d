"""The states of a consultation, as one table."""

from service.core.lifecycle import Lifecycle
from service.legal_aid.consultation.enums import ConsultationEvent as E
from service.legal_aid.consultation.enums import ConsultationState as S

CONSULTATION = Lifecycle[S, E](
    {
        (S.WAITING, E.ANSWER): S.ANSWERED,
        (S.WAITING, E.FOLLOW_UP): S.WAITING,
        (S.WAITING, E.CLOSE): S.CLOSED,
        (S.ANSWERED, E.ANSWER): S.ANSWERED,
        (S.ANSWERED, E.FOLLOW_UP): S.WAITING,
        (S.ANSWERED, E.CLOSE): S.CLOSED,
    }
)
