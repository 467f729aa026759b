"""How much one address may take before anybody knows who is behind it.

Counts sockets that have not connected yet, and how often new ones are asked for. An address is an
IPv4 address or an IPv6 /64: what one customer of a provider gets. Loopback and trusted proxies are
nobody's address: everybody would stand behind them.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from .requests import Network
from .settings import GatewaySettings

REMEMBERED = 50_000  # addresses whose pace is known, about 200 B each


class Guard:
    """One for each gateway. `clock` in seconds, monotonic."""

    def __init__(
        self, settings: GatewaySettings, trusted: tuple[Network, ...], clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._trusted = trusted
        self._clock = clock
        self._waiting: Counter[str] = Counter()
        self._next: OrderedDict[str, float] = OrderedDict()
        """When an address would have asked at an even pace (GCRA's theoretical arrival time)."""

    @property
    def waiting(self) -> int:
        """Sockets counted now, of all addresses."""
        return sum(self._waiting.values())

    def enter(self, address: str) -> bool:
        """One more socket that says nothing yet; False (and not counted) if that is too many.

        Each `enter` that was True is followed by one `leave`.
        """
        key = self._key(address)
        if key is None:
            return True
        if self._waiting[key] >= self._settings.max_waiting_per_address:
            return False
        self._waiting[key] += 1
        return True

    def leave(self, address: str) -> None:
        """It said who it is, or is gone."""
        key = self._key(address)
        if key is None:
            return
        self._waiting[key] -= 1
        if self._waiting[key] <= 0:
            del self._waiting[key]

    def wait(self, address: str) -> float:
        """0.0 if this address may open one more session now, else after how many seconds."""
        key = self._key(address)
        if key is None:
            return 0.0
        now, settings = self._clock(), self._settings
        at = max(now, self._next.get(key, now)) + 1 / settings.handshakes_per_second
        late = at - now - settings.handshake_burst / settings.handshakes_per_second
        if late > 1e-9:
            return late
        self._next[key] = at
        self._next.move_to_end(key)
        self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Two looks a call at the addresses seen longest ago: who rested is as good as new."""
        for _ in range(2):
            key, at = next(iter(self._next.items()))
            if at > now and len(self._next) <= REMEMBERED:
                return
            del self._next[key]
            if not self._next:
                return

    def _key(self, address: str) -> str | None:
        parsed = parse(address)
        if parsed is None or parsed.is_loopback or any(parsed in net for net in self._trusted):
            return None
        return customer(parsed)


@lru_cache(4_096)
def parse(address: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address: a Unix socket, as near as loopback."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    # The same client must not have two names, one per socket family.
    return getattr(parsed, "ipv4_mapped", None) or parsed


def customer(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
