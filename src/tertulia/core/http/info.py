"""What is known of a request before any route runs."""

from dataclasses import dataclass
from typing import Any, cast

from litestar.connection import ASGIConnection

INFO = "tertulia.info"
"""The key in the ASGI scope."""


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """Routes get it by declaring `info: RequestInfo`."""

    request_id: str
    """UUIDv7, ours; the answer carries it as X-Request-Id."""
    address: str
    """The client's address, past trusted proxies."""
    secure: bool
    """The client spoke https, to us or to a trusted proxy."""
    local: bool
    """The request was made on this machine, by no proxy that says so."""


def request_info(request: ASGIConnection[Any, Any, Any, Any]) -> RequestInfo:
    return cast("RequestInfo", request.scope[INFO])  # pyright: ignore[reportGeneralTypeIssues]
