"""Links into rooms: make, list, revoke, look at, follow.

Expired, used up, revoked or never was: all are `InviteInvalid`, and nobody learns which.
"""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.service import InviteInvalid
from tertulia.features.invites import store
from tertulia.features.invites.schemas import CreateInvite, Invite, InviteList, InvitePreview
from tertulia.features.members import service as members
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Archived, Can, RoomAccess

LIVE_LIMIT = 100  # invites of a room that open it at one time


class TooManyInvites(Conflict):
    title = f"A room has at most {LIVE_LIMIT} open invites: revoke one first"


async def create(
    tx: Tx, actor: Actor, room_id: UUID, draft: CreateInvite, *, public_url: str
) -> Invite:
    """Make a link. Its code is in this answer and nowhere else, ever."""
    access = await rooms.require(tx, actor, room_id, Can.INVITE)
    if len(await store.live(tx, access, None, LIVE_LIMIT)) == LIVE_LIMIT:
        raise TooManyInvites
    lifetime = draft.expires_in
    code = tx.ids.token(32)
    invite = Invite(
        id=tx.ids.uuid7(),
        code=code,
        url=f"{public_url.rstrip('/')}/invite/{code}",
        role=draft.role,
        created_by=actor.account_id,
        created_at=tx.now,
        expires_at=tx.now + timedelta(seconds=lifetime) if lifetime is not None else None,
        max_uses=draft.max_uses,
        uses=0,
    )
    await store.insert(tx, access, invite, _hash(code))
    return invite


def _hash(code: str) -> bytes:
    # 256 random bits need no salt and no slow hash (ASVS 11.4.1 is about passwords).
    return sha256(code.encode()).digest()


async def list_live(tx: Tx, actor: Actor, room_id: UUID) -> InviteList:
    """Links that still open the room, newest first: mine, or everybody's for those who keep
    order."""
    access = await rooms.require(tx, actor, room_id, Can.SEE_INVITES)
    return InviteList(invites=await store.live(tx, access, _maker(access), LIVE_LIMIT))


async def revoke(tx: Tx, actor: Actor, room_id: UUID, invite_id: UUID) -> None:
    """Close a link; closing it again changes nothing. Raises `NotFound` for those of others."""
    access = await rooms.require(tx, actor, room_id, Can.SEE_INVITES)
    if not await store.revoke(tx, access, invite_id, _maker(access)):
        raise NotFound


def _maker(access: RoomAccess) -> UUID | None:
    """Whose invites these are to see; None for everybody's."""
    return None if rooms.refusal(access, Can.MANAGE_INVITES) is None else access.account_id


async def preview(tx: Tx, code: str) -> InvitePreview:
    """What a link leads to, for whoever holds it. Raises `InviteInvalid`, `Archived`."""
    invite = await store.find_live(tx, _hash(code))
    if invite is None:
        raise InviteInvalid
    room = await rooms.get_room(tx, invite.room_id)
    if room.archived_at is not None:
        raise Archived
    people = await accounts.get_accounts(tx, [invite.created_by])
    return InvitePreview(
        room_id=room.id,
        kind=room.kind,
        room_name=room.name,
        topic=room.topic,
        member_count=await members.count(tx, room),
        invited_by=people[invite.created_by],
    )


async def accept(tx: Tx, actor: Actor, code: str) -> UUID:
    """Follow a link into its room; answers the room. Who is in already goes in again without
    using it up. Raises `InviteInvalid`, `BannedHere`, `Archived`, `RoomFull`."""
    code_hash = _hash(code)
    invite = await store.find(tx, code_hash)
    if invite is None:
        raise InviteInvalid
    await tx.lock(room_stream(invite.room_id))
    [access] = await rooms.find_accesses(tx, [(actor.account_id, invite.room_id)])
    if access is None:
        # Counted first and given back by the rollback where the room then refuses.
        if not await store.count_use(tx, code_hash):
            raise InviteInvalid
        await members.admit(tx, actor, invite.room_id, invite.role)
    return invite.room_id


async def admits(tx: Tx, code: str) -> bool:
    """Whether an invite opens its room right now: for registration by invite only."""
    invite = await store.find_live(tx, _hash(code))
    return invite is not None and (await rooms.get_room(tx, invite.room_id)).archived_at is None
