"""Ringing when the time has come."""

from typing import Any

from tertulia.core.jobs import Job, Run
from tertulia.features.reminders import service
from tertulia.features.reminders.service import RING, Ringing


def jobs() -> list[Job[Any]]:
    return [Job(RING, Ringing, ring)]


async def ring(run: Run, ringing: Ringing) -> None:
    await run.db.write(lambda tx: service.ring(tx, ringing.account_id, ringing.id))
