"""Who makes films is killed, and somebody else goes on."""

import asyncio
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from tests.support.films import OTHER, Cinema, draw, frames, packets
from tests.support.jobs import looping, worker
from tests.support.world import Person, World

from tertulia.features.films.jobs import jobs


async def test_a_kill_costs_one_segment_and_not_the_film(
    dsn: str, world: World, cinema: Cinema, alice: Person, room: UUID, tmp_path: Path
) -> None:
    path = draw(tmp_path / "film.mkv", 16, "320x240", "12", OTHER)
    file = await cinema.send(alice, room, path)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.features.films.making_process", dsn, str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    stored: list[str] = []
    while not (stored and stored[-1].endswith("240p/1.m4s")):
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, "it ended before it was killed"
        stored.append(line.decode().strip())
    process.kill()
    await process.wait()

    await _take_over(world, cinema)
    made = [key.rpartition("/")[2] for key in cinema.storage.written if "/240p/" in key]
    segments = [name for name in made if name.endswith(".m4s")]
    # 0 was written down; 1 perhaps was, and is made again if not. Nothing else is.
    assert segments in (["1.m4s", "2.m4s", "3.m4s"], ["2.m4s", "3.m4s"])
    film = await cinema.film(alice, file)
    assert film is not None
    assert film.state == "complete"

    played = await cinema.played(alice, file, "240p")
    assert len(frames(played)) == 16 * 12
    shown = sorted(at for at, _, _ in packets(played, "video"))
    steps = {after - before for before, after in pairwise(shown)}
    assert steps == {Fraction(1, 12)}  # no hole and nothing twice where one run followed another
    playlist = await cinema.text(alice, file, "240p/index.m3u8")
    assert playlist.count("#EXT-X-MAP") == 1  # the header is the same, to the byte
    heard = [at for at, _, _ in packets(await cinema.played(alice, file, "sound"), "audio")]
    assert len(heard) == len(set(heard))


async def _take_over(world: World, cinema: Cinema) -> None:
    """Others do, once it has been silent for half a minute."""
    process = worker(world, *jobs(cinema.works), seed=8)
    async with looping(process):
        while await world.pool.fetchval("SELECT max(attempt) FROM jobs") < 2:
            await world.clock.advance(5)
        # From here on it stands still: work takes real time, and nobody is to seem silent.
        while not await _is_over(world):
            await process.idle()


async def _is_over(world: World) -> bool:
    statement = """
    SELECT count(*) FROM jobs
    WHERE kind LIKE 'films.%' AND kind <> 'films.sweep' AND state IN ('waiting', 'running')
    """
    return await world.pool.fetchval(statement) == 0
