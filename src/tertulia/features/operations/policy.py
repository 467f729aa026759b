"""Who may see and do what of the server's own work: pure."""

from tertulia.core.actor import Actor
from tertulia.features.operations.schemas import JobState


def may_operate(actor: Actor) -> bool:
    """Who runs the server, in person: nobody's bot."""
    return actor.is_admin and actor.grant is None


def may_retry(state: JobState) -> bool:
    return state == "dead"


def may_cancel(state: JobState) -> bool:
    return state in ("waiting", "running")
