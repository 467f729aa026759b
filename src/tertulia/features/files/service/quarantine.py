"""What administrators see of infected files: their names and findings, never their bytes."""

from uuid import UUID

import structlog

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.tx import Tx
from tertulia.features.files import policy
from tertulia.features.files.schemas import QuarantineList
from tertulia.features.files.service.settling import quarantine_key
from tertulia.features.files.store import quarantine

PAGE = 50

log = structlog.get_logger(__name__)


async def quarantined(tx: Tx, actor: Actor, cursor: str | None) -> QuarantineList:
    """Raises Forbidden, Invalid for a cursor that is none of ours."""
    _require_keeper(actor)
    before = cursors.decode(cursor, UUID) if cursor else None
    found = await quarantine.page(tx, before, PAGE + 1)
    following = cursors.encode(found[PAGE - 1].id) if len(found) > PAGE else None
    return QuarantineList(files=found[:PAGE], next=following)


async def burn(tx: Tx, actor: Actor, file_id: UUID) -> str:
    """Throw away the bytes of an infected file: answers the key under which they lie, to be removed
    after the commit (the sweep of lost keys finds it where that fails). What is told of the file
    stays. Raises Forbidden, NotFound."""
    _require_keeper(actor)
    if not await quarantine.release(tx, file_id):
        raise NotFound
    log.info("quarantine_burnt", file=str(file_id), by=str(actor.account_id))
    return quarantine_key(file_id)


def _require_keeper(actor: Actor) -> None:
    if not policy.may_keep_quarantine(actor):
        raise Forbidden("Admins of the server look after its quarantine.")
