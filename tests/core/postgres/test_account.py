"""Root's server runs as somebody else; an ordinary user's as that user."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.core.postgres.processes import owning

from tertulia.core.postgres import EmbeddedPostgres, server
from tertulia.core.postgres.account import Account, open_way
from tertulia.core.postgres.programs import copy_programs, find_programs

NOBODY = 65534


def uid_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


async def test_the_server_is_never_root(base: Path) -> None:
    async with EmbeddedPostgres(base / "postgres", fsync=False) as running:
        assert uid_of(running.pid) != 0
        assert (base / "postgres" / "cluster").stat().st_mode & 0o077 == 0


async def test_an_account_that_is_our_own_changes_nothing(base: Path) -> None:
    base.chmod(0o700)
    open_way(Account(os.geteuid(), os.getegid(), switched=False), base / "data")
    assert base.stat().st_mode & 0o777 == 0o700


if os.geteuid() == 0:
    # Only root can become somebody else, and only root is refused by PostgreSQL.

    async def test_an_ordinary_user_runs_it_as_themselves(open_folder: Path) -> None:
        folder = open_folder / "postgres"
        async with owning(folder, str(NOBODY)) as owner:
            assert uid_of(owner.server_pid) == NOBODY
            assert owner.owner == NOBODY
            assert owner.user == "tertulia"

    async def test_root_opens_a_folder_an_ordinary_user_made(open_folder: Path) -> None:
        folder = open_folder / "postgres"
        async with owning(folder, str(NOBODY)) as owner:
            await owner.kill()
        async with EmbeddedPostgres(folder, fsync=False) as server:
            assert uid_of(server.pid) == NOBODY

    async def test_a_folder_below_a_closed_one_opens_for_the_server_alone(base: Path) -> None:
        """The checkout under /root: other accounts still may not pass."""
        closed = base / "root"
        closed.mkdir(mode=0o700)
        async with EmbeddedPostgres(closed / "data" / "postgres", fsync=False) as server:
            granted = os.getxattr(closed, "system.posix_acl_access")
            assert uid_of(server.pid).to_bytes(4, "little") in granted
            assert closed.stat().st_mode & 0o007 == 0
            assert can_enter(uid_of(server.pid), closed)
            assert not can_enter(NOBODY, closed)

    async def test_programs_only_root_may_read_are_copied_for_the_server(
        base: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An install under umask 077."""
        closed = base / "closed"
        hidden = copy_programs(find_programs(), closed / "site-packages")
        closed.chmod(0o700)
        monkeypatch.setattr(server, "find_programs", lambda: hidden)
        base.chmod(0o755)
        async with EmbeddedPostgres(base / "postgres", fsync=False) as running:
            program = Path(f"/proc/{running.pid}/exe").resolve()
        assert program.is_relative_to(base / "postgres")

    def can_enter(uid: int, folder: Path) -> bool:
        ask = ["/usr/bin/test", "-x", str(folder)]
        done = subprocess.run(ask, check=False, user=uid, group=uid, extra_groups=[])
        return done.returncode == 0


@pytest.fixture
def open_folder(base: Path) -> Path:
    """A folder of that other user, reachable by everybody."""
    base.chmod(0o755)
    folder = base / "open"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    return folder
