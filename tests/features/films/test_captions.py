"""Subtitles that somebody puts to a film, and what stays in the room."""

from uuid import UUID

import pytest
from tests.support.screens import WORDS, caption, make, show
from tests.support.world import Person, World

from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.films import service as films
from tertulia.features.films.schemas import MAX_SUBTITLES, AddSubtitle
from tertulia.features.films.service import BadSubtitle, TooManySubtitles

ADD = AddSubtitle(language="es", label='The "best"\nones', text=WORDS)


async def text(world: World, who: Person, room: UUID, file: UUID, path: str) -> str | None:
    async with world.db.read() as tx:
        held = await files.require_readable(tx, who.actor, room, file)
        part = await films.find_part(tx, held, path)
    return None if part is None else part.body.decode()


async def test_they_are_in_the_master_playlist(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    screen = await show(world, alice, room)
    await make(world, screen, "360p", 2, ended=True)
    film = await world.write(films.add_subtitle, alice, room, screen.file, ADD)
    [subtitle] = film.subtitles
    assert (subtitle.language, subtitle.embedded) == ("es", False)
    master = await text(world, bob, room, screen.file, "master.m3u8")
    assert master is not None
    # Quotes and lines of a name cannot end the line.
    assert 'NAME="The  best  ones"' in master
    words = await text(world, bob, room, screen.file, f"subtitles/{subtitle.id}.vtt")
    assert words == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHola\n"
    playlist = await text(world, bob, room, screen.file, f"subtitles/{subtitle.id}.m3u8")
    assert playlist is not None
    assert f"{subtitle.id}.vtt" in playlist
    gone = await world.write(films.remove_subtitle, alice, room, screen.file, subtitle.id)
    assert gone.subtitles == []
    assert await text(world, bob, room, screen.file, f"subtitles/{subtitle.id}.vtt") is None


async def test_the_same_film_in_another_room_has_none_of_them(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    screen = await show(world, alice, room)
    subtitle = await caption(world, alice, screen)
    other = await world.group(alice, bob)

    async def carry(tx: Tx) -> UUID:
        file = await files.get_file(tx, alice.actor, room, screen.file)
        [copy] = (await files.carry(tx, alice.actor, [file], other, screen.file)).values()
        return copy

    copy = await world.db.write(carry)
    async with world.db.read() as tx:
        held = await files.require_readable(tx, alice.actor, other, copy)
        film = (await films.films_of(tx, [held.file]))[copy]
    assert film.duration_ms == 8_000  # it need not be made again
    assert film.subtitles == []
    assert await text(world, alice, other, copy, f"subtitles/{subtitle.id}.vtt") is None
    with pytest.raises(NotFound):
        await world.write(films.remove_subtitle, alice, other, copy, subtitle.id)


async def test_who_may(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    mine = await show(world, bob, room)
    theirs = await show(world, alice, room)
    await caption(world, bob, mine)
    await caption(world, alice, mine)  # who keeps order
    with pytest.raises(Forbidden):
        await caption(world, bob, theirs)


async def test_what_is_none_and_how_many(world: World, alice: Person, room: UUID) -> None:
    screen = await show(world, alice, room)
    bad = AddSubtitle(language="es", label="x", text="no times at all")
    with pytest.raises(BadSubtitle):
        await world.write(films.add_subtitle, alice, room, screen.file, bad)
    for _ in range(MAX_SUBTITLES):
        await caption(world, alice, screen)
    with pytest.raises(TooManySubtitles):
        await caption(world, alice, screen)


@pytest.mark.parametrize(
    "path",
    [
        "", "master.m3u8/", "../master.m3u8", "360p/../master.m3u8", "360p/index.m3u8",
        "999p/index.m3u8", "poster.jpg", "storyboard.vtt", "storyboard-0.jpg",
        "subtitles/00000000-0000-0000-0000-000000000000.vtt", "subtitles/x.vtt",
        f"subtitles/{'-' * 36}.vtt",
    ],
)  # fmt: skip
async def test_what_is_not_there(world: World, alice: Person, room: UUID, path: str) -> None:
    screen = await show(world, alice, room)
    assert await text(world, alice, room, screen.file, path) is None
