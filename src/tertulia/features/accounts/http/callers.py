"""Who asks: the dependency `actor` of every route."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request

from tertulia.core import grants
from tertulia.core.actor import Actor
from tertulia.core.cookies import SessionCookies
from tertulia.core.db import Database
from tertulia.core.errors import Unauthenticated
from tertulia.core.sessions import Sessions

Ask = Request[Any, Any, Any]
FindBot = Callable[[Database, str], Awaitable[Actor | None]]
BOT_PREFIX = "tbot_"  # tells a bot's token from a session's, also to scanners of secrets


def provide_actor(request: Ask, sessions: Sessions, session_cookies: SessionCookies) -> Actor:
    """Litestar dependency `actor`: who asks, by Bearer or else by cookie.

    Raises TokenExpired, Unauthenticated.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer":
            raise Unauthenticated
        return sessions.verify(token.strip())
    cookie = request.cookies.get(session_cookies.access)
    if cookie is None:
        raise Unauthenticated
    return sessions.verify(cookie)


async def provide_caller(
    request: Ask,
    sessions: Sessions,
    session_cookies: SessionCookies,
    db: Database,
    find_bot: FindBot,
) -> Actor:
    """Litestar dependency `actor`: a person by session, or a bot by its token and no further than
    that reaches. Raises TokenExpired, Unauthenticated, InsufficientScope."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not token.startswith(BOT_PREFIX):
        return provide_actor(request, sessions, session_cookies)
    actor = await find_bot(db, token)
    if actor is None or actor.grant is None:
        raise Unauthenticated
    room = request.path_params.get("room_id")
    room_id = None if room is None else UUID(str(room))
    grants.require(actor.grant, request.method, request.url.path, room_id)
    return actor
