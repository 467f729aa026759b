"""The verbs of groups: admins make and change them, everybody may see and call them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec import UNSET

from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.groups import policy, store
from tertulia.features.groups.schemas import (
    ChangeGroup,
    CreateGroup,
    Group,
    GroupDetail,
    GroupList,
)
from tertulia.features.rooms import service as rooms


class HandleTaken(Conflict):
    title = "That name is taken"


class TooManyGroups(Conflict):
    title = f"A server has at most {policy.LIMIT} groups"


async def groups(tx: Tx, actor: Actor) -> GroupList:
    return GroupList(groups=await store.groups(tx, actor.account_id))


async def group(tx: Tx, actor: Actor, group_id: UUID) -> GroupDetail:
    """Raises `NotFound`."""
    found = await _get(tx, actor, group_id)
    people = await accounts.get_accounts(tx, await store.member_ids(tx, group_id))
    by_name = sorted(people.values(), key=lambda one: one.username.casefold())
    return GroupDetail(id=group_id, group=found, members=by_name)


async def create(tx: Tx, actor: Actor, wanted: CreateGroup) -> GroupDetail:
    """Make a group. Raises `Forbidden`, `Invalid` naming the field, `HandleTaken`,
    `TooManyGroups`."""
    _require_admin(actor)
    await store.lock_all(tx)
    if await store.count(tx) >= policy.LIMIT:
        raise TooManyGroups
    handle = await _free_handle(tx, wanted.handle, None)
    group_id = tx.ids.uuid7()
    await store.insert(tx, group_id, handle, wanted.name.strip(), actor.account_id)
    await _set_members(tx, group_id, wanted.account_ids)
    return await group(tx, actor, group_id)


async def change(tx: Tx, actor: Actor, group_id: UUID, wanted: ChangeGroup) -> GroupDetail:
    """Rename a group, or say anew who is in it. Raises as `create`, and `NotFound`."""
    _require_admin(actor)
    await store.lock_all(tx)
    found = await _get(tx, actor, group_id)
    handle, name = found.handle, found.name
    if wanted.handle is not UNSET:
        handle = await _free_handle(tx, wanted.handle, group_id)
    if wanted.name is not UNSET:
        name = wanted.name.strip()
    await store.update(tx, group_id, handle, name)
    if wanted.account_ids is not UNSET:
        await _set_members(tx, group_id, wanted.account_ids)
    return await group(tx, actor, group_id)


async def delete(tx: Tx, actor: Actor, group_id: UUID) -> None:
    """Whom it called stays called. Raises `Forbidden`, `NotFound`."""
    _require_admin(actor)
    await store.lock_all(tx)
    await _get(tx, actor, group_id)
    await store.delete(tx, group_id)


async def members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[UUID]]:
    """Who of a room is in the group of that handle, by (room id, handle in small letters). The
    caller has access to these rooms."""
    return await store.members_named(tx, wanted)


def _require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden("Admins of the server look after its groups.")


async def _get(tx: Tx, actor: Actor, group_id: UUID) -> Group:
    found = await store.find(tx, actor.account_id, group_id)
    if found is None:
        raise NotFound
    return found


async def _free_handle(tx: Tx, handle: str, mine: UUID | None) -> str:
    if policy.is_word(handle):
        message = "This word calls a room."
        raise Invalid(message, errors=(FieldError("handle", "reserved", message),))
    key = policy.handle_key(handle)
    holder = await store.holder(tx, key)
    if (holder is not None and holder != mine) or await store.is_username(tx, key):
        message = "That name is taken."
        raise HandleTaken(message, errors=(FieldError("handle", "taken", message),))
    return key


async def _set_members(tx: Tx, group_id: UUID, account_ids: Sequence[UUID]) -> None:
    wanted = list(dict.fromkeys(account_ids))
    fields = [f"account_ids[{account_ids.index(one)}]" for one in wanted]
    await rooms.require_known(tx, wanted, fields)
    await store.set_members(tx, group_id, wanted)
