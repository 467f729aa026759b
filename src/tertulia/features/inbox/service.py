"""The verbs of the inboxes."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.inbox import store
from tertulia.features.inbox.schemas import (
    Mention,
    MentionInbox,
    Only,
    ThreadEntry,
    ThreadInbox,
    Why,
)
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import RoomAccess
from tertulia.features.threads import service as threads
from tertulia.features.timeline import service as timeline

LATEST = 2  # replies shown of each thread


async def thread_inbox(tx: Tx, actor: Actor, cursor: str | None) -> ThreadInbox:
    """The threads that call me, in all my rooms."""
    accesses = await rooms.memberships(tx, actor.account_id)
    page = await threads.inbox(tx, accesses, cursor)
    latest = await threads.latest(tx, actor, page.threads, LATEST)
    shown = {thread.room_id for thread in page.threads}
    own = await threads.own(tx, [access for access in accesses if access.room_id in shown])
    news = {(room_id, one.root_id): one for room_id, mine in own.items() for one in mine}
    wanted = [(one.room_id, one.root_id) for one in page.threads]
    wanted += [(room_id, id_) for (room_id, _), ids in latest.items() for id_ in ids]
    found = await timeline.gather(tx, actor, wanted)
    entries: list[ThreadEntry] = []
    for one in page.threads:
        key = (one.room_id, one.root_id)
        if key not in found:
            continue
        replies = [found[one.room_id, id_] for id_ in latest[key] if (one.room_id, id_) in found]
        mine = news.get(key)
        entries.append(
            ThreadEntry(
                id=one.root_id,
                room_id=one.room_id,
                root=found[key],
                latest=replies,
                last_reply_at=one.last_reply_at,
                unread=len(mine.unread) if mine else 0,
                mentions=len(mine.mentions) if mine else 0,
            )
        )
    people = await timeline.people_in(tx, list(found.values()))
    return ThreadInbox(threads=entries, people=people, next=page.next)


async def mention_inbox(
    tx: Tx, actor: Actor, cursor: str | None, only: Only | None, limit: int
) -> MentionInbox:
    """Messages of all my rooms that call me, and replies of others in threads that I follow."""
    before = cursors.decode(cursor, UUID) if cursor else None
    accesses = await rooms.memberships(tx, actor.account_id)
    reasons = await _reasons(tx, accesses, before, only, limit + 1) if accesses else {}
    newest = sorted(reasons, key=lambda one: one.id, reverse=True)
    shown = newest[:limit]
    found = await timeline.gather(tx, actor, [(one.room_id, one.id) for one in shown])
    there = [one for one in shown if tuple(one) in found]
    return MentionInbox(
        mentions=[
            Mention(id=one.id, why=reasons[one], message=found[one.room_id, one.id])
            for one in there
        ],
        people=await timeline.people_in(tx, list(found.values())),
        next=cursors.encode(shown[-1].id) if len(newest) > limit else None,
    )


async def _reasons(
    tx: Tx, accesses: Sequence[RoomAccess], before: UUID | None, only: Only | None, limit: int
) -> dict[store.Found, Why]:
    """Why each of the newest messages is there; of several reasons the most personal."""
    reasons: dict[store.Found, Why] = {}
    if only in (None, "threads"):
        for room_id, id_ in await threads.replies(tx, accesses, before, limit):
            reasons[store.Found(room_id, id_)] = "thread"
    if only in (None, "room"):
        for one in await store.calling_rooms(tx, accesses, before, limit):
            reasons[one] = "room"
        for one in await store.naming(tx, accesses, "here", before, limit):
            reasons[one] = "here"
    if only in (None, "me"):
        for one in await store.naming(tx, accesses, "mentions", before, limit):
            reasons[one] = "me"
    return reasons
