"""Giving out what lies in a storage: one object, or the part of it that was asked for.

Measured (one reader over loopback, 512 MB in the page cache, server's CPU for all of it): blocks of
256 KiB read in threads 1.1-1.6 GB/s and 0.35 s, `sendfile` in a thread 2.4-2.6 GB/s and 0.19 s,
reads that the kernel answers at once or not at all 2.3-3.5 GB/s and 0.15-0.24 s. uvloop has no
`sendfile` and ASGI gives no socket, and neither is missed.
"""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from litestar import Response
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tertulia.core.clock import breathe
from tertulia.core.errors import AppError, NotFound
from tertulia.core.http.answers import send_answer
from tertulia.core.http.disposition import (
    content_disposition,
    content_type,
    is_shown,
    page_policy,
)
from tertulia.core.http.info import INFO, RequestInfo
from tertulia.core.http.problem import answer_to
from tertulia.core.http.ranges import Portion, choose, content_range
from tertulia.core.storage import Missing, Storage

BLOCK = 256 * 1024  # bytes: what a slow reader holds of our memory, beside uvicorn's 64 KiB
PATIENCE = 60.0  # seconds in which a reader takes a block, or is given up
LINK_SECONDS = 300  # of a redirect to the storage: followed at once, and good for a long download
REDIRECT_FROM = 1 << 20  # bytes: below it the way round costs more than the bytes


class RangeNotSatisfiable(AppError):
    code, status, title = "range_not_satisfiable", 416, "There is nothing at that place of the file"


class PreconditionFailed(AppError):
    code, status, title = "precondition_failed", 412, "It is not what you thought it is"


@dataclass(frozen=True, slots=True)
class Thing:
    """One object and how it is given out. `key` and `size` (bytes) are the storage's; `name` is
    what it is saved as. `cache` is its Cache-Control. `headers` come on top."""

    key: str
    size: int
    media_type: str
    name: str
    cache: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Sent(Response[bytes]):
    """What a route returns to have `app` answer."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(b"")
        self._app = app

    def to_asgi_response(self, *_args: Any, **_options: Any) -> Any:
        return self._app


def sending(
    storage: Storage, thing: Thing, *, redirect: bool = False, patience: float = PATIENCE
) -> ASGIApp:
    """Answers GET and HEAD. `redirect`: where the storage can give it out itself, the reader is
    sent there. Raises NotFound, StorageAway, RangeNotSatisfiable, PreconditionFailed."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        http = cast("HTTPScope", scope)
        asked = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        portion = choose(http["method"], asked, _etag(thing), thing.size)
        if portion.status in (412, 416):
            await _refuse(http, send, portion, thing)
        elif portion.status == 304 or http["method"] == "HEAD":
            await _start(send, portion, thing)
            await _end(send)
        elif not (redirect and await _sent_away(storage, thing, send)):
            await _give(storage, thing, portion, receive, send, patience)

    return app


def _etag(thing: Thing) -> str:
    """A key names the same bytes for ever; it is nobody's business."""
    return f'"{sha256(thing.key.encode()).hexdigest()[:32]}"'


def _headers(thing: Thing) -> dict[str, str]:
    """Those that are the same whoever gives it out."""
    return {
        "content-type": content_type(thing.media_type),
        "content-disposition": content_disposition(is_shown(thing.media_type), thing.name),
        "cache-control": thing.cache,
    }


async def _start(send: Send, portion: Portion, thing: Thing) -> None:
    headers = _headers(thing) | {
        "etag": _etag(thing),
        "accept-ranges": "bytes",
        "content-security-policy": page_policy(thing.media_type),
        "x-content-type-options": "nosniff",
        **thing.headers,
    }
    if portion.status == 304:
        del headers["content-type"], headers["content-disposition"]
    else:
        headers["content-length"] = str(portion.length)
    if portion.status == 206:
        headers["content-range"] = content_range(portion, thing.size)
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": portion.status, "headers": raw})


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(scope: HTTPScope, send: Send, portion: Portion, thing: Thing) -> None:
    error = PreconditionFailed() if portion.status == 412 else RangeNotSatisfiable()
    info = cast("RequestInfo", cast("dict[str, Any]", scope)[INFO])
    answer = answer_to(error, info.request_id, lambda _: None)
    if portion.status == 416:
        said = {"Content-Range": content_range(portion, thing.size)}
        answer = replace(answer, headers=answer.headers | said)
    await send_answer(answer, send, head=scope["method"] == "HEAD")


async def _sent_away(storage: Storage, thing: Thing, send: Send) -> bool:
    """The link is for this reader and this moment: nobody may keep the redirect."""
    if thing.size < REDIRECT_FROM:
        return False
    url = await storage.link(thing.key, LINK_SECONDS, _headers(thing))
    if url is None:
        return False
    headers = [
        (b"location", url.encode("ascii")),
        (b"cache-control", b"private, no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 302, "headers": headers})
    await _end(send)
    return True


async def _give(
    storage: Storage, thing: Thing, portion: Portion, receive: Receive, send: Send, patience: float
) -> None:
    path = storage.path(thing.key)
    blocks = (
        storage.read(thing.key, portion.start, portion.stop)
        if path is None
        else _read_disk(path, portion.start, portion.stop)
    )
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        async with aclosing(cast("AsyncGenerator[bytes]", blocks)) as content:
            # The first block before the first header: what is missing is a 404, not a cut answer.
            first = await _first(content) if portion.length else b""
            await _start(send, portion, thing)
            await _pour(first, content, portion.length, send, gone, patience)
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)


async def _pour(
    first: bytes,
    rest: AsyncIterator[bytes],
    length: int,
    send: Send,
    gone: asyncio.Future[None],
    patience: float,
) -> None:
    """Each block waits until the one before is taken (uvicorn's flow control). Leaving without the
    last block makes uvicorn cut the connection."""
    block = first
    left = length
    while True:
        left -= len(block)
        try:
            async with asyncio.timeout(patience):
                await send({"type": "http.response.body", "body": block, "more_body": left > 0})
        except TimeoutError:
            return
        # A reader as fast as we are would never let anybody else have a turn.
        await breathe()
        if left <= 0 or gone.done():
            return
        block = await anext(rest, b"")
        if not block:
            raise OSError("it became shorter while it was sent")


async def _first(blocks: AsyncIterator[bytes]) -> bytes:
    try:
        return await anext(blocks)
    except (Missing, StopAsyncIteration):
        raise NotFound from None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read_disk(path: Path, start: int, stop: int) -> AsyncGenerator[bytes]:
    try:
        descriptor = await asyncio.to_thread(os.open, path, os.O_RDONLY)
    except FileNotFoundError:
        raise Missing(path.name) from None
    try:
        at = start
        while at < stop:
            block = await _read_block(descriptor, at, min(BLOCK, stop - at))
            if not block:
                return
            yield block
            at += len(block)
    finally:
        os.close(descriptor)


async def _read_block(descriptor: int, at: int, size: int) -> bytes:
    """From the page cache here and now; what lies on the disk alone, in a thread."""
    try:
        block = bytearray(size)
        got = os.preadv(descriptor, [block], at, os.RWF_NOWAIT)
    except (BlockingIOError, AttributeError):  # on the disk; no Linux
        return await asyncio.to_thread(os.pread, descriptor, size, at)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):  # file systems without it
            raise
        return await asyncio.to_thread(os.pread, descriptor, size, at)
    del block[got:]
    return cast("bytes", block)  # nobody writes to it any more: no copy
