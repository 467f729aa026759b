"""What a room looks like when it is made and after it is changed: pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from tertulia.core.errors import FieldError, Invalid
from tertulia.features.rooms import policy
from tertulia.features.rooms.events import RoomField
from tertulia.features.rooms.schemas import (
    GROUP_LIMIT,
    AuditAction,
    ChangeRoom,
    CreateRoom,
    Room,
    RoomKind,
)


def draw(
    draft: CreateRoom, *, room_id: UUID, creator: UUID, others: Sequence[UUID], now: datetime
) -> Room:
    """A new room. Raises Invalid naming the field."""
    if not policy.may_create(draft.kind, draft.visibility):
        raise wrong("visibility", "invalid", "Only a channel can be public.")
    if draft.kind == "direct" and len(others) != 1:
        raise wrong("members", "count", "A direct room takes exactly one other person.")
    if draft.kind == "direct" and (draft.name or draft.topic):
        raise wrong("name", "invalid", "A direct room has neither name nor topic.")
    if draft.kind == "group" and len(others) >= GROUP_LIMIT:
        raise wrong("members", "too_many", f"A group has at most {GROUP_LIMIT} members.")
    return Room(
        id=room_id,
        kind=draft.kind,
        visibility=draft.visibility,
        name=_name(draft.kind, draft.name),
        topic=one_line(draft.topic),
        created_at=now,
        created_by=creator,
        archived_at=None,
    )


def direct_key(one: UUID, other: UUID) -> str:
    """The same for both, whoever asks."""
    return ":".join(sorted((str(one), str(other))))


def asked(wanted: ChangeRoom) -> list[RoomField]:
    """The fields a request wants changed."""
    fields: tuple[RoomField, ...] = ("name", "topic", "visibility", "archived", "posting",
                                     "thread_replies", "slow_mode", "message_ttl",
                                     "room_mentions", "previews")  # fmt: skip
    return [field for field in fields if getattr(wanted, field) is not UNSET]


def changed(room: Room, wanted: ChangeRoom, now: datetime) -> tuple[Room, list[RoomField]]:
    """The room as wanted, and which fields differ. Raises Invalid naming the field."""
    new: dict[str, Any] = {}
    if wanted.name is not UNSET:
        new["name"] = _name(room.kind, wanted.name)
    if wanted.topic is not UNSET:
        new["topic"] = one_line(wanted.topic)
    if wanted.visibility is not UNSET:
        new["visibility"] = wanted.visibility
    if wanted.archived is not UNSET:
        new["archived_at"] = (room.archived_at or now) if wanted.archived else None
    for field in (
        "posting", "thread_replies", "slow_mode", "message_ttl", "room_mentions", "previews",
    ):  # fmt: skip
        if (value := getattr(wanted, field)) is not UNSET:
            new[field] = value
    after = msgspec.structs.replace(room, **new)
    return after, [field for field in asked(wanted) if _value(room, field) != _value(after, field)]


def _value(room: Room, field: RoomField) -> object:
    return getattr(room, "archived_at" if field == "archived" else field)


def _name(kind: RoomKind, name: str | None) -> str | None:
    name = one_line(name) if name is not None else None
    if name == "" or (name is None and kind == "channel"):
        raise wrong("name", "required", "Give the room a name.")
    return name


def one_line(text: str) -> str:
    """One spelling for what looks the same (checklist 34)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def like_pattern(query: str) -> str:
    """Finds `query` anywhere: `%` and `_` mean themselves, and PostgreSQL has no NUL."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", one_line(query.replace("\0", ""))) + "%"


def wrong(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError(field, code, message),))


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody with a right did: `action` as a fact, to whom, to which message, and why.
    `detail` is what changed, for machines: a role, a field, a time."""

    action: AuditAction
    account_id: UUID | None = None
    message_id: UUID | None = None
    reason: str = ""
    detail: str = ""
