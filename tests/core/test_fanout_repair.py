"""Repair that stays cheap: many streams at once, none that spoils the others, no storm."""

from tests.support.clock import turns
from tests.support.stage import OWN, Stage

from tertulia.core.bus import Notice
from tertulia.core.fanout import AWAY_SECONDS, SWEEP_SECONDS
from tertulia.core.filling import (
    PATIENCE_SECONDS,
    READ_AT_ONCE,
    RETRY_SECONDS,
    SLICE,
    STREAMS_AT_ONCE,
    STREAMS_PER_SECOND,
)

ROOM = "room:a"


def rooms(number: int) -> list[str]:
    return [f"room:{n}" for n in range(number)]


async def test_a_bus_that_is_back_is_not_waited_for() -> None:
    """It says that it lost something: the log is asked now, not at the next sweep."""
    async with Stage() as stage:
        socket = await stage.attach()
        stage.log.commit(ROOM)
        stage.bus.lose()
        await stage.clock.advance(2 * PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1]


async def test_a_bus_that_is_away_is_made_up_for_sooner() -> None:
    async with Stage() as stage:
        socket = await stage.attach()
        stage.bus.whole = False
        stage.log.commit(ROOM)
        await stage.clock.advance(AWAY_SECONDS + 2 * PATIENCE_SECONDS)
        assert socket.seqs(ROOM) == [1]
        assert AWAY_SECONDS < SWEEP_SECONDS


async def test_a_hint_is_not_shown_but_followed() -> None:
    """The notice itself was lost on its way; its successor says only that it was there."""
    async with Stage() as stage:
        socket = await stage.attach()
        lost = stage.log.commit(ROOM)
        stage.bus.publish(Notice(ROOM, lost.seq, "", b""))
        await stage.clock.advance(2 * PATIENCE_SECONDS)
        assert [(heard.seq, heard.type) for heard in socket.heard] == [(1, "said")]


async def test_a_notice_of_what_was_never_committed_does_not_occupy_us_for_ever() -> None:
    """Who can publish could otherwise have every node read the log of a stream each second, and
    hold back nothing less than that stream's future."""
    async with Stage() as stage:
        socket = await stage.attach()
        stage.bus.publish(Notice(ROOM, 2**60, "said", b"{}"))
        await stage.clock.advance(20 * RETRY_SECONDS)
        assert stage.log.reads == 1
        stage.commit(ROOM)
        assert socket.seqs(ROOM) == [1]


async def test_a_node_that_is_behind_everywhere_asks_in_few_questions() -> None:
    """Redis was away, and all rooms moved on."""
    names = rooms(10 * STREAMS_AT_ONCE)
    async with Stage(rooms=names) as stage:
        socket = await stage.attach()
        for name in names:
            stage.log.commit(name)
        stage.bus.lose()
        await stage.clock.advance(10 * PATIENCE_SECONDS)
        assert all(socket.seqs(name) == [1] for name in names)
        assert stage.log.reads <= 12
        assert stage.log.widest == STREAMS_AT_ONCE


async def test_readings_are_bounded_however_much_is_missing() -> None:
    names = rooms(STREAMS_AT_ONCE)
    async with Stage(rooms=names) as stage:
        socket = await stage.attach()
        for name in names:
            for _ in range(50):
                stage.log.commit(name)
        stage.bus.lose()
        await stage.clock.advance(10 * PATIENCE_SECONDS)
        assert all(socket.seqs(name) == list(range(1, 51)) for name in names)
        assert stage.log.largest <= READ_AT_ONCE


async def test_one_reading_goes_on_at_a_time() -> None:
    async with Stage(rooms=rooms(500)) as stage:
        await stage.attach()
        for name in rooms(500):
            stage.log.commit(name)
        stage.bus.lose()
        stage.bus.lose()
        await stage.clock.advance(10 * PATIENCE_SECONDS)
        assert stage.log.at_once == 1


async def test_a_stream_that_cannot_be_read_spoils_no_other() -> None:
    names = rooms(20)
    async with Stage(rooms=names) as stage:
        socket = await stage.attach()
        stage.log.poisoned = {names[7]}
        for name in names:
            stage.log.commit(name)
        stage.bus.lose()
        await stage.clock.advance(25 * RETRY_SECONDS)
        assert [name for name in names if socket.seqs(name) != [1]] == [names[7]]
        stage.log.poisoned = set()
        await stage.clock.advance(2 * RETRY_SECONDS)
        assert socket.seqs(names[7]) == [1]


async def test_a_sweep_of_very_many_streams_takes_its_time() -> None:
    """No statement is long and no second is full of them."""
    names = rooms(5 * SLICE)
    async with Stage(rooms=names) as stage:
        await stage.attach()
        await stage.clock.advance(SWEEP_SECONDS)
        before = stage.log.compared
        await stage.clock.advance(SLICE / STREAMS_PER_SECOND)
        assert 0 < stage.log.compared - before <= 2 * SLICE
        assert stage.log.widest_look <= SLICE


async def test_whoever_comes_while_others_wait_is_served_in_a_moment() -> None:
    """Race: the log could not be read for one stream, which waits; another has a hole now."""
    async with Stage(rooms=[ROOM, "room:b"]) as stage:
        socket = await stage.attach()
        stage.log.poisoned = {ROOM}
        stage.log.commit(ROOM)
        stage.commit(ROOM)
        await stage.clock.advance(2 * PATIENCE_SECONDS)
        stage.log.commit("room:b")
        stage.commit("room:b")
        await stage.clock.advance(3 * PATIENCE_SECONDS)
        assert socket.seqs("room:b") == [1, 2]
        await turns()
        assert socket.seqs(OWN) == []


async def test_a_hooks_bug_holds_up_no_other_stream() -> None:
    names = rooms(20)

    def fail(notice: Notice) -> None:
        raise RuntimeError(notice.topic)

    async with Stage(rooms=names, after={"cursed": fail}) as stage:
        socket = await stage.attach()
        stage.log.commit(names[3], "cursed")
        for name in names:
            stage.log.commit(name)
        stage.bus.lose()
        await stage.clock.advance(3 * RETRY_SECONDS)
        assert socket.seqs(names[3]) == [1, 2]
        assert all(socket.seqs(name) == [1] for name in names if name != names[3])
