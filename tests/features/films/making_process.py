"""A process of its own that makes films until it is killed: `python making_process.py DSN FOLDER`.

It says `stored KEY` for each segment once that is written down. Its clock stands still, so that it
gives no sign of life, as one that hangs.
"""

import asyncio
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry
from tests.support.clock import HandClock, SeededIds
from tests.support.films import open_works
from tests.support.world import open_database

from tertulia.core.jobs import Jobs
from tertulia.core.storage import LocalStorage
from tertulia.features.films.jobs import jobs


class Telling(LocalStorage):
    async def write(self, key: str, data: bytes) -> None:
        await super().write(key, data)
        sys.stdout.write(f"stored {key}\n")
        sys.stdout.flush()


async def main(dsn: str, folder: Path) -> None:
    clock = HandClock()
    ids = SeededIds(clock, 99)
    works = open_works(folder, Telling(folder / "files"))
    async with open_database(dsn, clock, ids=ids) as (db, _):
        await Jobs(jobs(works), db, clock, ids, lambda: 0.0, CollectorRegistry()).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
