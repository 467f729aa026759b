"""How a film stands while it is made, and what goes with its bytes."""

from uuid import UUID

from tests.support.films import Cinema
from tests.support.screens import caption, make, show
from tests.support.world import Person, World

from tertulia.features.films import service as films
from tertulia.features.films.schemas import Film
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import TimelineMessage
from tertulia.features.timeline.service import Anchor


async def standing(world: World, who: Person, room: UUID) -> Film:
    return (await newest(world, who, room)).films[0]


async def newest(world: World, who: Person, room: UUID) -> TimelineMessage:
    page = await world.read(timeline.page, who, room, Anchor(), 10)
    return page.messages[-1]


async def test_it_can_be_watched_while_it_grows(
    world: World, cinema: Cinema, alice: Person, room: UUID
) -> None:
    screen = await show(world, alice, room)
    assert (await standing(world, alice, room)).state == "preparing"
    await make(world, screen, "360p", 1, ended=False)
    assert (await standing(world, alice, room)).state == "preparing"
    await make(world, screen, "360p", 1, ended=False)
    film = await standing(world, alice, room)
    assert (film.state, [rung.state for rung in film.rungs]) == (
        "playable",
        ["playable", "waiting"],
    )
    file = (await newest(world, alice, room)).files[0]
    growing = await cinema.text(alice, file, "360p/index.m3u8")
    assert "PLAYLIST-TYPE:EVENT" in growing
    assert "ENDLIST" not in growing
    master = await cinema.text(alice, file, "master.m3u8")
    assert "480p" not in master  # of which there is nothing yet
    await make(world, screen, "480p", 2, ended=True)
    assert (await standing(world, alice, room)).state == "playable"
    await make(world, screen, "360p", 1, ended=True)
    assert (await standing(world, alice, room)).state == "complete"
    whole = await cinema.text(alice, file, "360p/index.m3u8")
    assert whole.startswith(growing.replace("EVENT", "VOD"))
    assert whole.endswith("2.m4s\n#EXT-X-ENDLIST\n")


async def test_nothing_is_left_when_nobody_holds_it(
    world: World, cinema: Cinema, alice: Person, room: UUID
) -> None:
    screen = await show(world, alice, room)
    await caption(world, alice, screen)
    key = films.key(screen.blob, "360p/0.m4s")
    await cinema.storage.write(key, b"a segment")
    other = films.key(world.ids.uuid7(), "360p/0.m4s")
    await cinema.storage.write(other, b"of another film")
    await world.db.write(lambda tx: films.forgotten(tx, screen.blob))
    await cinema.work()
    async with world.db.read() as tx:
        assert await films.find(tx, screen.blob) is None
        for table in ("film_rungs", "film_segments", "film_subtitles"):
            assert await tx.conn.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert [stored.key async for stored in cinema.storage.list("films/")] == [other]
