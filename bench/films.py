"""Films: how long until one can be watched whose codecs fit, and what cutting, storing and the jail
cost beside ffmpeg alone with the same arguments."""

import asyncio
import base64
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import imageio_ffmpeg

from bench.clients import Stopwatch
from bench.report import Line
from bench.server import Person, Server, people, rooms
from tertulia.core.film import Bounds, Cutting, Encoding, Jail, encode_picture, segments
from tertulia.core.storage import LocalStorage

FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())
SECONDS, LONGER = 20, 60  # of film
RATE = 30
ROUNDS = 3
ASK_SECONDS = 0.02
WANTED = Encoding(index=0, width=854, height=480, rate=Fraction(RATE), bits=1_400_000, gop=2 * RATE)


async def measure(server: Server) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="tertulia-bench-") as made:
        folder = Path(made)
        first, longer = [await _draw(folder, seconds) for seconds in (SECONDS, LONGER)]
        members = await people(server, 1)
        [room] = await rooms(server, 1, members)
        watched = await _watchable(server, members[0], room, first)
        later = await _watchable(server, members[0], room, longer)
        bare, ours = await _encoded(folder, first)
    return [
        Line("upload to playable, codecs fit", f"{watched:.2f} s", f"{SECONDS} s of 720p"),
        Line("the same, three times as long", f"{later / watched:.1f} ×", f"{later:.2f} s"),
        Line("ffmpeg alone, 480p of 720p", f"{SECONDS / bare:.1f} × real time", f"{bare:.2f} s"),
        Line("jailed, cut and stored", f"{ours / bare - 1:+.1%} of that", f"{ours:.2f} s"),
    ]


async def _draw(folder: Path, seconds: int) -> Path:
    path = folder / f"{seconds}.mp4"
    pictures = ("-f", "lavfi", "-i", f"testsrc2=size=1280x720:rate={RATE}")
    sound = ("-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", str(seconds))
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    await _run(str(FFMPEG), "-v", "error", *pictures, *sound, *codecs, "-g", "60", str(path))
    return path


async def _run(*command: str, cwd: Path | None = None) -> None:
    quiet = subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet, cwd=cwd)
    if await process.wait():
        raise RuntimeError(f"{command[0]} failed")


async def _watchable(server: Server, person: Person, room: UUID, path: Path) -> float:
    """Seconds from the first byte of the upload until somebody may begin to watch."""
    headers = {"Authorization": f"Bearer {person.token}", "Tus-Resumable": "1.0.0"}
    named = {"room_id": str(room), "filename": path.name}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in named.items())
    base = f"http://127.0.0.1:{server.port}/api/v1"
    async with httpx.AsyncClient(headers=headers, timeout=60) as client:
        with Stopwatch() as watch:
            data = await asyncio.to_thread(path.read_bytes)
            told = {
                "Upload-Length": str(len(data)),
                "Upload-Metadata": metadata,
                "Content-Type": "application/offset+octet-stream",
            }
            begun = await client.post(f"{base}/uploads", content=data, headers=told)
            file_id = begun.headers["tertulia-file"]
            draft = {"client_id": str(uuid4()), "text": "", "files": [{"file_id": file_id}]}
            said = await client.post(f"{base}/rooms/{room}/messages", json=draft)
            said.raise_for_status()
            content = f"{base}/rooms/{room}/files/{file_id}/content/hls/master.m3u8"
            while (await client.get(content)).status_code != 200:  # noqa: ASYNC110 — as a player
                await asyncio.sleep(ASK_SECONDS)
    return watch.seconds


async def _encoded(folder: Path, path: Path) -> tuple[float, float]:
    """The best of a few rounds, in turns: by ffmpeg alone, and by us."""
    command = encode_picture(str(FFMPEG), WANTED, 0)
    jail, storage = Jail(folder / "cells", FFMPEG), LocalStorage(folder / "films")
    bare: list[float] = []
    ours: list[float] = []
    for number in range(ROUNDS):
        async with jail.cell() as cell:
            await cell.take(path)
            with Stopwatch() as watch:
                await _run(*command[:-1], str(folder / f"{number}.mp4"), cwd=cell.folder)
            bare.append(watch.seconds)
            with Stopwatch() as watch:
                async with cell.running(command, Bounds(seconds=600, cpu=600, output=1 << 30,
                                                        nice=0)) as child:  # fmt: skip
                    cut = Cutting(lambda samples, _seconds, _number: samples >= 4 * RATE)
                    async for segment in segments(child, cut):
                        key = f"films/{number}/{segment.number}.m4s"
                        await storage.write(key, segment.data)
            ours.append(watch.seconds)
    return min(bare), min(ours)
