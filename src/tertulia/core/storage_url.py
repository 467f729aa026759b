"""The addresses of storages: `local`, `file:///folder`, `s3://bucket/prefix?endpoint=…`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]*(/[0-9A-Za-z_-][0-9A-Za-z._-]*)*")
REGION = re.compile(r"[0-9a-z-]{2,40}")
OPTIONS = ("endpoint", "public_endpoint", "region", "style", "post", "bulk_delete")
NO_POST = ".r2.cloudflarestorage.com"  # it knows no POST policies

Style = Literal["path", "virtual"]


@dataclass(frozen=True)
class Folder:
    """A folder of this machine; `path` None means the one in the data folder."""

    path: Path | None


@dataclass(frozen=True)
class Bucket:
    """A bucket. Endpoints are origins without the bucket; `public_endpoint` is the one by which
    browsers reach it. `style`: where the bucket is named, in the path or in the host. `post`: the
    store takes POST policies. `bulk_delete`: it deletes many things at once."""

    name: str
    prefix: str
    region: str
    endpoint: str
    public_endpoint: str
    style: Style
    post: bool
    bulk_delete: bool


def parse(raw: str) -> Folder | Bucket:
    """Raises ValueError with what would be right."""
    if raw == "local":
        return Folder(None)
    if raw.startswith("file:///"):
        return Folder(Path(raw.removeprefix("file://")))
    if raw.startswith("s3://"):
        return _bucket(raw)
    raise ValueError(
        "must be local, file:///an/absolute/folder, or s3://bucket/prefix?endpoint=…&region=…"
    )


def _bucket(raw: str) -> Bucket:
    try:
        parts = urlsplit(raw)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise ValueError("is not a URL") from None
    if "@" in parts.netloc:
        raise ValueError(
            "must not hold the keys: they are TERTULIA_STORAGE_ACCESS_KEY and "
            "TERTULIA_STORAGE_SECRET_KEY"
        )
    strange = sorted(set(options) - set(OPTIONS))
    if strange:
        raise ValueError(f"knows {', '.join(OPTIONS)}, but not {strange[0]}")
    prefix = parts.path.strip("/")
    region = options.get("region", "us-east-1")
    if not BUCKET.fullmatch(parts.netloc):
        raise ValueError("must name a bucket: 3 to 63 of a-z, 0-9, dot and hyphen")
    if prefix and not PREFIX.fullmatch(prefix):
        raise ValueError("must have a prefix of letters, digits, dot, hyphen, _ and / alone")
    if not REGION.fullmatch(region):
        raise ValueError("must have a region such as eu-central-1 (R2: auto)")
    endpoint = _origin(options.get("endpoint", f"https://s3.{region}.amazonaws.com"))
    return Bucket(
        name=parts.netloc,
        prefix=prefix,
        region=region,
        endpoint=endpoint,
        public_endpoint=_origin(options.get("public_endpoint", endpoint)),
        style=_style(options, parts.netloc),
        post=_switch(options, "post", default=not endpoint.endswith(NO_POST)),
        bulk_delete=_switch(options, "bulk_delete", default=True),
    )


def _style(options: dict[str, str], bucket: str) -> Style:
    """Amazon wants the bucket in the host; no certificate covers a bucket with dots there, and
    other servers seldom have names for each bucket."""
    match options.get("style"):
        case None:
            return "path" if "endpoint" in options or "." in bucket else "virtual"
        case "path":
            return "path"
        case "virtual":
            return "virtual"
        case _:
            raise ValueError("must have style=path or style=virtual")


def _switch(options: dict[str, str], name: str, *, default: bool) -> bool:
    raw = options.get(name)
    if raw not in {None, "on", "off"}:
        raise ValueError(f"must have {name}=on or {name}=off")
    return default if raw is None else raw == "on"


def _origin(raw: str) -> str:
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise ValueError("must have an endpoint that is a URL") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must have an endpoint such as https://s3.example.org")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ValueError("must have an endpoint without a path: scheme, host and port alone")
    return f"{parts.scheme}://{parts.netloc.lower()}"
