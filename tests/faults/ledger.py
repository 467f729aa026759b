"""What bots sent, got acknowledged and were shown; and what must be true of it at the end.

L1  every acknowledgement has one row and one event, at its seq, with its text
L2  every unknown outcome was settled by sending the same client_id again
L3  every stream is gapless, and the same on all bots and in the database
L4  nobody was shown an event at a seq where they were not in the room
L5  what a bot holds is what a fresh snapshot says
L6  `tertulia doctor --invariants` finds nothing (checks.py, with L7 and L8)
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import history
from tertulia.core.db import Database
from tertulia.core.streams import parse_stream, room_stream
from tertulia.main import wiring

Json = dict[str, Any]
Essence = tuple[Any, ...]
READ = 1000


class Attempt(msgspec.Struct):
    """One try to send. `code` is null where it was acknowledged, `unknown` where no answer came."""

    began: float
    ended: float
    code: str | None
    retry_after: float | None = None


class Send(msgspec.Struct):
    """Something said. `seq` once it was acknowledged."""

    client_id: UUID
    author_id: UUID
    room_id: UUID
    text: str
    attempts: list[Attempt] = []
    seq: int | None = None

    @property
    def draft(self) -> Json:
        return {"client_id": str(self.client_id), "text": self.text}

    @property
    def is_refused(self) -> bool:
        """Answered with something that trying again does not change."""
        return bool(self.attempts) and self.attempts[-1].code not in (*RETRYABLE, None)

    @property
    def may_be_there(self) -> bool:
        """A try before the refusal had no answer: it may have been heard, and its author been sent
        out of the room since (C6 then hides even what they said)."""
        return any(attempt.code in RETRYABLE for attempt in self.attempts)


# `token_expired`: after renewing it (bot.py).
RETRYABLE = (
    "unknown", "unavailable", "storage_full", "rate_limited", "disconnected", "token_expired",
)  # fmt: skip


class Ledger:
    def __init__(self) -> None:
        self.sends: dict[UUID, Send] = {}
        self.shown: dict[str, dict[tuple[str, int], Essence]] = {}  # by bot
        self.seen: dict[str, dict[UUID, float]] = {}  # by bot: when, by client_id; monotonic
        self.violations: list[str] = []

    # Written by bots

    def open(self, client_id: UUID, author_id: UUID, room_id: UUID, text: str) -> Send:
        send = self.sends[client_id] = Send(client_id, author_id, room_id, text, [])
        return send

    def acknowledge(self, send: Send, message: Json) -> None:
        if send.seq is not None and send.seq != message["seq"]:
            self.violations.append(f"C2: {send.client_id} was {send.seq}, now {message['seq']}")
        if message["client_id"] != str(send.client_id):
            self.violations.append(f"C2: {send.client_id} was answered with {message}")
        send.seq = message["seq"]

    def show(self, bot: str, event: Json) -> None:
        """An event was applied by a bot. Applying one twice, or another at its place, is wrong."""
        place = (event["stream"], event["seq"])
        mine = self.shown.setdefault(bot, {})
        if place in mine:
            self.violations.append(f"{bot} was shown {place} twice")
        mine[place] = essence(event)
        self._compare_text(bot, event)

    def _compare_text(self, bot: str, event: Json) -> None:
        if event["type"] != "message.sent" or event["data"] is None:
            return
        message = event["data"]["message"]
        client_id = UUID(message["client_id"])
        self.seen.setdefault(bot, {})[client_id] = time.monotonic()
        send = self.sends.get(client_id)
        text = message["body"].get("text")
        if send is not None and message["edited_at"] is None and text not in (send.text, None):
            self.violations.append(f"{bot} was shown {text!r} for {send.text!r}")

    # Read at the end

    @property
    def acknowledged(self) -> list[Send]:
        return [send for send in self.sends.values() if send.seq is not None]

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt for send in self.sends.values() for attempt in send.attempts]

    def first_success_after(self, moment: float) -> float | None:
        """Seconds from a moment to the first acknowledgement of anything begun after it."""
        ended = [a.ended for a in self.attempts if a.code is None and a.began >= moment]
        return min(ended) - moment if ended else None

    def all_hear_after(self, moment: float) -> float | None:
        """Seconds from a moment until every bot was shown something sent after it."""
        fresh = {s.client_id for s in self.sends.values() if s.attempts[0].began >= moment}
        first = [
            min((at for id_, at in seen.items() if id_ in fresh), default=None)
            for seen in self.seen.values()
        ]
        times = [at for at in first if at is not None]
        return max(times) - moment if times and len(times) == len(first) else None

    def swift_after(self, moment: float, within: float) -> float | None:
        """Seconds from a moment until everything said from then on was shown to all in so many."""
        slow = [moment]
        for send in self.acknowledged:
            done = send.attempts[-1]
            shown = [seen.get(send.client_id) for seen in self.seen.values()]
            if done.began >= moment and any(at and at - done.ended > within for at in shown):
                slow.append(done.began)
        return max(slow) - moment if self.delays(moment) else None

    def delays(self, since: float) -> list[float]:
        """From an acknowledgement later than `since` to each bot's seeing it, sorted."""
        acked = {
            send.client_id: send.attempts[-1].ended
            for send in self.acknowledged
            if send.attempts[-1].ended >= since
        }
        return sorted(
            max(0.0, at - acked[id_])
            for seen in self.seen.values()
            for id_, at in seen.items()
            if id_ in acked
        )


def essence(event: Json) -> Essence:
    """What never changes of an event (E4): later readings show rows as they stand then."""
    data = event["data"]
    if data is not None and event["type"].startswith("message."):
        message = data["message"]
        kept: object = tuple(message[name] for name in ("id", "client_id", "author_id", "seq"))
    elif data is not None and event["type"].startswith("member."):
        kept = data.get("account_id") or data.get("member", data).get("account", {}).get("id")
    else:
        kept = None
    return (event["type"], event["at"], event["actor"], kept)


# The end checks


async def lost_or_doubled(ledger: Ledger, db: Database, *, edited: bool = False) -> list[str]:
    """L1 and L2. `edited`: texts may have changed since, and begin as they were said."""
    found: list[str] = []
    rows = await _messages(db, list(ledger.sends))
    for send in ledger.sends.values():
        mine = rows.get(send.client_id, [])
        name = f"{send.client_id} {send.text[:40]!r}"
        if send.seq is None and not send.is_refused:
            found.append(f"L2: {name} was never settled: {send.attempts[-1:]}")
        elif send.seq is None and mine and not send.may_be_there:
            found.append(f"L1: {name} was refused, and is there")
        elif send.seq is not None and not _is_said_once(send, mine, edited=edited):
            found.append(f"L1: {name} was acknowledged at {send.seq}, and is {mine}")
        elif send.seq is not None and mine[0]["events"] != 1:
            found.append(f"L1: {name} is told {mine[0]['events']} times in the log")
    return found


def _is_said_once(send: Send, rows: Sequence[Json], *, edited: bool) -> bool:
    if len(rows) != 1 or rows[0]["seq"] != send.seq:
        return False
    text: str = rows[0]["text"] or ""
    return text.startswith(send.text) if edited else text == send.text


async def _messages(db: Database, client_ids: Sequence[UUID]) -> dict[UUID, list[Json]]:
    async with db.read() as tx:
        rows = await tx.conn.fetch(
            """
            SELECT m.client_id, m.seq, m.body ->> 'text' AS text, (
                SELECT count(*) FROM events e WHERE e.stream = m.room_id AND e.ref = m.id
                    AND e.type = 'message.sent') AS events
            FROM messages m WHERE m.client_id = ANY ($1::uuid[])
            """,
            client_ids,
        )
    found: dict[UUID, list[Json]] = {}
    for row in rows:
        found.setdefault(row["client_id"], []).append(dict(row))
    return found


async def read_log(db: Database) -> dict[str, list[Json]]:
    """Every stream whole, as clients would get it."""
    async with db.read() as tx:
        rows = await tx.conn.fetch("SELECT kind || ':' || id AS name FROM streams")
    return {row["name"]: await _read_stream(db, row["name"]) for row in rows}


async def _read_stream(db: Database, name: str) -> list[Json]:
    events: list[Json] = []
    while True:
        after = events[-1]["seq"] if events else 0
        async with db.read() as tx:
            found = await history.read(
                tx, parse_stream(name), after=after, limit=READ, hydrators=wiring.HYDRATORS
            )
        events += msgspec.json.decode(msgspec.json.encode(found))
        if len(found) < READ:
            return events


def torn(ledger: Ledger, log: Mapping[str, Sequence[Json]]) -> list[str]:
    """L3."""
    found = [
        f"L3: {name} has the seqs {seqs[:5]}…{seqs[-5:]}"
        for name, events in log.items()
        if (seqs := [event["seq"] for event in events]) != list(range(1, len(events) + 1))
    ]
    truth = {(name, e["seq"]): essence(e) for name, events in log.items() for e in events}
    for bot, shown in ledger.shown.items():
        for place, kept in shown.items():
            if truth.get(place) != kept:
                found.append(f"L3: {bot} saw {kept} at {place}, the log has {truth.get(place)}")
        found += [f"L3: {bot} {step}" for step in _returns(shown)]
    return found


def _returns(shown: Mapping[tuple[str, int], Essence]) -> Iterable[str]:
    """A bot only goes forward. A hole it jumped without a snapshot was caught as it happened."""
    last: dict[str, int] = {}
    for stream, seq in shown:
        if seq <= last.get(stream, 0):
            yield f"went back from {last[stream]} to {seq} in {stream}"
        last[stream] = seq


def trespasses(
    ledger: Ledger, log: Mapping[str, Sequence[Json]], accounts: Mapping[str, UUID]
) -> list[str]:
    """L4. `accounts` are the bots', by name."""
    found: list[str] = []
    for bot, shown in ledger.shown.items():
        inside = {name: memberships(events, accounts[bot]) for name, events in log.items()}
        found += [
            f"L4: {bot} was shown {place}"
            for place in shown
            if place[0].startswith("room:") and place[1] not in inside[place[0]]
        ]
    return found


def memberships(events: Sequence[Json], account_id: UUID) -> set[int]:
    """The seqs of a room's stream at which an account was in, its own leaving included (W4)."""
    inside: set[int] = set()
    here = False
    for event in events:
        about = essence(event)[3] == str(account_id)
        here = here or (event["type"] == "member.joined" and about)
        if here:
            inside.add(event["seq"])
        here = here and not (event["type"] == "member.left" and about)
    return inside


def count_events(log: Mapping[str, Sequence[Json]], room_id: UUID) -> int:
    return len(log[room_stream(room_id).name])
