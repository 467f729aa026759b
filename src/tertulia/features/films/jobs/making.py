"""Making one rung: a child encodes or copies, and what it says is cut, stored and recorded."""

import hashlib
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.film import (
    Bounds,
    Cell,
    Cutting,
    Encoding,
    Jail,
    Segment,
    copy_track,
    encode_picture,
    encode_sound,
    segments,
)
from tertulia.core.jobs import Run
from tertulia.core.storage import Storage
from tertulia.core.tx import Tx
from tertulia.features.films import service
from tertulia.features.films.jobs.telling import tell, tell_progress
from tertulia.features.films.policy import COPIED, SEGMENT, RungPlan, boundaries, group
from tertulia.features.films.state import Piece, Rung

RECORD_SECONDS = 0.25  # what is copied comes faster than it need be written down, and costs nothing
TELL_SECONDS = 1.0
SLOWEST = 30  # seconds of processor for one of film, before something must be wrong
SPARE = 64 << 20
MEMORY = 3 << 30


class FilmGone(Exception):
    """Nobody wants it any more, or somebody else is at it."""


@dataclass(frozen=True)
class Works:
    """What it takes to make films. `longest` in seconds."""

    storage: Storage
    jail: Jail
    clock: Clock
    longest: int
    at_once: int


@dataclass
class Making:
    """A film of so many seconds whose file is in `cell`."""

    works: Works
    run: Run
    cell: Cell
    blob_id: UUID
    size: int
    seconds: float
    told: float = field(default=-TELL_SECONDS)

    @property
    def db(self) -> Database:
        return self.run.db

    async def tell(self) -> None:
        """Every room that has it, each in a transaction of its own."""
        await tell(self.db, self.blob_id)


async def make(film: Making, rung: Rung) -> None:
    """From its first missing segment on. Raises ChildFailed, BadBoxes, FilmGone, StorageAway."""
    if rung.state in ("complete", "failed"):
        return
    command, cutting = await _order(film, rung)
    book = _Book(film, rung)
    async with (
        film.cell.running(command, _bounds(film, rung.plan)) as child,
        aclosing(segments(child, cutting)) as cut,
    ):
        async for segment in cut:
            # What is copied comes from the beginning again: that costs next to nothing.
            if segment.number >= rung.made:
                await book.keep(segment)
    await book.close()
    await film.db.write(
        lambda tx: service.end_rung(tx, film.blob_id, rung.plan.name, book.recorded)
    )
    await film.tell()


async def _order(film: Making, rung: Rung) -> tuple[list[str], Cutting]:
    plan, ffmpeg = rung.plan, str(film.works.jail.ffmpeg)
    if plan.copied:
        begins = Fraction(*plan.begins)
        return copy_track(ffmpeg, plan.index), Cutting(_copied(plan), begins=begins, skip=plan.skip)
    if plan.kind == "sound":
        first = rung.made * plan.pictures
        command, skip = encode_sound(ffmpeg, plan.index, plan.bits, first)
        begins = first / plan.pace
        cut = _every(plan.pictures)
        return command, Cutting(cut, number=rung.made, begins=begins, skip=skip)
    return await _encoding(film, rung, ffmpeg)


async def _encoding(film: Making, rung: Rung, ffmpeg: str) -> tuple[list[str], Cutting]:
    plan = rung.plan
    keys = await _keys(film, plan)
    first = _begin(keys, plan, rung.made)
    wanted = Encoding(
        index=plan.index,
        width=plan.width,
        height=plan.height,
        rate=plan.pace,
        bits=plan.bits,
        gop=group(plan.pace),
        interlaced=plan.interlaced,
        keys=keys,
    )

    def cut(count: int, _seconds: Fraction, number: int) -> bool:
        return count >= _begin(keys, plan, number + 1) - _begin(keys, plan, number)

    command = encode_picture(ffmpeg, wanted, first)
    return command, Cutting(cut, number=rung.made, begins=first / plan.pace)


async def _keys(film: Making, plan: RungPlan) -> list[int]:
    """Where the copied rung's segments begin; none, where nothing is copied."""
    async with film.db.read() as tx:
        pieces = await service.pieces(tx, film.blob_id, COPIED)
        rungs = await service.rungs(tx, film.blob_id)
    copied = next((rung.plan for rung in rungs if rung.plan.name == COPIED), None)
    if copied is None or not pieces:
        return []
    lengths = [Fraction(piece.duration, 1_000_000) for piece in pieces]
    return boundaries(lengths, plan, Fraction(*copied.begins))


def _begin(keys: Sequence[int], plan: RungPlan, number: int) -> int:
    """The picture that a segment begins with."""
    if not keys:
        return number * plan.pictures
    if number < len(keys):
        return keys[number]
    return keys[-1] + (number - len(keys) + 1) * 1_000_000  # the last one takes what is left


def _every(count: int) -> Callable[[int, Fraction, int], bool]:
    return lambda samples, _seconds, _number: samples >= count


def _copied(plan: RungPlan) -> Callable[[int, Fraction, int], bool]:
    if plan.kind == "sound":
        return _every(plan.pictures)
    return lambda _samples, seconds, _number: seconds >= SEGMENT


def _bounds(film: Making, plan: RungPlan) -> Bounds:
    seconds = max(600.0, SLOWEST * film.seconds)
    encoded = int(2 * plan.bits * film.seconds / 8)
    return Bounds(
        seconds=seconds,
        cpu=int(2 * seconds),
        memory=MEMORY,
        output=(2 * film.size if plan.copied else encoded) + SPARE,
        nice=5 if plan.copied else 15,
    )


@dataclass
class _Book:
    """What of a rung is stored, and what of that is written down."""

    film: Making
    rung: Rung
    recorded: int = field(init=False)
    _stored: list[Piece] = field(default_factory=list[Piece])
    _header: tuple[bytes, str] = (b"", "")
    _codec: str = ""
    _since: float = field(init=False)
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self.recorded = self.rung.made
        self._since = self._began = self.film.works.clock.monotonic()

    async def keep(self, segment: Segment) -> None:
        """Stored first: what is told must be there."""
        name, storage = self.rung.plan.name, self.film.works.storage
        header = await self._keep_header(segment)
        place = service.key(self.film.blob_id, f"{name}/{segment.number}.m4s")
        await storage.write(place, segment.data)
        length = round(segment.duration * 1_000_000)
        self._stored.append(Piece(segment.number, header, length, len(segment.data)))
        self._codec = segment.header.codec
        since = self.film.works.clock.monotonic() - self._since
        if not self.rung.plan.copied or since >= RECORD_SECONDS:
            await self._record()

    async def close(self) -> None:
        if self._stored:
            await self._record()

    async def _keep_header(self, segment: Segment) -> str:
        # A run that goes on with another ffmpeg may need another one: each has its own name.
        data = segment.header.data
        if data != self._header[0]:
            name = f"init-{hashlib.sha256(data).hexdigest()[:16]}.mp4"
            place = service.key(self.film.blob_id, f"{self.rung.plan.name}/{name}")
            await self.film.works.storage.write(place, data)
            self._header = (data, name)
        return self._header[1]

    async def _record(self) -> None:
        stored, self._stored = self._stored, []
        changed = await self.film.db.write(self._write(stored))
        if changed is None:
            raise FilmGone
        self.recorded += len(stored)
        self._since = self.film.works.clock.monotonic()
        if changed:
            await self.film.tell()
        await self._progress()

    def _write(self, stored: list[Piece]) -> Callable[[Tx], Coroutine[Any, Any, bool | None]]:
        film, rung = self.film, self.rung
        return lambda tx: service.record(tx, film.blob_id, rung, self.recorded, self._codec, stored)

    async def _progress(self) -> None:
        """How far it is and how fast, by the segments alone."""
        film, now = self.film, self.film.works.clock.monotonic()
        if now - film.told < TELL_SECONDS:
            return
        film.told = now
        made = min(self.recorded * SEGMENT, film.seconds)
        fresh = (self.recorded - self.rung.made) * SEGMENT
        speed = fresh / max(now - self._began, 0.001)
        left = round((film.seconds - made) / max(speed, 0.001))
        percent = min(100, int(100 * made / max(film.seconds, 0.001)))
        name = self.rung.plan.name
        await film.run.progress(percent, 100, name)
        await film.db.write(lambda tx: tell_progress(tx, film.blob_id, name, percent, speed, left))
