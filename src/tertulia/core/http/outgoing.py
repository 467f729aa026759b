"""The last hand on every answer: fixed headers, compression, and a note of what was said."""

from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, Message, Send

from tertulia.core.http.compress import compressed, is_compressible
from tertulia.core.http.headers import RawHeaders


class Outgoing:
    """Wraps `send`. `status` is 0 until the answer began."""

    __slots__ = ("_encoding", "_extra", "_held", "_send", "status")

    def __init__(self, send: Send, extra: RawHeaders, encoding: str | None) -> None:
        """`extra` yields to headers of the same name that a route set itself, but for Vary."""
        self._send = send
        self._extra = extra
        self._encoding = encoding
        self._held: HTTPResponseStartEvent | None = None
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = self._complete(list(message["headers"]))
            if self._encoding is None or not is_compressible(message):
                await self._send(message)
            else:
                self._held = message
        elif message["type"] == "http.response.body" and self._held is not None:
            await self._send_held(self._held, message)
        else:
            await self._send(message)

    async def _send_held(self, start: HTTPResponseStartEvent, body: HTTPResponseBodyEvent) -> None:
        self._held = None
        if self._encoding is not None and not body.get("more_body", False):
            start, body = compressed(start, body, self._encoding)
        await self._send(start)
        await self._send(body)

    def _complete(self, headers: RawHeaders) -> RawHeaders:
        said = {name.lower() for name, _ in headers}
        headers.extend(
            header for header in self._extra if header[0] not in said or header[0] == b"vary"
        )
        return headers
