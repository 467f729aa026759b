"""Planted bugs, each by its name: what careless hands would do to the product.

A mutant is the product's own source with one place changed, patched in and taken back.
"""

import inspect
import textwrap
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, NamedTuple
from unittest.mock import patch

from tertulia.core import db, eventlog, fanout, filling
from tertulia.core.bus import remote
from tertulia.core.gateway import engine, session, websocket
from tertulia.features.messages import service as messages
from tertulia.features.sync import store as sync_store


class Edit(NamedTuple):
    """In the source of `where`.`name`, `old` becomes `new`."""

    where: Any
    name: str
    old: str
    new: str


MUTANTS: Mapping[str, tuple[Edit, ...]] = {
    "publish before commit": (
        Edit(
            db.Database,
            "_write_once",
            'self._failpoints.hit("before_commit")',
            "[self._bus.publish(n) for n in notices]; "
            'self._failpoints.hit("before_commit"); notices = []',
        ),
    ),
    "ack before commit": (
        Edit(
            db.Database,
            "_write_once",
            "await transaction.commit()",
            "await (transaction.rollback() if _now_and_then() else transaction.commit())",
        ),
    ),
    "no look at what was said before": (
        Edit(
            messages, "_survey", "await store.find_said(tx, [item.key for item in allowed])", "{}"
        ),
    ),
    "seq without a lock": (Edit(eventlog, "lock", "FOR UPDATE", ""),),
    "membership looked up before the lock": (
        Edit(
            messages,
            "send_all",
            "await tx.lock(*{room_stream(item.room_id) for item in outgoing})\n"
            "    ground = await _survey(tx, outgoing)",
            "ground = await _survey(tx, outgoing)\n"
            "    await tx.lock(*{room_stream(item.room_id) for item in outgoing})",
        ),
    ),
    "fan-out without repair": (
        Edit(
            filling.Filling,
            "soon",
            "if position.is_behind and name not in self._due:",
            "if False:",
        ),
    ),
    "fan-out that ignores holes": (
        Edit(
            fanout.Fanout,
            "_drain",
            "notice = state.held.pop(state.head + 1, None)",
            "notice = state.held.pop(min(state.held), None) if state.held else None",
        ),
    ),
    "dropped when full, and not told": (
        Edit(
            fanout.Fanout,
            "_deliver",
            "self._send(notice, volatile=False)",
            "notice.seq % 7 == 0 or self._send(notice, volatile=False)",
        ),
    ),
    "cursor by the newest transaction": (
        Edit(sync_store, "horizon", "pg_snapshot_xmin", "pg_snapshot_xmax"),
    ),
    "tombstone that keeps the words": (
        Edit(messages, "delete", "await store.forget_revisions(tx, message)", "pass"),
    ),
    "who left still listens": (
        Edit(fanout.Fanout, "send_away", "self._sockets.leave(conn, topic)", "pass"),
    ),
    "an old life of a stream delivers": (
        Edit(
            filling.Filling,
            "_read",
            "if self._positions.get(name) is position:",
            "if True:",
        ),
    ),
}

# In servers of their own, each for one fault: TERTULIA_FAULTS_MUTANT=name (docs/faults.md).
SERVER_MUTANTS: Mapping[str, tuple[Edit, ...]] = {
    "publishing waits for Redis": (
        Edit(
            remote.RedisBus,
            "publish",
            "self.counters.published += 1",
            "self.counters.published += 1; time.sleep(0 if self.whole else 0.3)",
        ),
    ),
    "nobody is ever taken for gone": (
        Edit(session.Session, "due", "elif now >= self._pong_by:", "elif False:"),
    ),
    "a slow reader may owe without bound": (
        Edit(session.Session, "push", "if self.queued > self._limit:", "if False:"),
        Edit(
            websocket.WebSocket,
            "flush",
            "if self.waiting > self.gateway.settings.outbox_limit:",
            "if False:",
        ),
    ),
    "all are told to come back at once": (
        Edit(engine.Engine, "come_back_in", "self._uniform()", "0.5"),
    ),
}

# Careless migrations: what they do to the schema.
SCHEMA_MUTANTS: Mapping[str, str] = {
    "no unique index over client ids": (
        "ALTER TABLE messages DROP CONSTRAINT messages_room_id_author_id_client_id_key"
    ),
}


@contextmanager
def planted(name: str) -> Generator[None]:
    with ExitStack() as stack:
        for edit in MUTANTS.get(name, SERVER_MUTANTS.get(name, ())):
            stack.enter_context(patch.object(edit.where, edit.name, mutated(edit)))
        yield


def mutated(edit: Edit) -> Callable[..., Any]:
    original = inspect.unwrap(getattr(edit.where, edit.name))
    source = textwrap.dedent(inspect.getsource(original))
    old = edit.old if edit.old in source else textwrap.dedent(edit.old)
    assert old in source, f"{edit.name} does not say {edit.old!r} any more: mend this mutant"
    module = inspect.getmodule(original)
    assert isinstance(module, ModuleType)
    found: dict[str, Any] = {}
    code = compile(source.replace(old, edit.new), f"mutant of {edit.name}", "exec")
    exec(code, vars(module) | {"_now_and_then": _now_and_then(), "time": time}, found)
    return found[edit.name]


def _now_and_then() -> Callable[[], bool]:
    """As often as the power goes between an ack and its commit."""
    count = 0

    def happens() -> bool:
        nonlocal count
        count += 1
        return count % 20 == 19

    return happens
