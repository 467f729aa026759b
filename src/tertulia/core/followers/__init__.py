"""Followers: who must hear of every committed event, later, and miss none.

    async def index(tx: Tx, events: Sequence[Happened]) -> None: ...

    INDEX = Follower(name="search", types=frozenset({"message.sent"}), handle=index)

A feature declares its followers in `jobs.py`; `main/wiring.followers` lists them. Each has a mark
in each stream: the last seq it handled. After every commit this node hints its followers which
streams moved; that costs the transaction nothing (no row, no NOTIFY). A follower locks the marks of
up to 64 streams, reads what stands above them, handles it and moves the marks, in one transaction.

- Exactly once for what `handle` writes through its `tx`; at least once for everything else.
- In order within a stream, also when several nodes work at once: the mark is locked.
- Hints are lost by a death between commit and hint; once a minute one node sweeps: it looks for
  streams written since the last sweep whose head is above the mark. So does every node at its
  start, and that is how a new follower `from_beginning` reads everything there is.
- A failure waits (1, 2, 4, … seconds) and holds up no other stream. What failed 6 times is stepped
  over, logged as `follower_stepped_over` and counted, unless it was the database that failed.
- Bounded: 64 streams and some 512 events a step, two steps at once on a node for all followers,
  a rest after each step twice as long as the step, 10,000 hints in memory (more: a sweep).

`handle` must be short: it holds a transaction, which ends after five idle seconds. What waits for
others (HTTP, images) is put into a job: `jobs.enqueue(tx, …)`.
"""

from tertulia.core.followers.course import Course
from tertulia.core.followers.follower import Follower, Happened
from tertulia.core.followers.followers import Followers

__all__ = ["Course", "Follower", "Followers", "Happened"]
