"""What happens to files while nobody waits."""

from typing import Any

from tertulia.core.jobs import Job
from tertulia.features.files.jobs import keeping, settling
from tertulia.features.files.jobs.settling import Settling

__all__ = ["Settling", "jobs"]


def jobs(parts: Settling) -> list[Job[Any]]:
    return [*settling.jobs(parts), *keeping.jobs(parts.storage, parts.incoming)]
