"""Short words for long ways."""

from datetime import timedelta

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify
from tests.support.world import Person

from tertulia.core.errors import Forbidden, Invalid, NotFound
from tertulia.features.messages.schemas import PollBody, TextBody
from tertulia.features.preferences import service as preferences
from tertulia.features.rooms import service as rooms
from tertulia.features.slash import service as slash
from tertulia.features.slash import state
from tertulia.features.slash.schemas import CommandDone, RunCommand


async def give(house: House, who: Person, text: str, *, again: int = 1) -> CommandDone:
    asked = RunCommand(client_id=house.world.ids.uuid7(), text=text, zone="Europe/Lisbon")
    for _ in range(again - 1):
        await house.world.write(slash.run, who, house.channel, asked)
    return await house.world.write(slash.run, who, house.channel, asked)


async def test_me_and_shrug_say_it_once_however_often_they_are_asked(house: House) -> None:
    done = await give(house, house.bob, "/me waves at @carol", again=2)
    assert done.message is not None
    assert done.message.body == TextBody(text="_waves at @carol_")
    assert done.message.mentions == [house.carol.id]
    done = await give(house, house.bob, "/SHRUG well")
    assert done.message is not None
    assert done.message.body == TextBody(text=r"well ¯\\\_(ツ)\_/¯")


async def test_what_is_unknown_does_nothing_and_says_so(house: House) -> None:
    head = len(house.world.bus.published)
    with pytest.raises(Invalid, match=r"/dance.*//dance"):
        await give(house, house.bob, "/dance with me")
    for incomplete in ("/me", "/invite", "/remind", "/remind tomorrow", "/mute of course"):
        with pytest.raises(Invalid):
            await give(house, house.bob, incomplete)
    assert len(house.world.bus.published) == head


async def test_a_command_asks_for_the_right_of_its_verb(house: House) -> None:
    with pytest.raises(Forbidden):
        await give(house, house.bob, "/topic mine now")
    await give(house, house.alice, "/topic   wine and\tbread")
    async with house.world.db.read() as tx:
        assert (await rooms.get_room(tx, house.channel)).topic == "wine and bread"
    for text in ("/me is not here", "/leave", "/mute", "/topic x", "/nothing"):
        with pytest.raises(NotFound):
            await give(house, house.dave, text)


async def test_people_are_brought_in_by_name_and_leave(house: House) -> None:
    await give(house, house.bob, "/invite @DAVE")
    assert await house.world.room_snapshot(house.dave, house.channel)
    with pytest.raises(Invalid, match="nobody"):
        await give(house, house.bob, "/invite @nobody-knows")
    await give(house, house.dave, "/leave")
    with pytest.raises(NotFound):
        await house.world.room_snapshot(house.dave, house.channel)


async def test_muting_for_a_time_and_for_good(house: House) -> None:
    async def mine() -> preferences.RoomPreferences:
        async with house.world.db.read() as tx:
            [access] = await rooms.find_accesses(tx, [(house.bob.id, house.channel)])
            assert access is not None
            return (await preferences.of_rooms(tx, [access]))[house.channel]

    await give(house, house.bob, "/mute 2 hours")
    assert (await mine()).muted_until == house.world.clock.now() + timedelta(hours=2)
    await give(house, house.bob, "/mute")
    assert ((await mine()).muted, (await mine()).muted_until) == (True, None)
    await give(house, house.bob, "/unmute")
    assert not (await mine()).muted


async def test_a_reminder_by_the_way(house: House) -> None:
    done = await give(house, house.bob, "/remind me in 20 minutes call Ana")
    assert done.reminder is not None
    assert done.reminder.note == "call Ana"
    assert done.reminder.zone == "Europe/Lisbon"
    assert done.reminder.due_at == house.world.clock.now() + timedelta(minutes=20)


async def test_a_poll_is_asked_in_one_line_and_only_once(house: House) -> None:
    line = '/poll "Soup or  salad?" "Soup" “Salad”'
    done = await give(house, house.bob, line, again=2)
    assert done.message is not None
    assert isinstance(done.message.body, PollBody)
    assert done.message.body.text == "Soup or salad?"
    assert done.message.body.options == ["Soup", "Salad"]
    last = (await house.world.room_snapshot(house.alice, house.channel)).last_message
    assert last is not None
    assert last.id == done.message.id
    assert last.seq == done.message.seq


@pytest.mark.parametrize(
    "rest",
    ["", '"Only this?"', '"One" "answer"', 'Soup or "salad" "soup" "both"', '"" "a" "b"',
     f'"{"long" * 100}" "a" "b"', '"unclosed" "a" "b'],
)  # fmt: skip
async def test_a_poll_of_less_is_refused_and_says_how(house: House, rest: str) -> None:
    with pytest.raises(Invalid, match='/poll "Question"'):
        await give(house, house.bob, f"/poll {rest}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20m tea", (timedelta(minutes=20), "tea")),
        ("in 1 hour tea", (timedelta(hours=1), "tea")),
        ("3d", (timedelta(days=3), "")),
        ("2 weeks on", (timedelta(weeks=2), "on")),
        ("0m tea", None),
        ("tea 20m", None),
        ("20 monkeys", None),
    ],
)
def test_spans(text: str, expected: object) -> None:
    assert state.span(text) == expected


def test_every_command_can_be_listed() -> None:
    assert {one.name for one in slash.commands()} >= {"me", "shrug", "topic", "invite", "leave"}


async def test_commands_reach_everybody(house: House) -> None:
    async def act() -> None:
        await give(house, house.alice, "/topic bread")
        await give(house, house.bob, "/me waves at @alice")
        await give(house, house.bob, '/poll "Tea?" "Yes" "No"')
        await give(house, house.alice, "/invite dave")

    await verify(house.world, house.people, act)
