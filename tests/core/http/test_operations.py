"""Health, readiness and metrics: true for machines, closed to strangers."""

import asyncio

import pytest
from tests.core.http.conftest import Calling, MakeApp, ManualClock

from tertulia.core.http import Check, HttpSettings, Readiness
from tertulia.core.telemetry import Telemetry


class Probe:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked = 0

    async def __call__(self) -> None:
        self.asked += 1
        if self.error is not None:
            raise self.error


async def hang() -> None:
    await asyncio.Event().wait()


async def test_alive_means_alive_whatever_is_away(
    make_app: MakeApp, call: Calling, clock: ManualClock, telemetry: Telemetry
) -> None:
    probe = Probe(ConnectionError())
    readiness = Readiness([Check("database", probe, vital=True)], telemetry, clock)
    async with call(make_app(readiness=readiness)) as client:
        answer = await client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert probe.asked == 0


@pytest.mark.parametrize(
    ("database", "bus", "status", "word"),
    [
        (None, None, 200, "ok"),
        (None, ConnectionError(), 200, "degraded"),
        (ConnectionError(), None, 503, "unready"),
    ],
)
async def test_only_what_is_vital_makes_a_node_unready(
    make_app: MakeApp,
    call: Calling,
    clock: ManualClock,
    telemetry: Telemetry,
    database: Exception | None,
    bus: Exception | None,
    status: int,
    word: str,
) -> None:
    checks = [Check("database", Probe(database), vital=True), Check("bus", Probe(bus))]
    readiness = Readiness(checks, telemetry, clock)
    async with call(make_app(readiness=readiness)) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["status"] == word
    assert answer.json()["checks"]["bus"] == ("ok" if bus is None else "ConnectionError")
    assert telemetry.registry.get_sample_value("tertulia_ready") == (status == 200)
    up = telemetry.registry.get_sample_value("tertulia_dependency_up", {"dependency": "bus"})
    assert up == (bus is None)


async def test_checks_are_asked_every_two_seconds_however_many_ask(
    clock: ManualClock, telemetry: Telemetry
) -> None:
    probe = Probe()
    readiness = Readiness([Check("database", probe, vital=True)], telemetry, clock)
    await asyncio.gather(*(readiness.find() for _ in range(50)))
    clock.seconds = 1.9
    await readiness.find()
    assert probe.asked == 1
    probe.error = ConnectionError("postgres://user:secret@host")
    clock.seconds = 2.0
    finding = await readiness.find()
    assert probe.asked == 2
    assert finding.status == "unready"
    assert finding.checks == {"database": "ConnectionError"}  # its words may hold a password


async def test_a_check_that_hangs_is_away(
    clock: ManualClock, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.core.http.readiness.PATIENCE", 0.01)
    readiness = Readiness([Check("database", hang, vital=True)], telemetry, clock)
    finding = await readiness.find()
    assert finding.checks == {"database": "TimeoutError"}


async def test_a_node_that_leaves_says_so_before(
    make_app: MakeApp, call: Calling, clock: ManualClock, telemetry: Telemetry
) -> None:
    readiness = Readiness([], telemetry, clock)
    readiness.draining = True
    async with call(make_app(readiness=readiness)) as client:
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200
    assert telemetry.registry.get_sample_value("tertulia_draining") == 1


async def test_a_check_can_be_left_out(
    make_app: MakeApp, call: Calling, clock: ManualClock, telemetry: Telemetry
) -> None:
    checks = [Check("bus", Probe(OSError())), Check("storage", Probe(OSError()))]
    readiness = Readiness(checks, telemetry, clock)
    async with call(make_app(readiness=readiness)) as client:
        answer = await client.get("/readyz?exclude=bus&exclude=storage")
    assert answer.json() == {"status": "ok", "checks": {}}


async def test_metrics_are_for_this_machine(make_app: MakeApp, call: Calling) -> None:
    async with call(make_app()) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert (
        'tertulia_build_info{python="3.11",revision="abc",schema="0001",version="1.2.3"} 1.0'
        in answer.text
    )
    assert 'tertulia_log_messages_total{level="error"} 0.0' in answer.text


STRANGERS: list[tuple[str, str, dict[str, str]]] = [
    ("203.0.113.9", "http://127.0.0.1:8000", {}),
    ("127.0.0.1", "http://127.0.0.1:8000", {"X-Forwarded-For": "203.0.113.9"}),
    ("127.0.0.1", "http://127.0.0.1:8000", {"X-Real-IP": "203.0.113.9"}),
    ("127.0.0.1", "http://127.0.0.1:8000", {"Via": "1.1 proxy"}),
    ("127.0.0.1", "http://evil.example:8000", {}),  # DNS rebinding
    ("203.0.113.9", "http://127.0.0.1:8000", {"Authorization": "Bearer wrong"}),
    ("203.0.113.9", "http://127.0.0.1:8000", {"Authorization": "Bearer "}),
    ("203.0.113.9", "http://127.0.0.1:8000", {"Authorization": "Basic opensesame"}),
    ("203.0.113.9", "http://127.0.0.1:8000", {"Authorization": "opensesame"}),
]


@pytest.mark.parametrize(("peer", "url", "headers"), STRANGERS)
@pytest.mark.parametrize("token", [None, "opensesame"])
async def test_strangers_see_neither_metrics_nor_details(
    make_app: MakeApp,
    call: Calling,
    peer: str,
    url: str,
    headers: dict[str, str],
    token: str | None,
) -> None:
    app = make_app(HttpSettings(operations_token=token))
    async with call(app, peer=peer, url=url) as client:
        answer = await client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert (await client.get("/readyz", headers=headers)).json() == {"status": "ok"}


async def test_the_token_opens_from_anywhere(make_app: MakeApp, call: Calling) -> None:
    app = make_app(HttpSettings(operations_token="opensesame"))
    async with call(app, peer="203.0.113.9") as client:
        headers = {"Authorization": "Bearer opensesame"}
        assert (await client.get("/metrics", headers=headers)).status_code == 200
        assert "checks" in (await client.get("/readyz", headers=headers)).json()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_they_are_only_read(make_app: MakeApp, call: Calling, path: str) -> None:
    async with call(make_app()) as client:
        answer = await client.post(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert (await client.head(path)).content == b""
        assert (await client.get(f"{path}/more")).status_code == 404
