"""What a client missed comes right behind `hello` (W13): all of it, once, in order, and to nobody
whom it does not concern."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from tests.support.clock import HandClock
from tests.support.node import Listener, Running, running_node
from tests.support.queries import count
from tests.support.world import Person

from tertulia.core.gateway.settings import GatewaySettings
from tertulia.core.replay import BYTES, PER_STREAM
from tertulia.core.sockets import HEADS
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import ChangeProfile
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing

CROWD = 30


pytestmark = pytest.mark.usefixtures("no_labour")


@pytest.fixture
async def here(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock) as running:
        yield running


@pytest.fixture
async def there(dsn: str, clock: HandClock, here: Running) -> AsyncIterator[Running]:
    """Another node on the same database, which hears nothing of the first one but from the log."""
    async with running_node(dsn, clock, seed=2) as running:
        yield running


@pytest.fixture
async def alice(here: Running) -> Person:
    return await here.world.person("alice")


@pytest.fixture
async def bob(here: Running) -> Person:
    return await here.world.person("bob")


async def heads_of(running: Running, who: Person) -> dict[str, int]:
    """What a client holds that saw everything until now."""
    listener = await running.listen(who)
    heads = (await greeting(listener))["heads"]
    await listener.hang_up()
    return heads


async def greeting(listener: Listener) -> Any:
    return await listener.until(lambda name, _: name == "hello")


async def flood(running: Running, who: Person, room: Any, count: int, text: str = "x") -> None:
    drafts = [SendMessage(client_id=running.world.ids.uuid7(), text=text) for _ in range(count)]
    outgoing = [Outgoing(who.actor, room, draft) for draft in drafts]
    await running.world.db.write(lambda tx: messages.send_all(tx, outgoing))


async def test_nothing_is_missed_and_nothing_doubled_across_two_nodes(
    here: Running, there: Running, alice: Person, bob: Person
) -> None:
    room, quiet = await here.world.channel(alice, bob), await here.world.channel(alice, bob)
    other, stream = f"room:{quiet}", f"room:{room}"
    heads = await heads_of(here, bob)
    for n in range(5):
        await here.world.say(alice, room, f"missed {n}")
    await here.world.write(accounts.change_profile, bob, ChangeProfile(status_text="away"))
    his = await there.listen(bob, resume=True, heads=heads)
    hello = await greeting(his)
    assert hello["replayed"] == [bob.stream, other, stream]
    await there.world.say(alice, room, "live")
    await his.until_said("live")
    assert his.told[0][0] == "hello"
    assert his.seqs(stream) == list(
        range(heads[stream] + 1, heads[stream] + len(his.seqs(stream)) + 1)
    )
    texts = [data["data"]["message"]["body"]["text"] for name, data in his.told
             if name == "message.sent"]  # fmt: skip
    assert texts == [*(f"missed {n}" for n in range(5)), "live"]
    own = [data["type"] for name, data in his.told
           if name != "hello" and data.get("stream") == bob.stream]  # fmt: skip
    assert own == ["account.changed"]
    assert his.seqs(other) == [heads[other] + 1]  # `member.changed`


async def test_what_comes_is_what_the_log_says_today(
    here: Running, alice: Person, bob: Person
) -> None:  # E4
    room = await here.world.channel(alice, bob)
    heads = await heads_of(here, bob)
    said = await here.world.say(alice, room, "a slip")
    await here.world.write(messages.delete, alice, room, said.id)
    his = await here.listen(bob, resume=True, heads=heads)
    await his.until(lambda name, _: name == "message.deleted")
    path = f"/api/v1/rooms/{room}/events?after={heads[f'room:{room}']}"
    fetched = (await here.request(bob, "GET", path)).json()["events"]
    assert [data for name, data in his.told if name.startswith("message.")] == fetched
    assert "a slip" not in str(his.told)


async def test_who_is_not_behind_gets_nothing(here: Running, alice: Person, bob: Person) -> None:
    await here.world.channel(alice, bob)
    his = await here.listen(bob, resume=True, heads=await heads_of(here, bob))
    assert (await greeting(his))["replayed"] == []
    await here.world.channel(alice, bob)
    await his.until(lambda name, _: name == "room.joined")
    assert [name for name, _ in his.told if name not in ("presence", "presences")][:2] == [
        "hello",
        "room.joined",
    ]


@pytest.mark.parametrize("count", [PER_STREAM, PER_STREAM + 1])
async def test_who_is_too_far_behind_is_told_to_fetch(
    here: Running, alice: Person, bob: Person, count: int
) -> None:
    room = await here.world.channel(alice, bob)
    stream = f"room:{room}"
    heads = await heads_of(here, bob)
    await flood(here, alice, room, count)
    his = await here.listen(bob, resume=True, heads=heads)
    hello = await greeting(his)
    assert hello["heads"][stream] == heads[stream] + count
    await here.world.say(alice, room, "live")
    await his.until_said("live")
    short = count <= PER_STREAM
    assert hello["replayed"] == ([stream] if short else [])
    assert len(his.seqs(stream)) == (count + 1 if short else 1)


async def test_the_bytes_of_one_client_have_a_bound(
    here: Running, alice: Person, bob: Person
) -> None:
    rooms = [await here.world.channel(alice, bob) for _ in range(4)]
    heads = await heads_of(here, bob)
    for room in rooms:
        await flood(here, alice, room, 20, "y" * 4_000)
    hello = await greeting(await here.listen(bob, resume=True, heads=heads))
    assert len(hello["replayed"]) == BYTES // (20 * 4_400) < len(rooms)
    assert GatewaySettings().outbox_limit >= 2 * BYTES


OUTSIDERS = ["stranger", "left", "removed", "banned"]


@pytest.mark.parametrize("how", OUTSIDERS)
async def test_who_is_not_in_a_room_learns_nothing_of_it(
    here: Running, there: Running, alice: Person, bob: Person, how: str
) -> None:  # C6
    room = await here.world.channel(alice, *([] if how == "stranger" else [bob]))
    stream, nowhere = f"room:{room}", f"room:{here.world.ids.uuid7()}"
    before = (await heads_of(here, alice))[stream]
    if how == "left":
        await here.world.write(members.leave, bob, room)
    elif how == "removed":
        await here.world.write(members.remove, alice, room, bob.id)
    elif how == "banned":
        await here.world.write(members.ban, alice, room, Ban(account_id=bob.id))
    await here.world.say(alice, room, "a secret")
    mine = {bob.stream}
    for running in (here, there):
        listening = await running.listen(alice)  # so that the node follows the room
        foreign = {stream: before, nowhere: 3, alice.stream: 1}
        his = await running.listen(bob, resume=True, heads=foreign)
        hello = await greeting(his)
        assert (set(hello["heads"]), hello["replayed"]) == (mine, [])
        other = await running.world.channel(alice)
        await running.world.say(alice, room, "more secrets")
        await listening.until_said("more secrets")
        await running.world.write(members.add, alice, other, [bob.id])
        await his.until(lambda name, _: name == "room.joined")
        streams = {data.get("stream") for name, data in his.told if name != "hello"}
        mine |= {f"room:{other}"}
        assert streams <= {*mine, None}
        assert "secret" not in str(his.told)


async def test_who_was_away_from_a_room_gets_nothing_from_then(
    here: Running, alice: Person, bob: Person
) -> None:  # L4, S3
    """Left and back: what was said in between was never theirs to hear."""
    room = await here.world.channel(alice, bob)
    stream = f"room:{room}"
    heads = await heads_of(here, bob)
    await here.world.write(members.leave, bob, room)
    await here.world.say(alice, room, "about bob")
    await here.world.write(members.add, alice, room, [bob.id])
    await here.world.say(alice, room, "welcome back")
    his = await here.listen(bob, resume=True, heads=heads)
    hello = await greeting(his)
    assert hello["replayed"] == [bob.stream]
    assert hello["heads"][stream] > heads[stream]
    await here.world.say(alice, room, "live")
    await his.until_said("live")
    assert "about bob" not in str(his.told)
    assert [name for name, _ in his.told if name.startswith("room.")] == [
        "room.left",
        "room.joined",
    ]


BAD: dict[str, Any] = {
    "nothing": None,
    "a list": [["room", 1]],
    "text": "room:1",
    "negative": {"{}": -1},
    "a fraction": {"{}": 1.5},
    "words": {"{}": "1"},
    "true": {"{}": True},
    "beyond our integers": {"{}": 2**62 + 1},
    "an endless name": {"{}": 1, "x" * 65: 1},
    "too many": {"{}": 1, **{f"room:{n}": 1 for n in range(HEADS)}},
    "from the future": {"{}": 2**62},
    "no stream": {"room": 1, "": 0, "account:": 0, "room:x": 4, "\0": 1},
}


@pytest.mark.parametrize("what", BAD)
async def test_heads_that_cannot_be_are_as_if_they_were_not_told(
    here: Running, alice: Person, bob: Person, what: str
) -> None:
    room = await here.world.channel(alice, bob)
    stream = f"room:{room}"
    told = msgspec.json.decode(msgspec.json.encode(BAD[what]).replace(b"{}", stream.encode()))
    his = await here.listen(bob, resume=True, heads=told)
    hello = await greeting(his)
    assert (hello["replayed"], hello["heads"].keys()) == ([], {bob.stream, stream})
    await here.world.say(alice, room, "live")
    await his.until_said("live")
    assert his.seqs(stream) == [hello["heads"][stream] + 1]


async def test_who_boots_is_told_nothing_twice(here: Running, alice: Person, bob: Person) -> None:
    room = await here.world.channel(alice, bob)
    heads = await heads_of(here, bob)
    await here.world.say(alice, room, "hello")
    assert (await greeting(await here.listen(bob, heads=heads)))["replayed"] == []


async def test_a_crowd_costs_a_look_at_the_log_and_who_is_not_behind_none(
    here: Running, there: Running, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [await here.world.person(f"member{n}") for n in range(CROWD)]
    room, aside = await here.world.channel(alice, *crowd), await here.world.channel(alice, *crowd)
    heads = {f"room:{one}": (await heads_of(here, alice))[f"room:{one}"] for one in (room, aside)}
    asked = count(monkeypatch)
    await there.listen(crowd[0], resume=True, heads=heads)
    assert not [query for query in asked if "FROM events" in query]
    for one in (room, aside):
        await here.world.say(alice, one, "while you were away")
    asked.clear()
    await there.listen(crowd[0], resume=True, heads=heads)
    # Where I stand, what happened, the messages in it and who wrote them; and one look at what
    # nobody heard while I came in, one at whom I keep away and when I rest.
    assert len([query for query in asked if "FROM events" in query]) == 1
    assert len(asked) <= 6
    asked.clear()
    back = await asyncio.gather(*(there.listen(who, resume=True, heads=heads) for who in crowd))
    assert len([query for query in asked if "FROM events" in query]) < CROWD / 2
    for listener in back:
        for stream, head in heads.items():
            await listener.until(lambda _, data, stream=stream: data.get("stream") == stream)
            assert listener.seqs(stream) == [head + 1]
