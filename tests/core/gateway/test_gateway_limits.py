"""Bounds: who is too slow, too fast, too big or too strange is cut, and nobody else notices."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator

import pytest
from tests.core.gateway.stage import WAIT, Stage, stage, until

from tertulia.core.gateway import CloseCode, Connection, encode_event

UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def masked(opcode: int, payload: bytes, length: int | None = None) -> bytes:
    """A client's frame; a mask of zeros changes nothing. `length` may lie."""
    size = len(payload) if length is None else length
    if size < 126:
        head = bytes((opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((opcode, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((opcode, 0x80 | 127)) + size.to_bytes(8)
    return head + bytes(4) + payload


@contextlib.asynccontextmanager
async def deaf(gate: Stage) -> AsyncGenerator[Connection]:
    """A client that connects and then never reads."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    with sock:
        await loop.sock_connect(sock, ("127.0.0.1", gate.port))
        await loop.sock_sendall(sock, UPGRADE)
        assert (await loop.sock_recv(sock, 4096)).startswith(b"HTTP/1.1 101")
        await loop.sock_sendall(sock, masked(0x81, b"40"))
        yield await gate.connected()


@contextlib.asynccontextmanager
async def tcp(gate: Stage) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_slow_reader_is_cut_while_the_others_hear_everything() -> None:
    async with stage(outbox_limit=200_000) as gate, gate.raw() as quick:
        listener = await gate.connected()
        topics = gate.gateway.topics
        topics.join(listener, "room")
        async with deaf(gate) as slow:
            topics.join(slow, "room")
            for number in range(2000):
                topics.publish("room", encode_event("n", number, "x" * 20_000))
                assert (await quick.text()).startswith(f'42["n",{number},')
                if slow.gone:
                    break
            assert slow.gone == "slow"
            assert await gate.farewell() == "slow"
            assert topics.members("room") == {listener}
            gate.turn(4)  # the close frame found no room either: cut without it
            await until(lambda: len(gate.gateway.links) == 1)
            assert gate.gateway.counters.closed == {"slow": 1}
        topics.publish("room", encode_event("after"))
        assert await quick.text() == '42["after"]'


async def test_one_turn_may_not_queue_without_bound() -> None:
    async with stage(outbox_limit=1000) as gate, gate.raw() as raw:
        conn = await gate.connected()
        assert sum(conn.emit("flood", "x" * 100) for _ in range(20)) == 8
        assert conn.gone == "slow"
        assert (await raw.closing())[0] == CloseCode.SLOW


async def test_volatile_frames_are_dropped_while_a_socket_is_behind() -> None:
    async with stage(outbox_limit=10**9) as gate, deaf(gate) as slow, gate.raw() as quick:
        listener = await gate.connected()
        for conn in (slow, listener):
            gate.gateway.topics.join(conn, "room")
        typing = encode_event("typing")
        assert gate.gateway.topics.publish("room", typing, volatile=True) == 2
        await quick.text()
        link = slow.link
        await until(lambda: link.paused or not slow.emit("bulk", "x" * 50_000))
        waiting = gate.gateway.queue_bytes
        assert waiting > 65_536
        assert gate.gateway.topics.publish("room", typing, volatile=True) == 1
        assert gate.gateway.counters.dropped == 1
        assert await quick.text() == '42["typing"]'
        assert gate.gateway.queue_bytes == waiting


async def test_a_flood_of_events_closes_with_too_fast() -> None:
    started, hold = asyncio.Event(), asyncio.Event()
    async with stage(inbox_limit=5) as gate, gate.raw() as raw, gate.raw() as other:

        @gate.on
        async def hang(conn: Connection) -> None:
            started.set()
            await hold.wait()

        await raw.say('42["hang"]')
        await started.wait()
        for number in range(5):
            await raw.say(f'42["n",{number}]')
        await other.say('421["n"]')
        assert await other.text() == "431[[]]"
        assert not gate.gateway.counters.closed, "five may wait"
        await raw.say('42["n",5]')
        assert await raw.closing() == (CloseCode.TOO_FAST, {"reason": "too_fast"})
        hold.set()
        assert await gate.farewell() == "too_fast"
        assert gate.seen == [("hang", []), ("n", [])], "what waited is dropped"


async def test_a_flood_of_bytes_closes_with_too_fast() -> None:
    hold = asyncio.Event()
    async with stage(inbox_bytes=10_000) as gate, gate.raw() as raw:

        @gate.on
        async def hang(conn: Connection) -> None:
            await hold.wait()

        await raw.say('42["hang"]')
        for _ in range(3):
            await raw.say(f'42["n","{"x" * 4000}"]')
        assert (await raw.closing())[0] == CloseCode.TOO_FAST
        hold.set()


async def test_a_message_may_be_as_big_as_told_and_no_bigger(gate: Stage) -> None:
    async with gate.raw() as raw:
        fits = f'421["{"x" * (65_536 - 7)}"]'
        assert len(fits) == 65_536
        await raw.say(fits)
        assert await raw.text() == "431[[]]"
        await raw.say(fits + " ")
        assert await raw.closing() == (CloseCode.PROTOCOL, {"reason": "message too big"})
    assert await gate.farewell() == "protocol"


async def test_a_message_in_fragments_is_bounded_as_a_whole(gate: Stage) -> None:
    async with gate.raw() as raw, tcp(gate) as (reader, writer):
        writer.write(UPGRADE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(masked(0x81, b"40") + masked(0x01, b'421["a') + masked(0x80, b'b"]'))
        await reader.readuntil(b"431[[]]")
        assert ("ab", []) in gate.seen
        writer.write(masked(0x01, b"x" * 60_000) + masked(0x80, b"x" * 6000))
        await reader.readuntil(b"message too big")
        await raw.say('421["alive"]')
        assert await raw.text() == "431[[]]"


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "2", "2probe", "5", "6", "0{}", "47", '42["a"', "42[1]", '42["connect"]', "4",
     '4511-["a"]', '42/other,["a"]', "42" + "[" * 1000, '43["a"]'],
)  # fmt: skip
async def test_garbage_closes_its_own_socket_only(gate: Stage, text: str) -> None:
    async with gate.raw() as raw, gate.raw() as other:
        await raw.say(text)
        code, _ = await raw.closing()
        assert code == CloseCode.PROTOCOL
        await other.say('421["alive"]')
        assert await other.text() == "431[[]]"


async def test_a_hopeless_client_is_told_not_to_come_back(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.say("garbage")
        assert await raw.text() == "41"


async def test_binary_out_of_place_closes(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.ws.send_bytes(b"what is this")
        assert (await raw.closing())[0] == CloseCode.PROTOCOL
    async with gate.raw() as raw:
        await raw.say('451-["a",{"_placeholder":true,"num":0}]')
        await raw.say('42["b"]')
        assert (await raw.closing())[0] == CloseCode.PROTOCOL
    assert gate.seen == []


@pytest.mark.parametrize(
    "frame",
    [
        bytes((0x81, 2)) + b"40",  # not masked
        masked(0xC1, b"40"),  # a reserved bit
        masked(0x83, b"40"),  # an opcode that is none
        masked(0x09, b""),  # a fragmented control frame
        masked(0x80, b"40"),  # a continuation of nothing
        masked(0x81, b"", length=2**40),
        masked(0x81, b"4\xff\xfe"),
        b"\x00" * 64,
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
async def test_broken_framing_closes(gate: Stage, frame: bytes) -> None:
    async with tcp(gate) as (reader, writer):
        writer.write(UPGRADE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frame)
        got = b""
        while b"\x88" not in got:
            part = await asyncio.wait_for(reader.read(4096), WAIT)
            assert part, "closed without a close frame"
            got += part
        gate.turn(4)  # this client does not answer: cut
        await asyncio.wait_for(reader.read(), WAIT)
    async with gate.raw() as raw:
        await raw.say('421["alive"]')
        assert await raw.text() == "431[[]]"


async def test_bytes_behind_the_upgrade_are_refused(gate: Stage) -> None:
    async with tcp(gate) as (reader, writer):
        writer.write(UPGRADE + masked(0x81, b"40"))
        answer = await asyncio.wait_for(reader.read(), WAIT)
        assert answer.startswith(b"HTTP/1.1 400 ")
    assert gate.gateway.counters.opened == 0


async def test_bytes_that_follow_the_upgrade_closely_are_read(gate: Stage) -> None:
    async with tcp(gate) as (reader, writer):
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        writer.write(UPGRADE)
        await until(lambda: gate.gateway.counters.opened)
        writer.write(masked(0x81, b"40") + masked(0x81, b'421["a"]'))
        await asyncio.wait_for(reader.readuntil(b"431[[]]"), WAIT)


async def test_an_upgrade_behind_an_unanswered_request_is_refused(gate: Stage) -> None:
    async with tcp(gate) as (reader, writer):
        writer.write(b"GET /socket.io/ HTTP/1.1\r\nHost: test\r\n\r\n" + UPGRADE)
        answer = await asyncio.wait_for(reader.read(), WAIT)
        assert b"101 Switching" not in answer
        assert answer.startswith(b"HTTP/1.1 400 ")


async def test_a_socket_after_a_finished_request_is_welcome(gate: Stage) -> None:
    async with tcp(gate) as (reader, writer):
        writer.write(b"GET /socket.io/ HTTP/1.1\r\nHost: test\r\n\r\n")
        await reader.readuntil(b'unknown"}')
        writer.write(UPGRADE)
        assert b"101 Switching" in await reader.readuntil(b"\r\n\r\n")
