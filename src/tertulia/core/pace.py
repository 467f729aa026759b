"""How fast one socket, and one account on this node, may send events. Asked for each of them.

Cheaper than the buckets of `core.limits` (no key, no await), coarser, and of this node alone: it
keeps one client from taking the loop from all others. What a verb may cost is the verb's to limit.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

REMEMBERED = 50_000  # accounts whose pace is known, about 300 B each


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Events a second in the long run, and how many at once."""

    socket: float = 200.0
    socket_burst: float = 3_000.0
    account: float = 400.0
    account_burst: float = 6_000.0
    refusals_burst: float = 1_000.0
    """Events that may be refused in a row (at the socket's rate they are forgiven) before the
    socket is closed: whoever does not hear the first thousand will not hear the next."""


class Pace:
    """GCRA as one number: when the bucket will be full again."""

    __slots__ = ("_full_at", "_interval", "_window")

    def __init__(self, rate: float, burst: float) -> None:
        self._interval = 1 / rate
        self._window = burst / rate
        self._full_at = 0.0

    def take(self, now: float) -> float:
        """0.0 when taken; else nothing was, and the answer is the wait in seconds."""
        full_at = self._full_at
        full_at = (full_at if full_at > now else now) + self._interval
        wait = full_at - self._window - now
        if wait > 1e-9:
            return wait
        self._full_at = full_at
        return 0.0

    def is_full(self, now: float) -> bool:
        return self._full_at <= now


class SocketPace:
    """Of one socket, with what it shares with the other sockets of its account."""

    __slots__ = ("_account", "_patience", "_socket")

    def __init__(self, rates: Rates, account: Pace) -> None:
        self._socket = Pace(rates.socket, rates.socket_burst)
        self._account = account
        self._patience = Pace(rates.socket, rates.refusals_burst)

    def take(self, now: float) -> float:
        """0.0: go ahead. Otherwise the seconds to wait."""
        return self._socket.take(now) or self._account.take(now)

    def is_flood(self, now: float) -> bool:
        """Asked after each refusal: was it one too many?"""
        return self._patience.take(now) > 0


class Paces:
    """One for each node."""

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates or Rates()
        self._accounts: OrderedDict[Hashable, Pace] = OrderedDict()

    def of(self, account: Hashable, now: float) -> SocketPace:
        """For a socket that is let in. An account keeps its pace over its sockets' lives."""
        rates, accounts = self._rates, self._accounts
        pace = accounts.get(account)
        if pace is None:
            pace = accounts[account] = Pace(rates.account, rates.account_burst)
        accounts.move_to_end(account)
        for _ in range(2):  # who rested long enough is as good as new
            oldest, rested = next(iter(accounts.items()))
            if oldest == account or not (rested.is_full(now) or len(accounts) > REMEMBERED):
                break
            del accounts[oldest]
        return SocketPace(rates, pace)

    def __len__(self) -> int:
        return len(self._accounts)
