"""Whose request is it? Shared with the gateway."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from tertulia.core.errors import Invalid

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


def parse_networks(names: Sequence[str]) -> Networks:
    """`10.0.0.0/8`, `::1`, …; raises ValueError for anything else."""
    return tuple(ip_network(name) for name in names)


def client_address(peer: str, headers: Mapping[str, str], trusted: Networks) -> str:
    """The address of the client, as text without a port.

    X-Forwarded-For is read only when `peer` is a trusted proxy, from the right, past every trusted
    proxy: what stands left of the first stranger was written by that stranger. `headers` has
    lower-case names, repeated ones joined by commas. Raises Invalid when a trusted proxy sends
    something that is no address (guessing there would let a client choose its own address).
    """
    address = _parse(peer)
    if address is None:
        return peer
    forwarded = headers.get("x-forwarded-for")
    if forwarded is None or not _among(address, trusted):
        return str(address)
    for hop in reversed(forwarded.split(",")):
        address = _parse(hop.strip())
        if address is None:
            raise Invalid("X-Forwarded-For holds something that is no address")
        if not _among(address, trusted):
            break
    return str(address)


def forwarded_scheme(peer: str, headers: Mapping[str, str], trusted: Networks) -> str | None:
    """`http` or `https` as a trusted proxy saw it, None when none said. Raises Invalid."""
    scheme = headers.get("x-forwarded-proto")
    address = _parse(peer)
    if scheme is None or address is None or not _among(address, trusted):
        return None
    if scheme not in ("http", "https"):
        raise Invalid("X-Forwarded-Proto must be http or https")
    return scheme


def network_of(address: str) -> str:
    """What one customer of a provider gets: an IPv4 address, or an IPv6 /64. For rate limits."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return address


def is_loopback(address: str) -> bool:
    parsed = _parse(address)
    return parsed is not None and parsed.is_loopback


def _among(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


@lru_cache(4_096)
def _parse(text: str) -> Address | None:
    """Accepts `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` and `[::1]:5`, as proxies write them."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # The same client must not have two names, one per socket family.
    return getattr(address, "ipv4_mapped", None) or address
