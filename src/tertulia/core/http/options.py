"""OPTIONS that tells the truth.

Litestar makes its handler when a path is registered first, and forgets the methods that other
routers add to the same path later; its refusal of a wrong method knows them all.
"""

from collections.abc import Mapping
from typing import cast

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from tertulia.core.http.headers import RawHeaders


def honest_options(api: ASGIApp, told: Mapping[str, Mapping[str, str]]) -> ASGIApp:
    """`told`: headers that OPTIONS tells besides, by address and all that is under it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await api(scope, receive, send)
        else:
            asking = cast("HTTPScope", {**scope, "method": "TRACE"})  # no route answers TRACE
            await api(asking, receive, _Allowed(send, _headers(told, scope["path"])).send)

    return app


def _headers(told: Mapping[str, Mapping[str, str]], path: str) -> RawHeaders:
    return [
        (name.lower().encode(), value.encode())
        for place, headers in told.items()
        if f"{path}/".startswith(f"{place}/")
        for name, value in headers.items()
    ]


class _Allowed:
    """Turns "405, these are allowed" into "204, these are allowed"."""

    def __init__(self, send: Send, more: RawHeaders) -> None:
        self._send = send
        self._more = more
        self._refused = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:
            self._refused = True
            allow = [header for header in message["headers"] if header[0].lower() == b"allow"]
            headers = [*allow, *self._more]
            await self._send({"type": "http.response.start", "status": 204, "headers": headers})
        elif message["type"] == "http.response.body" and self._refused:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._send(message)
