"""Reading the event log back.

Rows hold references; hydrators, supplied by the features, assemble each event's data from the rows
as they stand now (docs/protocol.md E4).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import eventlog
from tertulia.core.bus import Notice
from tertulia.core.db import Database
from tertulia.core.eventlog import Envelope
from tertulia.core.streams import Stream, parse_stream
from tertulia.core.tx import Tx

Point = tuple[UUID, UUID]  # a stream's id, and what an event of it refers to
# The events' data by point, as JSON
Hydrator = Callable[[Tx, Sequence[Point]], Awaitable[Mapping[Point, bytes]]]
Hydrators = Mapping[str, Hydrator]


async def read(
    tx: Tx, stream: Stream, *, after: int, limit: int, hydrators: Hydrators
) -> list[Envelope]:
    """The next events after `after`, in order.

    An event that cannot be assembled (a lost row, an unknown type) comes with `null` data: one
    poisoned event must not end the stream for everybody.
    """
    rows = await eventlog.rows_after(tx.conn, stream, after, limit)
    data = await _hydrate(tx, [(stream, row) for row in rows], hydrators)
    return [_envelope(stream, row, data) for row in rows]


async def read_many(
    tx: Tx, after: Mapping[Stream, int], limit: int, hydrators: Hydrators
) -> dict[Stream, list[Notice]]:
    """As `read_all`, as notices of the bus."""
    return {
        stream: [
            Notice(stream.name, envelope.seq, envelope.type, msgspec.json.encode(envelope))
            for envelope in envelopes
        ]
        for stream, envelopes in (await read_all(tx, after, limit, hydrators)).items()
    }


async def read_all(
    tx: Tx, after: Mapping[Stream, int], limit: int, hydrators: Hydrators
) -> dict[Stream, list[Envelope]]:
    """As `read`, of each stream up to `limit`: one statement for the events of all, and one
    hydration of each type. A stream without events has no entry."""
    by_id = {stream.id: stream for stream in after}
    found = await eventlog.rows_of_many(tx.conn, list(by_id), list(after.values()), limit)
    rows = [(by_id[row["stream"]], row) for row in found]
    data = await _hydrate(tx, rows, hydrators)
    envelopes: dict[Stream, list[Envelope]] = {}
    for stream, row in rows:
        envelopes.setdefault(stream, []).append(_envelope(stream, row, data))
    return envelopes


def _envelope(stream: Stream, row: Any, data: Mapping[tuple[str, Point], bytes]) -> Envelope:
    point = (stream.id, row["ref"])
    return Envelope(
        stream=stream.name,
        seq=row["seq"],
        type=row["type"],
        at=row["at"],
        actor=row["actor"],
        data=msgspec.Raw(row["data"] or data.get((row["type"], point), b"null")),
    )


async def assemble(
    tx: Tx, wanted: Sequence[tuple[Stream, str, UUID | None]], hydrators: Hydrators
) -> list[bytes | None]:
    """The data of events given by stream, type and reference, in the order asked; None where there
    is nothing to assemble."""
    rows = [(stream, {"type": type_, "ref": ref}) for stream, type_, ref in wanted]
    data = await _hydrate(tx, rows, hydrators)
    return [
        None if ref is None else data.get((type_, (stream.id, ref)))
        for stream, type_, ref in wanted
    ]


async def _hydrate(
    tx: Tx, rows: Sequence[tuple[Stream, Any]], hydrators: Hydrators
) -> dict[tuple[str, Point], bytes]:
    points: dict[str, list[Point]] = {}
    for stream, row in rows:
        if row["ref"] is not None and row["type"] in hydrators:
            points.setdefault(row["type"], []).append((stream.id, row["ref"]))
    data: dict[tuple[str, Point], bytes] = {}
    for type_, wanted in points.items():
        found = await hydrators[type_](tx, wanted)
        data.update({(type_, point): body for point, body in found.items()})
    return data


class History:
    """The log as `core.filling` reads it, by topic, to fill holes."""

    def __init__(self, db: Database, hydrators: Hydrators) -> None:
        self._db = db
        self._hydrators = hydrators

    async def ahead(self, known: Mapping[str, int]) -> dict[str, int]:
        names = {topic.partition(":")[2]: topic for topic in known}
        async with self._db.read() as tx:
            heads = await eventlog.ahead(tx.conn, list(names), list(known.values()))
        return {names[str(id_)]: head for id_, head in heads.items()}

    async def read(self, after: Mapping[str, int], limit: int) -> dict[str, list[Notice]]:
        streams = {parse_stream(topic): seq for topic, seq in after.items()}
        async with self._db.read() as tx:
            found = await read_many(tx, streams, limit, self._hydrators)
        return {stream.name: notices for stream, notices in found.items()}
