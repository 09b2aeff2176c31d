"""Who is asking. Always handed to the service as the explicit argument `actor`."""

from dataclasses import dataclass
from uuid import UUID

from service.core.enums import Duty, Role
from service.core.errors import Forbidden

__all__ = ["ANONYMOUS", "SYSTEM", "Actor", "Duty", "Grant", "Role"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held on a node. `path` is the node's path (`/1/4/`): everything that starts with it is in scope."""

    role: Role
    node_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person asking, the sign-in it came by, and the roles held. Anonymous where `person_id` is None.

    `is_verified`: bound to a person of the roster. `owes`: what a staff member has to do before any other door opens.
    """

    person_id: int | None = None
    sign_in_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    is_verified: bool = False
    owes: Duty | None = None

    @property
    def worker_id(self) -> int:
        """The person's id. Raises Forbidden for an anonymous actor."""
        if self.person_id is None:
            raise Forbidden
        return self.person_id

    def holds(self, *roles: Role) -> bool:
        """Whether any of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def paths(self, *roles: Role) -> list[str]:
        """The node paths on which any of the roles is held."""
        return [grant.path for grant in self.grants if grant.role in roles]

    def reaches(self, path: str, *roles: Role) -> bool:
        """Whether the node at `path` lies in the scope of any of the roles."""
        return any(path.startswith(own) for own in self.paths(*roles))


ANONYMOUS = Actor()
SYSTEM = Actor()
"""The worker process acting by the clock: no person, no sign-in."""
