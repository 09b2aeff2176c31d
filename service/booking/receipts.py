"""The answer to a request: its bytes are made once, here, and are the same for first answer and replay."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

import orjson

from service.booking.errors import refusal
from service.booking.rules import Accepted, Refused


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk says: accepted with the frozen JSON of the receipt, or refused with JSON of code and details."""

    is_accepted: bool
    body: bytes

    def receipt(self) -> bytes:
        """The receipt's JSON. Raises the refusal where it was refused."""
        if self.is_accepted:
            return self.body
        told: dict[str, Any] = orjson.loads(self.body)
        raise refusal(told["code"], told["details"])

    @property
    def code(self) -> str:
        """What happened in one word: `booked`, `waitlisted`, or the code of the refusal."""
        told: dict[str, str] = orjson.loads(self.body)
        return told["state"] if self.is_accepted else told["code"]


def granted(accepted: Accepted) -> Answer:
    """The answer to an accepted request: booking, state, waiting position, receipt of order, cancel-until."""
    entry = accepted.entry
    body = {
        "id": entry.booking_id,
        "state": entry.kind,
        "position": accepted.position,
        "receipt": {
            "sequence": entry.sequence,
            "at": entry.at.astimezone(UTC),
            "hash": entry.hash,
            "previous_hash": entry.previous_hash,
        },
        "cancel_until": accepted.cancel_until.astimezone(UTC),
    }
    return Answer(True, orjson.dumps(body))


def refused(outcome: Refused) -> Answer:
    """The answer to a refused request."""
    return Answer(False, orjson.dumps({"code": outcome.code, "details": outcome.details}))
