"""The upgrade request is judged before anything stands behind it."""

import json

import pytest

from tertulia.core.gateway import GatewaySettings, Handshake, Refusal
from tertulia.core.gateway.requests import networks, read_upgrade, refusal_bytes

GOOD = {
    "host": "chat.example",
    "upgrade": "websocket",
    "connection": "keep-alive, Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
TARGET = "/socket.io/?EIO=4&transport=websocket"
PROXIES = ("10.0.0.0/8", "::1")


def judge(
    headers: list[tuple[str, str]],
    target: str = TARGET,
    method: str = "GET",
    peer: str = "10.0.0.1",
) -> Handshake | Refusal:
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    request = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return read_upgrade(request, peer, GatewaySettings(), networks(PROXIES))


def with_headers(**changes: str) -> list[tuple[str, str]]:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return list({**GOOD, **named}.items())


def test_a_good_request_becomes_a_handshake() -> None:
    got = judge(with_headers(cookie="a=1; b=2", Origin="https://chat.example"), TARGET + "&x=%20y")
    assert isinstance(got, Handshake)
    assert got.path == "/socket.io/"
    assert got.query["x"] == " y"
    assert got.cookies == {"a": "1", "b": "2"}
    assert got.origin == got.headers["ORIGIN"] == "https://chat.example"
    assert got.client == "10.0.0.1"


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/elsewhere/?EIO=4&transport=websocket", 404, 3),
        ("/socket.io/?transport=websocket", 400, 5),
        ("/socket.io/?EIO=3&transport=websocket", 400, 5),
        ("/socket.io/?EIO=4&transport=polling", 400, 0),
        ("/socket.io/?EIO=4", 400, 0),
    ],
)
def test_a_wrong_target_is_refused_in_engine_io_words(target: str, status: int, code: int) -> None:
    got = judge(with_headers(), target)
    assert isinstance(got, Refusal)
    assert (got.status, got.code) == (status, code)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (with_headers(transfer_encoding="chunked"), 400),
        (with_headers(content_length="5"), 400),
        (with_headers(sec_websocket_version="8"), 426),
        (with_headers(sec_websocket_key="short"), 400),
        (with_headers(sec_websocket_key="!" * 24), 400),
        ([*with_headers(origin="http://a"), ("origin", "http://b")], 400),
        ([*with_headers(), ("host", "other.example")], 400),
        ([*with_headers(), ("content-length", "0"), ("content-length", "0")], 400),
        (with_headers(cookie="x" * 4097), 431),
        (with_headers(x="y" * 8192), 431),
        ([*with_headers(), *((f"x-{n}", "y") for n in range(64))], 431),
    ],
)
def test_ambiguous_or_oversize_headers_are_refused(
    headers: list[tuple[str, str]], status: int
) -> None:
    got = judge(headers)
    assert isinstance(got, Refusal)
    assert got.status == status


def test_only_get_upgrades() -> None:
    got = judge(with_headers(), method="POST")
    assert isinstance(got, Refusal)
    assert (got.status, got.code) == (400, 2)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("203.0.113.9", "6.6.6.6", "203.0.113.9"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("", "6.6.6.6", ""),
    ],
)
def test_only_trusted_proxies_name_the_client(peer: str, forwarded: str, client: str) -> None:
    got = judge(with_headers(x_forwarded_for=forwarded), peer=peer)
    assert isinstance(got, Handshake)
    assert got.client == client


@pytest.mark.parametrize("forwarded", ["unknown", "6.6.6.6, <script>", "6.6.6.6:80"])
def test_a_forwarded_address_that_is_none_is_refused(forwarded: str) -> None:
    got = judge(with_headers(x_forwarded_for=forwarded))
    assert isinstance(got, Refusal)
    assert got.status == 400


def test_a_refusal_is_a_whole_answer() -> None:
    answer = refusal_bytes(Refusal(503, "Full", 3, {"Retry-After": "4"}))
    head, body = answer.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"Retry-After: 4" in head
    assert b"Connection: close" in head
    assert b"Content-Length: %d" % len(body) in head
    assert json.loads(body) == {"code": 3, "message": "Full"}
