"""Exit codes of the command line (sysexits.h), and which trouble gives which."""

import errno

import asyncpg
import psycopg

from tertulia.core.config import ConfigError
from tertulia.core.migrate import MigrationBusyError, MigrationError
from tertulia.core.postgres import FolderBusyError, PostgresError

FAILED = 1
USAGE = 64
UNAVAILABLE = 69
BUG = 70
CANNOT_WRITE = 73
TRY_AGAIN = 75
NOT_PERMITTED = 77
MISCONFIGURED = 78


def code_of(error: Exception) -> int:
    """The exit code of an expected trouble; 70 for any other, which is a bug."""
    match error:
        case ConfigError():
            return MISCONFIGURED
        case FolderBusyError() | MigrationBusyError():
            return TRY_AGAIN
        case MigrationError():
            return FAILED
        case PostgresError() | psycopg.OperationalError() | asyncpg.PostgresError():
            return UNAVAILABLE
        case ConnectionError():
            return UNAVAILABLE
        case PermissionError():
            return NOT_PERMITTED
        case OSError(errno=errno.EADDRINUSE | errno.EADDRNOTAVAIL):
            return UNAVAILABLE
        case OSError():
            return CANNOT_WRITE
        case _:
            return BUG
