"""Opaque cursors of paged lists: the sort key of the last row given, as URL-safe text.

They are no secret and prove nothing: a forged one only starts the list somewhere else.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import TypeVar, cast

import msgspec

from tertulia.core.errors import FieldError, Invalid

T = TypeVar("T")


def encode(key: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode(cursor: str, kind: type[T]) -> T:
    """The key that `encode` was given. Raises Invalid for anything else."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = msgspec.json.decode(urlsafe_b64decode(padded), type=kind)
        if _holds_nul(msgspec.to_builtins(key)):
            raise ValueError("PostgreSQL's texts hold no NUL")
    except (ValueError, msgspec.MsgspecError):
        message = "Take the cursor of the page before."
        raise Invalid(message, errors=(FieldError("cursor", "invalid", message),)) from None
    return key


def _holds_nul(value: object) -> bool:
    if isinstance(value, (list, tuple, dict)):
        parts = cast("Iterable[object]", value.values() if isinstance(value, dict) else value)
        return any(map(_holds_nul, parts))
    return isinstance(value, str) and "\0" in value
