"""How much, how many, for how long: pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tertulia.core.buckets import Bucket

MIB = 1 << 20

KEPT = timedelta(hours=24)  # after the last byte
STALE = timedelta(hours=1)  # without a byte: what it declared no longer counts as taken
LEASE = timedelta(seconds=6)  # of a writer without a sign of life
RENEWAL = 2.0  # seconds between those signs
MOST_OPEN = 200  # unfinished uploads of one account
HOURLY = Bucket("upload", 3_000, 3_600)
LONGEST_NAME = 200  # characters

# Right-to-left overrides and their like: `exe.gpj` must not read as something else.
_DECEIVING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRules:
    """What this server allows, in bytes; 0: without a limit, but for `max_size`."""

    max_size: int
    quota_account: int = 0
    quota_server: int = 0
    hourly: int = 0
    reserve: int = 0  # free space that uploads leave on the disk


def tolls(rules: UploadRules, size: int) -> Sequence[tuple[Bucket, int]]:
    """What an upload of `size` bytes takes of the hour: buckets with the cost of each."""
    counted = [(HOURLY, 1)]
    if rules.hourly:
        mebibytes = max(1, rules.hourly // MIB)
        # A server may allow files larger than an hour's share: they take all of it.
        cost = min(mebibytes, size // MIB)
        if cost:
            counted.append((Bucket("upload.mebibytes", mebibytes, 3_600), cost))
    return counted


def clean_name(said: str) -> str:
    """What a client calls its file, as we keep it: the last part of a path, nothing that hides or
    breaks a line. Never empty."""
    last = said.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        sign for sign in last if sign not in _DECEIVING and unicodedata.category(sign) != "Cc"
    )
    name = " ".join(plain.split())
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        short = dot and stem and len(ending) <= 16
        keep = LONGEST_NAME - len(ending) - 1 if short else LONGEST_NAME
        name = f"{name[:keep]}.{ending}" if short else name[:keep]
    return name if name.strip(". ") else "file"
