"""A new database has its next WAL segments ready: making one would stop every commit meanwhile."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tertulia.core.postgres import EmbeddedPostgres
from tertulia.core.postgres.folder import SPARE_SEGMENTS


async def test_the_first_thousands_of_messages_wait_for_no_new_segment() -> None:
    with TemporaryDirectory(prefix="tertulia-test-") as folder:
        async with EmbeddedPostgres(Path(folder) / "postgres"):
            segments = list((Path(folder) / "postgres/cluster/pg_wal").glob("0000*"))
    assert len(segments) >= SPARE_SEGMENTS + 1
