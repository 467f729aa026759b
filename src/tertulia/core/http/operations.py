"""/healthz, /readyz and /metrics: for machines that look after this one."""

import hmac
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import parse_qs

import msgspec
from litestar.types import ASGIApp, HTTPScope
from prometheus_client.exposition import choose_encoder

from tertulia.core.errors import Forbidden
from tertulia.core.http.endpoint import endpoint
from tertulia.core.http.info import INFO, RequestInfo
from tertulia.core.http.origin import host_name
from tertulia.core.http.problem import Answer
from tertulia.core.http.readiness import Readiness
from tertulia.core.telemetry import Telemetry


def operations(readiness: Readiness, telemetry: Telemetry, token: str | None) -> dict[str, ASGIApp]:
    async def healthz(_scope: HTTPScope) -> Answer:
        """Asks nothing: it fails only when the event loop is stuck."""
        return Answer(200, b"ok", {}, "text/plain; charset=utf-8")

    async def readyz(scope: HTTPScope) -> Answer:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        finding = await readiness.find(frozenset(query.get("exclude", ())))
        body: dict[str, Any] = {"status": finding.status}
        if is_operator(scope, token):
            body["checks"] = finding.checks
        status = 503 if finding.status == "unready" else 200
        return Answer(status, msgspec.json.encode(body), {}, "application/json")

    async def metrics(scope: HTTPScope) -> Answer:
        if not is_operator(scope, token):
            raise Forbidden("From this machine, or with the operations token")
        encode, media_type = choose_encoder(_header(scope, b"accept"))
        return Answer(200, encode(await telemetry.exposed()), {}, media_type)

    return {
        "/healthz": endpoint("/healthz", healthz),
        "/readyz": endpoint("/readyz", readyz),
        "/metrics": endpoint("/metrics", metrics),
    }


def is_operator(scope: HTTPScope, token: str | None) -> bool:
    """On this machine by a loopback name, or with the token.

    The name is asked for as well because a web page can make a browser on this machine call
    127.0.0.1 under a name of its own (DNS rebinding).
    """
    info = cast("RequestInfo", cast("dict[str, Any]", scope)[INFO])
    if info.local and _is_loopback_name(_header(scope, b"host")):
        return True
    scheme, _, given = _header(scope, b"authorization").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), token.encode())


def _is_loopback_name(host: str) -> bool:
    name = host_name(host)
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _header(scope: HTTPScope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
