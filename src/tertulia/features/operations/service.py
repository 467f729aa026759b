"""The verbs of operations: look at jobs, try one again, end one."""

from uuid import UUID

import msgspec
import structlog

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.core.jobs import ledger
from tertulia.core.tx import Tx
from tertulia.features.operations import policy
from tertulia.features.operations.schemas import JobCounts, JobList, JobRecord, JobState

PAGE = 50

log = structlog.get_logger(__name__)


class JobNotDead(Conflict):
    title = "Only what was given up on can be tried again"


class JobWaits(Conflict):
    title = "The same work waits to be done already"


class JobOver(Conflict):
    title = "It is over already"


async def jobs(
    tx: Tx, actor: Actor, *, kind: str | None, state: JobState | None, cursor: str | None
) -> JobList:
    """Jobs of a kind and in a state, or of all. Raises `Forbidden`."""
    _require_operator(actor)
    before = cursors.decode(cursor, UUID) if cursor else None
    found = await ledger.page(tx, kind, state, before, PAGE + 1)
    page = [_record(entry) for entry in found[:PAGE]]
    return JobList(
        jobs=page,
        counts=JobCounts(**await ledger.counts(tx, kind)),
        kinds=await ledger.kinds(tx),
        next=cursors.encode(page[-1].id) if len(found) > PAGE else None,
    )


async def job(tx: Tx, actor: Actor, job_id: UUID) -> JobRecord:
    """Raises `Forbidden`, `NotFound`."""
    _require_operator(actor)
    return await _get(tx, job_id)


async def retry(tx: Tx, actor: Actor, job_id: UUID) -> JobRecord:
    """Try a dead job again, from its first attempt. Raises `Forbidden`, `NotFound`, `JobNotDead`;
    `JobWaits` where the same work was asked for anew meanwhile."""
    _require_operator(actor)
    found = await _get(tx, job_id)
    if not policy.may_retry(found.state):
        raise JobNotDead
    if not await ledger.revive(tx, job_id):
        raise JobWaits
    _note(tx, "job_revived", actor, found)
    return await _get(tx, job_id)


async def cancel(tx: Tx, actor: Actor, job_id: UUID) -> JobRecord:
    """What waits will not be done; what runs is asked to stop, and answers when it did. Raises
    `Forbidden`, `NotFound`, `JobOver`."""
    _require_operator(actor)
    found = await _get(tx, job_id)
    if not (policy.may_cancel(found.state) and await ledger.stop(tx, job_id)):
        raise JobOver
    _note(tx, "job_cancelled", actor, found)
    return await _get(tx, job_id)


def _require_operator(actor: Actor) -> None:
    if not policy.may_operate(actor):
        raise Forbidden("Admins of the server look after its jobs.")


async def _get(tx: Tx, job_id: UUID) -> JobRecord:
    found = await ledger.find(tx, job_id)
    if found is None:
        raise NotFound
    return _record(found)


def _record(entry: ledger.Entry) -> JobRecord:
    return JobRecord(**msgspec.structs.asdict(entry))


def _note(tx: Tx, event: str, actor: Actor, record: JobRecord) -> None:
    """Who did it is kept in the server's log."""
    tx.after_commit.append(
        lambda: log.info(event, by=str(actor.account_id), kind=record.kind, job=str(record.id))
    )
