"""What stands beside messages, done to a house: rows of `test_equivalence`."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.features.sync.conftest import House
from tests.support.screens import caption, make, show
from tests.support.voices import speak

from tertulia.features.films import service as films
from tertulia.features.listens import service as listens
from tertulia.features.messages import service as messages
from tertulia.features.pins import service as pins
from tertulia.features.polls import service as polls
from tertulia.features.polls.schemas import CreatePoll, Vote
from tertulia.features.reactions import service as reactions

Case = Callable[[House], Awaitable[object]]

# reactions


async def react(house: House) -> None:
    for who, emoji in ((house.bob, "👍"), (house.carol, "🎉"), (house.carol, "👍")):
        await house.world.write(reactions.add, who, house.channel, house.question.id, emoji)


async def react_to_the_last(house: House) -> None:
    for _ in range(2):
        await house.world.write(reactions.add, house.bob, house.channel, house.answer.id, "👍")


async def unreact(house: House) -> None:
    """The first of two who did: the emoji moves behind the one that came between."""
    await react(house)
    await house.world.write(reactions.remove, house.bob, house.channel, house.question.id, "👍")


async def unreact_alone(house: House) -> None:
    await react(house)
    await house.world.write(reactions.remove, house.carol, house.channel, house.question.id, "🎉")


async def delete_reacted(house: House) -> None:
    await react(house)
    await house.world.write(messages.delete, house.alice, house.channel, house.question.id)


# pins


async def pin(house: House) -> None:
    for _ in range(2):
        await house.world.write(pins.pin, house.alice, house.channel, house.question.id)


async def unpin(house: House) -> None:
    await pin(house)
    await house.world.write(pins.unpin, house.alice, house.channel, house.question.id)


async def delete_pinned(house: House) -> None:
    await pin(house)
    await house.world.write(messages.delete, house.alice, house.channel, house.question.id)


# polls


async def ask(house: House, *, anonymous: bool = False, minutes: int | None = None) -> UUID:
    ends = None if minutes is None else house.world.clock.now() + timedelta(minutes=minutes)
    draft = CreatePoll(
        client_id=house.world.ids.uuid7(),
        question="Red or white?",
        options=["Red", "White", "Water"],
        multiple=True,
        anonymous=anonymous,
        closes_at=ends,
    )
    return (await house.world.write(polls.create, house.bob, house.channel, draft)).message.id


async def vote(house: House, *, anonymous: bool = False) -> None:
    poll = await ask(house, anonymous=anonymous)
    for who, choices in ((house.alice, [0, 2]), (house.carol, [2]), (house.alice, [1])):
        await house.world.write(polls.vote, who, house.channel, poll, Vote(choices=choices))


async def vote_anonymously(house: House) -> None:
    await vote(house, anonymous=True)


async def withdraw(house: House) -> None:
    poll = await ask(house)
    for choices in ([0], []):
        wanted = Vote(choices=choices)
        await house.world.write(polls.vote, house.alice, house.channel, poll, wanted)


async def close_poll(house: House) -> None:
    poll = await ask(house)
    await house.world.write(polls.close, house.bob, house.channel, poll)


async def close_poll_by_the_clock(house: House) -> None:
    poll = await ask(house, minutes=5)
    await house.world.write(polls.vote, house.bob, house.channel, poll, Vote(choices=[0]))
    await house.world.clock.advance(300)
    for _ in range(2):
        await house.world.db.write(lambda tx: polls.close_due(tx, house.channel, poll))


async def delete_poll(house: House) -> None:
    poll = await ask(house)
    await house.world.write(polls.vote, house.alice, house.channel, poll, Vote(choices=[0]))
    await house.world.write(messages.delete, house.bob, house.channel, poll)


# voices


async def play(house: House) -> UUID:
    voice = await speak(house.world, house.alice, house.channel)
    for who in (house.bob, house.alice, house.carol, house.bob):
        await house.world.write(listens.listen, who, house.channel, voice.id)
    return voice.id


async def delete_played(house: House) -> None:
    voice = await play(house)
    await house.world.write(messages.delete, house.alice, house.channel, voice)


# films


async def watch(house: House) -> None:
    """It stands beside its message from the first it is told on."""
    screen = await show(house.world, house.alice, house.channel)
    await make(house.world, screen, "360p", 2, ended=False)
    await make(house.world, screen, "480p", 2, ended=True)


async def put_words(house: House) -> UUID:
    screen = await show(house.world, house.alice, house.channel)
    subtitle = await caption(house.world, house.alice, screen)
    for _ in range(2):
        await caption(house.world, house.alice, screen)
    await house.world.write(
        films.remove_subtitle, house.alice, house.channel, screen.file, subtitle.id
    )
    return screen.message.id


async def delete_film(house: House) -> None:
    message = await put_words(house)
    await house.world.write(messages.delete, house.alice, house.channel, message)


# (the verb it proves, what is done with it, the doing)
BESIDE: list[tuple[Callable[..., Any], str, Case]] = [
    (polls.create, "a question", ask),
    (polls.vote, "by two, and anew", vote),
    (polls.vote, "where nobody may know", vote_anonymously),
    (polls.vote, "and take it back", withdraw),
    (polls.close, "before its time", close_poll),
    (polls.close_due, "by the clock", close_poll_by_the_clock),
    (polls.forget, "with its message", delete_poll),
    (pins.pin, "a message", pin),
    (pins.unpin, "a message", unpin),
    (pins.forget, "with a message", delete_pinned),
    (reactions.add, "three times", react),
    (reactions.add, "to the last, twice", react_to_the_last),
    (reactions.remove, "the first of two", unreact),
    (reactions.remove, "the only one", unreact_alone),
    (reactions.forget, "with a message", delete_reacted),
    (listens.listen, "by two, and one again", play),
    (films.tell, "as it grows", watch),
    (films.add_subtitle, "three", put_words),
    (films.remove_subtitle, "and gone with the message", delete_film),
    (listens.forget, "with its message", delete_played),
]
