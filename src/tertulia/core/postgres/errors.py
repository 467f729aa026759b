"""What can go wrong with the embedded server, each with the way out in its text."""


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do."""


class FolderBusyError(PostgresError):
    """Another process serves this folder. Trying again helps once it has stopped."""


class WrongMajorError(PostgresError):
    """The folder was made by another major version, whose files this server cannot read."""
