"""A row of the table of doors: which roles open it, and what else is asked."""

from dataclasses import dataclass
from enum import StrEnum

from service.core.access import Role


class Content(StrEnum):
    """What is behind a door that not everybody in charge may read (docs/rules.md `identity.separation`)."""

    CASE = "case"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Rule:
    """Any of `roles` opens the door. `needs_verified`: the person must be bound to the roster as well.

    `WORKER` is everybody who is signed in; `MEMBER` is asked by the service itself, for it may lapse at any moment.
    """

    roles: tuple[Role, ...]
    needs_verified: bool = False
    content: Content | None = None

    def __add__(self, other: "Rule") -> "Rule":
        """The roles of both."""
        roles = tuple(dict.fromkeys((*self.roles, *other.roles)))
        return Rule(roles, self.needs_verified or other.needs_verified, self.content or other.content)
