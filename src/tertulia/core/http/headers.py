"""Headers that every answer carries (OWASP Secure Headers, ASVS 5.0 §3.4)."""

from tertulia.core.http.origin import origin_of
from tertulia.core.http.settings import HttpSettings

# Nothing inline, no nonce, no hash. React and Radix set style attributes through the CSSOM, which
# the policy does not govern; the one library that makes a <style> element of its own,
# react-style-singleton (Radix dialogs, menus), is replaced in the client by constructable
# stylesheets. A nonce would have to be new in every page, and the page could not be cached.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
    # The one policy there may be names one script, the service worker (web/src/app/updates.ts).
    "trusted-types tertulia-worker",
)

# Only what calls need, and only for our own page.
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(self), browsing-topics=(), camera=(self), clipboard-read=(self), "
    "clipboard-write=(self), display-capture=(self), encrypted-media=(self), fullscreen=(self), "
    "geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), magnetometer=(), "
    "microphone=(self), midi=(), payment=(), picture-in-picture=(self), "
    "publickey-credentials-get=(self), screen-wake-lock=(self), serial=(), usb=(), "
    "xr-spatial-tracking=()"
)

RawHeaders = list[tuple[bytes, bytes]]


def fixed_headers(settings: HttpSettings) -> RawHeaders:
    headers = {
        # Answers are about one person; what may be kept says so itself.
        "cache-control": "no-store",
        "content-security-policy": content_security_policy(settings),
        "x-content-type-options": "nosniff",
        # Not no-referrer: YouTube's player refuses to play without one.
        "referrer-policy": "strict-origin-when-cross-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": PERMISSIONS_POLICY,
    }
    if (settings.public_url or "").startswith("https://"):
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def content_security_policy(settings: HttpSettings) -> str:
    """`'self'` covers ws: and wss: of our own host since CSP 3; older Safari wants them named."""
    elsewhere = "".join(f" {origin_of(url)}" for url in settings.media_origins)
    connect = f"connect-src 'self'{elsewhere}"
    if settings.public_url is not None:
        connect += " " + origin_of(settings.public_url).replace("http", "ws", 1)
    media = (f"img-src 'self' data: blob:{elsewhere}", f"media-src 'self' blob:{elsewhere}")
    return "; ".join((*CONTENT_SECURITY_POLICY, *media, connect))
