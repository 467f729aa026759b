"""What a backup looks like from outside: a folder, or one file, of a database and its files.

    manifest.json   written last: without it there is no backup
    database.dump   pg_dump's custom format
    objects.txt     one line for each object: sha256, size in bytes, key
    objects/        the objects by their keys (`blobs/…`, `incoming/<id>`)
    secret_key      of the server, unless it is kept elsewhere

Objects never change under their key, so a folder is brought up to date by what is new.
"""

from tertulia.core.backups.manifest import FORMAT, Listed, Manifest
from tertulia.core.backups.reading import Backup, BadBackup, open_backup
from tertulia.core.backups.writing import BackupFile, BackupFolder, Writing, write_backup

__all__ = [
    "FORMAT",
    "Backup",
    "BackupFile",
    "BackupFolder",
    "BadBackup",
    "Listed",
    "Manifest",
    "Writing",
    "open_backup",
    "write_backup",
]
