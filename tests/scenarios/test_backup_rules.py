"""What a backup holds, what it leaves out, and what a restore refuses."""

import json
import stat
import tarfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.support.attachments import look_at, send_files, upload
from tests.support.database import drop_database, fresh_database
from tests.support.world import Person, World

from tertulia.core.backups import BadBackup, open_backup
from tertulia.core.config import Settings, load
from tertulia.core.postgres import EmbeddedPostgres, PostgresError
from tertulia.core.storage import LocalStorage
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File
from tertulia.features.messages import service as messages
from tertulia.main import (
    Occupied,
    Restored,
    Taken,
    renew,
    require_free,
    require_readable_backup,
    restore,
)
from tertulia.main.backups import open_backing

BYTES = b"the bytes of a file" * 1000


def settings(data: Path) -> Settings:
    given = {"TERTULIA_DATA_DIR": str(data), "TERTULIA_SECRET_KEY": "a secret of the tests " * 2}
    return load(given)


def hush(size: int) -> None:
    del size


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def storage(data: Path) -> LocalStorage:
    return LocalStorage(data / "files")


async def sent(
    world: World, storage: LocalStorage, who: Person, room: UUID, key: str, content: bytes = BYTES
) -> File:
    file = await upload(world, who, room, f"{key}.bin", len(content))
    await storage.write(f"blobs/{key}", content)
    await look_at(world, file, "application/zip", key=f"blobs/{key}")
    await send_files(world, who, room, file)
    true = "UPDATE blobs SET sha256 = $2 WHERE key = $1"
    digest = sha256(content).digest()
    await world.db.write(lambda tx: tx.conn.execute(true, f"blobs/{key}", digest))
    return file


async def back_up(
    dsn: str,
    data: Path,
    place: Path,
    *,
    verify: bool = False,
    prune: bool = False,
    meanwhile: Callable[[], Any] | None = None,
) -> Taken:
    async with open_backing(settings(data), dsn, place) as backing:
        await backing.dump(dsn)
        if meanwhile is not None:
            await meanwhile()
        return await backing.copy(hush, verify=verify, prune=prune)


@asynccontextmanager
async def empty(cluster: EmbeddedPostgres) -> AsyncGenerator[str]:
    dsn = await fresh_database(cluster)
    try:
        yield dsn
    finally:
        await drop_database(cluster, dsn)


async def bring_back(dsn: str, data: Path, place: Path, *, force: bool = False) -> Restored:
    with open_backup(place) as backup:
        require_readable_backup(backup)
        await require_free(settings(data), dsn, force=force)
        return await restore(settings(data), dsn, backup, hush)


async def ask(dsn: str, statement: str) -> Any:
    conn: Any = await asyncpg.connect(dsn)
    try:
        return await conn.fetchval(statement)
    finally:
        await conn.close()


@pytest.fixture
async def room(world: World, alice: Person, bob: Person, storage: LocalStorage) -> UUID:
    room = await world.channel(alice, bob)
    await sent(world, storage, alice, room, "a")
    return room


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
async def test_there_and_back(
    world: World, room: UUID, dsn: str, cluster: EmbeddedPostgres, data: Path, tmp_path: Path,
    name: str,
) -> None:  # fmt: skip
    (data / "secret_key").write_text("kept")
    taken = await back_up(dsn, data, tmp_path / name)
    assert (taken.objects, taken.fresh, taken.bytes) == (1, 1, len(BYTES))
    assert not taken.damaged
    assert not taken.missing
    epoch = await ask(dsn, "SELECT epoch FROM server")
    async with empty(cluster) as other:
        there = tmp_path / "there"
        restored = await bring_back(other, there, tmp_path / name)
        assert restored == Restored(1, [], secret=True)
        assert (there / "files/blobs/a").read_bytes() == BYTES
        assert (there / "secret_key").read_text() == "kept"
        assert stat.S_IMODE((there / "secret_key").stat().st_mode) == 0o600
        assert await ask(other, "SELECT epoch FROM server") != epoch
        for table in ("messages", "events", "accounts", "files"):
            count = f"SELECT count(*) FROM {table}"
            assert await ask(other, count) == await ask(dsn, count) > 0
        # Nothing of an old numbering is left that a cursor could be compared with.
        old = "SELECT count(*) FROM events WHERE xid <> (SELECT max(touched) FROM streams)"
        assert await ask(other, old) == 0
        with pytest.raises(Occupied, match="accounts"):
            await bring_back(other, tmp_path / "third", tmp_path / name)
        await bring_back(other, there, tmp_path / name, force=True)


async def test_it_is_for_its_owner_alone(room: UUID, dsn: str, data: Path, tmp_path: Path) -> None:
    for name in ("backup", "backup.tar"):
        await back_up(dsn, data, tmp_path / name)
    kept = [path for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    assert len(kept) == 4
    for path in (tmp_path / "backup", *kept):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) == 0o600
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert {member.mode for member in tar} == {0o600}
    assert sorted(path.name for path in tmp_path.glob(".backup*")) == []


async def test_the_next_one_copies_what_is_new_and_prunes_when_it_is_told_to(
    world: World, alice: Person, room: UUID, storage: LocalStorage, dsn: str, data: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    place = tmp_path / "backup"
    await back_up(dsn, data, place)
    inode = (place / "objects/blobs/a").stat().st_ino
    second = await sent(world, storage, alice, room, "b", b"others")
    taken = await back_up(dsn, data, place)
    assert (taken.objects, taken.fresh) == (2, 1)
    assert (place / "objects/blobs/a").stat().st_ino == inode
    assert (await back_up(dsn, data, place, verify=True)).fresh == 2
    there = await world.read(files.get_file, alice, room, second.id)
    assert there.message_id is not None
    await world.write(messages.delete, alice, room, there.message_id)
    async with world.db.read() as tx:
        blob = await tx.conn.fetchval("SELECT id FROM blobs WHERE key = 'blobs/b'")
    await world.db.write(lambda tx: tx.conn.execute("DELETE FROM blobs WHERE id = $1", blob))
    assert (await back_up(dsn, data, place)).objects == 1
    assert (place / "objects/blobs/b").exists()
    assert (await back_up(dsn, data, place, prune=True)).pruned == 1
    assert not (place / "objects/blobs/b").exists()


async def test_race_an_upload_is_looked_at_while_it_is_copied(
    world: World, alice: Person, room: UUID, storage: LocalStorage, dsn: str,
    cluster: EmbeddedPostgres, data: Path, tmp_path: Path,
) -> None:  # fmt: skip
    """In the dump it waits where it was uploaded; a moment later its bytes are elsewhere. Three
    ways: not moved, moved and not told, found to be bytes that were here before."""
    waiting = [await upload(world, alice, room, f"{n}.txt", 3) for n in range(3)]
    async with world.db.read() as tx:
        rows = await tx.conn.fetch("SELECT id, incoming FROM files WHERE state = 'checking'")
    lies = {row["id"]: row["incoming"] for row in rows}
    first, second, third = (lies[file.id] for file in waiting)
    incoming = data / "files" / "incoming"
    incoming.mkdir()
    for upload_ in (first, second, third):
        (incoming / str(upload_)).write_bytes(b"one")

    async def meanwhile() -> None:
        await storage.put(f"blobs/{second.hex[-2:]}/{second.hex}", incoming / str(second))
        (incoming / str(third)).unlink()
        await storage.write("blobs/same", b"one")
        await look_at(world, waiting[2], "text/plain", key="blobs/same")

    place = tmp_path / "backup"
    taken = await back_up(dsn, data, place, meanwhile=meanwhile)
    assert (taken.objects, taken.missing) == (4, [])
    async with empty(cluster) as other:
        await bring_back(other, tmp_path / "there", place)
        for upload_ in (first, second, third):
            assert (tmp_path / "there/files/incoming" / str(upload_)).read_bytes() == b"one"
        states = "SELECT count(*) FROM files WHERE state = 'checking'"
        assert await ask(other, states) == 3


async def test_what_is_missing_or_damaged_on_the_server_is_told(
    world: World, alice: Person, room: UUID, storage: LocalStorage, dsn: str, data: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    await sent(world, storage, alice, room, "b", b"others")
    await storage.remove(["blobs/a"])
    taken = await back_up(dsn, data, tmp_path / "backup")
    assert (taken.missing, taken.damaged, taken.objects) == (["blobs/a"], [], 1)
    (data / "files/blobs/b").write_bytes(b"Others")
    taken = await back_up(dsn, data, tmp_path / "second")
    assert taken.damaged == ["blobs/b"]


async def test_a_damaged_backup_is_found_out(
    room: UUID, dsn: str, cluster: EmbeddedPostgres, data: Path, tmp_path: Path
) -> None:
    place = tmp_path / "backup"
    await back_up(dsn, data, place)
    async with empty(cluster) as other:
        (place / "objects/blobs/a").write_bytes(b"x" * len(BYTES))
        restored = await bring_back(other, tmp_path / "there", place)
        assert restored.damaged == ["blobs/a is damaged"]
        assert not (tmp_path / "there/files/blobs/a").exists()
        dump = place / "database.dump"
        whole = dump.read_bytes()
        dump.write_bytes(whole[:-100] + bytes(100))
        with pytest.raises(BadBackup, match=r"database\.dump is damaged"):
            await bring_back(other, tmp_path / "there", place, force=True)
        # What was there is still there: all or nothing.
        assert await ask(other, "SELECT count(*) FROM accounts") == 2
    (place / "objects.txt").write_text("")
    with pytest.raises(BadBackup, match=r"objects\.txt"), open_backup(place):
        pass


async def test_a_dump_that_breaks_in_the_middle_changes_nothing(
    room: UUID, dsn: str, cluster: EmbeddedPostgres, data: Path, tmp_path: Path
) -> None:
    place = tmp_path / "backup"
    await back_up(dsn, data, place)
    dump, manifest = place / "database.dump", place / "manifest.json"
    dump.write_bytes(dump.read_bytes()[:-3000])
    _say(manifest, dump_sha256=sha256(dump.read_bytes()).hexdigest())
    async with empty(cluster) as other:
        with pytest.raises(PostgresError):
            await bring_back(other, tmp_path / "there", place)
        assert await ask(other, "SELECT count(*) FROM accounts") == 0


def _say(manifest: Path, **changes: Any) -> None:
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changes))


async def test_a_backup_that_was_never_finished_is_none(
    room: UUID, dsn: str, data: Path, tmp_path: Path
) -> None:
    place = tmp_path / "backup"
    async with open_backing(settings(data), dsn, place) as backing:
        await backing.dump(dsn)
    for where in (place, tmp_path / "nothing", data / "files/blobs/a"):
        with pytest.raises(BadBackup), open_backup(where):
            pass


async def test_one_that_was_cut_off_leaves_the_one_before_whole(
    world: World, alice: Person, room: UUID, storage: LocalStorage, dsn: str, data: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    place = tmp_path / "backup"
    await back_up(dsn, data, place)
    await sent(world, storage, alice, room, "b", b"others")
    async with open_backing(settings(data), dsn, place) as backing:
        await backing.dump(dsn)
    with open_backup(place) as backup:
        backup.dump(tmp_path / "dump")
        assert [one.key for one in backup.objects] == ["blobs/a"]
    assert (await back_up(dsn, data, place)).objects == 2


async def test_one_of_a_newer_program_is_refused(
    room: UUID, dsn: str, data: Path, tmp_path: Path
) -> None:
    place = tmp_path / "backup"
    await back_up(dsn, data, place)
    _say(place / "manifest.json", migrations=["20990101_0000_later"])
    with open_backup(place) as backup, pytest.raises(BadBackup, match="newer"):
        require_readable_backup(backup)


async def test_a_server_that_runs_is_not_overwritten(world: World, dsn: str, data: Path) -> None:
    with pytest.raises(Occupied, match="stop the server"):
        await require_free(settings(data), dsn, force=True)


async def test_files_that_lie_there_are_not_mixed_with_others(
    cluster: EmbeddedPostgres, data: Path, storage: LocalStorage
) -> None:
    await storage.write("blobs/x", b"x")
    async with empty(cluster) as other:
        with pytest.raises(Occupied, match="holds files"):
            await require_free(settings(data), other, force=False)
        await require_free(settings(data), other, force=True)


async def test_a_database_that_came_back_by_other_means_is_renewed(room: UUID, dsn: str) -> None:
    epoch = await ask(dsn, "SELECT epoch FROM server")
    await renew(dsn)
    assert await ask(dsn, "SELECT epoch FROM server") != epoch
    old = "SELECT count(*) FROM events WHERE xid <> (SELECT max(touched) FROM streams)"
    assert await ask(dsn, old) == 0
