"""Tiny films of ffmpeg's own test pictures, and what it takes to make them ready."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import imageio_ffmpeg
from tests.support.attachments import look_at, send_files, upload
from tests.support.jobs import worker
from tests.support.world import Person, World

from tertulia.core import jobs
from tertulia.core.clock import SystemClock
from tertulia.core.film import Jail
from tertulia.core.storage import LocalStorage
from tertulia.features.files import service as files
from tertulia.features.files.schemas import FILM, File, PrepareFilm
from tertulia.features.files.service import Part
from tertulia.features.films import jobs as films_jobs
from tertulia.features.films import service as films
from tertulia.features.films.jobs import Works
from tertulia.features.films.schemas import Film

FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())
FITTING = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
OTHER = ("-c:v", "mpeg4", "-q:v", "5", "-c:a", "libmp3lame")


def ffmpeg(*arguments: str) -> None:
    subprocess.run([FFMPEG, "-v", "error", "-nostdin", "-y", *arguments], check=True)


def draw(
    path: Path,
    seconds: float = 3,
    size: str = "320x180",
    rate: str = "30",
    codecs: tuple[str, ...] = FITTING,
    more: tuple[str, ...] = (),
) -> Path:
    """A film with moving pictures and a tone."""
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}"),
        *("-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"),
        *("-t", str(seconds), *codecs, "-g", "30", *more, str(path)),
    )
    return path


def packets(path: Path, kind: str) -> list[tuple[Fraction, bool, bytes]]:
    """When each is shown (seconds after the first), whether it depends on no other, its bytes.

    After the first: where pictures are shown before they are decoded, as CMAF has it, ffmpeg counts
    from what is decoded first, and a browser from zero.
    """
    with av.open(str(path)) as film:
        stream: Any = next(one for one in film.streams if one.type == kind)
        tick = stream.time_base
        found: list[Any] = [*film.demux(stream)]
    there = [packet for packet in found if packet.pts is not None]
    first = there[0].pts
    return [((packet.pts - first) * tick, packet.is_keyframe, bytes(packet)) for packet in there]


def frames(path: Path) -> list[Any]:
    """Decoded to the end: whoever plays it sees as many."""
    with av.open(str(path)) as film:
        return list(film.decode(film.streams[0]))


@dataclass
class Cinema:
    """A world with a storage, and jobs that make films on the real clock."""

    world: World
    storage: "Counting"
    works: Works
    folder: Path

    async def bring(
        self, who: Person, room: UUID, path: Path, media_type: str = "video/mp4"
    ) -> File:
        """Uploaded, looked at, and not sent; and to be made ready."""
        file = await upload(self.world, who, room, path.name, path.stat().st_size)
        key = f"blobs/{file.id.hex}"
        await self.storage.write(key, path.read_bytes())
        await look_at(self.world, file, media_type, key=key)
        blob = await self.blob(file)
        await self.world.db.write(
            lambda tx: jobs.enqueue(tx, FILM, PrepareFilm(blob), key=str(blob))
        )
        return file

    async def send(
        self, who: Person, room: UUID, path: Path, media_type: str = "video/mp4"
    ) -> File:
        file = await self.bring(who, room, path, media_type)
        await send_files(self.world, who, room, file)
        return file

    async def work(self) -> None:
        """Until nothing is due."""
        await worker(self.world, *films_jobs.jobs(self.works)).run_due()

    async def blob(self, file: File) -> UUID:
        async with self.world.db.read() as tx:
            [holder] = await files.held_by(tx, [(file.room_id, file.id)])
        return holder.blob_id

    async def film(self, who: Person, file: File) -> Film | None:
        async with self.world.db.read() as tx:
            held = await files.require_readable(tx, who.actor, file.room_id, file.id)
            return (await films.films_of(tx, [held.file])).get(file.id)

    async def part(self, who: Person, file: File, path: str) -> Part | None:
        async with self.world.db.read() as tx:
            held = await files.require_readable(tx, who.actor, file.room_id, file.id)
            return await films.find_part(tx, held, path)

    async def text(self, who: Person, file: File, path: str) -> str:
        part = await self.part(who, file, path)
        assert part is not None, path
        return part.body.decode()

    async def bytes(self, who: Person, file: File, path: str) -> bytes:
        part = await self.part(who, file, path)
        assert part is not None, path
        assert part.key is not None
        return b"".join([block async for block in self.storage.read(part.key)])

    async def played(self, who: Person, file: File, rung: str) -> Path:
        """As a player gets it: what its playlist names, one after another."""
        whole = b""
        for name in names(await self.text(who, file, f"{rung}/index.m3u8")):
            whole += await self.bytes(who, file, f"{rung}/{name}")
        path = self.folder / f"{rung}.mp4"
        path.write_bytes(whole)
        return path


def names(playlist: str) -> Iterator[str]:
    """Of the headers and segments of a playlist, in order."""
    for line in playlist.splitlines():
        if line.startswith("#EXT-X-MAP:URI="):
            yield line.partition('"')[2].rstrip('"')
        elif line and not line.startswith("#"):
            yield line


def lengths(playlist: str) -> list[float]:
    return [
        float(line.removeprefix("#EXTINF:").rstrip(","))
        for line in playlist.splitlines()
        if line.startswith("#EXTINF:")
    ]


def open_works(folder: Path, storage: LocalStorage, longest: int = 60) -> Works:
    jail = Jail(folder / "cells", FFMPEG)
    return Works(storage=storage, jail=jail, clock=SystemClock(), longest=longest, at_once=1)


class Counting(LocalStorage):
    """Remembers what was written, in order."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.written: list[str] = []

    async def write(self, key: str, data: bytes) -> None:
        await super().write(key, data)
        self.written.append(key)


def open_cinema(world: World, folder: Path) -> Cinema:
    storage = Counting(folder / "files")
    return Cinema(world, storage, open_works(folder, storage), folder)
