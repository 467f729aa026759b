"""Polling requests that reached the wrong process: handed on to the one that owns the session.

A balancer need not be sticky: the session id names its node, `Peers` knows where that node listens,
and the same application answers there. So the owner judges what it gets as if it came from outside,
and a request handed on is trusted with nothing: it only is not handed on again.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httptools

from .http import Left

if TYPE_CHECKING:
    from .engine import Engine

HANDED_ON = b"x-gateway-forwarded"
"""Says that a request was handed on once. Whoever sends it from outside only loses that."""
FORWARDED_FOR = b"x-forwarded-for"
CONNECT_SECONDS = 2.0
SPARE_SECONDS = 10.0
"""Beyond one heartbeat, within which an owner answers any poll."""
CHUNK = 65_536
OF_ONE_HOP = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect",
     b"proxy-connection", b"date")
)  # fmt: skip
"""RFC 9110 §7.6.1; and the date, which the HTTP server of this node sets itself."""

Headers = list[tuple[bytes, bytes]]


class Unreachable(Exception):
    """The owner is gone, and its sessions with it."""


class Forwarding:
    """An ASGI application around the whole of another: outermost, so that an owner's answer passes
    as it is."""

    def __init__(self, gateway: "Engine", app: Any) -> None:
        self._gateway = gateway
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        node = foreign_node(self._gateway, scope) if scope["type"] == "http" else None
        peers = self._gateway.peers
        address = await peers.find(node) if node is not None and peers is not None else None
        if address is None:
            await self._app(scope, receive, send)
            return
        errand = Errand(self._gateway, receive, send)
        try:
            await errand.run(address, scope)
        except Unreachable:
            if not errand.answering:  # "Session ID unknown": the client begins anew
                await self._app(scope, receive, send)


def foreign_node(gateway: "Engine", scope: Any) -> str | None:
    """Whose session a request names, if it is another node's."""
    query: bytes = scope["query_string"]
    if b"sid=" not in query or scope["path"] != gateway.settings.path:
        return None
    if scope["method"] not in ("GET", "POST") or any(n == HANDED_ON for n, _ in scope["headers"]):
        return None
    sid = parse_qs(query.decode("latin-1")).get("sid", [""])[-1]
    return gateway.owner_of(sid)


class Errand:
    """One request and its answer. A connection for each: on this machine it costs less than
    keeping them, and a dead one is never mistaken for a dead owner."""

    def __init__(self, gateway: "Engine", receive: Any, send: Any) -> None:
        self.answering = False
        self._gateway = gateway
        self._receive = receive
        self._send = send
        settings = gateway.settings
        self._patience = settings.ping_interval + settings.ping_timeout + SPARE_SECONDS

    async def run(self, address: tuple[str, int], scope: Any) -> None:
        """Raises Unreachable. Returns early when the client went away, or this node leaves."""
        reader, writer = await connect(address)
        asking = asyncio.create_task(self._ask(writer, scope))
        answering = asyncio.create_task(self._answer(reader))
        leaving = asyncio.create_task(self._gateway.leaving.wait())
        try:
            await asyncio.wait((asking, answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
            elif leaving.done() and not self.answering:
                await self._say_goodbye()
        finally:
            for task in (asking, answering, leaving):
                task.cancel()
            await asyncio.gather(asking, answering, leaving, return_exceptions=True)
            writer.transport.abort()  # an owner that still waits for us learns of it at once

    async def _ask(self, writer: asyncio.StreamWriter, scope: Any) -> None:
        """Ends when the client is gone."""
        is_chunked = not any(name == b"content-length" for name, _ in scope["headers"])
        is_chunked = is_chunked and scope["method"] == "POST"
        writer.write(head(scope, is_chunked=is_chunked))
        with suppress(OSError, Left):
            while True:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    raise Left
                body = message.get("body", b"")
                if body:
                    writer.write(b"%x\r\n%b\r\n" % (len(body), body) if is_chunked else body)
                if is_chunked and not message.get("more_body", False):
                    writer.write(b"0\r\n\r\n")
                await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader) -> None:
        answer = _Answer()
        while not answer.complete:
            try:
                async with asyncio.timeout(self._patience):
                    data = await reader.read(CHUNK)
                answer.feed(data)
            except (OSError, TimeoutError, httptools.HttpParserError) as error:
                raise Unreachable from error
            if not data:
                raise Unreachable
            await self._pass_on(answer)

    async def _pass_on(self, answer: "_Answer") -> None:
        if answer.started and not self.answering:
            self.answering = True
            headers = [pair for pair in answer.headers if pair[0] not in OF_ONE_HOP]
            start = {"type": "http.response.start", "status": answer.status, "headers": headers}
            await self._send(start)
        if answer.body or answer.complete:
            body, answer.body = bytes(answer.body), bytearray()
            more = not answer.complete
            await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _say_goodbye(self) -> None:
        """An Engine.IO close: the client comes back by another node, to a session of its own."""
        self.answering = True
        headers = [(b"content-type", b"text/plain; charset=UTF-8"), (b"content-length", b"1")]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": b"1"})


class _Answer:
    """What httptools has understood so far."""

    def __init__(self) -> None:
        self.started = False
        self.complete = False
        self.headers: Headers = []
        self.body = bytearray()
        self._parser: Any = httptools.HttpResponseParser(self)

    @property
    def status(self) -> int:
        return self._parser.get_status_code()

    def feed(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.started = True

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = True


async def connect(
    address: tuple[str, int],
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(*address)
    except (OSError, TimeoutError) as error:
        raise Unreachable from error


def head(scope: Any, *, is_chunked: bool) -> bytes:
    target = scope["raw_path"] + b"?" + scope["query_string"]
    client = scope["client"]
    headers = [pair for pair in scope["headers"] if pair[0] not in OF_ONE_HOP]
    if is_chunked:
        headers.append((b"transfer-encoding", b"chunked"))
    headers = [*with_hop(headers, client[0] if client else None), (b"connection", b"close")]
    lines = [b"%b %b HTTP/1.1" % (scope["method"].encode(), target)]
    return b"\r\n".join([*lines, *(b"%b: %b" % pair for pair in headers), b"", b""])


def with_hop(headers: Iterable[tuple[bytes, bytes]], client: str | None) -> Headers:
    """As a proxy says whom it saw: what stands before in X-Forwarded-For may be invented, what we
    add is not. And that it was us."""
    hops = [value for name, value in headers if name == FORWARDED_FOR]
    rest = [pair for pair in headers if pair[0] not in (FORWARDED_FOR, HANDED_ON)]
    if client is not None:
        hops.append(client.encode())
    hop = [(FORWARDED_FOR, b", ".join(hops))] if hops else []
    return [*rest, *hop, (HANDED_ON, b"1")]
