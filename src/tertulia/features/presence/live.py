"""The one owner of this node's roster: sockets come and go, the people around them hear of it."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
import structlog

from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.gateway import Connection, Topics, encode_event
from tertulia.features.presence import service
from tertulia.features.presence.events import Presence
from tertulia.features.presence.schemas import PersonPresence
from tertulia.features.presence.state import Roster

log = structlog.get_logger(__name__)

EXPIRE_SECONDS = 1.0


class PresenceLive:
    """Tells each state once to every socket that shares a room with the person."""

    def __init__(self, topics: Topics, db: Database, clock: Clock) -> None:
        self._topics = topics
        self._db = db
        self._clock = clock
        self._roster = Roster()
        self._untold: set[UUID] = set()  # whose state changed and nobody knows yet

    def enter(self, conn: Connection, account_id: UUID, topics: Iterable[str]) -> None:
        if self._roster.set(account_id, conn, "online"):
            self._tell(account_id, topics)

    async def set_state(self, conn: Connection, account_id: UUID, *, away: bool) -> None:
        if self._roster.set(account_id, conn, "away" if away else "online"):
            self._untold.add(account_id)
            await self._tell_rooms()

    async def leave(self, conn: Connection, account_id: UUID) -> None:
        if self._roster.leave(account_id, conn, self._clock.monotonic()):
            self._untold.add(account_id)
            await self._tell_rooms()

    def present(self, account_ids: Iterable[UUID]) -> list[PersonPresence]:
        """Those who are not offline."""
        return [
            PersonPresence(account_id=account_id, state=self._roster.state(account_id))
            for account_id in account_ids
            if self._roster.state(account_id) != "offline"
        ]

    async def run(self) -> None:
        """Notice those who did not come back, until cancelled."""
        while True:
            await self._clock.sleep(EXPIRE_SECONDS)
            self._untold.update(self._roster.expire(self._clock.monotonic()))
            await self._tell_rooms()

    async def _tell_rooms(self) -> None:
        """Tell what is untold; what cannot be told while the database is away stays so."""
        while self._untold:
            account_id = self._untold.pop()
            try:
                async with self._db.read() as tx:
                    topics = await service.audience(tx, account_id)
            except Exception:
                log.warning("presence_not_told", exc_info=True)
                self._untold.add(account_id)
                return
            self._tell(account_id, topics)

    def _tell(self, account_id: UUID, topics: Iterable[str]) -> None:
        presence = Presence(account_id=account_id, state=self._roster.state(account_id))
        frame = encode_event(Presence.TYPE, msgspec.Raw(msgspec.json.encode(presence)))
        # Once each, however many rooms are shared.
        audience = {conn for topic in topics for conn in self._topics.members(topic)}
        for conn in audience:
            conn.send(frame, volatile=True)
