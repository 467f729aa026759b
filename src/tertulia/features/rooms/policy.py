"""Who may do what in a room: pure tables, no I/O."""

from enum import Enum

from tertulia.features.rooms.schemas import Role, RoomKind, Visibility


class Can(Enum):
    """What a person may want to do in a room."""

    JOIN = "join"
    READ = "read"
    LEAVE = "leave"
    POST = "post"
    MENTION_ROOM = "mention_room"
    INVITE = "invite"
    ADD = "add"
    CHANGE = "change"  # name and topic
    REMOVE = "remove"
    BAN = "ban"  # and lift a ban
    SEE_BANS = "see_bans"
    SEE_INVITES = "see_invites"  # those of others
    REVOKE_INVITE = "revoke_invite"  # those of others
    CHANGE_ROLE = "change_role"
    DELETE_ANY = "delete_any"  # messages of others
    CHANGE_VISIBILITY = "change_visibility"
    ARCHIVE = "archive"  # and bring back


_RANK: dict[Role, int] = {"guest": 0, "member": 1, "moderator": 2, "owner": 3}

# The least role for it, by kind of room. None: such a room knows no such thing. JOIN is for those
# without a role, see `may`.
_LEAST: dict[Can, dict[RoomKind, Role | None]] = {
    Can.READ:              {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.LEAVE:             {"channel": "guest",     "group": "guest",     "direct": None},
    Can.POST:              {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.MENTION_ROOM:      {"channel": "member",    "group": "member",    "direct": "member"},
    Can.INVITE:            {"channel": "member",    "group": "member",    "direct": None},
    Can.ADD:               {"channel": "member",    "group": "member",    "direct": None},
    Can.CHANGE:            {"channel": "moderator", "group": "member",    "direct": None},
    Can.REMOVE:            {"channel": "moderator", "group": "moderator", "direct": None},
    Can.BAN:               {"channel": "moderator", "group": "moderator", "direct": None},
    Can.SEE_BANS:          {"channel": "moderator", "group": "moderator", "direct": None},
    Can.SEE_INVITES:       {"channel": "moderator", "group": "moderator", "direct": None},
    Can.REVOKE_INVITE:     {"channel": "moderator", "group": "moderator", "direct": None},
    Can.CHANGE_ROLE:       {"channel": "moderator", "group": "moderator", "direct": None},
    Can.DELETE_ANY:        {"channel": "moderator", "group": "moderator", "direct": None},
    Can.CHANGE_VISIBILITY: {"channel": "owner",     "group": None,        "direct": None},
    Can.ARCHIVE:           {"channel": "owner",     "group": "owner",     "direct": None},
}  # fmt: skip

# An archived room is read, left, brought back or closed to old links; nothing else.
_ARCHIVED = {Can.READ, Can.LEAVE, Can.ARCHIVE, Can.SEE_BANS, Can.SEE_INVITES, Can.REVOKE_INVITE}


def may(
    can: Can, *, kind: RoomKind, visibility: Visibility, role: Role | None, archived: bool
) -> bool:
    """`role` is None for everybody who is not a member now, the banned excepted: ask for them
    before."""
    if archived and can not in _ARCHIVED:
        return False
    if can is Can.JOIN:
        return visibility == "public"
    least = _LEAST[can][kind]
    return role is not None and least is not None and _RANK[role] >= _RANK[least]


def may_create(kind: RoomKind, visibility: Visibility) -> bool:
    """Any account may make any kind of room, but only a channel can be public."""
    return kind == "channel" or visibility == "private"


def may_change_role(actor: Role, target: Role, new: Role, *, own: bool = False) -> bool:
    """Owners give and take every role. Moderators choose between member and guest, for those two.
    `own`: everybody may step down."""
    if actor == "owner":
        return True
    if own:
        return _RANK[new] <= _RANK[actor]
    return actor == "moderator" and _is_below_moderator(target) and _is_below_moderator(new)


def may_remove(actor: Role, target: Role) -> bool:
    """Remove or ban. Moderators touch neither owners nor one another."""
    return actor == "owner" or (actor == "moderator" and _is_below_moderator(target))


def _is_below_moderator(role: Role) -> bool:
    return _RANK[role] < _RANK["moderator"]
