"""Foreign pages that may read our answers: an exact list, never a reflection (Fetch §3.2)."""

from collections.abc import Mapping

from tertulia.core.http.headers import RawHeaders

ALLOW_METHODS = b"GET, POST, PATCH, PUT, DELETE"
ALLOW_HEADERS = b"Authorization, Content-Type, Idempotency-Key, X-Tertulia-Client"
EXPOSE_HEADERS = b"X-Request-Id, Retry-After, RateLimit, RateLimit-Policy"


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


def preflight_headers() -> RawHeaders:
    return [
        (b"access-control-allow-methods", ALLOW_METHODS),
        (b"access-control-allow-headers", ALLOW_HEADERS),
        (b"access-control-max-age", b"7200"),
    ]
