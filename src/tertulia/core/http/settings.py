"""What the HTTP floor must be told; read from the environment by `main` only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Sizes in bytes, times in seconds."""

    public_url: str | None = None
    """Where people reach this server, such as `https://chat.example.org`."""
    allowed_origins: tuple[str, ...] = ()
    """Foreign pages that may call the API and read its answers, such as `https://a.example`."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For and -Proto are believed. Empty: nobody's."""
    media_origins: tuple[str, ...] = ()
    """Where pictures, films and files may come from beside this server: a CDN, the storage."""
    operations_token: str | None = None
    """Bearer that opens /metrics and the details of /readyz from elsewhere than this machine."""
    max_body: int = 1_048_576
    """Of one request; a route that takes uploads sets its own `request_max_body_size`."""
    title: str = "API"
    version: str = "0"
    """Both for the OpenAPI document."""
