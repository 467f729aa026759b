"""From the bus to sockets: in order, each once, nothing missing (E3, W2, W4)."""

import asyncio
from typing import cast

import pytest
from tests.support.clock import turns
from tests.support.stage import OWN, Heard, Socket, Stage, told

from tertulia.core.bus import Notice
from tertulia.core.fanout import HELD, PATIENCE_SECONDS, READ, RETRY_SECONDS, SWEEP_SECONDS
from tertulia.core.gateway import Connection

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


# Joining and leaving


async def test_hello_tells_the_heads_and_later_events_follow() -> None:  # W2
    async with Stage() as stage:
        stage.commit(ROOM)
        stage.commit(ROOM)
        socket = await stage.attach()
        assert socket.hello == {OWN: 0, ROOM: 2}
        stage.commit(ROOM)
        assert socket.seqs(ROOM) == [3]


@pytest.mark.parametrize("others", [0, 1])
async def test_what_is_committed_while_a_socket_joins_is_not_lost(others: int) -> None:
    """After the snapshot was read and before the socket listens. Once if nobody listened to the
    stream yet, and once if somebody did."""
    async with Stage() as stage:
        for _ in range(others):
            await stage.attach()
        loads = 0

        async def load() -> dict[str, int]:
            nonlocal loads
            heads = await stage.load()
            if loads == 0:
                stage.commit(ROOM)
            loads += 1
            return heads

        socket = await stage.attach(load)
        stage.commit(ROOM)
        told_at_hello = list(range(1, socket.hello[ROOM] + 1))
        assert [seq for seq in socket.seqs(ROOM) if seq > socket.hello[ROOM]] == [
            seq for seq in (1, 2) if seq not in told_at_hello
        ]
        assert stage.log.head(ROOM) == 2


async def test_an_unpublished_event_is_not_hidden_by_hello() -> None:
    """The node listens already, but is behind."""
    async with Stage() as stage:
        early = await stage.attach()
        lost = stage.log.commit(ROOM)
        late = await stage.attach()
        stage.bus.publish(lost)
        stage.commit(ROOM)
        assert early.seqs(ROOM) == [1, 2]
        assert [seq for seq in late.seqs(ROOM) if seq > late.hello[ROOM]] == [2]
        assert late.hello[ROOM] == 1


async def test_a_membership_that_changed_while_joining_is_read_again() -> None:
    """My own stream moved on after the snapshot: it may have told of a room I joined or left."""
    async with Stage(rooms=[ROOM]) as stage:
        await stage.attach()
        loads = 0

        async def load() -> dict[str, int]:
            nonlocal loads
            loads += 1
            heads = await stage.load()
            if loads == 1:
                stage.rooms.append(OTHER)
                stage.log.events[OTHER] = []
                stage.commit(OWN, "room.joined")
            return heads

        socket = await stage.attach(load)
        assert set(socket.hello) == {OWN, ROOM, OTHER}
        stage.commit(OTHER)
        assert socket.seqs(OTHER) == [1]


async def test_who_left_while_joining_hears_nothing_after_member_left() -> None:  # W4
    """The room's `member.left` came, that of my own stream got lost: the snapshot still says that
    I am in, and only the room's stream knows better."""
    stage = Stage(after={"member.left": lambda notice: stage.fanout.send_away(OWN, notice.topic)})
    async with stage:
        await stage.attach()
        await somebody_else(stage)
        loads = 0

        async def load() -> dict[str, int]:
            nonlocal loads
            loads += 1
            heads = await stage.load()
            if loads == 1:
                stage.log.commit(OWN, "room.left")  # lost on its way
                stage.commit(ROOM, "member.left")
                stage.rooms.remove(ROOM)
            return heads

        socket = await stage.attach(load)
        stage.commit(ROOM)
        assert ROOM not in socket.hello
        assert socket.seqs(ROOM) == []


async def somebody_else(stage: Stage) -> Socket:
    """A socket of another person, who is in ROOM too."""
    socket = Socket()

    async def load() -> dict[str, int]:
        return {"account:you": 0, ROOM: stage.log.head(ROOM)}

    await stage.fanout.attach(cast("Connection", socket), "account:you", load)
    return socket


async def test_all_sockets_of_a_person_are_brought_into_a_new_room() -> None:
    async with Stage(rooms=[]) as stage:
        sockets = [await stage.attach() for _ in range(2)]
        stage.log.commit(ROOM)
        await stage.bring(ROOM)
        stage.commit(ROOM)
        assert [socket.seqs(ROOM) for socket in sockets] == [[2], [2]]


async def test_who_is_out_again_is_not_brought_in() -> None:  # W4
    """`room.joined` came late: the room's stream went past my leaving long ago."""
    async with Stage(rooms=[]) as stage:
        socket = await stage.attach()
        await somebody_else(stage)
        stage.commit(ROOM, "member.joined")
        stage.commit(ROOM, "member.left")
        await stage.bring(ROOM, may_hear=False)
        stage.commit(ROOM)
        assert socket.seqs(ROOM) == []


async def test_who_leaves_while_being_brought_in_stays_out() -> None:  # W4
    stage = Stage(
        rooms=[], after={"member.left": lambda notice: stage.fanout.send_away(OWN, notice.topic)}
    )
    async with stage:
        socket = await stage.attach()
        await somebody_else(stage)

        async def load() -> int:
            head = stage.log.head(ROOM)
            stage.commit(ROOM, "member.left")
            return head

        await stage.fanout.bring(OWN, ROOM, load)
        stage.commit(ROOM)
        assert socket.seqs(ROOM) == []


async def test_who_is_sent_away_hears_nothing_more() -> None:  # W4
    async with Stage() as stage:
        socket = await stage.attach()
        stage.commit(ROOM)
        stage.fanout.send_away(OWN, ROOM)
        stage.commit(ROOM)
        stage.bus.publish(told(ROOM, 0, "typing"))
        assert socket.seqs(ROOM) == [1]
        stage.commit(OWN)
        assert socket.seqs(OWN) == [1]


async def test_who_stays_hears_on_when_others_are_sent_away() -> None:
    """Sent away by the very event that names them, which they still hear."""
    stage = Stage(after={"member.left": lambda notice: stage.fanout.send_away(OWN, notice.topic)})
    async with stage:
        leaving = await stage.attach()
        staying = await somebody_else(stage)
        for type_ in ("said", "member.left", "said"):
            stage.commit(ROOM, type_)
        assert leaving.seqs(ROOM) == [1, 2]
        assert staying.seqs(ROOM) == [1, 2, 3]


async def test_a_stream_nobody_listens_to_is_forgotten() -> None:
    async with Stage() as stage:
        one, other = await stage.attach(), await stage.attach()
        stage.leave(one)
        assert stage.followed == {OWN, ROOM}
        stage.leave(other)
        assert stage.followed == set()
        stage.commit(ROOM)
        assert other.seqs(ROOM) == []


async def test_a_join_that_fails_leaves_nothing_behind() -> None:
    async with Stage() as stage:

        async def load() -> dict[str, int]:
            raise ConnectionError("the database is away")

        with pytest.raises(ConnectionError):
            await stage.attach(load)
        assert stage.followed == set()


async def test_a_socket_gone_before_it_joined_leaves_nothing_behind() -> None:
    async with Stage() as stage:
        socket = Socket()
        socket.gone = "closed"
        await stage.fanout.attach(cast("Connection", socket), OWN, stage.load)
        assert stage.followed == set()
