"""Who may do what in a room: pure tables, no I/O."""

from enum import Enum

from tertulia.features.rooms.schemas import Posting, Role, RoomKind, RoomMentions, Visibility


class Can(Enum):
    """What a person may want to do in a room."""

    READ = "read"
    LEAVE = "leave"
    POST = "post"
    REPLY = "reply"  # inside a thread
    EDIT = "edit"  # one's own words
    DELETE = "delete"  # one's own words
    REACT = "react"  # and vote: to answer without words
    PIN = "pin"
    MENTION_ROOM = "mention_room"
    INVITE = "invite"
    ADD = "add"
    CHANGE = "change"  # name and topic
    CHANGE_TTL = "change_ttl"  # how long messages live
    REMOVE = "remove"
    BAN = "ban"  # and lift a ban
    SEE_BANS = "see_bans"
    SEE_INVITES = "see_invites"  # and revoke: one's own
    MANAGE_INVITES = "manage_invites"  # see and revoke: everybody's
    CHANGE_ROLE = "change_role"
    MODERATE = "moderate"  # time-outs, reports, the audit trail
    DELETE_ANY = "delete_any"  # messages of others
    CHANGE_VISIBILITY = "change_visibility"
    ARCHIVE = "archive"  # and bring back
    EXPORT = "export"  # all that was said, as a file


_RANK: dict[Role, int] = {"guest": 0, "member": 1, "moderator": 2, "owner": 3}

# The least role for it, by kind of room. None: such a room knows no such thing.
_LEAST: dict[Can, dict[RoomKind, Role | None]] = {
    Can.READ:              {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.LEAVE:             {"channel": "guest",     "group": "guest",     "direct": None},
    Can.POST:              {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.REPLY:             {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.EDIT:              {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.DELETE:            {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.REACT:             {"channel": "guest",     "group": "guest",     "direct": "guest"},
    Can.PIN:               {"channel": "moderator", "group": "member",    "direct": "member"},
    Can.MENTION_ROOM:      {"channel": "member",    "group": "member",    "direct": "member"},
    Can.INVITE:            {"channel": "member",    "group": "member",    "direct": None},
    Can.ADD:               {"channel": "member",    "group": "member",    "direct": None},
    Can.CHANGE:            {"channel": "moderator", "group": "member",    "direct": None},
    Can.CHANGE_TTL:        {"channel": "moderator", "group": "member",    "direct": "member"},
    Can.REMOVE:            {"channel": "moderator", "group": "moderator", "direct": None},
    Can.BAN:               {"channel": "moderator", "group": "moderator", "direct": None},
    Can.SEE_BANS:          {"channel": "moderator", "group": "moderator", "direct": None},
    Can.SEE_INVITES:       {"channel": "member",    "group": "member",    "direct": None},
    Can.MANAGE_INVITES:    {"channel": "moderator", "group": "moderator", "direct": None},
    Can.CHANGE_ROLE:       {"channel": "moderator", "group": "moderator", "direct": None},
    Can.MODERATE:          {"channel": "moderator", "group": "moderator", "direct": None},
    Can.DELETE_ANY:        {"channel": "moderator", "group": "moderator", "direct": None},
    Can.CHANGE_VISIBILITY: {"channel": "owner",     "group": None,        "direct": None},
    Can.ARCHIVE:           {"channel": "owner",     "group": "owner",     "direct": None},
    Can.EXPORT:            {"channel": "moderator", "group": "moderator", "direct": "member"},
}  # fmt: skip

# An archived room is read, left, brought back or closed to old links; nothing else.
_ARCHIVED = {Can.READ, Can.LEAVE, Can.ARCHIVE, Can.SEE_BANS, Can.SEE_INVITES, Can.MANAGE_INVITES,
             Can.EXPORT}  # fmt: skip

# What who is timed out may not: nothing by which others would hear of them.
SILENCED = frozenset({Can.POST, Can.REPLY, Can.EDIT, Can.REACT, Can.PIN, Can.INVITE, Can.ADD,
                      Can.CHANGE, Can.CHANGE_TTL})  # fmt: skip


def may(
    can: Can,
    *,
    kind: RoomKind,
    role: Role | None,
    archived: bool,
    posting: Posting = "everyone",
    thread_replies: bool = True,
) -> bool:
    """`role` is None for everybody who is not a member now: they may nothing, in any room."""
    least = _LEAST[can][kind]
    if role is None or least is None or (archived and can not in _ARCHIVED):
        return False
    if posting == "moderators" and (can is Can.POST or (can is Can.REPLY and not thread_replies)):
        least = "moderator"
    return _RANK[role] >= _RANK[least]


CROWD = 50  # members beyond which calling all of them takes a moderator


def may_call_all(role: Role, setting: RoomMentions, members: int) -> bool:
    """May this member say `@room` or `@here`? Asked of those whom `Can.MENTION_ROOM` allows it."""
    if setting == "members" or (setting == "auto" and members <= CROWD):
        return True
    return _RANK[role] >= _RANK["moderator"]


def waits(role: Role) -> bool:
    """Does slow mode hold for this role?"""
    return _RANK[role] < _RANK["moderator"]


def may_create(kind: RoomKind, visibility: Visibility) -> bool:
    """Any account may make any kind of room, but only a channel can be public."""
    return kind == "channel" or visibility == "private"
