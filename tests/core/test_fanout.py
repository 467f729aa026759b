"""From the bus to sockets: in order, each once, nothing missing (E3, W2, W4)."""

import asyncio

from tests.support.clock import turns
from tests.support.stage import OWN, Heard, Socket, Stage, told

from tertulia.core.bus import Notice
from tertulia.core.fanout import HELD, SWEEP_SECONDS
from tertulia.core.filling import PATIENCE_SECONDS, READ, RETRY_SECONDS

ROOM = "room:a"
OTHER = "room:b"


async def test_events_come_as_they_are_committed() -> None:
    async with Stage(rooms=[ROOM, OTHER]) as stage:
        socket = await stage.attach()
        stage.commit(ROOM)
        stage.commit(OTHER)
        stage.commit(ROOM)
        assert socket.heard == [
            Heard(ROOM, 1, "said"),
            Heard(OTHER, 1, "said"),
            Heard(ROOM, 2, "said"),
        ]
        assert socket.volatile == [False] * 3


async def test_what_comes_twice_is_heard_once() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        first = stage.log.commit(ROOM)
        stage.bus.publish(first)
        stage.bus.publish(first)
        stage.commit(ROOM)
        stage.bus.publish(first)
        assert socket.seqs(ROOM) == [1, 2]


async def test_what_comes_swapped_is_put_in_order_without_the_log() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        notices = [stage.log.commit(ROOM) for _ in range(4)]
        for notice in (notices[1], notices[3], notices[0], notices[2]):
            stage.bus.publish(notice)
        await stage.clock.advance(PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1, 2, 3, 4]
        assert stage.log.reads == 0


async def test_a_hole_is_filled_from_the_log_after_a_moment() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)  # lost on its way
        stage.commit(ROOM)
        await stage.clock.advance(PATIENCE_SECONDS / 2)
        assert socket.heard == []
        await stage.clock.advance(PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1, 2]
        assert stage.fanout.repairs == 1


async def test_holes_in_one_stream_hold_no_other_back() -> None:
    async with Stage(rooms=[ROOM, OTHER]) as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)
        stage.commit(ROOM)
        stage.commit(OTHER)
        assert socket.heard == [Heard(OTHER, 1, "said")]


async def test_silence_is_repaired_by_the_sweep() -> None:
    """A node that died between commit and publish leaves no hole to notice."""
    async with Stage() as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)
        stage.log.commit(OWN)
        await stage.clock.advance(SWEEP_SECONDS + 2 * PATIENCE_SECONDS)
        assert sorted(socket.heard) == [Heard(OWN, 1, "said"), Heard(ROOM, 1, "said")]


async def test_a_quiet_node_does_not_read_events() -> None:
    async with Stage() as stage:
        await stage.attach()
        stage.commit(ROOM)
        await stage.clock.advance(10 * SWEEP_SECONDS)
        assert stage.log.reads == 0


async def test_a_hole_larger_than_one_reading_is_filled_whole() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        for _ in range(2 * READ + 10):
            stage.log.commit(ROOM)
        stage.commit(ROOM)
        await stage.clock.advance(5 * RETRY_SECONDS)
        assert socket.seqs(ROOM) == list(range(1, 2 * READ + 12))


async def test_a_long_silence_is_repaired_whole() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        for _ in range(2 * READ + 10):
            stage.log.commit(ROOM)
        await stage.clock.advance(SWEEP_SECONDS + 5 * RETRY_SECONDS)
        assert socket.seqs(ROOM) == list(range(1, 2 * READ + 11))


async def test_what_waits_behind_a_hole_is_bounded() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)
        stage.log.broken = True
        for _ in range(3 * HELD):
            stage.commit(ROOM)
        held = stage.fanout._topics[ROOM].held  # pyright: ignore[reportPrivateUsage]
        assert len(held) == HELD
        stage.log.broken = False
        await stage.clock.advance(20 * SWEEP_SECONDS)
        assert socket.seqs(ROOM) == list(range(1, 3 * HELD + 2))


async def test_a_log_that_cannot_be_read_is_asked_again() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)
        stage.log.broken = True
        stage.commit(ROOM)
        await stage.clock.advance(3 * SWEEP_SECONDS)
        assert socket.heard == []
        stage.log.broken = False
        await stage.clock.advance(2 * RETRY_SECONDS)
        assert socket.seqs(ROOM) == [1, 2]


async def test_ephemera_pass_at_once_and_may_be_dropped() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)
        stage.commit(ROOM)  # behind a hole
        stage.bus.publish(told(ROOM, 0, "typing"))
        assert socket.heard == [Heard(ROOM, 0, "typing")]
        assert socket.volatile == [True]


# Hooks


class Hook:
    """Waits until let go; fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: list[int] = []
        self.failures = failures
        self._open = asyncio.Event()

    def let_go(self) -> None:
        self._open.set()

    async def before(self, notice: Notice) -> None:
        self.calls.append(notice.seq)
        await self._open.wait()
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is away")


async def test_a_hook_before_holds_its_stream_back_and_no_other() -> None:
    hook = Hook()
    async with Stage(before={"joined": hook.before}, rooms=[ROOM, OTHER]) as stage:
        socket = await stage.attach()
        stage.commit(ROOM, "joined")
        stage.commit(ROOM)
        stage.commit(OTHER)
        await turns()
        assert socket.heard == [Heard(OTHER, 1, "said")]
        hook.let_go()
        await turns()
        assert socket.seqs(ROOM) == [1, 2]
        assert hook.calls == [1]


async def test_a_hook_that_fails_is_tried_again_and_nothing_overtakes() -> None:
    hook = Hook(failures=2)
    hook.let_go()
    async with Stage(before={"joined": hook.before}) as stage:
        socket = await stage.attach()
        stage.commit(ROOM, "joined")
        stage.commit(ROOM)
        await turns()
        assert socket.heard == []
        await stage.clock.advance(3 * RETRY_SECONDS)
        assert socket.seqs(ROOM) == [1, 2]
        assert hook.calls == [1, 1, 1]


async def test_a_hole_behind_a_hook_is_filled_too() -> None:
    hook = Hook()
    async with Stage(before={"joined": hook.before}) as stage:
        socket = await stage.attach()
        stage.commit(ROOM, "joined")
        stage.log.commit(ROOM)  # lost
        stage.commit(ROOM)
        await stage.clock.advance(PATIENCE_SECONDS)
        hook.let_go()
        await stage.clock.advance(2 * PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1, 2, 3]


async def test_a_hook_after_runs_right_behind_its_event() -> None:
    heard_then: list[int] = []

    def after(notice: Notice) -> None:
        heard_then.append(len(sockets[0].heard))

    sockets: list[Socket] = []
    async with Stage(after={"left": after}) as stage:
        sockets.append(await stage.attach())
        stage.commit(ROOM)
        stage.commit(ROOM, "left")
        stage.commit(ROOM)
        assert heard_then == [2]


async def test_a_hook_of_a_stream_that_was_left_meanwhile_delivers_nothing() -> None:
    """Its person reconnected: what the old life of the stream held back is behind their `hello`,
    and its hooks would act on a past that is over."""
    hook = Hook()
    acted: list[int] = []
    async with Stage(
        before={"joined": hook.before}, after={"left": lambda notice: acted.append(notice.seq)}
    ) as stage:
        first = await stage.attach()
        stage.commit(ROOM, "joined")
        stage.commit(ROOM, "left")
        await turns()
        stage.leave(first)
        second = await stage.attach()
        assert second.hello[ROOM] == 2
        hook.let_go()
        await turns()
        stage.commit(ROOM)
        assert second.seqs(ROOM) == [3]
        assert acted == []
