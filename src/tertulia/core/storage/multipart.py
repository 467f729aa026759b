"""Uploads in parts, as S3's REST API has them (docs.aws.amazon.com/AmazonS3/latest/API/:
CreateMultipartUpload, ListParts, CompleteMultipartUpload, AbortMultipartUpload): what obstore does
only within itself. Each request is a URL that we sign for ourselves.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape, unescape
from typing import NamedTuple

import httpcore
import structlog

from tertulia.core.storage.bucket import RETRY_AFTER
from tertulia.core.storage.signed import SignedUrls
from tertulia.core.storage.storage import Missing, StorageAway

SECONDS = 20.0  # for an answer; completing joins parts, and may take longer
COMPLETING = 300.0
LARGEST_ANSWER = 2 << 20  # bytes: a page of 1,000 parts is a tenth of that

log = structlog.get_logger(__name__)


class PartThere(NamedTuple):
    """`etag` with its quotes, `size` in bytes."""

    number: int
    etag: str
    size: int


class _Answer(NamedTuple):
    status: int
    text: str


async def begin(urls: SignedUrls, key: str, media_type: str, now: datetime) -> str:
    headers = {"Content-Type": media_type}
    url = urls.inside("POST", key, now, query={"uploads": ""}, headers=headers)
    found = _one("UploadId", (await _ask("POST", url, headers=headers)).text)
    if not found:
        raise _away("no upload id")
    return found


async def parts(urls: SignedUrls, key: str, upload_id: str, now: datetime) -> list[PartThere]:
    """In their order. Raises Missing where no such upload is open."""
    found: list[PartThere] = []
    after = "0"
    while True:
        query = {"uploadId": upload_id, "part-number-marker": after}
        text = (await _ask("GET", urls.inside("GET", key, now, query=query))).text
        found += [
            PartThere(int(_one("PartNumber", part)), _one("ETag", part), int(_one("Size", part)))
            for part in re.findall(r"<Part>(.*?)</Part>", text, re.DOTALL)
        ]
        marker = _one("NextPartNumberMarker", text)
        if _one("IsTruncated", text) != "true" or int(marker or 0) <= int(after):
            return found
        after = marker


async def complete(
    urls: SignedUrls, key: str, upload_id: str, found: Sequence[PartThere], now: datetime
) -> None:
    """Raises Missing where no such upload is open any more."""
    lines = (
        f"<Part><PartNumber>{part.number}</PartNumber><ETag>{escape(part.etag)}</ETag></Part>"
        for part in found
    )
    body = f"<CompleteMultipartUpload>{''.join(lines)}</CompleteMultipartUpload>".encode()
    url = urls.inside("POST", key, now, query={"uploadId": upload_id})
    answer = await _ask("POST", url, body=body, seconds=COMPLETING)
    # The store answers 200 before it knows, and says in the body how it went.
    if "<Error>" in answer.text:
        _refuse(answer)


async def abort(urls: SignedUrls, key: str, upload_id: str, now: datetime) -> None:
    try:
        await _ask("DELETE", urls.inside("DELETE", key, now, query={"uploadId": upload_id}))
    except Missing:
        return


async def _ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
) -> _Answer:
    """A connection of its own: uploads in parts are rare, and this one needs no closing. Raises
    Missing, StorageAway."""
    timeout = {"connect": 5.0, "read": seconds, "write": SECONDS, "pool": SECONDS}
    fields = [*(headers or {}).items(), ("Content-Length", str(len(body)))]
    try:
        async with (
            httpcore.AsyncConnectionPool(retries=1) as pool,
            pool.stream(
                method, url, headers=fields, content=body, extensions={"timeout": timeout}
            ) as response,
        ):
            read = bytearray()
            async for block in response.aiter_stream():
                read += block
                if len(read) > LARGEST_ANSWER:
                    raise _away("an endless answer")
            answer = _Answer(response.status, read.decode(errors="replace"))
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise _away(type(error).__name__) from error
    if answer.status >= 300:
        _refuse(answer)
    return answer


def _refuse(answer: _Answer) -> None:
    code = _one("Code", answer.text)
    if code in {"NoSuchUpload", "NoSuchKey"}:
        raise Missing(code)
    raise _away(f"{answer.status} {code}")


def _away(why: str) -> StorageAway:
    log.warning("storage_away", why=why[:100])
    return StorageAway(retry_after=RETRY_AFTER)


def _one(name: str, text: str) -> str:
    """What stands between the first pair of these tags. The store is ours, and its answers flat."""
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return unescape(found[1]) if found else ""
