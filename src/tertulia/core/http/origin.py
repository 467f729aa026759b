"""Did the request come from our own page? (protocol H1; OWASP CSRF Prevention Cheat Sheet)"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from tertulia.core.errors import CrossSite

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def require_own_page(method: str, headers: Mapping[str, str], origins: frozenset[str]) -> None:
    """Raise CrossSite for an unsafe request that a foreign page may have caused.

    `headers` has lower-case names. Sec-Fetch-Site is decisive where the browser sends it, which is
    to https and localhost only; plain http in a home network relies on Origin. Without either, no
    browser is speaking, or one so old that a cookie alone proves nothing: then Bearer is required.
    """
    if method in SAFE_METHODS:
        return
    has_cookie = "cookie" in headers
    has_bearer = headers.get("authorization", "")[:7].lower() == "bearer "
    if has_bearer and not has_cookie:
        return  # nobody can make a browser send a Bearer for somebody else
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site")
    if site == "same-origin" or (origin is not None and origin in origins):
        return
    if site is None and origin is None:
        if has_cookie and not has_bearer:
            raise CrossSite
        return
    if site is None and origin is not None and is_own_origin(origin, headers.get("host")):
        return
    raise CrossSite


def is_own_origin(origin: str, host: str | None) -> bool:
    """Does `origin` name the very address that the request went to, by loopback or by number?

    Other names are not believed: a name that resolves to us may belong to an attacker
    (DNS rebinding). A number cannot be rebound, so a server without a public URL can still be
    used in a home network.
    """
    if host is None:
        return False
    name = host_name(host)
    if not (name == "localhost" or _is_number(name)):
        return False
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def host_name(host: str) -> str:
    """The Host header without its port and brackets; empty when it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """`https://a.example/path` → `https://a.example`, as a browser writes it in Origin."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
