"""A store of buckets to test against, and what one of them is called in the settings."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.support import amazon
from tests.support.strict_s3 import ACCESS_KEY, REGION, SECRET_KEY

from tertulia.core.clock import SystemClock
from tertulia.core.storage.bucket import open_bucket
from tertulia.core.storage.s3 import S3Storage
from tertulia.core.storage.s3_incoming import S3Incoming
from tertulia.core.storage.signed import SignedUrls
from tertulia.core.storage.sigv4 import Keys
from tertulia.core.storage_url import Bucket, parse

KEYS = Keys(ACCESS_KEY, SECRET_KEY, REGION)


@dataclass(frozen=True)
class Buckets:
    """`bare` believes everything; `strict` checks what Amazon would."""

    bare: str
    strict: str

    def make(self) -> "MadeBucket":
        made = MadeBucket(self, f"bucket-{uuid4().hex[:12]}")
        made.make_again()
        return made

    def stand_at(self, now: datetime | None) -> None:
        """The time at which URLs and forms are used from now on; None: as it goes."""
        text = now.isoformat() if now else ""
        httpx.post(f"{self.strict}/_clock", content=text).raise_for_status()


@dataclass(frozen=True)
class MadeBucket:
    server: Buckets
    name: str

    @property
    def url(self) -> str:
        return f"s3://{self.name}/some/prefix?endpoint={self.server.strict}&region={REGION}"

    @property
    def settings(self) -> dict[str, str]:
        """Of a node whose files lie here."""
        return {
            "storage_url": self.url,
            "storage_access_key": ACCESS_KEY,
            "storage_secret_key": SECRET_KEY,
        }

    @property
    def place(self) -> Bucket:
        found = parse(self.url)
        assert isinstance(found, Bucket)
        return found

    @property
    def urls(self) -> SignedUrls:
        return SignedUrls(self.place, KEYS)

    def open(self) -> tuple[S3Storage, S3Incoming]:
        store = open_bucket(self.place, KEYS)
        return S3Storage(store, self.urls, SystemClock()), S3Incoming(store)

    def destroy(self) -> None:
        """By who may: the store itself deletes nothing for nobody in particular."""
        self.empty()
        amazon.client(self.server.bare).delete_bucket(Bucket=self.name)

    def make_again(self) -> None:
        httpx.put(f"{self.server.bare}/{self.name}").raise_for_status()

    def empty(self) -> None:
        s3 = amazon.client(self.server.bare)
        for name in self.names():
            s3.delete_object(Bucket=self.name, Key=f"some/prefix/{name}")
        for found in s3.list_multipart_uploads(Bucket=self.name).get("Uploads", []):
            s3.abort_multipart_upload(
                Bucket=self.name, Key=found["Key"], UploadId=found["UploadId"]
            )

    @property
    def keys(self) -> Keys:
        return KEYS

    def open_uploads(self) -> int:
        """Multipart uploads that are neither completed nor aborted."""
        text = httpx.get(f"{self.server.bare}/{self.name}?uploads").text
        return text.count("<Upload>")

    def complete_all(self, key: str, parts: list[Any]) -> None:
        """Make one of the parts of the only upload of `key`."""
        s3 = amazon.client(self.server.bare)
        [found] = s3.list_multipart_uploads(Bucket=self.name)["Uploads"]
        s3.complete_multipart_upload(
            Bucket=self.name,
            Key=f"some/prefix/{key}",
            UploadId=found["UploadId"],
            MultipartUpload={"Parts": parts},
        )

    def names(self) -> list[str]:
        """Everything in it, below the prefix."""
        text = httpx.get(f"{self.server.bare}/{self.name}?list-type=2").text
        return [part.split("<")[0].removeprefix("some/prefix/") for part in text.split("<Key>")[1:]]


@pytest.fixture(scope="session")
def buckets() -> Iterator[Buckets]:
    with serving() as found:
        yield found


@contextmanager
def serving() -> Generator[Buckets]:
    """In a process of its own."""
    command = [sys.executable, "-m", "tests.support.bucket_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        bare, strict = json.loads(process.stdout.readline())
        yield Buckets(f"http://127.0.0.1:{bare}", f"http://127.0.0.1:{strict}")
        process.stdin.close()
        process.terminate()


@pytest.fixture
def bucket(buckets: Buckets) -> MadeBucket:
    return buckets.make()
