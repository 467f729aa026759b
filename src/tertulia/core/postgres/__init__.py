"""The embedded PostgreSQL: one private server per data folder, started and stopped with us.

Invariants: one server per folder; the server stops last; nothing a `kill -9` leaves behind
(orphaned server, stale pid file, half-made cluster) blocks the next start; the folder of another
major version is refused, never touched.
"""

from tertulia.core.postgres.attach import exists, tool_environment, visiting
from tertulia.core.postgres.dumps import dump, load
from tertulia.core.postgres.errors import FolderBusyError, PostgresError, WrongMajorError
from tertulia.core.postgres.programs import program_version
from tertulia.core.postgres.server import EmbeddedPostgres

__all__ = [
    "EmbeddedPostgres",
    "FolderBusyError",
    "PostgresError",
    "WrongMajorError",
    "dump",
    "exists",
    "load",
    "program_version",
    "tool_environment",
    "visiting",
]
