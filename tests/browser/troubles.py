"""What a page complains of where nobody looks: errors, violations of the policy, pop-ups."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, WebError

# The console has a line of its own for each violation; this one names the directive.
HEAR_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP:', event.effectiveDirective, event.blockedURI, event.sample), true)
"""


@dataclass
class Troubles:
    """Everything one browser complained of. A test names what it brings about itself."""

    seen: list[str] = field(default_factory=list[str])
    _awaited: list[str] = field(default_factory=list[str])

    def expect(self, *patterns: str) -> None:
        """Regular expressions of complaints that belong to this test."""
        self._awaited += patterns

    def left(self) -> Iterable[str]:
        """What nobody expected."""
        return [
            seen for seen in self.seen if not any(re.search(one, seen) for one in self._awaited)
        ]

    async def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("dialog", self._dialog)
        await context.add_init_script(HEAR_VIOLATIONS)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "assert"} or "Content Security Policy" in message.text:
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.seen.append(f"page: {error.error}")

    async def _dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        await dialog.dismiss()


# The browser's own words for a server that is out of reach.
OUT_OF_REACH = r"net::ERR_|WebSocket connection to .* failed|unknown error .* fetching the script"
