"""What a storage holds, given out: whole, in parts, to slow readers and to those who go."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.core.http.conftest import Calling, MakeApp

from tertulia.core.http.sending import BLOCK, REDIRECT_FROM, Thing, sending
from tertulia.core.storage import LocalStorage, Missing, Stored

KEY = "blobs/ab/abcd"
CONTENT = bytes(range(256)) * 4096  # 1 MiB: four blocks
PRIVATE = "private, max-age=31536000, immutable"


def thing(**changes: Any) -> Thing:
    given: dict[str, Any] = {
        "key": KEY,
        "size": len(CONTENT),
        "media_type": "video/mp4",
        "name": "película.mp4",
        "cache": PRIVATE,
    }
    return Thing(**(given | changes))


class Bucket:
    """A storage elsewhere. `taken` are the blocks that were asked of it; `open` whether it is being
    read."""

    def __init__(self, content: bytes, url: str | None = None) -> None:
        self._content = content
        self._url = url
        self.taken = 0
        self.open = False
        self.linked: dict[str, str] = {}

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        self.open = True
        try:
            for at in range(start, stop or len(self._content), BLOCK):
                self.taken += 1
                yield self._content[at : min(at + BLOCK, stop or len(self._content))]
        finally:
            self.open = False

    async def link(self, key: str, seconds: int, headers: dict[str, str]) -> str | None:
        self.linked = headers
        return self._url and f"{self._url}/{key}?signature=x&expires={seconds}"

    def path(self, key: str) -> None:
        del key

    async def put(self, key: str, source: Path) -> None: ...
    async def write(self, key: str, data: bytes) -> None: ...
    async def size(self, key: str) -> int:
        return len(self._content)

    async def remove(self, keys: Sequence[str]) -> None: ...
    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        for stored in list[Stored]():
            yield stored

    async def fetch(self, key: str, target: Path) -> None: ...


class Lost(Bucket):
    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        raise Missing(key)
        yield b""


@pytest.fixture
async def disk(tmp_path: Path) -> LocalStorage:
    storage = LocalStorage(tmp_path / "files")
    await storage.write(KEY, CONTENT)
    await storage.write("blobs/ab/empty", b"")
    return storage


Serving = Callable[..., Any]


@pytest.fixture
async def serve(make_app: MakeApp, call: Calling) -> Serving:
    def open_client(storage: Any, given: Thing | None = None, **options: Any) -> Any:
        return call(make_app(mounts={"/thing": sending(storage, given or thing(), **options)}))

    return open_client


async def test_the_whole(serve: Serving, disk: LocalStorage) -> None:
    async with serve(disk) as client:
        answer = await client.get("/thing")
    assert (answer.status_code, answer.content) == (200, CONTENT)
    said = answer.headers
    assert said["content-length"] == str(len(CONTENT))
    assert said["accept-ranges"] == "bytes"
    assert said["content-type"] == "video/mp4"
    assert said["cache-control"] == PRIVATE
    assert said["content-disposition"].startswith('inline; filename="pelicula.mp4"; filename*=')
    assert said["x-content-type-options"] == "nosniff"
    assert said["content-security-policy"].startswith(
        "sandbox allow-same-origin; default-src 'none'"
    )
    assert said["cross-origin-resource-policy"] == "same-origin"
    assert KEY not in str(said)


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/pdf", "x"])
async def test_what_may_run_is_a_download(
    serve: Serving, disk: LocalStorage, media_type: str
) -> None:
    async with serve(disk, thing(media_type=media_type, name="a.png")) as client:
        answer = await client.get("/thing")
    assert answer.headers["content-disposition"] == 'attachment; filename="a.png"'


@pytest.mark.parametrize(
    ("asked", "said", "content"),
    [
        ("bytes=0-9", "bytes 0-9/1048576", CONTENT[:10]),
        ("bytes=-5", "bytes 1048571-1048575/1048576", CONTENT[-5:]),
        ("bytes=262100-600000", "bytes 262100-600000/1048576", CONTENT[262100:600001]),
    ],
)
async def test_a_part(
    serve: Serving, disk: LocalStorage, asked: str, said: str, content: bytes
) -> None:
    for storage in (disk, Bucket(CONTENT)):
        async with serve(storage) as client:
            answer = await client.get("/thing", headers={"Range": asked})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == said
        assert answer.content == content


async def test_nothing_there(serve: Serving, disk: LocalStorage) -> None:
    async with serve(disk) as client:
        answer = await client.get("/thing", headers={"Range": "bytes=1048576-"})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == "bytes */1048576"
        assert answer.json()["code"] == "range_not_satisfiable"
        assert (await client.get("/thing", headers={"If-Match": '"x"'})).status_code == 412


async def test_who_has_it(serve: Serving, disk: LocalStorage) -> None:
    async with serve(disk) as client:
        tag = (await client.head("/thing")).headers["etag"]
        answer = await client.get("/thing", headers={"If-None-Match": f'"x", {tag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["etag"], answer.headers["cache-control"]) == (tag, PRIVATE)
    assert "content-length" not in answer.headers


async def test_head_is_the_same_without_the_bytes(serve: Serving, disk: LocalStorage) -> None:
    async with serve(disk) as client:
        answer = await client.head("/thing", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))


async def test_an_empty_one(serve: Serving, disk: LocalStorage) -> None:
    async with serve(disk, thing(key="blobs/ab/empty", size=0)) as client:
        answer = await client.get("/thing")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_what_is_lost_is_not_found(serve: Serving, disk: LocalStorage) -> None:
    for storage, given in ((disk, thing(key="blobs/ab/none")), (Lost(CONTENT), thing())):
        async with serve(storage, given) as client:
            assert (await client.get("/thing")).status_code == 404


async def test_a_redirect_to_the_storage(serve: Serving) -> None:
    bucket = Bucket(CONTENT, "https://bucket.example")
    async with serve(bucket, redirect=True) as client:
        answer = await client.get("/thing")
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("https://bucket.example/blobs/ab/abcd?")
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert bucket.linked["content-disposition"].startswith("inline; ")
        assert bucket.linked["content-type"] == "video/mp4"
        # A link for GET answers no HEAD.
        assert (await client.head("/thing")).status_code == 200
    async with serve(bucket, thing(size=REDIRECT_FROM - 1), redirect=True) as client:
        assert (await client.get("/thing")).status_code == 200
    async with serve(bucket) as client:
        assert (await client.get("/thing")).status_code == 200


class Reader:
    """A client that takes blocks when it is told to."""

    def __init__(self) -> None:
        self.got = 0
        self._may = asyncio.Semaphore(0)
        self.gone = asyncio.Event()
        self.waiting = asyncio.Event()

    def take(self, blocks: int) -> None:
        for _ in range(blocks):
            self._may.release()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.waiting.set()
            await self._may.acquire()
            self.got += len(message["body"])

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    def ask(self, storage: Any, given: Thing, **options: Any) -> "asyncio.Future[Any]":
        scope: Any = {"type": "http", "method": "GET", "headers": []}
        app: Any = sending(storage, given, **options)
        return asyncio.ensure_future(app(scope, self.receive, self.send))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0)


async def test_a_slow_reader_holds_one_block() -> None:
    bucket = Bucket(CONTENT)
    reader = Reader()
    answering = reader.ask(bucket, thing())
    await reader.waiting.wait()
    assert bucket.taken == 1
    reader.take(2)
    await until(lambda: bucket.taken == 3)
    assert reader.got == 2 * BLOCK
    reader.take(2)
    await answering
    assert (reader.got, bucket.open) == (len(CONTENT), False)


async def test_who_goes_is_read_for_no_more() -> None:
    bucket = Bucket(CONTENT)
    reader = Reader()
    answering = reader.ask(bucket, thing())
    await reader.waiting.wait()
    reader.gone.set()
    reader.take(100)
    await answering
    assert bucket.taken == 1
    assert not bucket.open


async def test_who_never_reads_is_given_up() -> None:
    bucket = Bucket(CONTENT)
    await Reader().ask(bucket, thing(), patience=0.01)
    assert (bucket.taken, bucket.open) == (1, False)


async def test_a_file_that_became_shorter_is_cut_off_and_not_ended(disk: LocalStorage) -> None:
    reader = Reader()
    reader.take(100)
    with pytest.raises(OSError, match="shorter"):
        await reader.ask(disk, thing(size=len(CONTENT) + 1))
    assert reader.got == len(CONTENT)
