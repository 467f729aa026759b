"""Who may see and do what of files beyond their rooms: pure."""

from tertulia.core.actor import Actor


def may_keep_quarantine(actor: Actor) -> bool:
    """Who runs the server, in person: nobody's bot."""
    return actor.is_admin and actor.grant is None
