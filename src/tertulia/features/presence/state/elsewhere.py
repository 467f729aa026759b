"""Who is on other nodes, as far as they told."""

from collections.abc import Iterator
from uuid import UUID

from tertulia.features.presence.schemas import PresenceState
from tertulia.features.presence.state.standing import GONE, Ask, News, Seen, Standing, Told, Whole

DEAD_SECONDS = 15.0  # a node not heard of for so long is gone, and so is who was on it
STALL_SECONDS = 5.0  # who looked away for so long may blame nobody for silence
ASK_SECONDS = 1.0  # between questions to one node

STATES: tuple[PresenceState, ...] = ("online", "away", "dnd", "offline")
# One of each: a tuple for every person would double what a copy takes.
SHARED = {(s, c): Standing(s, c) for s in STATES for c in (True, False)}


class _Node:
    """Another node, as far as it was heard. `version` is None before its whole was."""

    __slots__ = ("asked_at", "heard_at", "parts", "people", "version")

    def __init__(self) -> None:
        self.version: int | None = None
        self.people: dict[UUID, Standing] = {}
        self.heard_at = 0.0
        self.asked_at = float("-inf")
        self.parts: list[Whole] = []  # of a whole that is still coming


class Elsewhere:
    """Who is on other nodes."""

    def __init__(self) -> None:
        self._nodes: dict[str, _Node] = {}
        self._looked_at: float | None = None

    @property
    def nodes(self) -> int:
        return len(self._nodes)

    def standings(self, account_id: UUID) -> Iterator[Standing]:
        # There are few nodes: an index over them would cost more memory than all else here.
        for node in self._nodes.values():
            if (standing := node.people.get(account_id)) is not None:
                yield standing

    def hear(self, told: Told, now: float) -> tuple[list[Seen], bool]:
        """Who may have changed by it, and whether to ask that node for the whole."""
        node = self._nodes.setdefault(told.node, _Node())
        node.heard_at = now
        if isinstance(told, Ask):
            return [], False
        if isinstance(told, Whole):
            return list(self._hear_whole(told, node)), False
        if isinstance(told, News) and node.version is not None:
            if told.version == node.version + 1:
                node.version = told.version
                for seen in told.people:
                    _put(node, seen)
                return told.people, False
            if told.version <= node.version:
                return [], False  # twice, or late
        if told.version == node.version or now - node.asked_at < ASK_SECONDS:
            return [], False
        node.asked_at = now
        return [], True

    def _hear_whole(self, told: Whole, node: _Node) -> Iterator[Seen]:
        if node.version is not None and told.version <= node.version:
            return  # somebody else had asked
        if told.part == 0:
            node.parts = []
        elif not node.parts or node.parts[0].version != told.version:
            return
        if told.part != len(node.parts):
            return
        node.parts.append(told)
        if len(node.parts) < told.parts:
            return
        people = [seen for part in node.parts for seen in part.people]
        node.version, node.parts = told.version, []
        for account_id in node.people.keys() - {seen.account_id for seen in people}:
            del node.people[account_id]
            yield Seen(account_id, *GONE)
        for seen in people:
            if node.people.get(seen.account_id) != (seen.state, seen.connected):
                _put(node, seen)
                yield seen

    def expire(self, now: float) -> list[UUID]:
        """People of nodes that were not heard of for too long; they are forgotten."""
        # Stopped, starved or asleep ourselves: what they said meanwhile is still to be read.
        stalled = now - self._looked_at if self._looked_at is not None else 0.0
        self._looked_at = now
        if stalled > STALL_SECONDS:
            for node in self._nodes.values():
                node.heard_at += stalled
        gone: list[UUID] = []
        for name, node in tuple(self._nodes.items()):
            if now - node.heard_at >= DEAD_SECONDS:
                gone += node.people
                del self._nodes[name]
        return gone


def _put(node: _Node, seen: Seen) -> None:
    if seen.state == "offline":
        node.people.pop(seen.account_id, None)
    else:
        node.people[seen.account_id] = SHARED[seen.state, seen.connected]
