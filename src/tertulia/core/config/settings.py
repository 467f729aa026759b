"""Every setting there is, with its default and the words that document it."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from tertulia.core.config import values
from tertulia.core.config.spec import Spec, about
from tertulia.core.config.values import Network, Secret


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `load` answers. Durations are seconds, sizes bytes, folders absolute."""

    host: str = field(
        metadata=about(values.text, "127.0.0.1", "address", "The address to listen on.")
    )
    port: int = field(
        metadata=about(values.port, "8000", "number", "The port to listen on; 0 takes a free one.")
    )
    data_dir: Path = field(
        metadata=about(
            values.folder,
            "./data",
            "folder",
            "Everything this server keeps: the embedded database, files, the generated secret.",
        )
    )
    workers: int = field(
        metadata=about(
            values.workers,
            "1",
            "number",
            "Server processes that share the port. More than 1 need `redis_url`.",
        )
    )
    node_host: str = field(
        metadata=about(
            values.node_host,
            "127.0.0.1",
            "address",
            "Where each process listens for the others, on a free port of its own, once there is "
            "`redis_url`. With several machines this machine's address in their private network.",
        )
    )
    database_url: Secret | None = field(
        metadata=about(
            values.database,
            None,
            "URL",
            "A PostgreSQL (15 or newer) of your own. Without it the embedded one runs in "
            "`data_dir`.",
            secret=True,
        )
    )
    database_direct_url: Secret | None = field(
        metadata=about(
            values.database,
            None,
            "URL",
            "The same database past a transaction pooler, for migrations and all that needs a "
            "session. Default: `database_url`.",
            secret=True,
        )
    )
    redis_url: Secret | None = field(
        metadata=about(
            values.redis,
            None,
            "URL",
            "A Redis (7 or newer) or Valkey that joins several processes or machines: "
            "`redis://user:password@host:6379/0`, `rediss://` with TLS, `redis+cluster://` with "
            "the addresses of some nodes by commas, `unix:///path/to/socket`. Nothing in it needs "
            "a backup. Default: none, this process alone.",
            secret=True,
        )
    )
    storage_url: Secret = field(
        metadata=about(
            values.storage,
            "local",
            "URL",
            "Where uploaded files lie: `local` is the folder `files` in `data_dir`; "
            "`file:///an/absolute/folder`; or `s3://bucket/prefix?endpoint=https://…&region=…`, "
            "see [storage](storage.md).",
            secret=True,
        )
    )
    storage_access_key: Secret | None = field(
        metadata=about(
            values.storage_key,
            None,
            "text",
            "The access key's id for an `s3://` storage.",
            secret=True,
        )
    )
    storage_secret_key: Secret | None = field(
        metadata=about(
            values.storage_key,
            None,
            "text",
            "The secret access key that belongs to it.",
            secret=True,
        )
    )
    clamd_url: str | None = field(
        metadata=about(
            values.clamd,
            None,
            "URL",
            "A ClamAV daemon that is asked about every uploaded file: "
            "`unix:///run/clamav/clamd.ctl` or `tcp://host:3310`. Default: none, and files are "
            "called not scanned.",
        )
    )
    clamd_max_size: int = field(
        metadata=about(
            values.size,
            "100MiB",
            "size",
            "Larger files are not sent to it. At most the least of its own `StreamMaxLength`, "
            "`MaxFileSize` and `MaxScanSize`: what is larger than those it calls clean unread.",
        )
    )
    clamd_away: Literal["pass", "wait"] = field(
        metadata=about(
            values.one_of("pass", "wait"),
            "pass",
            "pass | wait",
            "Uploads while it does not answer: `pass` lets them through, called not scanned; "
            "`wait` shows them to nobody until it is back.",
        )
    )
    media_url: str | None = field(
        metadata=about(
            values.origin,
            None,
            "URL",
            "A CDN in front of `/media/`, as `https://media.example.org`: links to files and films "
            "begin with it. It must pass the path on as it is, and may keep answers as long as "
            "they say. Default: `public_url`.",
        )
    )
    media_from: Literal["server", "storage"] = field(
        metadata=about(
            values.one_of("server", "storage"),
            "server",
            "server | storage",
            "Who gives out large files of an `s3://` storage: the server passes the bytes on, or "
            "sends readers to the storage by links that are good for five minutes. The bucket "
            "must then answer our pages' origin by CORS.",
        )
    )
    upload_max_size: int = field(
        metadata=about(values.size, "5GiB", "size", "The largest file that may be uploaded.")
    )
    upload_hourly: int = field(
        metadata=about(
            values.size,
            "20GiB",
            "size",
            "How much one account may upload in an hour, over all nodes. `0B`: no limit.",
        )
    )
    upload_reserve: int = field(
        metadata=about(
            values.size,
            "1GiB",
            "size",
            "Free space that uploads leave on the disk they go to.",
        )
    )
    quota_account: int = field(
        metadata=about(
            values.size,
            "20GiB",
            "size",
            "How much all files of one account may be together. `0B`: no limit.",
        )
    )
    quota_server: int = field(
        metadata=about(
            values.size,
            "0B",
            "size",
            "How much all files of this server may be together, equal ones counted once. `0B`: no "
            "limit but the disk's.",
        )
    )
    public_url: str = field(
        metadata=about(
            values.origin,
            None,
            "URL",
            "The address people type, without a path: in invite links, cookies and origin checks. "
            "Default: `http://host:port`.",
        )
    )
    secret_key: Secret = field(
        metadata=about(
            values.secret_key,
            None,
            "text",
            "Signs sessions; at least 32 characters, the same on every node. Default: 256 random "
            "bits, made once in `data_dir/secret_key` (mode 0600). Keep it with your backups.",
            secret=True,
        )
    )
    registration: Literal["open", "invite", "closed"] = field(
        metadata=about(
            values.one_of("open", "invite", "closed"),
            None,
            "open | invite | closed",
            "Who may make an account, after the first one, which owns the server. Default: `open` "
            "while only this machine can reach the server, `invite` everywhere else.",
        )
    )
    allowed_origins: tuple[str, ...] = field(
        metadata=about(
            values.listed(values.origin),
            "",
            "URLs, by commas",
            "Other web origins whose pages may use the API from a browser.",
        )
    )
    trusted_proxies: tuple[Network, ...] = field(
        metadata=about(
            values.listed(values.network),
            "",
            "networks, by commas",
            "Reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
        )
    )
    outbound_allow: tuple[Network, ...] = field(
        metadata=about(
            values.listed(values.network),
            "",
            "networks, by commas",
            "Private networks that link previews, webhooks and imports may call all the same, on "
            "any port, such as `10.1.2.0/24`. Everything else that is not public is refused.",
        )
    )
    previews: Literal["on", "off"] = field(
        metadata=about(
            values.one_of("on", "off"),
            "on",
            "on | off",
            "Whether the server fetches previews of links in messages. Rooms can turn it off for "
            "themselves.",
        )
    )
    boot_rate: int = field(
        metadata=about(
            values.rate,
            "1000",
            "number a second",
            "Clients that each process lets start from nothing: sockets without `resume`, and "
            "whole snapshots. The others wait in line or are told when to come back. 0 lets nobody "
            "start: for an operator whose database is drowning.",
        )
    )
    resume_rate: int = field(
        metadata=about(
            values.rate,
            "2000",
            "number a second",
            "Clients that each process lets continue after a cut; twice as many at once.",
        )
    )
    jobs: Literal["on", "off"] = field(
        metadata=about(
            values.one_of("on", "off"),
            "on",
            "on | off",
            "Whether server processes do the work for later themselves (link previews, webhooks, "
            "scheduled messages, exports). `off` where `tertulia worker` processes do it.",
        )
    )
    job_concurrency: int = field(
        metadata=about(
            values.concurrency,
            "16",
            "number",
            "Jobs that one process runs at once.",
        )
    )
    ffmpeg: Path | None = field(
        metadata=about(
            values.program,
            None,
            "path",
            "An ffmpeg of your own that has libx264. Without it the one that was installed along.",
        )
    )
    film_concurrency: int = field(
        metadata=about(
            values.concurrency,
            "1",
            "number",
            "Films that one process encodes at once; each uses several cores.",
        )
    )
    film_longest: float = field(
        metadata=about(
            values.duration,
            "5h",
            "duration",
            "Films that are longer are kept as files and not made ready to be watched.",
        )
    )
    log_level: Literal["debug", "info", "warning", "error"] = field(
        metadata=about(
            values.one_of("debug", "info", "warning", "error"),
            "info",
            "debug | info | warning | error",
            "The least severe line that is logged.",
        )
    )
    log_format: Literal["text", "json"] = field(
        metadata=about(
            values.one_of("text", "json"), "text", "text | json", "Logs for people or for machines."
        )
    )
    metrics_token: Secret | None = field(
        metadata=about(
            values.token,
            None,
            "text",
            "Opens `/metrics` on the main port to `Authorization: Bearer`. Without it that path "
            "answers only requests from this machine.",
            secret=True,
        )
    )
    metrics_listen: tuple[str, int] | None = field(
        metadata=about(
            values.listener,
            None,
            "host:port",
            "A listener of its own for `/metrics`, such as `127.0.0.1:9464`.",
        )
    )
    telemetry: Literal["off"] = field(
        metadata=about(
            values.one_of("off"),
            "off",
            "off",
            "Tertulia calls nobody; there is nothing to turn on.",
        )
    )
    drain_seconds: float = field(
        metadata=about(
            values.duration,
            "10s",
            "duration",
            "How long a stopping server may take altogether: to be noticed, to let requests and "
            "commands finish, to send its clients away.",
        )
    )
    drain_notice: float = field(
        metadata=about(
            values.duration,
            None,
            "duration",
            "How much of it a stopping server goes on serving while `/readyz` answers 503, so that "
            "load balancers look elsewhere first. Default: `2s` with `redis_url`, else `0s`.",
        )
    )
    disk_floor: int = field(
        metadata=about(
            values.size,
            "512MiB",
            "size",
            "Free space in `data_dir` below which `doctor` fails and `/readyz` answers unready.",
        )
    )

    @property
    def private(self) -> bool:
        """Only this machine can reach the server: by its listener and by its public address."""
        return values.is_local(self.host) and values.is_local(urlsplit(self.public_url).hostname)


def specs() -> dict[str, Spec]:
    """Every setting by its name, in the order of the class."""
    return {
        f.name: Spec(f.name, **cast("dict[str, Any]", dict(f.metadata))) for f in fields(Settings)
    }
