"""Who else may confirm that name, ID number and phone belong together (docs/rules.md `identity.binding`).

Off unless a setting names a provider: the roster alone decides then. There is no real one yet; the sandbox, outside
production, confirms every phone that does not end in 0.
"""

from typing import Protocol

from service.core import configuration

SANDBOX = "sandbox"


class Provider(Protocol):
    """Something that knows people."""

    def confirms(self, name: str, id_number: str, phone: str) -> bool:
        """Whether the three belong together."""


class Nobody:
    """Confirms nothing."""

    def confirms(self, name: str, id_number: str, phone: str) -> bool:
        """See Provider."""
        return False


class Sandbox:
    """Confirms by the phone's last digit."""

    def confirms(self, name: str, id_number: str, phone: str) -> bool:
        """See Provider."""
        return not phone.endswith("0")


def current() -> Provider:
    """The provider of the configuration in force."""
    return Sandbox() if configuration.current().real_name_provider == SANDBOX else Nobody()
