"""Many sends of one socket, none waiting for the answer to the one before (C9)."""

import asyncio
from uuid import uuid4

from tests.support.clock import HandClock
from tests.support.node import running_node

IN_FLIGHT = 16


async def test_sends_of_one_socket_share_commits_and_keep_their_order(
    dsn: str, clock: HandClock
) -> None:
    async with running_node(dsn, clock) as node:
        alice = await node.world.person("alice")
        room_id = await node.world.room("group", alice)

        def say(text: str) -> dict[str, str]:
            return {"room_id": str(room_id), "client_id": str(uuid4()), "text": text}

        await node.command(alice, "message.send", say("first"))
        acks = await asyncio.gather(
            *(node.command(alice, "message.send", say(str(n))) for n in range(IN_FLIGHT))
        )
        assert [ack["data"]["body"]["text"] for ack in acks] == [str(n) for n in range(IN_FLIGHT)]
        seqs = [ack["data"]["seq"] for ack in acks]
        assert seqs == list(range(seqs[0], seqs[0] + IN_FLIGHT))
        async with node.node.db.read() as tx:
            commits = await tx.conn.fetchval("SELECT count(DISTINCT xmin::text) FROM messages")
        assert commits <= 1 + IN_FLIGHT // 2


async def test_what_follows_sends_sees_what_they_said(dsn: str, clock: HandClock) -> None:
    """Reading must not overtake the send whose commit is still under way."""
    async with running_node(dsn, clock) as node:
        alice = await node.world.person("alice")
        room_id = await node.world.room("group", alice)
        hello = {"room_id": str(room_id), "client_id": str(uuid4()), "text": "hello"}
        head = (await node.command(alice, "message.send", hello))["data"]["seq"]
        answered: list[str] = []

        async def ask(name: str, **body: object) -> None:
            ack = await node.command(alice, name, {"room_id": str(room_id), **body})
            answered.append(name)
            assert ack["ok"], ack

        await asyncio.gather(
            ask("message.send", client_id=str(uuid4()), text="again"),
            ask("room.read", seq=head + 1),
        )
        assert answered == ["message.send", "room.read"]
