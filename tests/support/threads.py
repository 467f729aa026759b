"""A client's side of the threads of one room: which call me, and what in them I have not read.
Over wire JSON, from docs/protocol.md (K), like `reducer`."""

import bisect
from typing import Any

Json = dict[str, Any]

KEPT = 100


class Threads:
    """What is held of a room's threads. More than is shown: a position may be told before the
    replies it is about, since my account's stream and the room's go their own ways."""

    def __init__(self, me: str, told: list[Json]) -> None:
        self._me = me
        self._held: dict[str, Json] = {}
        self._floor = 0
        for thread in told:
            held = self._of(thread["root_id"])
            held["choice"] = thread["following"]
            held["involved"] = thread["following"] is None
            held["heard"], held["calls"] = list(thread["unread"]), list(thread["mentions"])

    def _of(self, root_id: str) -> Json:
        empty: Json = {"choice": None, "involved": False, "heard": [], "calls": []}
        return self._held.setdefault(root_id, empty | {"floor": self._floor})

    def changed(self, data: Json, hidden: list[int], blocked: set[str]) -> None:
        """`thread.changed`; what I hid and whom I block is no news."""
        if not data["involved"]:
            self._held.pop(data["root_id"], None)
            return
        held = self._of(data["root_id"])
        floor = data["involved"].get(self._me)
        held["involved"] = floor is not None
        held["floor"] = max(held["floor"], floor or 0)
        reply = data["reply"]
        quiet = {self._me, *blocked}
        if reply and not reply["in_room"] and reply["author_id"] not in quiet:
            self._hear(held, reply, hidden)
        _cut(held)

    def _hear(self, held: Json, reply: Json, hidden: list[int]) -> None:
        seq = reply["seq"]
        held["calls"] = [one for one in held["calls"] if one != seq]
        if seq in hidden or seq <= held["floor"]:
            return
        if seq not in held["heard"]:
            bisect.insort(held["heard"], seq)
        del held["heard"][:-KEPT]
        if reply["calls_all"] or self._me in reply["calls"]:
            bisect.insort(held["calls"], seq)

    def marked(self, data: Json) -> None:
        """`thread.marked`, of my own stream."""
        held = self._of(data["root_id"])
        held["choice"] = data["following"]
        held["floor"] = max(held["floor"], data["read_seq"])
        _cut(held)

    def read(self, read_seq: int) -> None:
        """`threads.read`, of my own stream."""
        self._floor = max(self._floor, read_seq)
        for held in self._held.values():
            held["floor"] = max(held["floor"], read_seq)
            _cut(held)

    def lost(self, seqs: list[int]) -> None:
        for held in self._held.values():
            held["heard"] = [one for one in held["heard"] if one not in seqs]
            _cut(held)

    def shown(self) -> list[Json]:
        """As a snapshot tells it."""
        found: list[Json] = []
        for root_id in sorted(self._held):
            held = self._held[root_id]
            follows = held["involved"] if held["choice"] is None else held["choice"]
            unread: list[int] = held["heard"] if follows else []
            if unread or held["choice"] is not None:
                mentions: list[int] = held["calls"] if follows else []
                found.append({
                    "root_id": root_id, "following": held["choice"],
                    "unread": list(unread), "mentions": list(mentions),
                })  # fmt: skip
        return found


def _cut(held: Json) -> None:
    held["heard"] = [one for one in held["heard"] if one > held["floor"]]
    held["calls"] = [one for one in held["calls"] if one in held["heard"]]
