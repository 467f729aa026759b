"""The way into a bucket, and its errors in the words of a storage."""

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tertulia.core.storage.sigv4 import Keys
from tertulia.core.storage.storage import BLOCK, Missing, StorageAway
from tertulia.core.storage_url import Bucket

if TYPE_CHECKING:  # obstore has these for checkers alone
    from obstore import GetOptions, ObjectMeta

SMALL = 8 << 20  # bytes up to which a thing is sent in one request; else in parts of at least that
MOST_PARTS = 9_000  # a multipart upload may have 10,000
PARTS_AT_ONCE = 2
RETRY_AFTER = 10.0

log = structlog.get_logger(__name__)


def open_bucket(bucket: Bucket, keys: Keys) -> S3Store:
    """Everything is said: what is left out, obstore takes from AWS_* variables of the environment,
    and another program's would lead our files elsewhere."""
    endpoint = bucket.endpoint
    if bucket.style == "virtual":
        scheme, _, host = endpoint.partition("://")
        endpoint = f"{scheme}://{bucket.name}.{host}"
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config={
            # Stronger than `endpoint`, so it must be the one that is given.
            "aws_endpoint_url_s3": endpoint,
            "region": bucket.region,
            "virtual_hosted_style_request": bucket.style == "virtual",
            "disable_bulk_delete": not bucket.bulk_delete,
            "skip_signature": False,
            "s3_express": False,
            "unsigned_payload": False,
        },
        credential_provider=lambda: {
            "access_key_id": keys.access,
            "secret_access_key": keys.secret,
            "token": None,
            "expires_at": None,
        },
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": timedelta(seconds=60),
            # Of a whole answer, however slowly its reader reads.
            "timeout": timedelta(hours=6),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )


@contextmanager
def told(*, may_miss: bool = False) -> Generator[None]:
    """`may_miss`: that a thing is not there is an answer; else it is the bucket that is not. The
    error's text names hosts and keys: for the log, not for clients."""
    try:
        yield
    except FileNotFoundError as error:
        if may_miss:
            raise Missing from None
        raise _gone(error) from error
    except (BaseError, TimeoutError) as error:
        raise _gone(error) from error


def _gone(error: Exception) -> StorageAway:
    log.warning("storage_away", why=type(error).__name__, error=str(error).partition("\n")[0][:300])
    return StorageAway(retry_after=RETRY_AFTER)


async def listed(store: S3Store, prefix: str) -> AsyncIterator["ObjectMeta"]:
    """Everything under `prefix`, in the order of its keys. Raises StorageAway."""
    with told():
        # Its other overloads speak of a library that we do not have.
        pages = obstore.list(store, prefix, chunk_size=500)  # pyright: ignore[reportUnknownMemberType]
        async for page in pages:
            for found in page:
                yield found


async def require_bucket(store: S3Store, key: str) -> None:
    """After a 404, which says the same of a thing and of the bucket. Raises StorageAway."""
    async for _ in listed(store, key):
        return


async def size_of(store: S3Store, key: str) -> int:
    """Raises Missing, StorageAway."""
    try:
        with told(may_miss=True):
            return (await obstore.head_async(store, key))["size"]
    except Missing:
        await require_bucket(store, key)
        raise Missing(key) from None


async def blocks(store: S3Store, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
    """The bytes from `start` up to before `stop`. A connection that breaks is taken up where it
    broke, as long as it gets on at all. Raises Missing, StorageAway."""
    at, tried_at = start, -1
    while stop is None or at < stop:
        try:
            got = await obstore.get_async(store, key, options=_range(at, stop))
            async for block in got.stream(min_chunk_size=BLOCK):
                at += len(block)
                yield bytes(block)
            return
        except FileNotFoundError:
            await require_bucket(store, key)
            raise Missing(key) from None
        except BaseError as error:
            if at >= await size_of(store, key):  # past its end there is nothing to be had
                return
            if at == tried_at:
                raise _gone(error) from error
            tried_at = at


def _range(start: int, stop: int | None) -> "GetOptions":
    if stop is not None:
        return {"range": (start, stop)}
    return {"range": {"offset": start}} if start else {}


async def send(store: S3Store, key: str, data: AsyncIterator[bytes], size: int) -> None:
    """A thing of known size, which is there when this returns; where `data` fails, none of it."""
    with told():
        if size <= SMALL:
            whole = b"".join([block async for block in data])
            await obstore.put_async(store, key, whole, use_multipart=False)
        else:
            await obstore.put_async(
                store,
                key,
                data,
                use_multipart=True,
                chunk_size=part_size(size),
                max_concurrency=PARTS_AT_ONCE,
            )


def part_size(size: int) -> int:
    return max(SMALL, -(-size // MOST_PARTS))
