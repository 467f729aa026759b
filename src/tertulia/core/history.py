"""Reading the event log back.

Rows hold references; hydrators, supplied by the features, assemble each event's data from the rows
as they stand now (docs/protocol.md E4).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import eventlog
from tertulia.core.bus import Notice
from tertulia.core.db import Database
from tertulia.core.eventlog import Envelope
from tertulia.core.streams import Stream, parse_stream
from tertulia.core.tx import Tx

# (tx, the stream's id, refs) -> the events' data by ref, as JSON
Hydrator = Callable[[Tx, UUID, Sequence[UUID]], Awaitable[Mapping[UUID, bytes]]]
Hydrators = Mapping[str, Hydrator]


async def read(
    tx: Tx, stream: Stream, *, after: int, limit: int, hydrators: Hydrators
) -> list[Envelope]:
    """The next events after `after`, in order.

    An event that cannot be assembled (a lost row, an unknown type) comes with `null` data: one
    poisoned event must not end the stream for everybody.
    """
    rows = await eventlog.rows_after(tx.conn, stream, after, limit)
    data = await _hydrate(tx, stream, rows, hydrators)
    return [_envelope(stream, row, data) for row in rows]


def _envelope(stream: Stream, row: Any, data: Mapping[tuple[str, UUID], bytes]) -> Envelope:
    return Envelope(
        stream=stream.name,
        seq=row["seq"],
        type=row["type"],
        at=row["at"],
        actor=row["actor"],
        data=msgspec.Raw(row["data"] or data.get((row["type"], row["ref"]), b"null")),
    )


async def _hydrate(
    tx: Tx, stream: Stream, rows: Sequence[Any], hydrators: Hydrators
) -> dict[tuple[str, UUID], bytes]:
    refs: dict[str, list[UUID]] = {}
    for row in rows:
        if row["ref"] is not None and row["type"] in hydrators:
            refs.setdefault(row["type"], []).append(row["ref"])
    data: dict[tuple[str, UUID], bytes] = {}
    for type_, wanted in refs.items():
        found = await hydrators[type_](tx, stream.id, wanted)
        data.update({(type_, ref): body for ref, body in found.items()})
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
        streams = {parse_stream(topic).id: parse_stream(topic) for topic in after}
        async with self._db.read() as tx:
            rows = await eventlog.rows_of_many(tx.conn, list(streams), list(after.values()), limit)
            return {
                streams[id_].name: await self._notices(tx, streams[id_], list(mine))
                for id_, mine in groupby(rows, key=itemgetter("stream"))
            }

    async def _notices(self, tx: Tx, stream: Stream, rows: Sequence[Any]) -> list[Notice]:
        data = await _hydrate(tx, stream, rows, self._hydrators)
        envelopes = (_envelope(stream, row, data) for row in rows)
        return [
            Notice(envelope.stream, envelope.seq, envelope.type, msgspec.json.encode(envelope))
            for envelope in envelopes
        ]
