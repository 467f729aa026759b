"""The whole import, transaction by transaction. It may be killed between any two: the next run goes
on where this one was."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from tertulia.core.archives import Archive
from tertulia.core.db import Database
from tertulia.core.tx import Tx
from tertulia.features.emoji import service as custom_emoji
from tertulia.features.importing.service import people, reading, rooms, talk
from tertulia.features.importing.service.people import Person
from tertulia.features.importing.service.reading import Workspace
from tertulia.features.importing.service.talk import Place
from tertulia.features.importing.state import slack
from tertulia.features.importing.state.mrkdwn import Names
from tertulia.features.importing.state.report import PersonMatch, Report
from tertulia.features.importing.state.words import Piece, tally

T = TypeVar("T")
Tell = Callable[[int], None]
"""Hears how many more bytes of the archive are done."""


class Import(NamedTuple):
    """What a run has in hands. `dry`: nothing is written, the report says what would be."""

    db: Database
    archive: Archive
    workspace: Workspace
    emoji: Mapping[str, str]
    tell: Tell
    dry: bool
    match: bool


async def decide(run: Import) -> dict[str, Person]:
    """Who of Slack becomes whom; nothing is written yet."""
    workspace = run.workspace
    async with run.db.read() as tx:
        decided = await people.recall(tx, workspace.source, workspace.users)
    unseen = [user for user in workspace.users.values() if user.id not in decided]
    promised: set[str] = set()
    for chunk in _batched(unseen, people.CHUNK):
        async with run.db.read() as tx:
            found = await people.plan(tx, chunk, promised, match=run.match)
        decided.update({person.key: person for person in found})
    return decided


async def carry_out(run: Import, decided: dict[str, Person]) -> Report:
    """Bring everything in, or find out what that would be. `decided` grows by those whom only
    messages name. Raises BadArchive, `NobodyHere`."""
    report = Report(people=matches(decided))
    if run.workspace.strays:
        report.left_out["days of unknown channels"] += run.workspace.strays
    if run.workspace.bundled:
        report.left_out["files in the archive itself (kept as links)"] += run.workspace.bundled
    if not run.dry:
        new = [person for person in decided.values() if person.how != "earlier"]
        for chunk in _batched(new, people.CHUNK):
            await run.db.write(lambda tx, c=chunk: people.settle(tx, run.workspace.source, c))
    async with run.db.read() as tx:
        known = await rooms.find(tx, run.workspace.source)
        own = {name: f":{name}:" for name in await custom_emoji.names(tx)}
    party = Party(decided, _names(run, decided, own), report)
    for conversation in run.workspace.conversations:
        await _conversation(run, conversation, known.get(conversation.channel.id), party)
    return report


def matches(decided: Mapping[str, Person]) -> list[PersonMatch]:
    return [_match(person) for person in decided.values()]


def _match(person: Person) -> PersonMatch:
    return PersonMatch(person.key, person.name, person.username, person.how)


class Party(NamedTuple):
    """Everybody known so far, their names, and the report: all three grow."""

    decided: dict[str, Person]
    names: Names
    report: Report


async def _conversation(
    run: Import, conversation: slack.Conversation, room_id: UUID | None, party: Party
) -> None:
    rooms.count(conversation, party.report)
    ids = _Ids(party.decided)
    source, channel = run.workspace.source, conversation.channel
    if room_id is None and not run.dry:
        room_id = await run.db.write(lambda tx: rooms.open_room(tx, source, conversation, ids))
    place = None if room_id is None else Place(source, channel.id, room_id, ids)
    finished: Mapping[str, int] = {}
    if place is not None:
        async with run.db.read() as tx:
            finished = await talk.finished_files(tx, place)
    for name in conversation.files:
        if finished.get(name) == run.archive.entries[name].checksum:
            party.report.left_out["days that an earlier run brought in whole"] += 1
        else:
            await _day(run, name, place, party)
        run.tell(run.archive.entries[name].size)
    if place is not None and not run.dry:
        more = await run.db.write(lambda tx: _finish(tx, place, conversation))
        _add(party.report, more)
    elif run.dry:
        party.report.pins += len(channel.pins or ())


async def _finish(tx: Tx, place: Place, conversation: slack.Conversation) -> Report:
    report = Report()
    await rooms.pin(tx, place, conversation.channel, report)
    await rooms.seat(tx, place.room_id, conversation, place.people)
    return report


async def _day(run: Import, name: str, place: Place | None, party: Party) -> None:
    pieces = reading.said(run.archive, name, party.names, party.report)
    for batch in _batched(pieces, talk.BATCH):
        await _meet(run, batch, party)
        if run.dry or place is None:
            await _look(run, place, batch, party.report)
        else:
            _add(party.report, await run.db.write(lambda tx, b=batch: talk.bring_in(tx, place, b)))
    if place is not None and not run.dry:
        checksum = run.archive.entries[name].checksum
        await run.db.write(lambda tx: talk.finish_file(tx, place, name, checksum))


async def _look(run: Import, place: Place | None, batch: list[Piece], report: Report) -> None:
    """Count what would come in."""
    here: set[UUID] = set()
    if place is not None:
        async with run.db.read() as tx:
            here = await talk.present(tx, place, batch)
    for piece in batch:
        if place is not None and talk.identify(place, piece.ts, piece.part) in here:
            report.present += 1
        else:
            tally(piece, report)


async def _meet(run: Import, batch: list[Piece], party: Party) -> None:
    """People (and bots) that only messages name: guests of other workspaces, those long gone."""
    unknown: dict[str, slack.User] = {}
    for piece in batch:
        bot = piece.author.startswith(("B", "bot:"))
        shown = piece.name or piece.author.removeprefix("bot:")
        user = slack.User(id=piece.author, name=shown, real_name=shown, is_bot=bot)
        unknown.setdefault(user.id, user)
        for key in {key for _, keys in piece.reactions for key in keys}:
            unknown.setdefault(key, slack.User(id=key, name=key, real_name=key))
    strangers = [user for key, user in unknown.items() if key not in party.decided]
    for chunk in _batched(strangers, people.CHUNK):
        given = {one.username.lower() for one in party.decided.values()} if run.dry else set[str]()
        async with run.db.read() as tx:
            found = await people.plan(tx, chunk, given, match=False)
        if not run.dry:
            await run.db.write(lambda tx, f=found: people.settle(tx, run.workspace.source, f))
        party.decided.update({person.key: person for person in found})
        party.names.accounts.update({one.key: (one.account_id, one.username) for one in found})
        party.report.people.extend(map(_match, found))


class _Ids(Mapping[str, UUID]):
    """Account ids by Slack's keys: a view that grows with what is decided."""

    def __init__(self, decided: Mapping[str, Person]) -> None:
        self._decided = decided

    def __getitem__(self, key: str) -> UUID:
        return self._decided[key].account_id

    def __iter__(self) -> Iterator[str]:
        return iter(self._decided)

    def __len__(self) -> int:
        return len(self._decided)


def _names(run: Import, decided: dict[str, Person], own: Mapping[str, str]) -> Names:
    """`own` are custom emoji of this server: archives hold no pictures, but one of the same name
    that somebody added here before is meant."""
    return Names(
        accounts={key: (one.account_id, one.username) for key, one in decided.items()},
        channels={
            one.channel.id: one.channel.name
            for one in run.workspace.conversations
            if one.channel.name
        },
        emoji={**own, **run.emoji},
    )


def _add(report: Report, more: Report) -> None:
    for field in msgspec.structs.fields(Report):
        value = getattr(more, field.name)
        if field.name != "people":
            setattr(report, field.name, getattr(report, field.name) + value)


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
