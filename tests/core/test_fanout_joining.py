"""Sockets that join and leave streams while events go by (W2, W4)."""

from typing import cast

import pytest
from tests.support.stage import OWN, Socket, Stage, told

from tertulia.core.filling import PATIENCE_SECONDS
from tertulia.core.gateway import Connection
from tertulia.core.replay import Standing

ROOM = "room:a"
OTHER = "room:b"


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
        await stage.clock.advance(PATIENCE_SECONDS)
        told_at_hello = list(range(1, socket.hello[ROOM] + 1))
        assert [seq for seq in socket.seqs(ROOM) if seq > socket.hello[ROOM]] == [
            seq for seq in (1, 2) if seq not in told_at_hello
        ]
        assert stage.log.head(ROOM) == 2


async def test_a_socket_asks_once_and_the_log_tells_the_rest() -> None:
    """Race: said after the snapshot, before this node listened, and silence since. Not even the
    sweep is waited for; and a crowd of joiners costs one look at the log, not one each."""
    async with Stage() as stage:
        loads = 0

        async def load() -> dict[str, int]:
            nonlocal loads
            loads += 1
            heads = await stage.load()
            if loads == 1:
                stage.commit(ROOM)
            return heads

        socket = await stage.attach(load)
        assert (loads, socket.hello[ROOM]) == (1, 0)
        await stage.clock.advance(PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1]


async def test_who_is_sent_away_while_joining_gets_nothing_more() -> None:  # W4
    """Race: the membership ends between the snapshot and our listening to the room."""
    async with Stage(after={"left": lambda _: stage.fanout.send_away(OWN, ROOM)}) as stage:
        loads = 0

        async def load() -> dict[str, int]:
            nonlocal loads
            loads += 1
            heads = await stage.load()
            if loads == 1:
                stage.commit(ROOM, "left")
                stage.commit(ROOM)
            return heads

        socket = await stage.attach(load)
        await stage.clock.advance(PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1]


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
        await stage.somebody_else(ROOM)
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
        await stage.somebody_else(ROOM)
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
        await stage.somebody_else(ROOM)

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
        staying = await stage.somebody_else(ROOM)
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


async def test_what_is_said_while_somebody_comes_back_is_sent_with_what_they_missed() -> None:
    """Race: delivered to others between the reading and the joining, so it comes live no more."""
    async with Stage() as stage:
        await stage.somebody_else(ROOM)
        stage.commit(ROOM)
        known = {OWN: 0, ROOM: 0}

        async def stand() -> Standing:
            standing = await stage.stand(known)
            stage.commit(ROOM)
            return standing

        socket = await stage.resume(known, stand)
        assert (socket.hello[ROOM], socket.replayed) == (2, [ROOM])
        stage.commit(ROOM)
        assert socket.seqs(ROOM) == [1, 2, 3]
