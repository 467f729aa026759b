"""The verbs behind slash commands, and the table of them."""

import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import Invalid
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, SendMessage
from tertulia.features.polls import service as polls
from tertulia.features.polls.schemas import CreatePoll
from tertulia.features.preferences import service as preferences
from tertulia.features.preferences.schemas import ChangePreferences
from tertulia.features.reminders import service as reminders
from tertulia.features.reminders.schemas import RemindMe
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.rooms.service import Can
from tertulia.features.slash import state
from tertulia.features.slash.schemas import CommandDone, CommandInfo, RunCommand

TOPIC_LENGTH = 250


class UnknownSlash(Invalid):
    title = "There is no such command"


class Call(NamedTuple):
    """A command line in a room, and who gave it."""

    tx: Tx
    actor: Actor
    room_id: UUID
    name: str
    rest: str
    asked: RunCommand


Run = Callable[[Call], Awaitable[CommandDone]]


class SlashCommand(NamedTuple):
    usage: str
    summary: str
    run: Run


async def run(tx: Tx, actor: Actor, room_id: UUID, asked: RunCommand) -> CommandDone:
    """Do what a line says. Raises UnknownSlash, Invalid for what follows the name, and whatever the
    verb behind it raises."""
    await rooms.require(tx, actor, room_id, Can.READ)
    line = state.parse(asked.text)
    command = COMMANDS.get(line.name)
    if command is None:
        name = line.name[:40]
        raise UnknownSlash(f"There is no command /{name}. Write //{name} to say it.")
    return await command.run(Call(tx, actor, room_id, line.name, line.rest, asked))


def commands() -> list[CommandInfo]:
    return [
        CommandInfo(name=name, usage=one.usage, summary=one.summary)
        for name, one in COMMANDS.items()
    ]


async def _say(call: Call, text: str) -> Message:
    draft = SendMessage(client_id=call.asked.client_id, text=text, thread=call.asked.thread)
    return (await messages.send(call.tx, call.actor, call.room_id, draft)).message


def _need(call: Call) -> str:
    if not call.rest:
        raise Invalid(f"Write it so: /{call.name} {COMMANDS[call.name].usage}")
    return call.rest


async def _me(call: Call) -> CommandDone:
    return CommandDone(name=call.name, message=await _say(call, state.emote(_need(call))))


async def _shrug(call: Call) -> CommandDone:
    text = f"{call.rest} {state.SHRUG}".strip()
    return CommandDone(name=call.name, message=await _say(call, text))


async def _topic(call: Call) -> CommandDone:
    topic = " ".join(call.rest.split())
    if len(topic) > TOPIC_LENGTH:
        raise Invalid(f"A topic has at most {TOPIC_LENGTH} characters.")
    await rooms.change(call.tx, call.actor, call.room_id, ChangeRoom(topic=topic))
    return CommandDone(name=call.name)


async def _invite(call: Call) -> CommandDone:
    names = [name.removeprefix("@") for name in re.split(r"[\s,]+", _need(call))]
    found = [await _find(call, name) for name in names[:20]]
    await members.add(call.tx, call.actor, call.room_id, found)
    return CommandDone(name=call.name)


async def _find(call: Call, name: str) -> UUID:
    page = await accounts.find_people(call.tx, call.actor, name, None)
    for person in page.people:
        if person.username.casefold() == name.casefold():
            return person.id
    raise Invalid(f"There is nobody called @{name[:40]}.")


async def _leave(call: Call) -> CommandDone:
    await members.leave(call.tx, call.actor, call.room_id)
    return CommandDone(name=call.name)


async def _mute(call: Call) -> CommandDone:
    until = None
    if call.rest:
        found = state.span(call.rest)
        if found is None or found[1]:
            raise Invalid("Say for how long: /mute 1h, or /mute alone.")
        until = call.tx.now + found[0]
    wanted = ChangePreferences(muted=True, muted_until=until)
    await preferences.change(call.tx, call.actor, call.room_id, wanted)
    return CommandDone(name=call.name)


async def _unmute(call: Call) -> CommandDone:
    await preferences.change(call.tx, call.actor, call.room_id, ChangePreferences(muted=False))
    return CommandDone(name=call.name)


async def _remind(call: Call) -> CommandDone:
    found = state.span(_need(call))
    if found is None or not found[1]:
        raise Invalid("Say when and of what: /remind 20m call Ana")
    wanted = RemindMe(
        client_id=call.asked.client_id,
        due_at=call.tx.now + found[0],
        zone=call.asked.zone,
        note=found[1][:500],
    )
    reminder = await reminders.remind(call.tx, call.actor, wanted)
    return CommandDone(name=call.name, reminder=reminder)


async def _poll(call: Call) -> CommandDone:
    question, *options = state.quoted(_need(call)) or [""]
    asked = {
        "client_id": call.asked.client_id,
        "question": question,
        "options": options,
        "thread": call.asked.thread,
    }
    try:
        draft = msgspec.convert(asked, CreatePoll)
    except msgspec.ValidationError as wrong:
        usage = COMMANDS[call.name].usage
        raise Invalid(f"Write it so, with 2 to 20 short answers: /{call.name} {usage}") from wrong
    sent = await polls.create(call.tx, call.actor, call.room_id, draft)
    return CommandDone(name=call.name, message=sent.message)


COMMANDS: dict[str, SlashCommand] = {
    "me": SlashCommand("waves", "Say what you do", _me),
    "shrug": SlashCommand("[words]", "Shrug, after what you say", _shrug),
    "topic": SlashCommand("[new topic]", "Change the topic of this room", _topic),
    "invite": SlashCommand("@name …", "Bring people into this room", _invite),
    "leave": SlashCommand("", "Leave this room", _leave),
    "mute": SlashCommand("[1h]", "Hear nothing of this room, for a time or for good", _mute),
    "unmute": SlashCommand("", "Hear of this room again", _unmute),
    "poll": SlashCommand('"Question" "Answer" "Answer" …', "Ask the room", _poll),
    "remind": SlashCommand("20m what", "Be reminded of something", _remind),
}
