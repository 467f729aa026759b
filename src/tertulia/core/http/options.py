"""OPTIONS that tells the truth.

Litestar makes its handler when a path is registered first, and forgets the methods that other
routers add to the same path later; its refusal of a wrong method knows them all.
"""

from typing import cast

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send


def honest_options(api: ASGIApp) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await api(scope, receive, send)
        else:
            asking = cast("HTTPScope", {**scope, "method": "TRACE"})  # no route answers TRACE
            await api(asking, receive, _Allowed(send).send)

    return app


class _Allowed:
    """Turns "405, these are allowed" into "204, these are allowed"."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._refused = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:
            self._refused = True
            allow = [header for header in message["headers"] if header[0].lower() == b"allow"]
            await self._send({"type": "http.response.start", "status": 204, "headers": allow})
        elif message["type"] == "http.response.body" and self._refused:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._send(message)
