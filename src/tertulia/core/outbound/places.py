"""Which addresses may be called: pure rules, and the resolver."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from tertulia.core.outbound.errors import NotAllowed, Unreachable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str], Awaitable[Sequence[str]]]

WEB_PORTS = frozenset({80, 443})
MOST_ADDRESSES = 16  # of one name; more is no web site

# https://www.iana.org/assignments/iana-ipv4-special-registry: all that is not a public host.
# `ip_address().is_global` of Python 3.11 and 3.12 disagree about some of these.
SPECIAL_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ),
    )
)  # fmt: skip
GLOBAL_6 = IPv6Network("2000::/3")  # everything public is in here so far
SPECIAL_6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"))
)
NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Places:
    """Where this server may call. `allow` are networks of its own that it may call, too."""

    allow: tuple[Network, ...] = ()

    def may_call(self, text: str, port: int) -> bool:
        address = _parse(text)
        if address is None:
            return False
        if any(address in network for network in self.allow):
            return True
        return port in WEB_PORTS and is_public(address)

    def judge(self, addresses: Sequence[str], port: int) -> Sequence[str]:
        """The addresses of one name. Raises NotAllowed if any of them is out of bounds: a name that
        points inside and outside is no mistake. Raises Unreachable if there are none."""
        if not addresses:
            raise Unreachable("there is no such host")
        if not all(self.may_call(address, port) for address in addresses[:MOST_ADDRESSES]):
            raise NotAllowed("this server does not call such addresses")
        return addresses[:MOST_ADDRESSES]


def is_public(address: Address) -> bool:
    """A host of the public internet, as far as the address tells."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_4)
    inner = address.ipv4_mapped
    if inner is None and address in NAT64:
        inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(inner)
    return address in GLOBAL_6 and not any(address in network for network in SPECIAL_6)


def _parse(text: str) -> Address | None:
    """None also for addresses with a zone (`fe80::1%eth0`), which are this machine's neighbours."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


async def resolve(host: str) -> Sequence[str]:
    """Every address of a name, by the system's resolver. Raises Unreachable."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("there is no such host") from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))
