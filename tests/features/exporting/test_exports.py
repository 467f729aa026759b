"""A file holds what its asker could read, all of it, and nothing else."""

import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.support.jobs import worker
from tests.support.world import Person, World

from tertulia.core import jobs as queue
from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.storage import LocalStorage
from tertulia.features.exporting import service
from tertulia.features.exporting.jobs import SWEEP, Folder, Sweep, jobs
from tertulia.features.exporting.schemas import (
    AccountExport,
    AskExport,
    Export,
    Format,
    RoomExport,
)
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, SendMessage
from tertulia.features.pins import service as pins
from tertulia.features.reactions import service as reactions
from tertulia.features.stars import service as stars


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "exports")


def storage(folder: Folder) -> LocalStorage:
    return LocalStorage(folder.path.parent / "storage")


async def ask(world: World, who: Person, room: UUID | None, format_: Format = "json") -> Export:
    return await world.write(service.ask, who, AskExport(room_id=room, format=format_))


async def make(world: World, folder: Folder, who: Person, export: Export) -> Export:
    await worker(world, *jobs(folder, storage(folder))).run_due()
    return await world.read(service.find, who, export.id)


async def export(
    world: World, folder: Folder, who: Person, room: UUID | None, format_: Format = "json"
) -> bytes:
    """The file, made."""
    asked = await ask(world, who, room, format_)
    made = await make(world, folder, who, asked)
    assert made.state == "done", made.problem
    body = folder.file(asked.id).read_bytes()
    assert made.size == len(body)
    return body


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def reply(world: World, who: Person, room: UUID, root: UUID, text: str, **more: Any) -> UUID:
    draft = SendMessage(client_id=world.ids.uuid7(), text=text, thread=root, **more)
    return (await world.write(messages.send, who, room, draft)).message.id


def said(found: RoomExport) -> list[str]:
    return [getattr(m.body, "text", m.body.__class__.__name__) for m in found.messages]


async def test_a_room_is_there_with_everything(
    world: World, folder: Folder, alice: Person, bob: Person, room: UUID
) -> None:
    first = await world.say(alice, room, "first")
    await world.say(bob, room, "second")
    await reply(world, bob, room, first.id, "inside")
    await reply(world, bob, room, first.id, "for all", also_in_room=True)
    await world.write(messages.edit, alice, room, first.id, EditMessage(text="first, better"))
    await world.write(reactions.add, bob, room, first.id, "🎉")
    await world.write(pins.pin, alice, room, first.id)
    found = msgspec.json.decode(await export(world, folder, alice, room), type=RoomExport)
    texts = [
        text for text in said(found) if text in ("first, better", "second", "inside", "for all")
    ]
    assert texts == ["first, better", "inside", "second", "for all"]
    one = next(m for m in found.messages if m.id == first.id)
    assert [revision.text for revision in one.revisions] == ["first"]
    assert [(r.account.username, r.emoji) for r in one.reactors] == [("bob", "🎉")]
    assert one.pinned is not None
    assert one.thread_summary is not None
    assert {member.account.username for member in found.members} == {"alice", "bob"}
    assert {person.username for person in found.people} == {"alice", "bob"}
    assert found.room.id == room


async def test_many_pages_come_in_order(
    world: World, folder: Folder, alice: Person, room: UUID
) -> None:
    wanted = [f"message {number}" for number in range(230)]
    for text in wanted:
        await world.say(alice, room, text)
    found = msgspec.json.decode(await export(world, folder, alice, room), type=RoomExport)
    assert [text for text in said(found) if text.startswith("message ")] == wanted
    assert len({m.id for m in found.messages}) == len(found.messages)


async def test_what_was_deleted_is_not_in_it(
    world: World, folder: Folder, alice: Person, bob: Person, room: UUID
) -> None:
    gone = await world.say(bob, room, "a secret slip")
    await world.write(messages.delete, bob, room, gone.id)
    for format_ in ("json", "html"):
        assert b"secret slip" not in await export(world, folder, alice, room, format_)


async def test_the_page_shows_words_and_runs_nothing(
    world: World, folder: Folder, alice: Person, bob: Person, room: UUID
) -> None:
    await world.say(alice, room, "**bold** <script>alert(1)</script> ![x](https://evil.example/x)")
    await world.say(bob, room, "[click](javascript:alert(1)) <img src=x onerror=alert(1)>")
    first = await world.say(bob, room, "a root")
    await reply(world, alice, room, first.id, "an answer")
    page = (await export(world, folder, alice, room, "html")).decode()
    assert page.startswith("<!doctype html>")
    assert "<strong>bold</strong>" in page
    assert "&lt;script&gt;" in page
    for harm in ("<script", "<img", 'href="javascript'):
        assert harm not in page
    assert "Content-Security-Policy" in page
    assert 'class="reply"' in page
    assert "prefers-color-scheme:dark" in page


async def test_a_hostile_room_name_is_only_a_name(
    world: World, folder: Folder, alice: Person
) -> None:
    room = await world.room("channel", alice, name="../<b>x</b>&\"'")
    asked = await ask(world, alice, room, "html")
    made = await make(world, folder, alice, asked)
    assert made.file_name == "b-x-b-2026-03-01.html"
    assert "<b>x" not in folder.file(asked.id).read_text()


async def test_only_those_who_keep_a_room_may_take_it_along(
    world: World, alice: Person, bob: Person, mallory: Person, room: UUID
) -> None:
    with pytest.raises(Forbidden):
        await ask(world, bob, room)
    with pytest.raises(NotFound):
        await ask(world, mallory, room)
    direct = await world.direct(alice, bob)
    assert (await ask(world, bob, direct)).state == "waiting"


async def test_who_lost_the_right_before_it_began_gets_nothing(
    world: World, folder: Folder, alice: Person, bob: Person, room: UUID
) -> None:
    await world.write(members.change_role, alice, room, bob.id, "moderator")
    asked = await ask(world, bob, room)
    await world.write(members.remove, alice, room, bob.id)
    made = await make(world, folder, bob, asked)
    assert made.state == "failed"
    assert made.problem == "There is nothing here"
    assert not folder.file(asked.id).exists()


async def test_everything_of_mine_is_an_archive_with_a_file_for_each_room(
    world: World, folder: Folder, alice: Person, bob: Person, mallory: Person, room: UUID
) -> None:
    await world.say(alice, room, "in the channel")
    direct = await world.direct(alice, bob)
    kept = await world.say(bob, direct, "between us")
    await world.write(stars.star, alice, direct, kept.id)
    others = await world.channel(bob, mallory)
    await world.say(bob, others, "not for alice")
    asked = await ask(world, alice, None)
    made = await make(world, folder, alice, asked)
    assert made.file_name == "tertulia-alice-2026-03-01.zip"
    with zipfile.ZipFile(folder.file(asked.id)) as archive:
        about = msgspec.json.decode(archive.read("account.json"), type=AccountExport)
        found = {one: archive.read(name) for one, name in about.rooms.items()}
    assert set(found) == {room, direct}
    assert b"in the channel" in found[room]
    assert b"between us" in found[direct]
    assert b"not for alice" not in b"".join(found.values())
    assert about.account.username == "alice"
    assert [star.message.id for star in about.stars] == [kept.id]


async def test_its_asker_hears_how_far_it_is(
    world: World, folder: Folder, alice: Person, room: UUID
) -> None:
    for number in range(120):
        await world.say(alice, room, f"{number} " + "words " * 500)
    await export(world, folder, alice, room)
    facts = [one for one in world.published(alice.stream) if one["type"] == "export.changed"]
    assert [one["data"]["export"]["state"] for one in facts] == ["waiting", "running", "done"]
    far = [
        json.loads(notice.body)["done"]
        for notice in world.bus.published
        if notice.type == "export.progress" and notice.topic == alice.stream
    ]
    assert far
    assert far == sorted(far)


async def test_files_go_after_a_week(
    world: World, folder: Folder, alice: Person, room: UUID
) -> None:
    asked = await ask(world, alice, room)
    await make(world, folder, alice, asked)
    stray = folder.path / f"{world.ids.uuid7()}.part"
    stray.write_text("half of a file whose export is gone")
    mine = folder.path / "notes.txt"
    mine.write_text("not an export at all")
    await world.clock.advance(7 * 86_400)
    await world.db.write(lambda tx: queue.enqueue(tx, SWEEP, Sweep()))
    await worker(world, *jobs(folder, storage(folder))).run_due()
    assert await world.read(service.mine, alice) == []
    assert [file.name for file in folder.path.iterdir()] == ["notes.txt"]
    assert world.published(alice.stream)[-1]["type"] == "export.removed"


async def test_one_that_was_taken_back_is_not_made(
    world: World, folder: Folder, alice: Person, room: UUID
) -> None:
    asked = await ask(world, alice, room)
    await world.write(service.remove, alice, asked.id)
    await worker(world, *jobs(folder, storage(folder))).run_due()
    assert not folder.file(asked.id).exists()
    assert await world.read(service.mine, alice) == []


async def test_at_most_three_wait_at_a_time(world: World, alice: Person, room: UUID) -> None:
    for _ in range(3):
        await ask(world, alice, room)
    with pytest.raises(service.TooManyExports):
        await ask(world, alice, room)


async def test_an_export_of_somebody_else_is_not_there(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    asked = await ask(world, alice, room)
    with pytest.raises(NotFound):
        await world.read(service.find, bob, asked.id)
    with pytest.raises(NotFound):
        await world.write(service.remove, bob, asked.id)
