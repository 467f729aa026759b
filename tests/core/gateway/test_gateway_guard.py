"""What one address may take before it says who it is (W10)."""

import json
from typing import Any

import aiohttp
import pytest
from tests.core.gateway.stage import Clock, Stage, stage, until

from tertulia.core.gateway import GatewaySettings
from tertulia.core.gateway.guard import Guard
from tertulia.core.gateway.requests import networks

FAR = "203.0.113.9"
QUERY = "/socket.io/?EIO=4"


def guarded(clock: Clock, **settings: Any) -> Guard:
    return Guard(GatewaySettings(**settings), networks(("10.0.0.0/8",)), clock)


def let_in(guard: Guard, address: str, times: int) -> int:
    return sum(guard.enter(address) for _ in range(times))


def test_an_address_has_so_many_nameless_sockets_and_no_more() -> None:
    guard = guarded(Clock(), max_waiting_per_address=5)
    assert let_in(guard, FAR, 20) == 5
    assert let_in(guard, "203.0.113.10", 20) == 5
    guard.leave(FAR)
    assert let_in(guard, FAR, 20) == 1
    for _ in range(5):
        guard.leave(FAR)
        guard.leave("203.0.113.10")
    assert guard.waiting == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),  # one /64: one customer
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),  # one client, two families
        ("203.0.113.9", "203.0.113.10", False),
    ],
)
def test_who_is_one_address(one: str, other: str, same: bool) -> None:
    guard = guarded(Clock(), max_waiting_per_address=1)
    assert guard.enter(one)
    assert guard.enter(other) is not same


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "10.1.2.3", ""])
def test_proxies_and_this_machine_are_nobodys_address(address: str) -> None:
    """All who come through a proxy that is not configured stand behind its address: on the same
    machine, which is the usual way, that must not lock everybody out."""
    guard = guarded(Clock(), max_waiting_per_address=1, handshake_burst=1)
    assert let_in(guard, address, 100) == 100
    assert [guard.wait(address) for _ in range(100)] == [0.0] * 100
    for _ in range(100):
        guard.leave(address)
    assert guard.waiting == 0


def test_handshakes_have_a_pace() -> None:
    clock = Clock()
    guard = guarded(clock, handshakes_per_second=10, handshake_burst=20)
    assert sum(guard.wait(FAR) == 0 for _ in range(100)) == 20
    assert guard.wait(FAR) == pytest.approx(0.1)
    clock.now += 1.0
    assert sum(guard.wait(FAR) == 0 for _ in range(100)) == 10


def test_a_million_addresses_do_not_fill_the_memory() -> None:
    clock = Clock()
    guard = guarded(clock)
    for n in range(100_000):
        guard.wait(f"198.{n >> 16}.{n >> 8 & 255}.{n & 255}")
        clock.now += 0.0005
    assert len(guard._next) < 50_100  # pyright: ignore[reportPrivateUsage]


async def knock(
    gate: Stage, http: aiohttp.ClientSession, address: str = FAR
) -> tuple[int, Any, str]:
    """A polling session from there; the status, and what was said."""
    async with http.get(
        f"{gate.url}{QUERY}&transport=polling", headers={"X-Forwarded-For": address}
    ) as answer:
        body = await answer.text()
        return (
            answer.status,
            json.loads(body[body.index("{") :]),
            answer.headers.get("Retry-After", ""),
        )


async def test_endless_polling_sessions_end_at_the_cap() -> None:
    async with (
        stage(trusted_proxies=("127.0.0.1",), max_waiting_per_address=3) as gate,
        aiohttp.ClientSession() as http,
    ):
        answers = [await knock(gate, http) for _ in range(5)]
        assert [status for status, _, _ in answers] == [200, 200, 200, 429, 429]
        assert answers[-1][1]["message"] == "Too many handshakes"
        assert int(answers[-1][2]) > 0
        assert (await knock(gate, http, "203.0.113.77"))[0] == 200
        # Who connects makes room for the next.
        url = f"{gate.url}{QUERY}&transport=polling&sid={answers[0][1]['sid']}"
        headers = {"X-Forwarded-For": FAR, "Content-Type": "text/plain"}
        async with http.post(url, data="40", headers=headers) as answer:
            assert answer.status == 200
        await gate.connected()
        assert (await knock(gate, http))[0] == 200
        # And so do those that never do, after their time.
        assert (await knock(gate, http))[0] == 429
        gate.turn(16)  # and they are told for a while why
        await until(lambda: gate.gateway.guard.waiting == 0)
        assert (await knock(gate, http))[0] == 200


async def test_websockets_that_never_connect_end_at_the_cap() -> None:
    async with stage(trusted_proxies=("127.0.0.1",), max_waiting_per_address=2) as gate:
        headers = {"X-Forwarded-For": FAR}
        url = f"{gate.url}{QUERY}&transport=websocket"
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.ws_connect(url) as first,
            http.ws_connect(url),
        ):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await http.ws_connect(url)
            assert refused.value.status == 429
            assert refused.value.headers is not None
            assert int(refused.value.headers["Retry-After"]) > 0
            await first.send_str("40")
            await gate.connected()
            async with http.ws_connect(url):
                pass


async def test_too_many_handshakes_are_told_when_to_come() -> None:
    async with (
        stage(trusted_proxies=("127.0.0.1",), handshake_burst=3, handshakes_per_second=1) as gate,
        aiohttp.ClientSession() as http,
    ):
        statuses = [(await knock(gate, http))[0] for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        gate.clock.now += 1.01
        assert (await knock(gate, http))[0] == 200
