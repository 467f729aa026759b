"""The verbs of moderation: report, decide, look back."""

from collections.abc import Iterable
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Account
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, SystemBody
from tertulia.features.moderation import store
from tertulia.features.moderation.events import ReportsChanged
from tertulia.features.moderation.schemas import (
    AuditRecord,
    AuditTrail,
    Decide,
    FileReport,
    Report,
    ReportList,
    Which,
)
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import AuditEntry, Can

PAGE = 50
TOLD = 50  # moderators who hear at once; the others see it when they look


class Decided(Conflict):
    title = "Somebody decided that already"


async def report(tx: Tx, actor: Actor, draft: FileReport) -> Report:
    """Tell those who keep order of a message or of somebody. Telling the same twice says it once.
    Raises `Invalid`; `NotFound` for what the actor cannot see."""
    about = await _about(tx, actor, draft)
    if about == actor.account_id:
        raise _wrong("account_id", "own", "That is you.")
    filed = Report(
        id=tx.ids.uuid7(),
        room_id=draft.room_id,
        message_id=draft.message_id,
        account_id=about,
        reporter_id=actor.account_id,
        category=draft.category,
        note=draft.note.replace("\0", "").strip(),
        at=tx.now,
        state="open",
        decided_by=None,
        decided_at=None,
        reason="",
    )
    if draft.room_id is None:  # of two at once, the second finds the first; a room is locked
        await tx.lock(account_stream(actor.account_id))
    earlier = await store.find_open(tx, filed)
    if earlier is not None:
        return earlier
    await store.insert(tx, filed)
    await _tell(tx, actor, filed)
    return filed


async def _about(tx: Tx, actor: Actor, draft: FileReport) -> UUID:
    """Whom it is about."""
    if draft.room_id is None:
        if draft.account_id is None or draft.message_id is not None:
            raise _wrong("account_id", "required", "Say whom, or which message of which room.")
        await rooms.require_known(tx, [draft.account_id], ["account_id"])
        return draft.account_id
    access = await rooms.require(tx, actor, draft.room_id, Can.READ)
    if draft.message_id is not None:
        message = await messages.get_message(tx, access, draft.message_id)
        if isinstance(message.body, SystemBody | DeletedBody):
            raise _wrong("message_id", "invalid", "There is nothing in it to report.")
        return message.author_id
    if draft.account_id is None:
        raise _wrong("account_id", "required", "Say whom, or which message.")
    if not await rooms.get_members(tx, access.room, [draft.account_id]):
        raise NotFound
    return draft.account_id


def _wrong(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError(field, code, message),))


async def _tell(tx: Tx, actor: Actor, about: Report) -> None:
    """Those who keep order in the room, aside from whom it is about, look again."""
    if about.room_id is None:
        return
    ids = await rooms.moderator_ids(tx, about.room_id, TOLD)
    hearers = [account_stream(one) for one in ids if one != about.account_id]
    await tx.lock(*hearers)
    for hearer in hearers:
        tx.emit(hearer, ReportsChanged(room_id=about.room_id), actor)


async def reports(
    tx: Tx, actor: Actor, room_id: UUID, cursor: str | None, which: Which
) -> ReportList:
    """What was reported in a room, for who keeps order there; never what is about them."""
    access = await rooms.require(tx, actor, room_id, Can.SEE_BANS)
    found = await store.in_room(tx, access, which=which, before=_before(cursor), limit=PAGE + 1)
    return await _report_list(tx, actor, found, room_id)


async def all_reports(tx: Tx, actor: Actor, cursor: str | None, which: Which) -> ReportList:
    """What was reported anywhere, for the server's admins. Raises `Forbidden`."""
    _require_admin(actor)
    found = await store.everywhere(tx, actor, which=which, before=_before(cursor), limit=PAGE + 1)
    return await _report_list(tx, actor, found, None)


def _require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden


def _before(cursor: str | None) -> UUID | None:
    return cursors.decode(cursor, UUID) if cursor else None


async def _report_list(
    tx: Tx, actor: Actor, found: list[Report], room_id: UUID | None
) -> ReportList:
    page = found[:PAGE]
    return ReportList(
        reports=page,
        people=await _people(
            tx, (one for each in page for one in (each.account_id, each.reporter_id,
                                                  each.decided_by))
        ),
        open=await store.count_open(tx, actor.account_id, room_id),
        next=cursors.encode(page[-1].id) if len(found) > PAGE else None,
    )  # fmt: skip


async def _people(tx: Tx, ids: Iterable[UUID | None]) -> list[Account]:
    wanted = {one for one in ids if one is not None}
    return list((await accounts.get_accounts(tx, list(wanted))).values())


async def decide(tx: Tx, actor: Actor, report_id: UUID, wanted: Decide) -> Report:
    """Close a report, for good. Raises `NotFound` for one that is not the actor's to see, and
    `Decided`."""
    found = await store.find(tx, report_id)
    if found is None or found.account_id == actor.account_id:
        raise NotFound
    if not actor.is_admin:
        if found.room_id is None:
            raise NotFound
        await _require_seeing(tx, actor, found.room_id)
    decided = await store.decide(tx, actor, report_id, wanted)
    if decided is None:
        raise Decided
    if decided.room_id is not None:
        entry = AuditEntry(
            action="report.resolved" if wanted.state == "resolved" else "report.dismissed",
            account_id=decided.account_id,
            message_id=decided.message_id,
            reason=wanted.reason,
        )
        await rooms.record(tx, actor, decided.room_id, entry)
    await _tell(tx, actor, decided)
    return decided


async def _require_seeing(tx: Tx, actor: Actor, room_id: UUID) -> None:
    """A report of a room that is not theirs to moderate is not there, for whoever asks."""
    try:
        await rooms.require(tx, actor, room_id, Can.SEE_BANS)
    except Forbidden:
        raise NotFound from None


async def audit(tx: Tx, actor: Actor, room_id: UUID, cursor: str | None) -> AuditTrail:
    """What those who keep order did in a room, for them."""
    access = await rooms.require(tx, actor, room_id, Can.SEE_BANS)
    return await _trail(tx, await store.audit(tx, access, _before(cursor), PAGE + 1))


async def audit_everywhere(tx: Tx, actor: Actor, cursor: str | None) -> AuditTrail:
    """The same of the whole server, for its admins. Raises `Forbidden`."""
    _require_admin(actor)
    return await _trail(tx, await store.audit_everywhere(tx, _before(cursor), PAGE + 1))


async def _trail(tx: Tx, found: list[AuditRecord]) -> AuditTrail:
    page = found[:PAGE]
    return AuditTrail(
        records=page,
        people=await _people(
            tx, (one for each in page for one in (each.actor_id, each.account_id))
        ),
        next=cursors.encode(page[-1].id) if len(found) > PAGE else None,
    )
