"""What somebody may cite of the request under way: the id that its answer and its line in the log carry."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Set at the edge; empty where no request is behind a command."""
