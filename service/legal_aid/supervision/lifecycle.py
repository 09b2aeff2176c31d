"""The states of a tip, as one table (docs/rules.md `supervision.letters`)."""

from service.core.lifecycle import Lifecycle
from service.legal_aid.supervision.enums import TipEvent as E
from service.legal_aid.supervision.enums import TipState as S

TIP = Lifecycle[S, E](
    {
        (S.RECEIVED, E.CHECK): S.CHECKING,
        (S.RECEIVED, E.DISMISS): S.UNFOUNDED,
        (S.RECEIVED, E.HAND_OVER): S.HANDED_OVER,
        (S.CHECKING, E.HINT): S.HINTED,
        (S.CHECKING, E.CLOSE): S.CLOSED,
        (S.CHECKING, E.DISMISS): S.UNFOUNDED,
        (S.CHECKING, E.HAND_OVER): S.HANDED_OVER,
        (S.HINTED, E.OPINION): S.OPINED,
        (S.HINTED, E.CLOSE): S.CLOSED,
        (S.HINTED, E.HAND_OVER): S.HANDED_OVER,
        (S.OPINED, E.ADVICE): S.ADVISED,
        (S.OPINED, E.CLOSE): S.CLOSED,
        (S.OPINED, E.HAND_OVER): S.HANDED_OVER,
        (S.ADVISED, E.CLOSE): S.CLOSED,
        (S.ADVISED, E.HAND_OVER): S.HANDED_OVER,
    }
)
ENDED = frozenset({S.CLOSED, S.UNFOUNDED, S.HANDED_OVER})
