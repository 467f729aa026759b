"""Whoever says too much is told when to go on, on either edge, and what was said stays said."""

from uuid import uuid4

from tests.support.clock import HandClock
from tests.support.node import running_node

from tertulia.features.messages.policy import SPEAKING


async def test_one_bucket_for_both_edges(dsn: str, clock: HandClock) -> None:
    async with running_node(dsn, clock) as node:
        alice = await node.world.person("alice")
        room_id = await node.world.room("group", alice)
        path = f"/api/v1/rooms/{room_id}/messages"

        def said() -> dict[str, str]:
            return {"client_id": str(uuid4()), "text": "again"}

        bucket = SPEAKING.amount - 2
        await node.node.limiter.hit(SPEAKING, str(alice.id), cost=bucket)
        first = await node.command(alice, "message.send", {"room_id": str(room_id), **said()})
        assert first["ok"]
        assert (await node.request(alice, "POST", path, said())).status_code == 201
        refused = await node.command(alice, "message.send", {"room_id": str(room_id), **said()})
        assert refused["error"]["code"] == "rate_limited"
        assert refused["error"]["retry_after"] > 0
        answer = await node.request(alice, "POST", path, said())
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        await clock.advance(1)
        assert (await node.request(alice, "POST", path, said())).status_code == 201


async def test_what_sockets_do_is_counted(dsn: str, clock: HandClock) -> None:
    async with running_node(dsn, clock) as node:
        alice = await node.world.person("alice")
        await node.command(alice, "no.such", {})
        metrics = (await node.request(None, "GET", "/metrics")).text
    assert 'tertulia_commands_total{command="unknown",result="invalid"} 1.0' in metrics
    assert 'tertulia_connections{transport="websocket"} 1.0' in metrics
    assert "no.such" not in metrics
