"""A running node whose files lie in a bucket that checks signatures, and programs that use both."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
from tests.support.buckets import Buckets, MadeBucket, buckets
from tests.support.clock import HandClock
from tests.support.database import Cluster, drop_database, fresh_database
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.jobs import Run
from tertulia.core.storage.bucket import open_bucket
from tertulia.core.storage.direct import DirectBucket
from tertulia.features.direct.jobs import Sweep, jobs

__all__ = ["buckets"]


class Leaping(HandClock):
    """A day at once: the node's loops need not live through each second of it."""

    def leap(self, seconds: float) -> None:
        self._elapsed += seconds


@dataclass
class House:
    """`store` sends past the server, to the bucket."""

    running: Running
    bucket: MadeBucket
    room: UUID
    clock: Leaping
    store: httpx.AsyncClient = field(repr=False)

    async def ask(
        self,
        who: Person | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        room: UUID | None = None,
    ) -> httpx.Response:
        url = f"/api/v1/rooms/{room or self.room}/direct{path}"
        return await self.running.request(who, method, url, body)

    async def begin(self, who: Person, size: int = 12, **more: Any) -> Any:
        body = {"name": "notes.txt", "size": size, "media_type": "text/plain", **more}
        answer = await self.ask(who, "POST", "/", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def send(self, begun: Any, data: bytes, **headers: str) -> httpx.Response:
        """As `begun` says, but for what is named."""
        if begun["method"] == "POST":
            return await self.store.post(
                begun["url"], data=begun["fields"] | headers, files={"file": data}
            )
        return await self.store.put(begun["url"], content=data, headers=begun["headers"] | headers)

    async def confirm(self, who: Person, begun: Any) -> httpx.Response:
        return await self.ask(who, "POST", f"/{begun['id']}/confirm")

    async def begin_parts(self, who: Person, size: int, **metadata: Any) -> Any:
        body = {"filename": "film.mp4", "type": "video/mp4", "metadata": {"size": size, **metadata}}
        answer = await self.ask(who, "POST", "/s3/multipart", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def part_url(self, who: Person, begun: Any, number: int) -> httpx.Response:
        place = f"/s3/multipart/{begun['uploadId']}/{number}?key={begun['key']}"
        return await self.ask(who, "GET", place)

    async def send_part(self, who: Person, begun: Any, number: int, data: bytes) -> httpx.Response:
        signed = await self.part_url(who, begun, number)
        assert signed.status_code == 200, signed.text
        return await self.store.put(signed.json()["url"], content=data)

    async def complete(self, who: Person, begun: Any, parts: list[Any]) -> httpx.Response:
        place = f"/s3/multipart/{begun['uploadId']}/complete?key={begun['key']}"
        return await self.ask(who, "POST", place, {"parts": parts})

    def leap(self, seconds: float) -> None:
        """On both sides."""
        self.clock.leap(seconds)
        self.bucket.server.stand_at(self.clock.now())

    async def sweep(self) -> None:
        """As the job does it from time to time."""
        door = DirectBucket(open_bucket(self.bucket.place, self.bucket.keys), self.bucket.urls)
        [job] = jobs(door, self.clock)
        await job.run(cast("Run", SimpleNamespace(db=self.running.node.db)), Sweep())

    async def taken(self, who: Person) -> int:
        """Bytes that count against this account."""
        answer = await self.running.request(who, "GET", "/api/v1/uploads/limits")
        return answer.json()["used"]

    async def bytes_of(self, id_: str) -> bytes:
        """Of what waits to be looked at."""
        _, incoming = self.bucket.open()
        return b"".join([block async for block in incoming.read(UUID(id_))])


@pytest.fixture(scope="module")
async def running(
    cluster: Cluster, buckets: Buckets
) -> AsyncIterator[tuple[Running, MadeBucket, Leaping]]:
    """One for many tests, which share no person, no room and nothing in the bucket."""
    clock, made = Leaping(), buckets.make()
    dsn = await fresh_database(cluster)
    settings: Any = {
        **made.settings,
        "jobs": "off",
        "upload_max_size": "64MiB",
        "quota_account": "100MiB",
    }
    async with running_node(dsn, clock, **settings) as running:
        yield running, made, clock
    buckets.stand_at(None)
    await drop_database(cluster, dsn)


@pytest.fixture
async def alice(running: tuple[Running, MadeBucket, Leaping]) -> Person:
    return await running[0].world.person(f"alice{uuid4().hex[:8]}")


@pytest.fixture
async def bob(running: tuple[Running, MadeBucket, Leaping]) -> Person:
    return await running[0].world.person(f"bob{uuid4().hex[:8]}")


@pytest.fixture
async def mallory(running: tuple[Running, MadeBucket, Leaping]) -> Person:
    return await running[0].world.person(f"mallory{uuid4().hex[:8]}")


@pytest.fixture
async def house(
    running: tuple[Running, MadeBucket, Leaping], alice: Person, bob: Person
) -> AsyncIterator[House]:
    """Alice's room, where bob is too, and an empty bucket."""
    node, made, clock = running
    made.empty()
    made.server.stand_at(clock.now())
    async with httpx.AsyncClient() as store:
        yield House(node, made, await node.world.channel(alice, bob), clock, store)
