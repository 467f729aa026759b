"""What a bot's token opens: pure rules over requests, asked at the one place where a token becomes
an actor, so that a route that does not exist yet is covered too.

Reading takes `read`, everything else `write`. A token bound to rooms opens nothing that is not
about one of them. What makes or ends access (sessions, bots, webhooks, invites, exports, the
server) is for people only.
"""

import re
from typing import Literal
from uuid import UUID

import msgspec

from tertulia.core.errors import AppError

Scope = Literal["read", "write"]

_READING = frozenset({"GET", "HEAD"})
_FOR_PEOPLE = re.compile(
    r"/(auth|bots|admin|exports|imports|webhooks|incoming-webhooks|integrations|invites|password"
    r"|devices|audit|bans)(/|$)"
)
# Nobody's secret, and of no room: who am I, and what does this server know.
_ANYBODY = frozenset({"/api/v1/me", "/api/v1/server", "/api/v1/emoji", "/api/v1/commands"})


class InsufficientScope(AppError):
    code, status, title = "insufficient_scope", 403, "This token does not reach so far"


class Grant(msgspec.Struct, frozen=True):
    """`rooms` None: every room its account is in."""

    scopes: frozenset[Scope]
    rooms: frozenset[UUID] | None = None


def require(grant: Grant, method: str, path: str, room_id: UUID | None) -> None:
    """Raises InsufficientScope. `room_id` is the one in the path, if there is one."""
    path = path.rstrip("/")
    needed: Scope = "read" if method in _READING else "write"
    if needed not in grant.scopes or _FOR_PEOPLE.search(path):
        raise InsufficientScope
    if grant.rooms is None or (room_id is not None and room_id in grant.rooms):
        return
    if not (path in _ANYBODY and needed == "read"):
        raise InsufficientScope
