"""Is there room for it? Asked when an upload begins, and again when its length is told."""

from tertulia.core.actor import Actor
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.uploads import policy, store
from tertulia.features.uploads.policy import UploadRules
from tertulia.features.uploads.schemas import UploadLimits
from tertulia.features.uploads.service.errors import (
    DiskFull,
    FileTooLarge,
    OverQuota,
    TooManyUploads,
)


async def limits(tx: Tx, actor: Actor, rules: UploadRules, free: int | None) -> UploadLimits:
    """As they stand for this account. `free` bytes are on the disk; None: nobody knows."""
    taken = await store.taken(tx, tx.now - policy.STALE, actor.account_id)
    used = await files.used(tx, actor.account_id) + taken.size
    left = [rules.max_size]
    if rules.quota_account:
        left.append(rules.quota_account - used)
    left += await _left_to_all(tx, rules, free)
    return UploadLimits(
        max_size=rules.max_size,
        left=max(0, min(left)),
        quota=rules.quota_account or None,
        used=used,
        open=taken.open,
        most_open=policy.MOST_OPEN,
    )


async def require_space(
    tx: Tx, actor: Actor, rules: UploadRules, size: int, free: int | None, *, more: int = 1
) -> None:
    """`size` bytes more, in `more` uploads more. Locks the account's stream, so that two at a time
    do not both get the last of it. Raises FileTooLarge, OverQuota, DiskFull, TooManyUploads."""
    if size > rules.max_size:
        raise FileTooLarge(limit=rules.max_size, left=rules.max_size)
    await tx.lock(account_stream(actor.account_id))
    taken = await store.taken(tx, tx.now - policy.STALE, actor.account_id)
    if taken.open + more > policy.MOST_OPEN:
        raise TooManyUploads
    if rules.quota_account:
        left = rules.quota_account - await files.used(tx, actor.account_id) - taken.size
        if size > left:
            raise OverQuota(limit=rules.quota_account, left=max(0, left))
    for left in await _left_to_all(tx, rules, free):
        if size > left:
            raise DiskFull(left=max(0, left))


async def _left_to_all(tx: Tx, rules: UploadRules, free: int | None) -> list[int]:
    """By the server's own limits. Two accounts may both see the last of it: the reserve is for
    that."""
    left: list[int] = []
    if not rules.quota_server and free is None:
        return left
    taken = await store.taken(tx, tx.now - policy.STALE)
    if rules.quota_server:
        left.append(rules.quota_server - await files.used(tx) - taken.size)
    if free is not None:
        left.append(free - taken.owed - rules.reserve)
    return left
