"""Readers of single values: text in, a checked value out, ValueError with what would be right."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from tertulia.core import redis_url, storage_url

T = TypeVar("T")
Network = IPv4Network | IPv6Network

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
BYTES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
# 256 bits as base64 are 43 characters, as hexadecimal 64.
SECRET_LENGTH = 32
MOST_WORKERS = 64  # more is a typing mistake; a database has a hundred connections or so
REDACTED = "(secret)"
ANY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 — compared with, not listened on


class ConfigError(Exception):
    """Everything that is wrong with the settings, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Secret:
    """A value that must be asked for by name, so that no log line or traceback shows it."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return REDACTED


def text(raw: str) -> str:
    if not raw:
        raise ValueError("must not be empty")
    return raw


def folder(raw: str) -> Path:
    return Path(text(raw)).expanduser().absolute()


def program(raw: str) -> Path:
    path = Path(text(raw)).expanduser().absolute()
    if not os.access(path, os.X_OK):
        raise ValueError(f"must be a program that can be run: {path}")
    return path


def port(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or int(raw) > 65535:
        raise ValueError("must be a number from 0 to 65535 (0: any free port)")
    return int(raw)


def workers(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= MOST_WORKERS:
        raise ValueError(f"must be a number from 1 to {MOST_WORKERS}")
    return int(raw)


def node_host(raw: str) -> str:
    """An address others can connect to: one that means «all addresses of this machine» is none."""
    if text(raw) in ANY_ADDRESS:
        raise ValueError("must be one address of this machine, which the other nodes connect to")
    return raw


def concurrency(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 256:
        raise ValueError("must be a number from 1 to 256")
    return int(raw)


def rate(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or int(raw) > 1_000_000:
        raise ValueError("must be a whole number from 0 to 1000000")
    return int(raw)


def duration(raw: str) -> float:
    """Seconds. `30s`, `1.5h`, `250ms`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)", raw)
    if found is None:
        raise ValueError("must be a number with its unit: ms, s, m, h or d, such as 30s")
    return float(found[1]) * SECONDS[found[2]]


def size(raw: str) -> int:
    """Bytes. `100MiB`, `2GiB`."""
    found = re.fullmatch(r"(\d+)(B|KiB|MiB|GiB|TiB)", raw)
    if found is None:
        raise ValueError("must be a number with its unit: B, KiB, MiB, GiB or TiB, such as 100MiB")
    return int(found[1]) * BYTES[found[2]]


def one_of(*choices: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return raw

    return read


def listed(item: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Values separated by commas; an empty text is an empty list."""

    def read(raw: str) -> tuple[T, ...]:
        return tuple(item(part.strip()) for part in raw.split(",") if part.strip())

    return read


def network(raw: str) -> Network:
    try:
        return ip_network(raw)
    except ValueError:
        raise ValueError("must be IP addresses or networks such as 10.0.0.0/8") from None


def origin(raw: str) -> str:
    """`https://chat.example.org`: scheme, host and port as a browser sends them in `Origin`."""
    parts = _split(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ValueError("must be scheme, host and port alone, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def database(raw: str) -> Secret:
    parts = _split(raw)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("must be postgresql://user:password@host/database")
    return Secret(raw)


def redis(raw: str) -> Secret:
    redis_url.parse(raw)
    return Secret(raw)


def storage(raw: str) -> Secret:
    storage_url.parse(raw)
    return Secret(raw)


def storage_key(raw: str) -> Secret:
    if not raw or not raw.isascii() or not raw.isprintable() or " " in raw:
        raise ValueError("must be a key as the store shows it, without spaces")
    return Secret(raw)


def clamd(raw: str) -> str:
    parts = _split(raw)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return raw
    if parts.scheme == "tcp" and parts.hostname and parts.port and parts.path in {"", "/"}:
        return raw
    raise ValueError("must be unix:///path/to/socket or tcp://host:port")


def secret_key(raw: str) -> Secret:
    if len(raw) < SECRET_LENGTH:
        raise ValueError(
            f"must have at least {SECRET_LENGTH} characters; make one with: openssl rand -base64 32"
        )
    return Secret(raw)


def token(raw: str) -> Secret:
    if len(raw) < 16:
        raise ValueError("must have at least 16 characters")
    return Secret(raw)


def listener(raw: str) -> tuple[str, int]:
    """`127.0.0.1:9464` or `[::1]:9464`."""
    host, _, number = raw.rpartition(":")
    if not host:
        raise ValueError("must be host:port, such as 127.0.0.1:9464")
    return host.strip("[]"), port(number)


def _split(raw: str) -> SplitResult:
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a URL") from None
    return parts


def is_local(host: str | None) -> bool:
    """Does the name or address mean this machine, as seen by nobody else?"""
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
