"""The HTTP side of polling: from ASGI requests to sessions and back (Engine.IO v4).

    GET  …&transport=polling            a new session: its open packet
    GET  …&transport=polling&sid=…      waits for the next payload
    POST …&transport=polling&sid=…      brings one; the answer is "ok"

Errors are Engine.IO's `{"code", "message"}`. A page of another origin may read our answers if
`App.allow` took its handshake; its preflight is judged in the same way.
"""

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import CloseCode
from .handshake import Handshake, Refusal
from .polling import Polling
from .requests import BAD_METHOD, BAD_REQUEST, UNKNOWN_SID, check_query, read_poll, refusal_body

if TYPE_CHECKING:
    from .engine import Engine
    from .session import Session

TOO_LARGE = Refusal(413, "Payload too large", 3)
RELEASE_SECONDS = 0.1
"""How long a GET waits while its client waits for it to end (see `probe`)."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "7200",
}


class Answer(NamedTuple):
    body: bytes
    content_type: str = "text/plain; charset=UTF-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Left(Exception):
    """The client closed the connection of its request."""


async def serve(gateway: "Engine", scope: Any, receive: Any, send: Any) -> None:
    judged = read_poll(scope, gateway.settings, gateway.trusted)
    try:
        if isinstance(judged, Refusal):
            answered, origin = judged, None
        elif scope["method"] == "OPTIONS":
            answered, origin = preflight(gateway, judged)
        else:
            answered, origin = await answer(gateway, judged, scope["method"], receive)
    except Left:
        return
    if isinstance(answered, Refusal):
        gateway.counters.refused[answered.status] += 1
        answered = refused(answered)
    await _send(send, answered, origin)


Answered = tuple[Answer | Refusal, str | None]
"""And the origin that may read it."""


def preflight(gateway: "Engine", handshake: Handshake) -> Answered:
    """Fetch §4.8: may a page of that origin ask? Its request headers are ours to ignore."""
    if handshake.origin is None:
        return BAD_METHOD, None
    refusal = gateway.allow(handshake)
    if refusal is not None:
        return refusal, None
    wanted = handshake.headers.get("access-control-request-headers")
    headers = PREFLIGHT | ({"Access-Control-Allow-Headers": wanted} if wanted else {})
    return Answer(b"", status=204, headers=tuple(headers.items())), handshake.origin


async def answer(gateway: "Engine", handshake: Handshake, method: str, receive: Any) -> Answered:
    sid = handshake.query.get("sid")
    refusal = check_query(handshake, "polling", gateway.settings)
    if refusal is None and method not in (("GET",) if sid is None else ("GET", "POST")):
        refusal = BAD_METHOD
    if refusal is not None:
        return refusal, None
    if sid is None:
        refusal = gateway.judge(handshake)
        if refusal is not None:
            return refusal, None
        return Answer(open_session(gateway, handshake)), handshake.origin
    session = gateway.sessions.get(sid)
    if session is None:
        return UNKNOWN_SID, None
    # Who opened the session is who may read it; a page of our own sends no Origin with its GETs.
    origin = handshake.origin if handshake.origin == session.handshake.origin else None
    carrier = session.carrier
    if not isinstance(carrier, Polling):
        return BAD_REQUEST, origin
    if method == "GET":
        return await poll(session, carrier, receive), origin
    return await post(carrier, handshake, receive), origin


def open_session(gateway: "Engine", handshake: Handshake) -> bytes:
    session = gateway.new_session(handshake)
    session.sid = gateway.new_sid()
    gateway.sessions[session.sid] = session
    polling = Polling(session)
    session.open(polling, session.sid, ["websocket"])
    return polling.take_out()


async def poll(session: "Session", polling: Polling, receive: Any) -> Answer | Refusal:
    if session.is_overdue():
        session.close(CloseCode.PING_TIMEOUT)
        return UNKNOWN_SID
    payload = polling.poll()
    if payload is None:
        return BAD_REQUEST
    if not payload.done():
        await _wait(payload, polling, receive)
    return Answer(payload.result())


async def _wait(payload: asyncio.Future[bytes], polling: Polling, receive: Any) -> None:
    """Until there is an answer. Raises Left, after which the session is gone: whoever lets go of
    its GET gives up, and what was on the way to it is lost."""
    leaving = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait(
            (payload, leaving),
            timeout=patience(polling),
            return_when=asyncio.FIRST_COMPLETED,
        )
        if leaving.done():
            raise Left
        if not payload.done():
            polling.release()
    except (Left, asyncio.CancelledError):
        polling.cut()
        raise
    finally:
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)


def patience(polling: Polling) -> float | None:
    """Seconds that a GET may wait. One more may have been under way when the client was told that
    it can move; who goes on asking without moving does not get an answer at every breath."""
    probe = polling.probe
    if probe is None or not probe.answered:
        return None
    if probe.released:
        return RELEASE_SECONDS
    probe.released = True
    return 0.0


async def _disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def post(polling: Polling, handshake: Handshake, receive: Any) -> Answer | Refusal:
    if polling.posting:
        polling.overlap()
        return BAD_REQUEST
    if handshake.headers.get("content-type", "").startswith("application/octet-stream"):
        polling.reject("binary payload")  # of Engine.IO v3
        return BAD_REQUEST
    polling.posting = True
    try:
        body = await _body(receive, polling.max_body)
    except (Left, asyncio.CancelledError):
        polling.cut()
        raise
    finally:
        polling.posting = False
    if body is None:
        polling.reject("message too big")
        return TOO_LARGE
    return Answer(b"ok", "text/html") if polling.take(body) else BAD_REQUEST


async def _body(receive: Any, limit: int) -> bytes | None:
    """None if it is larger. Raises Left if it is not all there."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def refused(refusal: Refusal) -> Answer:
    headers = tuple(refusal.headers.items())
    return Answer(refusal_body(refusal), "application/json", refusal.status, headers)


def content_headers(answered: Answer) -> list[tuple[str, str]]:
    if answered.status == 204:
        return []
    return [
        ("Content-Type", answered.content_type),
        ("Content-Length", str(len(answered.body))),
    ]


async def _send(send: Any, answered: Answer, origin: str | None) -> None:
    headers = [
        *answered.headers,
        *content_headers(answered),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Vary", "Origin"),
    ]
    if origin is not None:
        headers.append(("Access-Control-Allow-Origin", origin))
        headers.append(("Access-Control-Allow-Credentials", "true"))
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answered.status, "headers": raw})
    await send({"type": "http.response.body", "body": answered.body})
