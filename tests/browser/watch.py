"""Looks over a browser's shoulder: what a page complains of, and what it fetches from elsewhere."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

ANSWERED = re.compile(r"^Failed to load resource: (the server responded with a status of|net::ERR_)")
BLOCKED_BY_US = "Service Worker registration blocked by Playwright"
LOCAL = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
"""Of no host; the last two are the browser's own viewer of PDFs."""


@dataclass
class Watch:
    """What went wrong in the contexts it watches. Refusals of the API are answers, not faults; anything else counts."""

    url: str
    found: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of the context."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or message.text == BLOCKED_BY_US:
            return
        place = message.location.get("url", "")
        if ANSWERED.match(message.text) and place.startswith((f"{self.url}/api/", f"{self.url}/sandbox/")):
            return
        self.found.append(f"{message.type} {message.text} ({place})")

    def _error(self, error: WebError) -> None:
        self.found.append(f"page error {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", *LOCAL)):
            self.found.append(f"left the host: {request.url}")
