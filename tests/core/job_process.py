"""A process of its own that takes one job and never ends it: `python job_process.py DSN`.

It says `begun` when it has the job; a test kills it then. Its clock stands still at the start of
time, so it gives no sign of life, as one that hangs.
"""

import asyncio
import sys

from prometheus_client import CollectorRegistry
from tests.support.clock import HandClock, SeededIds
from tests.support.jobs import Note
from tests.support.world import open_database

from tertulia.core.jobs import Job, Jobs, Run


async def hang(run: Run, note: Note) -> None:
    del run, note
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main(dsn: str) -> None:
    clock = HandClock()
    ids = SeededIds(clock, 99)
    async with open_database(dsn, clock, ids=ids) as (db, _):
        job = Job("note", Note, hang)
        await Jobs([job], db, clock, ids, lambda: 0.0, CollectorRegistry()).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
