"""What happens to every request, in order, before and after the part that answers it."""

import logging
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from typing import Any, cast

import structlog
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from tertulia.core.clock import Clock
from tertulia.core.errors import CrossSite
from tertulia.core.http.address import (
    client_address,
    forwarded_scheme,
    is_loopback,
    parse_networks,
)
from tertulia.core.http.answers import send_answer
from tertulia.core.http.compress import negotiate
from tertulia.core.http.cors import PREFLIGHT_HEADERS, cors_headers, is_preflight
from tertulia.core.http.headers import RawHeaders, fixed_headers
from tertulia.core.http.info import INFO, RequestInfo
from tertulia.core.http.meter import Meter
from tertulia.core.http.origin import origin_of, require_own_page
from tertulia.core.http.outgoing import Outgoing
from tertulia.core.http.problem import Answer, Translate, answer_to
from tertulia.core.http.settings import HttpSettings
from tertulia.core.ids import Ids
from tertulia.core.telemetry import Telemetry

# Slower than this is worth a line in the log, in seconds.
SLOW = 1.0
# What a proxy on this machine leaves behind: with one of these, loopback is not "local".
PROXY_TRACES = ("x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via")

log = structlog.stdlib.get_logger(__name__)


class Edge:
    """The ASGI application. `inside` finds who answers by path prefix, the longest first."""

    def __init__(
        self,
        inside: Mapping[str, ASGIApp],
        *,
        lifespan: ASGIApp,
        mounts: Collection[str] = (),
        settings: HttpSettings,
        telemetry: Telemetry,
        clock: Clock,
        ids: Ids,
        translate: Translate,
    ) -> None:
        self._inside = sorted(inside.items(), key=lambda item: -len(item[0]))
        self._lifespan = lifespan
        self._mounts = tuple(mounts)
        self._fixed = fixed_headers(settings)
        self._trusted = parse_networks(settings.trusted_proxies)
        self._foreign = frozenset(map(origin_of, settings.allowed_origins))
        own = () if settings.public_url is None else (origin_of(settings.public_url),)
        self._origins = self._foreign.union(own)
        self._meter = Meter(telemetry)
        self._clock = clock
        self._ids = ids
        self._translate = translate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            # The gateway takes sockets before they become ASGI; this one knocked elsewhere.
            await send({"type": "websocket.close", "code": 1008, "reason": "no socket here"})
        else:
            await self._lifespan(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = self._clock.monotonic()
        request_id = str(self._ids.uuid7())
        headers = header_map(scope)
        outgoing = Outgoing(
            send,
            self._extra_headers(request_id, headers.get("origin")),
            negotiate(headers.get("accept-encoding", "")),
        )
        bound = bind_contextvars(request_id=request_id)
        mount = self._mount_of(scope["path"])
        with self._meter.in_progress() if mount is None else nullcontext():
            try:
                await self._admit(scope, headers, request_id, receive, outgoing)
            except Exception as error:
                await self._fail(error, request_id, scope, outgoing)
            finally:
                seconds = self._clock.monotonic() - started
                self._record(scope, outgoing.status, seconds, mount)
                reset_contextvars(**bound)

    async def _admit(
        self,
        scope: HTTPScope,
        headers: Mapping[str, str],
        request_id: str,
        receive: Receive,
        outgoing: Outgoing,
    ) -> None:
        cast("dict[str, Any]", scope)[INFO] = self._info(scope, headers, request_id)
        if is_preflight(scope["method"], headers):
            await send_answer(self._preflight(headers), outgoing.send)
            return
        require_own_page(scope["method"], headers, self._origins)
        await self._find(scope["path"])(scope, receive, outgoing.send)

    def _preflight(self, headers: Mapping[str, str]) -> Answer:
        if headers["origin"] not in self._foreign:
            raise CrossSite
        return Answer(204, b"", PREFLIGHT_HEADERS)

    def _info(self, scope: HTTPScope, headers: Mapping[str, str], request_id: str) -> RequestInfo:
        # No peer means a local socket file: as near as loopback.
        peer = scope["client"][0] if scope["client"] else "127.0.0.1"
        scheme = forwarded_scheme(peer, headers, self._trusted) or scope["scheme"]
        return RequestInfo(
            request_id=request_id,
            address=client_address(peer, headers, self._trusted),
            secure=scheme == "https",
            local=is_loopback(peer) and not any(trace in headers for trace in PROXY_TRACES),
        )

    def _find(self, path: str) -> ASGIApp:
        for prefix, app in self._inside:
            if path.startswith(prefix) and (
                prefix.endswith("/") or path[len(prefix) : len(prefix) + 1] in ("", "/")
            ):
                return app
        raise LookupError(path)  # the prefix "/" is always there

    def _extra_headers(self, request_id: str, origin: str | None) -> RawHeaders:
        return [
            *self._fixed,
            (b"x-request-id", request_id.encode()),
            *cors_headers(origin, self._foreign),
        ]

    async def _fail(
        self, error: Exception, request_id: str, scope: HTTPScope, outgoing: Outgoing
    ) -> None:
        answer = answer_to(error, request_id, self._translate)
        if outgoing.status:
            # Too late for an answer; without its end the server cuts the connection.
            log.error("http_broken_off", route=self._meter.route_of(scope), exc_info=error)
            return
        await send_answer(answer, outgoing.send)

    def _mount_of(self, path: str) -> str | None:
        return next((mount for mount in self._mounts if path.startswith(mount)), None)

    def _record(
        self, scope: HTTPScope, status: int, seconds: float, mount: str | None = None
    ) -> None:
        """A mount is free to let its clients wait (long polls): its answers are counted, and their
        time is nobody's latency."""
        route = mount or self._meter.route_of(scope)
        # Without any answer the client went away first: nginx's 499.
        status = status or 499
        self._meter.record(scope["method"], route, status, None if mount else seconds)
        notable = status >= 400 or (mount is None and seconds > SLOW)
        # Asked here because structlog's own no is dearer than the rest of this function.
        if not notable and not logging.getLogger(__name__).isEnabledFor(logging.DEBUG):
            return
        info = cast("dict[str, Any]", scope).get(INFO)
        note = log.info if notable else log.debug
        note(
            "http_request",
            **{
                "http.request.method": scope["method"],
                "http.route": route,
                "http.response.status_code": status,
                "client.address": "unknown" if info is None else info.address,
                "duration_ms": round(seconds * 1000, 2),
            },
        )


def header_map(scope: HTTPScope) -> dict[str, str]:
    """Lower-case names; repeated headers joined by commas (RFC 9110 §5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
