"""Putting work in, and taking it back."""

from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.core.bus import Notice
from tertulia.core.tx import Tx

TOPIC = "jobs"  # of the bus: there is work, or somebody wants a job ended
WORK = Notice(TOPIC, 0, "work", b"null")
END = Notice(TOPIC, 0, "end", b"null")

# A waiting row of the same key is moved. One that runs has left the index, so a new row waits
# behind it; the claim that turns the one into the other holds the row's lock until then.
ENQUEUE = """
INSERT INTO jobs (id, kind, key, payload, priority, run_at, enqueued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (kind, key) WHERE state = 'waiting' AND key IS NOT NULL
DO UPDATE SET payload = excluded.payload, priority = excluded.priority,
    run_at = excluded.run_at, enqueued_at = excluded.enqueued_at, attempt = 0, error = ''
RETURNING id
"""


async def enqueue(
    tx: Tx,
    kind: str,
    payload: msgspec.Struct,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
    priority: int = 0,
) -> UUID:
    """Have it done once `tx` has committed, or from `run_at` on. Of -2 to 2 the highest `priority`
    of a kind goes first. Answers the job's id: of a key that waits already, that one's."""
    row = await tx.conn.fetchrow(
        ENQUEUE,
        tx.ids.uuid7(),
        kind,
        key,
        msgspec.json.encode(payload),
        priority,
        run_at or tx.now,
        tx.now,
    )
    tx.hint(WORK)
    return row["id"]


# Two statements: rows that wait and rows that run have nothing in common but the key.
DROP = """
UPDATE jobs SET state = 'cancelled', finished_at = $3
WHERE kind = $1 AND key = $2 AND state = 'waiting' RETURNING id
"""
STOP = """
UPDATE jobs SET cancel_asked = true
WHERE kind = $1 AND key = $2 AND state = 'running' RETURNING id
"""


async def cancel(tx: Tx, kind: str, key: str) -> bool:
    """One that waits will not run; one that runs is asked to stop. False: there was none."""
    dropped = await tx.conn.fetch(DROP, kind, key, tx.now)
    stopped = await tx.conn.fetch(STOP, kind, key)
    if stopped:
        tx.hint(END)
    return bool(dropped or stopped)
