"""Films without pictures: what stands beside one needs none."""

from typing import NamedTuple
from uuid import UUID

from tests.support.attachments import look_at, send_files, upload
from tests.support.world import Person, World

from tertulia.core.film import Picture, Probe
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.films import policy
from tertulia.features.films import service as films
from tertulia.features.films.schemas import AddSubtitle, FilmSubtitle
from tertulia.features.films.state import Piece
from tertulia.features.messages.schemas import Message

WORDS = "00:01.000 --> 00:02.000\nHola\n"

PROBE = Probe(
    container="matroska,webm",
    duration=8.0,
    bit_rate=500_000,
    picture=Picture(
        index=0,
        codec="mpeg4",
        profile="",
        level=0,
        width=854,
        height=480,
        rotation=0,
        pixel_ratio=(1, 1),
        format="yuv420p",
        transfer=2,
        rate=(25, 1),
        interlaced=False,
        starts=0.0,
        regular=True,
        keyframes=[0.0],
    ),
    sound=None,
    words=[],
    streams=1,
)


class Screen(NamedTuple):
    file: UUID
    blob: UUID
    message: Message


async def show(world: World, who: Person, room_id: UUID) -> Screen:
    """A film that somebody sent, of which nothing is made yet; its rungs are 360p and 480p."""
    file = await upload(world, who, room_id, "film.mkv", 5)
    await look_at(world, file, "video/x-matroska")
    message = await send_files(world, who, room_id, file)
    async with world.db.read() as tx:
        [holder] = await files.held_by(tx, [(room_id, file.id)])
    plan = policy.plan(PROBE)
    await world.db.write(lambda tx: films.begin(tx, holder.blob_id, PROBE, plan))
    return Screen(file.id, holder.blob_id, message)


async def make(world: World, screen: Screen, rung: str, segments: int, *, ended: bool) -> None:
    """As if so many more segments were stored, and the room told."""

    async def record(tx: Tx) -> None:
        [wanted] = [one for one in await films.rungs(tx, screen.blob) if one.plan.name == rung]
        made = range(wanted.made, wanted.made + segments)
        pieces = [Piece(number, "init-0123456789abcdef.mp4", 4_000_000, 9_000) for number in made]
        await films.record(tx, screen.blob, wanted, wanted.made, "avc1.64001e", pieces)
        if ended:
            await films.end_rung(tx, screen.blob, rung, made.stop)

    await world.db.write(record)
    async with world.db.read() as tx:
        rooms = await films.rooms_of(tx, screen.blob)
    for room_id in rooms:
        await world.db.write(lambda tx, room_id=room_id: films.tell(tx, room_id, screen.blob))


async def caption(world: World, who: Person, screen: Screen) -> FilmSubtitle:
    wanted = AddSubtitle(language="es", label="Español", text=WORDS)
    room_id = screen.message.room_id
    return (await world.write(films.add_subtitle, who, room_id, screen.file, wanted)).subtitles[-1]
