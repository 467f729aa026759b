"""Following what happens, and posting it to those who want it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from tertulia.core.clock import Clock
from tertulia.core.followers import Follower
from tertulia.core.jobs import Dead, Job, Retry, Run
from tertulia.core.outbound import Bounds, NotAllowed, Outbound, OutboundError
from tertulia.features.integrations import policy, service
from tertulia.features.integrations.schemas import HookEvent
from tertulia.features.integrations.service import Outcome, Parcel, ToDeliver

TRYING = Bounds(seconds=15, size=65_536, cut=True)
AT_ONCE = 8
SWEPT_AT_ONCE = 500
TYPES = frozenset(HookEvent.__args__)

FOLLOWER = Follower(
    name="webhooks",
    types=TYPES,
    handle=service.follow,
    assembled=True,
    wanted=service.anybody_listens,
)


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


@dataclass(frozen=True)
class Posting:
    """What it takes to post. `key` is what secrets are derived from."""

    outbound: Outbound
    clock: Clock
    key: bytes


def jobs(posting: Posting) -> list[Job[Any]]:
    async def deliver(run: Run, wanted: ToDeliver) -> None:
        await _deliver(run, wanted, posting)

    return [
        Job(service.DELIVER, ToDeliver, deliver, concurrency=AT_ONCE),
        Job("webhook.sweep", Sweep, _sweep, concurrency=1, every=timedelta(hours=6)),
    ]


async def _deliver(run: Run, wanted: ToDeliver, posting: Posting) -> None:
    async with run.db.read() as tx:
        parcel = await service.parcel(tx, wanted, key=posting.key)
    if parcel is None:
        return
    last = run.attempt > len(policy.PAUSES)
    outcome = await _post(wanted, parcel, posting, last=last)
    await run.db.write(lambda tx: service.note_attempt(tx, wanted, outcome))
    if outcome.good:
        return
    words = outcome.error or f"answered {outcome.status}"
    if outcome.last:
        raise Dead(words)
    raise Retry(policy.PAUSES[run.attempt - 1], words)


async def _post(wanted: ToDeliver, parcel: Parcel, posting: Posting, *, last: bool) -> Outcome:
    """One attempt. What is never allowed is not tried again."""
    now = int(posting.clock.now().timestamp())
    id_ = f"msg_{wanted.delivery_id.hex}"
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(now),
        "webhook-signature": policy.signature(parcel.secrets, id_, now, parcel.body),
    }
    began = posting.clock.monotonic()
    status, error = None, ""
    try:
        answer = await posting.outbound.post(parcel.url, parcel.body, TRYING, headers)
        status = answer.status
    except OutboundError as failure:
        error, last = str(failure), last or isinstance(failure, NotAllowed)
    milliseconds = round(1_000 * (posting.clock.monotonic() - began))
    return Outcome(status, milliseconds, error, last or status == 410)


async def _sweep(run: Run, _payload: Sweep) -> None:
    while await run.db.write(lambda tx: service.sweep(tx, SWEPT_AT_ONCE)) == SWEPT_AT_ONCE:
        pass
