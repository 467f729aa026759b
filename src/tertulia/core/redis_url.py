"""Where the Redis is, read from a URL: one server, one Unix socket, or a cluster.

    redis://[user:password@]host[:6379][/db]       rediss:// the same over TLS
    redis+cluster://[user:password@]host[:port],host[:port],…        rediss+cluster://
    unix://[user:password@]/path/to/socket[?db=0]

Valkey speaks the same protocol: `valkey://` and `valkeys://` are `redis://` and `rediss://`. With
TLS, `?ca=/path/ca.pem` names the certificates to trust instead of the system's.
"""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PORT = 6379
FORM = "must be redis://[user:password@]host[:port][/db], rediss://…, redis+cluster://… or unix://…"


@dataclass(frozen=True)
class RedisUrl:
    """`hosts` has one entry, several for a cluster (any of its nodes), none for a Unix socket."""

    hosts: tuple[tuple[str, int], ...] = ()
    path: str = ""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    db: int = 0
    tls: bool = False
    ca: str | None = None
    cluster: bool = False


def parse(url: str) -> RedisUrl:
    """Raises ValueError, whose words never repeat the URL: it may hold a password."""
    try:
        parts = urlsplit(url.replace("valkey", "redis", 1) if url.startswith("valkey") else url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise ValueError("is not a URL") from None
    credentials, _, where = parts.netloc.rpartition("@")
    username, colon, password = credentials.partition(":")
    common = RedisUrl(
        username=unquote(username) or None, password=unquote(password) if colon else None
    )
    if parts.fragment:
        raise ValueError(FORM)
    if parts.scheme == "unix":
        return _unix(common, parts, where, options)
    return _tcp(common, parts, where, options)


def _unix(common: RedisUrl, parts: SplitResult, where: str, options: dict[str, str]) -> RedisUrl:
    db = _database(options.pop("db", "0"))
    if where or not parts.path.startswith("/") or options:
        raise ValueError("must be unix://[user:password@]/path/to/socket[?db=0]")
    return RedisUrl((), unquote(parts.path), common.username, common.password, db)


def _tcp(common: RedisUrl, parts: SplitResult, where: str, options: dict[str, str]) -> RedisUrl:
    scheme, plus, kind = parts.scheme.partition("+")
    if scheme not in {"redis", "rediss"} or (plus and kind != "cluster"):
        raise ValueError(FORM)
    tls = scheme == "rediss"
    ca = options.pop("ca", None) if tls else None
    if options:
        raise ValueError("must have no options but ?ca=, and that only with rediss://")
    hosts = tuple(_host(each) for each in where.split(","))
    path = parts.path.removeprefix("/")
    if kind == "cluster":
        if path not in {"", "0"}:
            raise ValueError("must name no database: a cluster has only number 0")
    elif len(hosts) > 1:
        raise ValueError("must name one host; several belong to redis+cluster://")
    db = _database(path or "0")
    return RedisUrl(hosts, "", common.username, common.password, db, tls, ca, bool(plus))


def _host(raw: str) -> tuple[str, int]:
    """`host`, `host:port`, `[::1]:port`."""
    try:
        parts = urlsplit(f"//{raw}")
        port = parts.port
    except ValueError:
        raise ValueError(FORM) from None
    if not parts.hostname:
        raise ValueError(FORM)
    return parts.hostname, PORT if port is None else port


def _database(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit():
        raise ValueError("must name its database by a number")
    return int(raw)
