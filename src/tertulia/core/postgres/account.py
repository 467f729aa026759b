"""Whose processes the server's are: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import struct
import subprocess
from dataclasses import dataclass
from errno import ENODATA, ENOTSUP
from pathlib import Path
from typing import TypedDict

from tertulia.core.postgres.errors import PostgresError

ACCOUNT_NAME = "tertulia"


class Identity(TypedDict, total=False):
    """Arguments of `subprocess.Popen`; empty where the server runs as ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A uid and gid for the server; `switched` where it is not our own."""

    uid: int
    gid: int
    switched: bool

    def identity(self) -> Identity:
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.switched:
            os.chown(path, self.uid, self.gid)


def choose_account(folder: Path) -> Account:
    """Ourselves; for root the folder's owner, else `tertulia` (made where possible), else `nobody`.

    The owner comes first so that a folder made as an ordinary user still opens as root.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    owner = folder.stat()
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switched=True)
    entry = _find_entry(ACCOUNT_NAME) or _make_entry(ACCOUNT_NAME) or _find_entry("nobody")
    if entry is None:
        raise PostgresError(
            "PostgreSQL refuses to run as root and this machine has no other account. "
            f"Add one (useradd --system {ACCOUNT_NAME}) or start Tertulia as an ordinary user."
        )
    return Account(entry.pw_uid, entry.pw_gid, switched=True)


def _find_entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_entry(name: str) -> pwd.struct_passwd | None:
    """A system account without password, home or shell; none on a read-only root."""
    program = shutil.which("useradd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    # Fixed words only: nothing a user typed reaches this command.
    subprocess.run([program, *options, name], check=False, capture_output=True)  # noqa: S603
    return _find_entry(name)


# acl(5) as Linux stores it in `system.posix_acl_access`: a version, then (tag, permissions, id).
_ACL = "system.posix_acl_access"
_ENTRY = struct.Struct("<HHI")
_VERSION = struct.pack("<I", 2)
_OWNER, _USER, _GROUP_OWNER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_SEARCH = 1


def open_way(account: Account, folder: Path) -> None:
    """Let the server's account walk through the folders above `folder`, and nothing more.

    A checkout under /root is the usual case. One access-list entry for one account with search
    permission only: opening such a folder to everybody would give away what else lies in it.
    """
    if not account.switched:
        return
    for parent in folder.parents:
        status = parent.stat()
        if not status.st_mode & 0o001 and status.st_uid != account.uid:
            _grant_search(account.uid, parent, status.st_mode)


def _grant_search(uid: int, folder: Path, mode: int) -> None:
    try:
        entries = _read_entries(folder, mode)
        mine = dict(entries).get((_USER, uid), 0) | _SEARCH
        entries = [entry for entry in entries if entry[0] != (_USER, uid) and entry[0][0] != _MASK]
        entries.append(((_USER, uid), mine))
        mask = 0
        for (tag, _), permissions in entries:
            mask |= permissions if tag in {_USER, _GROUP_OWNER, _GROUP} else 0
        entries.append(((_MASK, _NO_ID), mask))
        packed = [_ENTRY.pack(tag, permissions, who) for (tag, who), permissions in sorted(entries)]
        os.setxattr(folder, _ACL, _VERSION + b"".join(packed))
    except (OSError, AttributeError) as error:
        raise PostgresError(
            f"PostgreSQL runs as uid {uid} and may not pass through {folder} ({error}). "
            f"Allow it with: chmod o+x {folder} — or choose another --data-dir."
        ) from error


def _read_entries(folder: Path, mode: int) -> list[tuple[tuple[int, int], int]]:
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError as error:
        if error.errno not in {ENODATA, ENOTSUP}:
            raise
        return [
            ((_OWNER, _NO_ID), mode >> 6 & 7),
            ((_GROUP_OWNER, _NO_ID), mode >> 3 & 7),
            ((_OTHER, _NO_ID), mode & 7),
        ]
    entries = _ENTRY.iter_unpack(raw[len(_VERSION) :])
    return [((tag, who), permissions) for tag, permissions, who in entries]
