"""Every storage there is, so that each test of what storages promise runs on all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.buckets import Buckets, MadeBucket, bucket, buckets

from tertulia.core.storage import Incoming, LocalIncoming, LocalStorage, Storage

__all__ = ["bucket", "buckets"]


@dataclass(frozen=True)
class Place:
    """One storage, and how to take it away from under those who use it."""

    storage: Storage
    incoming: Incoming
    take_away: Callable[[], None]


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, buckets: Buckets) -> Place:
    return folder(tmp_path) if request.param == "folder" else in_bucket(buckets.make())


def folder(home: Path) -> Place:
    storage = LocalStorage(home / "files")
    incoming = LocalIncoming(home / "files" / "incoming", storage)

    def replace_by_a_file() -> None:
        """What no user may do, root included: use a file as a folder."""
        (home / "files").rename(home / "elsewhere")
        (home / "files").symlink_to("files")  # a loop: every use of it fails

    return Place(storage, incoming, replace_by_a_file)


def in_bucket(made: MadeBucket) -> Place:
    storage, incoming = made.open()
    return Place(storage, incoming, made.destroy)
