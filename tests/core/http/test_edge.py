"""What no well-behaved client shows: broken answers, clients gone, sockets at the wrong door."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import get
from litestar.response import Stream
from tests.core.http.conftest import CANARY, THING, MakeApp

from tertulia.core.http.edge import Edge
from tertulia.core.telemetry import Telemetry


def scope_of(method: str, path: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), *headers],
        "client": ("127.0.0.1", 4_711),
        "server": ("127.0.0.1", 8_000),
    }


async def talk(app: Edge, scope: dict[str, Any], *said: dict[str, Any]) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    waiting = list(said)

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        heard.append(message)

    await app(scope, receive, send)  # pyright: ignore[reportArgumentType]
    return heard


@get("/api/v1/half")
async def half() -> Stream:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        raise RuntimeError(CANARY)

    return Stream(pieces())


async def test_an_answer_that_breaks_is_cut_and_not_patched(
    make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = await talk(make_app(routes=[half]), scope_of("GET", "/api/v1/half"))
    assert [message["type"] for message in heard] == ["http.response.start", "http.response.body"]
    assert heard[-1]["more_body"] is True  # the server sees the missing end and closes
    assert "http_broken_off" in capsys.readouterr().out


async def test_a_client_that_leaves_while_sending_is_no_accident(
    make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    scope = scope_of("POST", THING, (b"content-type", b"application/json"))
    beginning = {"type": "http.request", "body": b'{"te', "more_body": True}
    heard = await talk(make_app(), scope, beginning, {"type": "http.disconnect"})
    assert heard[0]["status"] == 400
    assert "http_failed" not in capsys.readouterr().out


async def test_a_request_given_up_is_counted_as_such(
    make_app: MakeApp, telemetry: Telemetry
) -> None:
    reached = asyncio.Event()

    @get("/api/v1/slow")
    async def slow() -> None:
        reached.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(talk(make_app(routes=[slow]), scope_of("GET", "/api/v1/slow")))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    labels = {"method": "GET", "route": "/api/v1/slow", "code": "499"}
    assert telemetry.registry.get_sample_value("tertulia_http_requests_total", labels) == 1
    assert telemetry.registry.get_sample_value("tertulia_http_requests_in_progress") == 0


async def test_a_socket_at_this_door_is_turned_away(make_app: MakeApp) -> None:
    scope = scope_of("GET", "/socket.io/") | {"type": "websocket"}
    heard = await talk(make_app(), scope, {"type": "websocket.connect"})
    assert [message["type"] for message in heard] == ["websocket.close"]


async def test_a_mounted_application_is_guarded_like_all(make_app: MakeApp) -> None:
    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"mounted"})

    app = make_app(mounts={"/socket.io/": mounted})
    heard = await talk(app, scope_of("GET", "/socket.io/x"))
    assert heard[0]["status"] == 200
    assert b"x-request-id" in dict(heard[0]["headers"])
    foreign = ((b"cookie", b"a=b"), (b"origin", b"https://evil.example"))
    heard = await talk(app, scope_of("POST", "/socket.io/x", *foreign))
    assert heard[0]["status"] == 403
    heard = await talk(app, scope_of("GET", "/socket.io"))
    assert heard[0]["status"] == 404


async def test_the_waiting_of_a_mount_is_nobodys_latency(
    make_app: MakeApp, telemetry: Telemetry
) -> None:
    def now(name: str, **labels: str) -> float | None:
        return telemetry.registry.get_sample_value(name, labels)

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        assert now("tertulia_http_requests_in_progress") == 0
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = make_app(mounts={"/socket.io/": mounted})
    await talk(app, scope_of("GET", "/socket.io/"))
    route = "/socket.io/"
    assert now("tertulia_http_requests_total", method="GET", route=route, code="200") == 1
    assert now("tertulia_http_request_duration_seconds_count", method="GET", route=route) in (
        None,
        0,
    )
