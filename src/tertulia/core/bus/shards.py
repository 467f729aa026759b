"""Which server of a Redis Cluster a topic belongs to (Redis Cluster specification: hash slots).

Topics fall into partitions, each with a hash tag of its own: what lies in one partition can be
subscribed to in one command.
"""

import zlib
from binascii import crc_hqx
from collections.abc import Sequence
from typing import Any, cast

SLOTS = 16384
PARTITIONS = 256
TAG = 4

Host = tuple[str, int]


def slot(tag: bytes) -> int:
    return crc_hqx(tag, 0) % SLOTS  # CRC16/XMODEM


def tags() -> list[bytes]:
    """One for each partition, TAG bytes, the same on every node. Their slots lie evenly, so that
    servers with equal ranges of slots carry equal numbers of partitions."""
    found: dict[int, bytes] = {}
    number = 0
    while len(found) < PARTITIONS:
        tag = b"%04x" % number
        found.setdefault(slot(tag) * PARTITIONS // SLOTS, tag)
        number += 1
    return [found[partition] for partition in range(PARTITIONS)]


def partition(topic: str) -> int:
    return zlib.crc32(topic.encode()) % PARTITIONS


def owners(reply: object, asked: str) -> dict[int, Host]:
    """`CLUSTER SLOTS` as slot → the master's address. `asked` is the host that told: servers that
    do not know their own name leave it out. Raises ValueError for what is no such answer."""
    found: dict[int, Host] = {}
    try:
        for first, last, (host, port, *_more), *_replicas in cast("list[Any]", reply):
            owner = (_name(host, asked), int(port))
            found.update(dict.fromkeys(range(int(first), int(last) + 1), owner))
    except (TypeError, ValueError):
        raise ValueError("no answer to CLUSTER SLOTS") from None
    return found


def _name(host: object, asked: str) -> str:
    return host.decode() if isinstance(host, bytes) and host not in {b"", b"?"} else asked


def address(text: str, asked: str) -> Host:
    """`host:port` of a MOVED."""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or asked, int(port)


def moved_partitions(before: Sequence[Host | None], after: Sequence[Host | None]) -> set[int]:
    return {n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
