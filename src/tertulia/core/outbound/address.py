"""Reading an address that somebody typed. What two programs could read in two ways is refused."""

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import idna

from tertulia.core.outbound.errors import NotAllowed

MAX_URL = 2_048
PORTS = {"http": 80, "https": 443}
STRANGE = re.compile(r"[\x00-\x20\x7f\\]")  # parsers do not agree about these
SAFE = "/%:@!$&'()*+,;=~-._?"


class Target(NamedTuple):
    """`host` in ASCII, without brackets; `path` with its query, ready for a request line."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def target(url: str) -> Target:
    """Raises NotAllowed for what is no plain http or https address."""
    if len(url) > MAX_URL or STRANGE.search(url):
        raise NotAllowed("this is not a web address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("this is not a web address") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotAllowed("only http and https addresses are called")
    if "@" in parts.netloc:
        raise NotAllowed("an address with a name or password in it is not called")
    path = quote(parts.path or "/", safe=SAFE) + (
        f"?{quote(parts.query, safe=SAFE)}" if parts.query else ""
    )
    return Target(parts.scheme, _ascii(parts.hostname), port or PORTS[parts.scheme], path)


def redirected(base: Target, location: str) -> Target:
    """Where a redirect leads. Raises NotAllowed."""
    try:
        return target(urljoin(base.url, location.strip()))
    except ValueError:
        raise NotAllowed("a redirect leads nowhere") from None


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NotAllowed("this is not a web address") from None
