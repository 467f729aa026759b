"""The bus over a Redis that is slow, gone, emptied, or written to by somebody else."""

import asyncio
import pickle
import time
from collections.abc import AsyncIterator, Callable

import pytest
from tests.support.redis import RedisServer, remote_bus, running_redis

from tertulia.core.bus import Notice
from tertulia.core.bus.remote import BusAway, RedisBus
from tertulia.core.bus.wire import Unsealed, Wire

ROOM = "room:a"
PATIENCE = 10.0  # seconds


def said(seq: int, topic: str = ROOM, size: int = 2) -> Notice:
    return Notice(topic, seq, "test.said", b"x" * size)


class Node:
    """A bus, and what its listener was told. Losses are None."""

    def __init__(self, bus: RedisBus) -> None:
        self.bus = bus
        self.told: list[Notice | None] = []
        self._news = asyncio.Event()
        bus.listen(self._hear, lambda: self._hear(None))

    def _hear(self, what: Notice | None) -> None:
        self.told.append(what)
        self._news.set()

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not wanted():
                self._news.clear()
                await self._news.wait()

    async def until_seq(self, seq: int) -> None:
        await self.until(lambda: any(told is not None and told.seq == seq for told in self.told))

    async def until_lost(self, times: int) -> None:
        await self.until(lambda: self.losses >= times)

    @property
    def seqs(self) -> list[int]:
        return [told.seq for told in self.told if told is not None]

    @property
    def losses(self) -> int:
        return self.told.count(None)


Make = Callable[[str], Node]


async def comes_true(condition: Callable[[], bool]) -> None:
    """Of what nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Node] = []

    def one_more(url: str) -> Node:
        made.append(Node(remote_bus(url)))
        return made[-1]

    yield one_more
    for node in made:
        await node.bus.close()


async def pair(make: Make, url: str) -> tuple[Node, Node]:
    """Who speaks and who listens, both connected."""
    speaker, listener = make(url), make(url)
    await listener.bus.subscribe([ROOM])
    speaker.bus.publish(said(1))
    await listener.until_seq(1)
    return speaker, listener


# Own notices


async def test_a_nodes_own_notice_is_there_at_once_and_once(
    make: Make, redis_server: RedisServer
) -> None:
    speaker, listener = await pair(make, redis_server.url)
    await speaker.bus.subscribe([ROOM])
    speaker.bus.publish(said(2))
    assert speaker.seqs == [2]
    listener.bus.publish(said(3))
    await speaker.until_seq(3)  # behind the echo of 2
    assert speaker.seqs.count(2) == 1


async def test_a_nodes_own_notices_need_no_redis(make: Make) -> None:
    node = make("redis://127.0.0.1:1")
    await node.bus.subscribe([ROOM])
    node.bus.publish(said(1))
    assert node.seqs == [1]


# What is asked of Redis


async def test_redis_is_asked_only_for_what_is_listened_to(
    make: Make, redis_server: RedisServer
) -> None:
    node = make(redis_server.url)
    await node.bus.subscribe(["room:a", "room:b", "account:c"])
    node.bus.unsubscribe("room:b")
    await node.bus.subscribe(["room:d"])  # behind the leaving
    channels = redis_server.ask("PUBSUB", "CHANNELS", "*")
    assert sorted(line for line in channels if line.startswith("tertulia:")) == [
        "tertulia:account:c",
        "tertulia:room:a",
        "tertulia:room:d",
    ]


async def test_who_leaves_and_comes_back_in_one_breath_hears_on(
    make: Make, redis_server: RedisServer
) -> None:
    speaker, listener = await pair(make, redis_server.url)
    listener.bus.unsubscribe(ROOM)
    await listener.bus.subscribe([ROOM])
    speaker.bus.publish(said(2))
    await listener.until_seq(2)


async def test_a_second_subscriber_waits_for_the_first_ones_answer(
    make: Make, redis_server: RedisServer
) -> None:
    """Race: the topic is asked for and not yet heard; a snapshot taken now would miss what comes
    before Redis has answered."""
    speaker, listener = await pair(make, redis_server.url)
    first = asyncio.create_task(listener.bus.subscribe(["room:z"]))
    await asyncio.sleep(0)
    await listener.bus.subscribe(["room:z"])
    speaker.bus.publish(said(9, "room:z"))
    await listener.until_seq(9)
    await first


# Hostile


def forgeries() -> list[bytes]:
    stranger = Wire("another secret altogether, as long", b"stranger")
    kin = Wire("the nodes of one server share this", b"a friend")
    honest = kin.pack(said(7))
    return [
        b"",
        b"\x01",
        b"hello",
        pickle.dumps({"method": "emit", "event": "message"}),
        b'{"seq":1,"type":"message.sent","body":"x"}',
        stranger.pack(said(7)),
        kin.pack(said(7, "room:b")),  # sealed for another room
        b"\x02" + honest[1:],  # another version
        honest[:-1],
        honest[:-1] + bytes([honest[-1] ^ 1]),
        honest + b"\x00",
    ]


@pytest.mark.parametrize("payload", forgeries())
def test_what_no_node_sealed_is_not_understood(payload: bytes) -> None:
    with pytest.raises(Unsealed):
        Wire("the nodes of one server share this", b"ourselve").unpack(ROOM, payload)


async def test_garbage_in_a_channel_is_dropped_and_counted(
    make: Make, redis_server: RedisServer
) -> None:
    speaker, listener = await pair(make, redis_server.url)
    heard = 0
    while heard < 3:  # Redis says how many it told: on a busy machine a link may be new just now
        garbage = "cos\nsystem\n(S'id'\ntR."
        [told] = redis_server.ask("PUBLISH", f"tertulia:{ROOM}", garbage)
        heard += int(told.removeprefix(":"))
        await asyncio.sleep(0)
    await comes_true(lambda: listener.bus.counters.refused == heard)
    speaker.bus.publish(said(2))
    await listener.until_seq(2)
    assert listener.seqs == [1, 2]
    assert listener.bus.counters.refused == heard


async def test_what_is_no_redis_is_left_alone(make: Make) -> None:
    """A URL that leads to something else: no crash, no wait, away."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        node = make(f"redis://127.0.0.1:{port}")
        await node.bus.subscribe([ROOM])
        node.bus.publish(said(1))
        with pytest.raises(BusAway):
            await node.bus.probe()


# Away


async def test_a_cut_connection_comes_back_and_says_so(
    make: Make, redis_server: RedisServer
) -> None:
    speaker, listener = await pair(make, redis_server.url)
    before = listener.losses
    redis_server.ask("CLIENT", "KILL", "TYPE", "pubsub")
    await listener.until_lost(before + 1)
    speaker.bus.publish(said(2))
    await listener.until_seq(2)


async def test_what_found_no_room_is_hinted_at_when_there_is_room_again(make: Make) -> None:
    with running_redis() as redis:
        speaker, listener = await pair(make, redis.url)
        with redis.frozen():
            for seq in range(10, 300):
                speaker.bus.publish(said(seq, size=64 * 1024))
                await asyncio.sleep(0)
            assert speaker.bus.counters.dropped > 0
        await listener.until(lambda: Notice(ROOM, 299, "", b"") in listener.told)


async def test_what_was_said_while_redis_was_gone_is_hinted_at_afterwards(make: Make) -> None:
    """Its words are in the log; that there are words is what others must hear."""
    with running_redis() as redis:
        speaker, listener = await pair(make, redis.url)
        redis.kill()
        for seq in (2, 3):
            speaker.bus.publish(said(seq))
        # The attempt that gathered them fails.
        await comes_true(lambda: speaker.bus.counters.dropped == 2)
        await comes_true(lambda: not listener.bus.whole)
        before = listener.losses
        redis.start()
        # Whoever is back first: the listener hears the hint, or looks for itself.
        hint = Notice(ROOM, 3, "", b"")
        await listener.until(lambda: hint in listener.told or listener.losses > before)
        await listener.until_lost(before + 1)
        speaker.bus.publish(said(4))
        await listener.until_seq(4)
        assert listener.bus.whole


async def test_a_redis_that_comes_late_is_found(make: Make) -> None:
    with running_redis() as redis:
        redis.kill()
        node, other = make(redis.url), make(redis.url)
        began = time.monotonic()
        await node.bus.subscribe([ROOM])
        assert time.monotonic() - began < 0.5
        redis.start()
        await node.until_lost(1)
        other.bus.publish(said(1))
        await node.until_seq(1)
        await comes_true(lambda: node.bus.is_well)
        await node.bus.probe()


async def test_a_hung_redis_holds_nobody_up(make: Make) -> None:
    with running_redis() as redis:
        speaker, listener = await pair(make, redis.url)
        with redis.frozen():
            began = time.monotonic()
            for seq in range(1_000):
                speaker.bus.publish(said(seq + 10))
            assert time.monotonic() - began < 2.0  # a machine with other work; 6 ms alone
            began = time.monotonic()
            await listener.bus.subscribe(["room:b"])
            assert 0.2 < time.monotonic() - began < 1.5
            await comes_true(lambda: not listener.bus.whole)
        await listener.until_lost(2)
        speaker.bus.publish(said(5_000, "room:b"))
        await listener.until_seq(5_000)


async def test_what_waits_for_a_hung_redis_is_bounded(make: Make) -> None:
    with running_redis() as redis:
        speaker, _ = await pair(make, redis.url)
        with redis.frozen():
            for seq in range(1_000):
                speaker.bus.publish(said(seq + 10, size=64 * 1024))
                await asyncio.sleep(0)
            assert speaker.bus.counters.dropped > 800


async def test_many_topics_come_back_through_a_small_output_buffer(make: Make) -> None:
    """Redis answers each channel of a subscription: thousands at once would fill the buffer it
    grants us, and it would cut us off, for ever again."""
    with running_redis("--client-output-buffer-limit", "pubsub 32kb 0 0") as redis:
        speaker, listener = make(redis.url), make(redis.url)
        topics = [f"room:{number}" for number in range(20_000)]
        await listener.bus.subscribe(topics)
        await comes_true(lambda: listener.bus.whole)
        before = listener.losses
        redis.ask("CLIENT", "KILL", "TYPE", "pubsub")
        await listener.until_lost(before + 1)
        speaker.bus.publish(said(1, topics[-1]))
        await listener.until_seq(1)
        assert listener.bus.counters.connected == 3  # two at first, and one after that cut


async def test_a_wrong_password_is_away_and_not_in_the_log(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_redis("--requirepass", "olive-branches") as redis:
        wrong = make(redis.url.replace("unix://", "unix://:hunter2@"))
        await wrong.bus.subscribe([ROOM])
        with pytest.raises(BusAway):
            await wrong.bus.probe()
        right = make(redis.url.replace("unix://", "unix://:olive-branches@"))
        await right.bus.subscribe([ROOM])
        await right.until_lost(1)
        await comes_true(lambda: right.bus.is_well)  # it hears before it speaks
        await right.bus.probe()
    assert "hunter2" not in capsys.readouterr().out
