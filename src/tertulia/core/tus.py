"""The resumable upload protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload): what its
headers say, and how to say it. Pure.

Everything here raises `Invalid` with the header's name as the field; nothing repeats a value.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, NamedTuple

from tertulia.core.errors import AppError, FieldError, Invalid

VERSION = "1.0.0"
EXTENSIONS = (
    "creation",
    "creation-with-upload",
    "creation-defer-length",
    "termination",
    "checksum",
    "expiration",
    "concatenation",
)
ALGORITHMS = ("sha1", "sha256", "sha512")  # sha1 is asked for by the protocol
CHUNK = "application/offset+octet-stream"
OVERRIDABLE = frozenset({"PATCH", "DELETE", "HEAD"})

LONGEST_METADATA = 4096  # characters
LARGEST = 2**53 - 1  # bytes: what every client's numbers hold exactly
MOST_PARTS = 1000  # of one final upload

_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_KEY = re.compile(r"[!-+\--~]+")  # ASCII, neither space nor comma


class WrongVersion(AppError):
    code, status, title = "tus_version", 412, "Speak tus 1.0.0"


class ChecksumMismatch(AppError):
    """The status is tus's own."""

    code, status, title = "checksum_mismatch", 460, "The bytes do not match their checksum"


class Checksum(NamedTuple):
    algorithm: str
    digest: bytes

    def begin(self) -> Any:
        """A hash object to be fed."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


class Final(NamedTuple):
    """Made of these uploads, as URLs or paths, in this order."""

    parts: tuple[str, ...]


class Partial(NamedTuple):
    """To become part of another."""


def wrong(header: str, message: str) -> Invalid:
    return Invalid(errors=(FieldError(header, "invalid", message),))


def require_version(said: str | None) -> None:
    """Raises WrongVersion."""
    if said != VERSION:
        raise WrongVersion


def number(text: str, header: str) -> int:
    """A count of bytes: digits alone, no sign, no leading zero."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise wrong(header, "A whole number of bytes")
    return int(text)


def length(upload_length: str | None, defer_length: str | None) -> int | None:
    """Of a new upload; None: to be told later."""
    if defer_length is not None:
        if defer_length != "1":
            raise wrong("Upload-Defer-Length", "Only 1")
        if upload_length is not None:
            raise wrong("Upload-Defer-Length", "Not together with Upload-Length")
        return None
    if upload_length is None:
        raise Invalid(errors=(FieldError("Upload-Length", "missing", "Say the length, or defer"),))
    return number(upload_length, "Upload-Length")


def metadata(text: str) -> dict[str, str]:
    """`key base64,key base64,key`. A key without a value has an empty one.

    Values are UTF-8, and may hold anything: base64 carries line ends past every parser of headers,
    so whoever uses one cleans it first.
    """
    header = "Upload-Metadata"
    if len(text) > LONGEST_METADATA:
        raise wrong(header, f"At most {LONGEST_METADATA} characters")
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        key, _, value = pair.strip(" ").partition(" ")
        if not _KEY.fullmatch(key):
            raise wrong(header, "Keys are ASCII without spaces")
        if key in found:
            raise wrong(header, "A key only once")
        found[key] = _text(value)
    return found


def _text(value: str) -> str:
    return _decode(value, "Upload-Metadata").decode("utf-8", errors="replace")


def _decode(value: str, header: str) -> bytes:
    try:
        return base64.b64decode(value.encode("ascii"), validate=True)
    except ValueError:  # of base64, and of what is not ASCII
        raise wrong(header, "Values are base64") from None


def checksum(text: str) -> Checksum:
    """`sha1 base64`."""
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise wrong("Upload-Checksum", f"One of {', '.join(ALGORITHMS)}")
    digest = _decode(value, "Upload-Checksum")
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise wrong("Upload-Checksum", "The digest has another length")
    return Checksum(algorithm, digest)


def concat(text: str) -> Partial | Final:
    """`partial`, or `final;` and URLs by spaces."""
    if text == "partial":
        return Partial()
    kind, separator, urls = text.partition(";")
    parts = tuple(urls.split())
    if kind.strip() != "final" or not separator or not parts:
        raise wrong("Upload-Concat", "partial, or final; and its parts")
    if len(parts) > MOST_PARTS:
        raise wrong("Upload-Concat", f"At most {MOST_PARTS} parts")
    return Final(parts)


def http_date(moment: datetime) -> str:
    """`moment` in UTC, as in RFC 9110 §5.6.7."""
    return format_datetime(moment, usegmt=True)


def abilities(largest: int) -> Mapping[str, str]:
    """What OPTIONS tells; `largest` in bytes."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": ",".join(EXTENSIONS),
        "Tus-Max-Size": str(largest),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
