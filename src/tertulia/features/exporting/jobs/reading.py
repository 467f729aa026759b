"""A room read from its beginning to its end, one transaction a page."""

from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.features.accounts.schemas import Account
from tertulia.features.exporting.schemas import ExportedMessage
from tertulia.features.exporting.service import content
from tertulia.features.exporting.service.content import Part
from tertulia.features.rooms.schemas import Member


class Reader(NamedTuple):
    """Reads as the asker, anew for each page: who is put out of a room in the middle gets no
    more of it."""

    db: Database
    actor: Actor
    room_id: UUID

    async def members(self) -> AsyncIterator[list[Member]]:
        cursor = None
        while True:
            async with self.db.read() as tx:
                page = await content.member_page(tx, self.actor, self.room_id, cursor)
            yield page.members
            if page.next is None:
                return
            cursor = page.next

    async def messages(self) -> AsyncIterator[tuple[list[ExportedMessage], list[Account]]]:
        """Messages with the accounts they name; the replies of a thread right behind its root."""
        after: int | None = 0
        while after is not None:
            async with self.db.read() as tx:
                part = await content.talk(tx, self.actor, self.room_id, after)
            async for some in self._with_threads(part):
                yield some
            after = part.after

    async def _with_threads(
        self, part: Part
    ) -> AsyncIterator[tuple[list[ExportedMessage], list[Account]]]:
        held: list[ExportedMessage] = []
        for message in part.messages:
            held.append(message)
            if message.id in part.roots:
                yield held, part.people
                held = []
                async for some in self._replies(message.id):
                    yield some
        yield held, part.people

    async def _replies(
        self, root: UUID
    ) -> AsyncIterator[tuple[list[ExportedMessage], list[Account]]]:
        after: int | None = 0
        while after is not None:
            async with self.db.read() as tx:
                part = await content.replies(tx, self.actor, self.room_id, root, after)
            yield part.messages, part.people
            after = part.after
