"""Connection-state recovery: who was cut comes back within a while as if nothing had been.

The protocol is socket.io's (https://socket.io/docs/v4/connection-state-recovery): the CONNECT
answer names a private id `pid` beside the public one, and the last argument of each event is an
offset, a string. A client that was cut sends `{pid, offset}` in its next CONNECT. If we still know
it, it gets its old id, principal, state and topics, and the events it missed, in order. Events that
ask for an ack and volatile ones have no offset and are not repeated.

Off by default: an argument more on every event breaks handlers that count theirs.

Everything is bounded: by `recovery_seconds`, by `recovery_bytes` of events, and in connections by
`max_connections`. All of it is in this process; another one does not know the pid.
"""

import re
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from .frames import TEXT, Frame, first_message, frame
from .settings import GatewaySettings

if TYPE_CHECKING:
    from .connection import Connection

EVENT: Final = re.compile(rb"4(?:2|5\d+-)(?:/[^,]*,)?\[")
"""An event without an ack id, as an Engine.IO message."""
CUT: Final = frozenset(("transport close", "ping_timeout", "going_away", "overlap"))
"""Ends that nobody wanted. Who left, was sent away or misbehaved begins anew."""


class Entry(NamedTuple):
    """One event that somebody may have missed."""

    offset: int
    at: float
    to: str | None
    """A `pid`; None where it went to a topic."""
    topic: Hashable
    skip: str | None
    frame: Frame


@dataclass(slots=True)
class Past:
    """What a connection knows of its own recovery."""

    pid: str
    since: int
    """The offset before its first event."""
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A connection that was cut."""

    conn: "Connection"
    topics: frozenset[Hashable]
    until: float


class Recovery:
    """One for each gateway that has it. `clock` in seconds, monotonic."""

    def __init__(self, settings: GatewaySettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._offset = 0
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._live: dict[str, Connection] = {}
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    # Events that go out

    def to_topic(self, data: Frame, topic: Hashable, skip: "Connection | None") -> Frame:
        """The frame with its offset, once for all who get it."""
        pid = skip.past.pid if skip is not None and skip.past is not None else None
        return self._note(data, None, topic, pid)

    def to_one(self, data: Frame, conn: "Connection") -> Frame:
        return data if conn.past is None else self._note(data, conn.past.pid, None, None)

    def _note(self, data: Frame, to: str | None, topic: Hashable, skip: str | None) -> Frame:
        text, end = first_message(data)
        if EVENT.match(text) is None:
            return data
        self._offset += 1
        noted = b'%b,"%d"]' % (text[:-1], self._offset)
        stamped = Frame(frame(TEXT, noted) + data[end:])
        self._entries.append(Entry(self._offset, self._clock(), to, topic, skip, stamped))
        self._bytes += len(stamped)
        self._forget()
        return stamped

    def _forget(self) -> None:
        oldest = self._clock() - self._settings.recovery_seconds
        entries = self._entries
        while entries and (entries[0].at < oldest or self._bytes > self._settings.recovery_bytes):
            self._bytes -= len(entries.popleft().frame)
        while self._kept:
            pid, kept = next(iter(self._kept.items()))
            many = len(self._kept) > self._settings.max_connections
            if kept.until >= self._clock() and not many:
                return
            del self._kept[pid]

    # Connections that come and go

    def begin(self, conn: "Connection", auth: Any) -> Kept | None:
        """Give it a past: that of the connection `auth` names, if that was cut and nothing it
        missed is forgotten, else a new one."""
        kept = self._find(auth, conn.namespace)
        past = None if kept is None else kept.conn.past
        since = None if past is None else self._read_offset(auth, past)
        if kept is None or past is None or since is None:
            conn.past = Past(secrets.token_urlsafe(15), self._offset)
            return None
        conn.past = Past(past.pid, since, recovered=True)
        conn.id, conn.principal, conn.state = kept.conn.id, kept.conn.principal, kept.conn.state
        conn.topics = set(kept.topics)
        return kept

    def accepted(self, conn: "Connection") -> None:
        if conn.past is not None:
            self._live[conn.past.pid] = conn

    def ended(self, conn: "Connection", reason: str, topics: frozenset[Hashable]) -> None:
        """Keep what was cut."""
        past = conn.past
        if past is None or self._live.pop(past.pid, None) is None or reason not in CUT:
            return
        until = self._clock() + self._settings.recovery_seconds
        self._kept[past.pid] = Kept(conn, topics, until)
        self._forget()

    def missed(self, conn: "Connection") -> list[Frame]:
        """What it has not had, of its topics and of its own."""
        past = conn.past
        if past is None:
            return []
        return [
            entry.frame
            for entry in self._entries
            if entry.offset > past.since
            and (
                entry.to == past.pid
                or (entry.to is None and entry.topic in conn.topics and entry.skip != past.pid)
            )
        ]

    def _find(self, auth: Any, namespace: str) -> Kept | None:
        told = cast("dict[str, object]", auth if isinstance(auth, dict) else {})
        pid = told.get("pid")
        if not isinstance(pid, str):
            return None
        live = self._live.get(pid)
        if live is not None and live.namespace == namespace:
            live.link.lose()  # its end has not been noticed yet
        self._forget()
        kept = self._kept.get(pid)
        return self._kept.pop(pid) if kept and kept.conn.namespace == namespace else None

    def _read_offset(self, auth: Any, past: Past) -> int | None:
        """None where something it missed is no longer known, or never was."""
        told = auth.get("offset")
        if told is None:
            since = past.since
        elif isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 16:
            since = int(told)
        else:
            return None
        first = self._entries[0].offset if self._entries else self._offset + 1
        return since if first - 1 <= since <= self._offset else None
