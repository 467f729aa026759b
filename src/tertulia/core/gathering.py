"""Concurrent readings of one kind share a statement: the reading half of `core.grouping`.

While one question is in flight the next ones gather, and go together. A crowd that comes back costs
a few statements a second, however many they are; a lone client waits for nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from tertulia.core.db import Database
from tertulia.core.errors import Unavailable
from tertulia.core.tx import Tx

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")
Read = Callable[[Tx, Sequence[Key]], Awaitable[Mapping[Key, Answer]]]

GROUP_SIZE = 256  # keys of one statement
WAITING = 20_000  # keys; beyond this the database is behind and clients must hear it
LANES = 2  # statements at a time


class Gathering(Generic[Key, Answer]):
    """`ask` gets each key its own answer, as of a moment after it was asked."""

    def __init__(
        self, db: Database, read: Read[Key, Answer], *, group_size: int = GROUP_SIZE
    ) -> None:
        """`read` answers every key it is given."""
        self._group_size = group_size
        self._db = db
        self._read = read
        self._waiting: dict[Key, asyncio.Future[Answer]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def ask(self, key: Key) -> Answer:
        """Raises what the database raises, Unavailable where too many wait."""
        future = self._waiting.get(key)
        if future is None:
            if len(self._waiting) >= WAITING:
                raise Unavailable(retry_after=1.0)
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
            if len(self._running) < LANES:
                task = asyncio.create_task(self._run(), name="gathering")
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        # Shielded: others may wait for the same answer.
        return await asyncio.shield(future)

    async def _run(self) -> None:
        while self._waiting:
            keys = list(self._waiting)[: self._group_size]
            group = {key: self._waiting.pop(key) for key in keys}
            try:
                async with self._db.read() as tx:
                    answers = await self._read(tx, keys)
                for key, future in group.items():
                    future.set_result(answers[key])
            except Exception as error:
                for future in group.values():
                    if not future.done():
                        future.set_exception(error)
                        future.exception()  # seen: whoever asked may have gone

    async def close(self) -> None:
        """Wait for the statements in flight."""
        await asyncio.gather(*self._running, return_exceptions=True)
