"""The built web client: an index of files made once, so that no path is ever joined to a folder."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any, cast

from litestar.types import HTTPScope, Receive, Scope, Send

from tertulia.core.errors import NotFound
from tertulia.core.http.compress import negotiate
from tertulia.core.http.problem import MethodNotAllowed

CHUNK = 262_144
INDEX = "/index.html"
# The name of a file under /assets/ contains the hash of its content.
IMMUTABLE = b"public, max-age=31536000, immutable"
REVALIDATE = b"no-cache"
# Windows and slim images guess these wrong or not at all.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
# Encodings that may lie beside a file, with their file endings; the smallest first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# Never served: other files' encodings, source maps.
HIDDEN = (*ENCODINGS.values(), ".map")


@dataclass(frozen=True, slots=True)
class Variant:
    path: Path
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class StaticFile:
    media_type: bytes
    cache_control: bytes
    variants: Mapping[str, Variant] = field(default_factory=dict[str, Variant])
    """By content coding; "" is the file as it is."""


def index_files(static_dir: Path, kept_assets: Path | None = None) -> dict[str, StaticFile]:
    """URL path → file. `kept_assets` holds the hashed files of earlier builds (keep_assets)."""
    files = dict(_index(static_dir, "/")) if static_dir.is_dir() else {}
    if kept_assets is not None and kept_assets.is_dir():
        # The same content under the same name, and compressed there.
        files |= _index(kept_assets, "/assets/")
    return files


class StaticFiles:
    """ASGI application for GET and HEAD; every page address gets index.html."""

    def __init__(self, files: Mapping[str, StaticFile]) -> None:
        self._files = files

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await self._serve(cast("HTTPScope", scope), send)

    async def _serve(self, scope: HTTPScope, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        path = scope["path"]
        file = self._files.get(path)
        if file is None and is_page(path, headers.get(b"accept", "")):
            file = self._files.get(INDEX)
        _name_route(scope, "/assets/*" if path.startswith("/assets/") else "/*")
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed("GET, HEAD") if file is not None else NotFound()
        if file is None:
            raise NotFound
        await _send_file(file, headers, scope["method"] == "HEAD", send)


def is_page(path: str, accept: str) -> bool:
    """A page of the client's own router, rather than a file that is missing: a missing image or
    script must be a 404, not a web page."""
    if path.startswith("/assets/"):
        return False
    return "text/html" in accept or accept in ("", "*/*")


def _index(folder: Path, prefix: str) -> Iterator[tuple[str, StaticFile]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = path.suffix in HIDDEN or any(part.startswith(".") for part in name.parts)
        if not hidden and path.is_file():
            url = prefix + name.as_posix()
            yield url, _file(path, immutable=url.startswith("/assets/"))


def _file(path: Path, *, immutable: bool) -> StaticFile:
    # A hashed name says as much as the hash of its content.
    tag = path.name if immutable else sha256(path.read_bytes()).hexdigest()[:24]
    variants = {"": Variant(path, path.stat().st_size, f'"{tag}"')}
    for encoding, ending in ENCODINGS.items():
        beside = path.with_name(path.name + ending)
        if beside.is_file():
            variants[encoding] = Variant(beside, beside.stat().st_size, f'"{tag}-{encoding}"')
    guessed = guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(
        TYPES.get(path.suffix, guessed).encode(), IMMUTABLE if immutable else REVALIDATE, variants
    )


async def _send_file(
    file: StaticFile, headers: Mapping[bytes, str], head: bool, send: Send
) -> None:
    offered = tuple(coding for coding in ENCODINGS if coding in file.variants)
    encoding = negotiate(headers.get(b"accept-encoding", ""), offered) or ""
    variant = file.variants[encoding]
    answer = [(b"cache-control", file.cache_control), (b"etag", variant.etag.encode())]
    if offered:
        answer.append((b"vary", b"Accept-Encoding"))
    if _matches(headers.get(b"if-none-match"), variant.etag):
        await send({"type": "http.response.start", "status": 304, "headers": answer})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    answer.append((b"content-type", file.media_type))
    answer.append((b"content-length", str(variant.size).encode()))
    if encoding:
        answer.append((b"content-encoding", encoding.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": answer})
    if head:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    else:
        await _send_content(variant, send)


async def _send_content(variant: Variant, send: Send) -> None:
    """In pieces, so that a slow reader of a large file holds one piece in memory, not all."""
    with await asyncio.to_thread(variant.path.open, "rb") as content:
        left = variant.size
        while left > 0:
            piece = await asyncio.to_thread(content.read, min(CHUNK, left))
            if not piece:
                raise OSError(f"{variant.path.name} became shorter while it was sent")
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        if variant.size == 0:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _matches(if_none_match: str | None, etag: str) -> bool:
    """Weak comparison (RFC 9110 §13.1.2): a proxy that compresses makes our tag weak."""
    if if_none_match is None:
        return False
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag in tags


def _name_route(scope: HTTPScope, route: str) -> None:
    cast("dict[str, Any]", scope)["path_template"] = route
