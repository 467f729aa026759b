"""Who may touch whom: pure."""

from tertulia.features.rooms.schemas import Role

_BELOW_MODERATOR: frozenset[Role] = frozenset({"member", "guest"})


def may_remove(actor: Role, target: Role) -> bool:
    """Remove or ban. Moderators touch neither owners nor one another."""
    return actor == "owner" or (actor == "moderator" and target in _BELOW_MODERATOR)


def may_change_role(actor: Role, target: Role, new: Role, *, own: bool = False) -> bool:
    """Owners give and take every role; moderators choose between member and guest, for those two.
    With `own`, the target is the actor: who has a right may give it up."""
    if actor != "moderator":
        return actor == "owner"
    if own:
        return new != "owner"
    return target in _BELOW_MODERATOR and new in _BELOW_MODERATOR
