"""Who may knock at which door: every route stands here once, or in PUBLIC.

The door asks for a role held anywhere; whether the thing behind it lies in the actor's scope is asked by the service,
which answers NotFound for what the actor may not know of. Staff routes take any of the roles named.
"""

from service.core.access import Role

PUBLIC: frozenset[str] = frozenset(
    {
        "health.show_health",
        "health.show_readiness",
        "metrics.show_metrics",
    }
)
"""Routes that need no token. With a token they know who is asking; a bad token is refused here too."""

WORKER = (Role.WORKER,)
TRAINING = (Role.TRAINING_STAFF,)
TEACHING = (Role.TRAINER, Role.TRAINING_STAFF)
MEMBERSHIP = (Role.MEMBERSHIP_STAFF,)

POLICY: dict[str, tuple[Role, ...]] = {}
"""Endpoint -> roles, any of which opens the door. WORKER is everybody who is signed in."""

RUSH: frozenset[str] = frozenset()
"""Doors at which thousands arrive in one second: a sign-in's revocation is seen there within a second, not at once."""
