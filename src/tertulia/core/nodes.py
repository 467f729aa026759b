"""Which processes serve this place, and where each is reached by the others.

Every process has a listener of its own beside the public port. It tells the others in Redis: a key
that expires unless it is renewed, so that who dies is forgotten. Judged by Redis's clock alone:
the machines' clocks may differ.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from tertulia.core.clock import Clock
from tertulia.core.ids import Ids
from tertulia.core.redis import KEYS, UNREACHABLE, RedisClient

EXPIRY = 15  # seconds after which nobody believes in a silent node
RENEWAL = 5.0
# Between looks for a node that is not known: forged session ids must not become load on Redis.
LOOK = 0.5
# A Redis that was emptied knows nobody until all have renewed: so long the last seen are believed.
LINGER = RENEWAL + 2
# With Redis away there is no news of anybody. The dead refuse connections, so this may be long.
CUT_OFF = 300.0

# One hash tag: in a cluster a command may only ask for keys of one slot.
INDEX = f"{KEYS}{{nodes}}"

Address = tuple[str, int]

log = structlog.get_logger(__name__)


def new_node_id(ids: Ids) -> str:
    """8 URL-safe characters, new at each start: an old session must not reach a new process."""
    return ids.token(6)[:8]


@dataclass(frozen=True, slots=True)
class _Seen:
    address: Address
    at: float


class Nodes:
    """This process and its peers. Without Redis it knows itself alone."""

    def __init__(self, redis: RedisClient | None, clock: Clock, node_id: str) -> None:
        self.id = node_id
        self._redis: Any = redis
        self._clock = clock
        self._address: Address | None = None
        self._seen: dict[str, _Seen] = {}
        self._alive = frozenset((node_id,))
        self._looked_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None
        self._away = False

    def alive(self) -> frozenset[str]:
        """Ids of all that were here a moment ago, this one included. A node that stopped is gone
        from it after LINGER + RENEWAL, one that was killed after EXPIRY more."""
        return self._alive

    async def announce(self, address: Address) -> None:
        """Be found at this address from now on. To be awaited before anybody gets a session id of
        this node; `stay` keeps it true. A Redis that is away changes nothing here."""
        self._address = address
        await self._look_again()

    async def stay(self) -> None:
        """Renew and look around for ever."""
        while True:
            await self._clock.sleep(RENEWAL)
            await self._look_again()

    async def leave(self) -> None:
        """Be forgotten at once."""
        self._address = None
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._redis is None:
            return
        try:
            await self._redis.delete(_key(self.id))
            await self._redis.srem(INDEX, self.id)
        except UNREACHABLE:
            log.info("node_leaves_unsaid", node_id=self.id)

    async def find(self, node: str) -> Address | None:
        """Host and port of that node's own listener. Asks Redis for one not known, at most every
        LOOK seconds for all who ask together."""
        if node == self.id:
            return self._address
        if node not in self._seen and self._redis is not None:
            await self._look_again()
        seen = self._seen.get(node)
        return seen.address if seen else None

    async def _look_again(self) -> None:
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="nodes-look")
        # Whoever asked may be gone before the answer; the others still wait for it.
        await asyncio.shield(self._looking)

    async def _look(self) -> None:
        try:
            wait = self._looked_at + LOOK - self._clock.monotonic()
            if wait > 0:
                await self._clock.sleep(wait)
            self._looked_at = self._clock.monotonic()
            await self._renew_and_read()
        finally:
            self._looking = None

    async def _renew_and_read(self) -> None:
        if self._redis is None:
            return
        now = self._clock.monotonic()
        try:
            found = await self._exchange(self._redis)
        except UNREACHABLE as error:
            if not self._away:
                log.warning("nodes_unknown", **{"error.type": type(error).__name__})
            self._away = True
            self._keep(now, CUT_OFF)
            return
        self._away = False
        self._seen |= {node: _Seen(address, now) for node, address in found.items()}
        self._keep(now, LINGER)

    async def _exchange(self, redis: Any) -> dict[str, Address]:
        if self._address is not None:
            host, port = self._address
            # The key first: who finds the name must find the address.
            await redis.set(_key(self.id), f"{host} {port}", ex=EXPIRY)
            await redis.sadd(INDEX, self.id)
        members: set[bytes] = await redis.smembers(INDEX)
        names = sorted(name.decode() for name in members)
        if not names:
            return {}
        values: list[bytes | None] = await redis.mget([_key(name) for name in names])
        told = dict(zip(names, values, strict=True))
        expired = [name for name, value in told.items() if value is None]
        if expired:
            # One of them that still lives says so again at its next renewal.
            await redis.srem(INDEX, *expired)
        return {name: _read(value) for name, value in told.items() if value is not None}

    def _keep(self, now: float, patience: float) -> None:
        self._seen = {n: seen for n, seen in self._seen.items() if now - seen.at <= patience}
        self._alive = frozenset((self.id, *self._seen))


def _key(node: str) -> str:
    return f"{INDEX}:{node}"


def _read(value: bytes) -> Address:
    host, _, port = value.decode().rpartition(" ")
    return host, int(port)
