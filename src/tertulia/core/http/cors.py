"""Foreign pages that may read our answers: an exact list, never a reflection (Fetch §3.2)."""

from collections.abc import Mapping

from tertulia.core.http.headers import RawHeaders

PREFLIGHT_HEADERS = {
    "access-control-allow-methods": "GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS",
    "access-control-allow-headers": (
        "Authorization, Content-Type, Idempotency-Key, X-Tertulia-Client, X-Requested-With, "
        "X-Request-Id, X-HTTP-Method-Override, Tus-Resumable, Upload-Length, Upload-Defer-Length, "
        "Upload-Offset, Upload-Metadata, Upload-Concat, Upload-Checksum"
    ),
    "access-control-max-age": "86400",
}
EXPOSE_HEADERS = (
    b"X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Location, Tertulia-File, "
    b"Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, "
    b"Upload-Length, Upload-Defer-Length, Upload-Offset, Upload-Metadata, Upload-Concat, "
    b"Upload-Expires"
)


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    return (
        method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers
    )


def cors_headers(origin: str | None, allowed: frozenset[str]) -> RawHeaders:
    """For every answer. Caches must know that it depends on Origin, also where it is refused."""
    if not allowed:
        return []
    if origin is None or origin not in allowed:
        return [(b"vary", b"Origin")]
    return [
        (b"vary", b"Origin"),
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", EXPOSE_HEADERS),
    ]
