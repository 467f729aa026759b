"""Brotli or gzip for answers that come in one piece.

BREACH needs a victim's browser to ask again and again with the victim's cookies from a foreign
page; ours are SameSite=Strict, and an answer that sets a cookie is left alone all the same.
"""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import brotli
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent

# Below one packet nothing is won.
SMALLEST = 1_024
# Quality by coding. Brotli 4 costs about what gzip 6 does and saves a tenth more.
FOR_ANSWERS = {"br": 4, "gzip": 6}
# Once per build. Brotli 11 would save 3 % more of a file and take ten times as long.
FOR_FILES = {"br": 9, "gzip": 9}

COMPRESSIBLE = ("application/json", "application/problem+json", "text/", "image/svg+xml")


@lru_cache(256)  # browsers send a handful of different ones
def negotiate(accept_encoding: str, offered: tuple[str, ...] = ("br", "gzip")) -> str | None:
    """The first of `offered` that the client takes (RFC 9110 §12.5.3); None for as it is."""
    if not accept_encoding:
        return None
    accepted: dict[str, bool] = {}
    for item in accept_encoding.lower().split(","):
        coding, _, weight = item.partition(";")
        accepted[coding.strip()] = weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")
    every = accepted.get("*", False)
    return next((coding for coding in offered if accepted.get(coding, every)), None)


def is_compressible(start: HTTPResponseStartEvent) -> bool:
    if start["status"] in (204, 206, 304):
        return False
    headers = dict(start["headers"])
    if b"content-encoding" in headers or b"set-cookie" in headers:
        return False
    length = headers.get(b"content-length")
    if length is not None and int(length) < SMALLEST:
        return False
    return headers.get(b"content-type", b"").decode("latin-1").startswith(COMPRESSIBLE)


def compressed(
    start: HTTPResponseStartEvent, body: HTTPResponseBodyEvent, encoding: str
) -> tuple[HTTPResponseStartEvent, HTTPResponseBodyEvent]:
    start["headers"] = headers = [*start["headers"], (b"vary", b"Accept-Encoding")]
    if len(body["body"]) < SMALLEST:
        return start, body
    body["body"] = compress(body["body"], encoding)
    start["headers"] = [
        *(_weakened(header) for header in headers if header[0].lower() != b"content-length"),
        (b"content-length", str(len(body["body"])).encode()),
        (b"content-encoding", encoding.encode()),
    ]
    return start, body


def _weakened(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A strong tag names bytes, and these are others now (RFC 9110 §8.8.3.3)."""
    name, value = header
    strong = name.lower() == b"etag" and not value.startswith(b"W/")
    return (name, b"W/" + value) if strong else header


def compress(body: bytes, encoding: str, qualities: Mapping[str, int] = FOR_ANSWERS) -> bytes:
    quality = qualities[encoding]
    if encoding == "br":
        return cast("bytes", brotli.compress(body, quality=quality))  # pyright: ignore[reportUnknownMemberType]
    return gzip.compress(body, quality, mtime=0)
