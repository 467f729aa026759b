"""Files of a bucket: read through the server, or from the bucket itself, and backed up."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from tests.features.media.conftest import content
from tests.support.attachments import look_at, send_files, upload
from tests.support.buckets import MadeBucket
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.backups import open_backup
from tertulia.core.config import load
from tertulia.core.http.sending import LINK_SECONDS
from tertulia.features.files.schemas import File
from tertulia.main.backups import open_backing

SMALL = b"small"
LARGE = bytes(range(256)) * 5_000  # above the least that is sent away


async def sent(
    running: Running, bucket: MadeBucket, who: Person, room: UUID, key: str, data: bytes
) -> File:
    storage, _ = bucket.open()
    file = await upload(running.world, who, room, f"{key}.mp4", len(data))
    await storage.write(f"blobs/{key}", data)
    await look_at(running.world, file, "video/mp4", key=f"blobs/{key}")
    await send_files(running.world, who, room, file)
    return file


async def test_what_is_large_may_come_from_the_bucket(
    dsn: str, clock: HandClock, bucket: MadeBucket
) -> None:
    settings = {"jobs": "off", "media_from": "storage", **bucket.settings}
    async with running_node(dsn, clock, seed=1, **settings) as running:
        ana = await running.world.person("ana")
        room = await running.world.group(ana)
        small = await sent(running, bucket, ana, room, "small", SMALL)
        large = await sent(running, bucket, ana, room, "large", LARGE)
        assert (await running.request(ana, "GET", content(small))).content == SMALL
        away = await running.request(ana, "GET", content(large))
        assert away.status_code == 302
        assert away.headers["cache-control"] == "private, no-store"
        assert (await running.request(ana, "HEAD", content(large))).status_code == 200
        bucket.server.stand_at(clock.now())
        async with httpx.AsyncClient() as reader:
            answer = await reader.get(away.headers["location"], headers={"Range": "bytes=1-3"})
            assert (answer.status_code, answer.content) == (206, LARGE[1:4])
            assert answer.headers["content-disposition"] == 'inline; filename="large.mp4"'
            assert answer.headers["content-type"] == "video/mp4"
            forged = away.headers["location"].replace("large", "small", 1)
            assert (await reader.get(forged)).status_code == 403
        bucket.server.stand_at(clock.now() + timedelta(seconds=LINK_SECONDS + 1))
        assert httpx.get(away.headers["location"]).status_code == 403
        bucket.server.stand_at(None)


async def test_read_through_the_server_and_backed_up(
    dsn: str, clock: HandClock, bucket: MadeBucket, tmp_path: Path
) -> None:
    settings = {"jobs": "off", **bucket.settings}
    async with running_node(dsn, clock, seed=1, **settings) as running:
        ana = await running.world.person("ana")
        room = await running.world.group(ana)
        file = await sent(running, bucket, ana, room, "large", LARGE)
        answer = await running.request(ana, "GET", content(file))
        assert (answer.status_code, answer.content) == (200, LARGE)
    given = {"data_dir": str(tmp_path / "data"), "secret_key": "x" * 40, **bucket.settings}
    read = load({f"TERTULIA_{name.upper()}": value for name, value in given.items()})
    async with open_backing(read, dsn, tmp_path / "backup") as backing:
        await backing.dump(dsn)
        taken = await backing.copy(lambda _: None, verify=False, prune=False)
    assert (taken.objects, taken.bytes, taken.missing) == (1, len(LARGE), [])
    with open_backup(tmp_path / "backup") as backup:
        [one] = backup.objects
        assert b"".join(backup.read(one)) == LARGE
        assert isinstance(backup.manifest.made_at, datetime)
