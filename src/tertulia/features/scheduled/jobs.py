"""Saying it when the time has come."""

from typing import Any

from tertulia.core.jobs import Job, Run
from tertulia.features.scheduled import service
from tertulia.features.scheduled.service import SEND, Later


def jobs() -> list[Job[Any]]:
    return [Job(SEND, Later, send)]


async def send(run: Run, later: Later) -> None:
    await run.db.write(lambda tx: service.send_due(tx, later.account_id, later.id))
