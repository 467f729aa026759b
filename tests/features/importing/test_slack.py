"""A Slack archive comes in whole, once, whatever happens on the way."""

import json
from pathlib import Path

import pytest
from tests.features.importing import slack_export as export
from tests.support.world import Person, World

from tertulia.core.archives import BadArchive, open_archive
from tertulia.core.images import Picture
from tertulia.features.accounts.service import arrivals
from tertulia.features.emoji import service as custom_emoji
from tertulia.features.importing import jobs
from tertulia.features.importing.jobs import Import
from tertulia.features.importing.service.reading import open_workspace
from tertulia.features.importing.state.report import Report
from tertulia.features.messages.schemas import SystemBody, TextBody
from tertulia.features.sync.schemas import RoomSnapshot
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import TimelineMessage
from tertulia.features.timeline.service import Anchor
from tertulia.main.importing import slack_emoji

EMOJI = slack_emoji()


class Killed(BaseException):
    """The process is gone."""


async def bring_in(
    world: World, path: Path, *, dry: bool = False, match: bool = True, die_after: int | None = None
) -> Report:
    """One run. It dies after so many days of the archive, where told so."""
    days = 0

    def tell(size: int) -> None:
        nonlocal days
        days += 1
        if days == die_after:
            raise Killed

    with open_archive(path) as archive:
        run = Import(world.db, archive, open_workspace(archive), EMOJI, tell, dry, match)
        return await jobs.carry_out(run, await jobs.decide(run))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return export.write(tmp_path / "slack.zip", export.files())


@pytest.fixture
async def ana(alice: Person, world: World) -> Person:
    """Somebody who is here under the name she has there."""
    del alice
    return await world.person("ana")


async def rooms_of(world: World, who: Person) -> dict[str, RoomSnapshot]:
    snapshot = await world.snapshot(who)
    return {one.room.name or one.room.kind: one for one in snapshot.rooms}


async def talk(world: World, who: Person, room: RoomSnapshot) -> list[TimelineMessage]:
    page = await world.read(timeline.page, who, room.room.id, Anchor(), 100)
    return page.messages


def texts(messages: list[TimelineMessage]) -> list[str]:
    return [message.body.text for message in messages if isinstance(message.body, TextBody)]


async def rows(world: World) -> dict[str, int]:
    """How many rows each table has."""
    tables = ("accounts", "rooms", "members", "messages", "reactions", "events", "streams")
    async with world.db.read() as tx:
        return {one: await tx.conn.fetchval(f"SELECT count(*) FROM {one}") for one in tables}


async def test_everybody_finds_their_rooms_with_a_past(
    world: World, ana: Person, archive: Path
) -> None:
    await bring_in(world, archive)
    rooms = await rooms_of(world, ana)
    assert set(rooms) == {"general", "group", "direct"}  # and not the secret one
    general = rooms["general"]
    assert general.room.visibility == "public"
    assert general.room.topic == "All & sundry"
    assert general.me.role == "owner"
    assert general.me.unread == []
    assert general.me.mentions == []
    messages = await talk(world, ana, general)
    assert texts(messages) == [
        "**Hello** @bo.lin, see [this](https://example.org/a?b=1&c=2) 🎉",
        "told to all",
        "@room lunch?",
        "> **[Build 7](https://ci.example.org/7)**\n> passed\n> **on**: main",
        "the plan\n📎 [plan.pdf](<https://files.slack.com/F1/plan.pdf?t=xoxe>)",
        "hi from elsewhere",
        "a" * 8_000,
        "a" * 1_000,
        "an orphan",
    ]
    assert [m.sent_at.isoformat() for m in messages][:2] == [
        "2021-03-04T10:58:20+00:00",
        "2021-03-04T11:00:00.000100+00:00",
    ]
    notes = [m.body.event for m in messages if isinstance(m.body, SystemBody)]
    assert notes == ["member.joined", "room.topic_changed"]
    seqs = [message.seq for message in messages]
    assert seqs == sorted(seqs)


async def test_threads_edits_and_reactions_come_along(
    world: World, ana: Person, archive: Path
) -> None:
    await bring_in(world, archive)
    general = (await rooms_of(world, ana))["general"]
    root = next(m for m in await talk(world, ana, general) if "Hello" in str(m.body))
    assert [(r.emoji, r.count) for r in root.reactions] == [("👍", 2), ("👋🏼", 1)]
    assert root.pinned is not None
    page = await world.read(timeline.thread_page, ana, general.room.id, root.id, Anchor(), 100)
    replies = {m.body.text: m for m in page.messages if isinstance(m.body, TextBody)}
    assert list(replies) == ["told to all", "_indeed_"]
    assert replies["told to all"].in_room
    assert not replies["_indeed_"].in_room
    assert str(replies["_indeed_"].edited_at) == "2021-03-04 11:01:50+00:00"


async def test_custom_emoji_that_this_server_has_by_name_come_along(
    world: World, ana: Person, archive: Path
) -> None:
    """Exports hold no pictures; the report names what is missing while it can still be added."""
    told = await bring_in(world, archive, dry=True)
    assert told.missing_emoji == {"our-parrot": 1}
    assert any(":our-parrot:" in line for line in told.lines())
    await world.write(custom_emoji.add, ana, "our-parrot", Picture(b"RIFF", 8, 8, 1))
    done = await bring_in(world, archive)
    assert done.missing_emoji == {}
    assert "reactions with custom emoji" not in done.left_out
    general = (await rooms_of(world, ana))["general"]
    root = next(m for m in await talk(world, ana, general) if "Hello" in str(m.body))
    assert (":our-parrot:", 1) in [(r.emoji, r.count) for r in root.reactions]


@pytest.mark.parametrize("dialect", ["attachments", "uploads"])
async def test_a_dry_run_tells_what_would_come_and_writes_nothing(
    world: World, ana: Person, tmp_path: Path, dialect: export.Dialect
) -> None:
    del ana
    path = export.write(tmp_path / "s.zip", export.files(dialect, folder="My export/"))
    before = await rows(world)
    told = await bring_in(world, path, dry=True)
    assert await rows(world) == before
    assert {one.slack: (one.username, one.how) for one in told.people} == {
        export.ANA: ("ana", "username"),
        export.BO: ("bo.lin", "new"),
        export.CAT: ("cat", "new"),
        export.BOT: ("builder", "new"),
        "U9GUEST": ("Guest-of-Honour", "new"),
    }
    assert told.left_out == {
        "reactions with custom emoji": 1,
        "files that Slack no longer has": 1,
        "service records (pinned_item)": 1,
        "files in the archive itself (kept as links)": 1,
    }
    done = await bring_in(world, path)
    for field in ("messages", "notes", "threads", "replies", "reactions", "pins", "edits"):
        assert getattr(done, field) == getattr(told, field), field
    assert (done.messages, done.notes, done.threads, done.replies) == (14, 2, 1, 3)
    assert (done.rooms, done.reactions, done.edits, done.files) == (4, 3, 1, 1)


async def test_a_second_run_changes_nothing(world: World, ana: Person, archive: Path) -> None:
    await bring_in(world, archive)
    general = (await rooms_of(world, ana))["general"]
    await world.say(ana, general.room.id, "and on it goes")
    before = await rows(world)
    again = await bring_in(world, archive)
    assert await rows(world) == before
    assert again.messages == again.notes == 0
    assert again.left_out["days that an earlier run brought in whole"] == 5


async def test_a_newer_export_brings_only_what_is_new(
    world: World, ana: Person, archive: Path, tmp_path: Path
) -> None:
    await bring_in(world, archive)
    newer = export.files()
    name = f"general/{export.NEXT}.json"
    later = export.said(export.BO, "1614942001.000000", "later")
    newer[name] = json.dumps([*json.loads(newer[name]), later]).encode()
    told = await bring_in(world, export.write(tmp_path / "newer.zip", newer))
    assert (told.messages, told.present) == (1, 3)
    assert texts(await talk(world, ana, (await rooms_of(world, ana))["general"]))[-1] == "later"


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5])
async def test_a_run_that_was_killed_goes_on(
    world: World, ana: Person, archive: Path, days: int
) -> None:
    with pytest.raises(Killed):
        await bring_in(world, archive, die_after=days)
    await bring_in(world, archive)
    general = (await rooms_of(world, ana))["general"]
    assert len(texts(await talk(world, ana, general))) == 9
    async with world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM messages") == 17
        assert await tx.conn.fetchval("SELECT count(*) FROM reactions") == 3


async def test_who_was_not_in_a_private_room_is_not_let_in(
    world: World, alice: Person, archive: Path
) -> None:
    """Alice owns the server and ran the import."""
    await bring_in(world, archive)
    assert set(await rooms_of(world, alice)) == {"general"}  # nobody active was in it


async def test_a_pair_that_talks_here_keeps_its_room(
    world: World, ana: Person, archive: Path
) -> None:
    bo = await world.person("bo.lin")
    direct = await world.direct(ana, bo)
    await world.say(ana, direct, "we are here now")
    await bring_in(world, archive)
    rooms = await rooms_of(world, ana)
    assert texts(await talk(world, ana, rooms["direct"])) == ["we are here now"]
    assert texts(await talk(world, ana, rooms["ana & bo.lin (Slack)"])) == ["just you", "yes"]


async def test_without_matching_nobody_here_gets_a_past(
    world: World, ana: Person, archive: Path
) -> None:
    told = await bring_in(world, archive, match=False)
    assert await rooms_of(world, ana) == {}
    assert {one.username for one in told.people} >= {"ana-2", "bo.lin"}


async def test_a_placeholder_is_claimed_once_with_all_it_wrote(
    world: World, ana: Person, archive: Path
) -> None:
    await bring_in(world, archive)
    claimed = await world.db.write(lambda tx: arrivals.claim(tx, "bo.lin", "a hash"))
    assert claimed is not None
    again = await world.db.write(lambda tx: arrivals.claim(tx, "bo.lin", "another"))
    assert again is None
    taken = await world.db.write(lambda tx: arrivals.claim(tx, "ana", "stolen"))
    assert taken is None
    general = (await rooms_of(world, ana))["general"]
    bo = Person(ana.actor.__class__(claimed.id, ana.actor.device_id), "bo.lin")
    mine = (await rooms_of(world, bo))["general"]
    assert mine.me.unread == []
    assert mine.room.id == general.room.id


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("users.json", b'[{"name": "nobody"}]', "users.json"),
        ("channels.json", b'[{"id": "C1", "members": "all"}]', "channels.json"),
        (f"general/{export.DAY}.json", b'[{"ts": "1.0", "reactions": 7}]', "general/"),
        (f"general/{export.DAY}.json", b"[{", "general/"),
    ],
)
async def test_what_is_broken_is_named(
    world: World, alice: Person, tmp_path: Path, name: str, content: bytes, place: str
) -> None:
    del alice
    path = export.write(tmp_path / "s.zip", {**export.files(), name: content})
    with pytest.raises(BadArchive) as refused:
        await bring_in(world, path)
    assert refused.value.place.startswith(place)


async def test_what_is_no_export_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="no Slack export"):
        await bring_in(world, export.write(tmp_path / "s.zip", {"a.txt": b"hello"}))
