"""Judging requests, before anything of ours stands behind them."""

import base64
import binascii
import json
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from .handshake import Handshake, Refusal
from .settings import GatewaySettings

Network = IPv4Network | IPv6Network

UNKNOWN_TRANSPORT: Final = Refusal(400, "Transport unknown", 0)
UNKNOWN_SID: Final = Refusal(400, "Session ID unknown", 1)
BAD_METHOD: Final = Refusal(400, "Bad handshake method", 2)
BAD_REQUEST: Final = Refusal(400, "Bad request", 3)
TRANSPORT_HANDSHAKE: Final = Refusal(400, "Transport handshake error", 3)
BAD_VERSION: Final = Refusal(400, "Unsupported protocol version", 5)
NOT_FOUND: Final = Refusal(404, "Not found", 3)
HEADERS_TOO_LARGE: Final = Refusal(431, "Request header fields too large", 3)

ONCE: Final = ("host", "origin", "sec-websocket-key", "sec-websocket-version", "content-length")


def networks(addresses: tuple[str, ...]) -> tuple[Network, ...]:
    """ValueError where one is neither an address nor a network."""
    return tuple(ip_network(address, strict=False) for address in addresses)


def read_upgrade(
    request: bytes, peer: str, settings: GatewaySettings, trusted: tuple[Network, ...]
) -> Handshake | Refusal:
    """What an upgrade asks for, or why it cannot be.

    `request`: request line and headers as uvicorn writes them; `peer`: the other end of the
    socket. What only an application can know (the origins it serves) is not judged here.
    """
    line, _, head = request.partition(b"\r\n")
    method, target, _ = line.split(b" ", 2)
    handshake = Handshake(target.decode("latin-1"), head.rstrip(b"\r\n"), peer)
    refusal = check_size(handshake.head, settings)
    if refusal is not None:
        return refusal
    if method != b"GET":
        return BAD_METHOD
    return (
        check_headers(handshake, settings)
        or check_upgrade(handshake)
        or check_query(handshake, "websocket", settings)
        or with_client(handshake, peer, trusted)
    )


def read_poll(
    scope: Mapping[str, Any], settings: GatewaySettings, trusted: tuple[Network, ...]
) -> Handshake | Refusal:
    """The same for a request that came as ASGI."""
    head = b"\r\n".join(name + b": " + value for name, value in scope["headers"])
    query = scope["query_string"].decode("latin-1")
    target = scope["path"] + ("?" + query if query else "")
    peer = scope["client"][0] if scope["client"] else ""
    handshake = Handshake(target, head, peer)
    return (
        check_size(head, settings)
        or check_headers(handshake, settings)
        or check_path(handshake, settings)
        or with_client(handshake, peer, trusted)
    )


def check_size(head: bytes, settings: GatewaySettings) -> Refusal | None:
    many = head.count(b"\r\n") >= settings.max_headers
    return HEADERS_TOO_LARGE if many or len(head) > settings.max_header_bytes else None


def check_headers(handshake: Handshake, settings: GatewaySettings) -> Refusal | None:
    headers = handshake.headers
    if any(len(headers.getall(name, [])) > 1 for name in ONCE):
        return BAD_REQUEST
    if sum(map(len, headers.getall("cookie", []))) > settings.max_cookie_bytes:
        return HEADERS_TOO_LARGE
    return None


def check_upgrade(handshake: Handshake) -> Refusal | None:
    headers = handshake.headers
    # A body would be read as frames (request smuggling): RFC 9112 §6.1, RFC 6455 §4.1.
    if "transfer-encoding" in headers or headers.get("content-length", "0").strip("0"):
        return BAD_REQUEST
    if headers.get("sec-websocket-version") != "13":
        return Refusal(426, "Unsupported WebSocket version", 3, {"Sec-WebSocket-Version": "13"})
    try:
        key = base64.b64decode(headers.get("sec-websocket-key", ""), validate=True)
    except (binascii.Error, ValueError):
        return BAD_REQUEST
    return None if len(key) == 16 else BAD_REQUEST


def check_path(handshake: Handshake, settings: GatewaySettings) -> Refusal | None:
    return None if handshake.path == settings.path else NOT_FOUND


def check_query(handshake: Handshake, transport: str, settings: GatewaySettings) -> Refusal | None:
    """`transport`: by which the request came."""
    query = handshake.query
    wanted = query.get("transport")
    if handshake.path != settings.path:
        return NOT_FOUND
    if wanted != transport:
        known = wanted == "websocket"
        return TRANSPORT_HANDSHAKE if known else UNKNOWN_TRANSPORT
    return None if query.get("EIO") == "4" else BAD_VERSION


def with_client(
    handshake: Handshake, peer: str, trusted: tuple[Network, ...]
) -> Handshake | Refusal:
    """The handshake with the address that the trusted proxies vouch for.

    Each proxy appends whom it saw to X-Forwarded-For, so the list is read from its end, as long as
    the one who wrote is trusted; what stands before may be a client's invention.
    """
    hops = ",".join(handshake.headers.getall("x-forwarded-for", [])).split(",")
    address = peer
    while is_trusted(address, trusted) and hops and hops[-1].strip():
        address = hops.pop().strip()
        try:
            ip_address(address)
        except ValueError:
            return BAD_REQUEST
    handshake.client = address
    return handshake


def is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:  # a Unix socket has no address
        return False
    return any(parsed in network for network in trusted)


def refusal_bytes(refusal: Refusal) -> bytes:
    """The whole HTTP/1.1 answer, after which the connection closes."""
    body = refusal_body(refusal)
    headers = {
        **refusal.headers,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def refusal_body(refusal: Refusal) -> bytes:
    return json.dumps({"code": refusal.code, "message": refusal.message}).encode()
