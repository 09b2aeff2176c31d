"""Whether this thread is inside a command. Apart from the transaction so that the engine's hooks can ask."""

from contextvars import ContextVar

inside_command: ContextVar[bool] = ContextVar("inside_command", default=False)


def is_writing() -> bool:
    """True between the start and the commit of the outermost command."""
    return inside_command.get()
