"""The table of rights, whole, and what must hold whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rooms import ROLES

from tertulia.features.rooms.policy import Can, may, may_create, waits
from tertulia.features.rooms.schemas import Role, RoomKind

KINDS: tuple[RoomKind, ...] = ("channel", "group", "direct")

# Who may, in a channel, a group, a direct room: the least role, and - for nobody.
RIGHTS = {
    Can.READ: ("guest", "guest", "guest"),
    Can.LEAVE: ("guest", "guest", "-"),
    Can.POST: ("guest", "guest", "guest"),
    Can.REPLY: ("guest", "guest", "guest"),
    Can.EDIT: ("guest", "guest", "guest"),
    Can.DELETE: ("guest", "guest", "guest"),
    Can.REACT: ("guest", "guest", "guest"),
    Can.PIN: ("moderator", "member", "member"),
    Can.MENTION_ROOM: ("member", "member", "member"),
    Can.INVITE: ("member", "member", "-"),
    Can.ADD: ("member", "member", "-"),
    Can.CHANGE: ("moderator", "member", "-"),
    Can.CHANGE_TTL: ("moderator", "member", "member"),
    Can.REMOVE: ("moderator", "moderator", "-"),
    Can.BAN: ("moderator", "moderator", "-"),
    Can.SEE_BANS: ("moderator", "moderator", "-"),
    Can.SEE_INVITES: ("member", "member", "-"),
    Can.MANAGE_INVITES: ("moderator", "moderator", "-"),
    Can.CHANGE_ROLE: ("moderator", "moderator", "-"),
    Can.MODERATE: ("moderator", "moderator", "-"),
    Can.DELETE_ANY: ("moderator", "moderator", "-"),
    Can.CHANGE_VISIBILITY: ("owner", "-", "-"),
    Can.ARCHIVE: ("owner", "owner", "-"),
    Can.EXPORT: ("moderator", "moderator", "member"),
}
WHEN_ARCHIVED = {"READ", "LEAVE", "ARCHIVE", "SEE_BANS", "SEE_INVITES", "MANAGE_INVITES",
                 "EXPORT"}  # fmt: skip


def test_the_table_names_every_right() -> None:
    assert set(RIGHTS) == set(Can)


@pytest.mark.parametrize("can", Can)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ROLES)
def test_who_may(can: Can, kind: RoomKind, role: Role) -> None:
    least = RIGHTS[can][KINDS.index(kind)]
    allowed = least != "-" and ROLES.index(role) <= ROLES.index(least)
    assert may(can, kind=kind, role=role, archived=False) is allowed
    assert may(can, kind=kind, role=role, archived=True) is (allowed and can.name in WHEN_ARCHIVED)


@given(st.sampled_from(Can), st.sampled_from(KINDS), st.booleans())
def test_strangers_may_nothing(can: Can, kind: RoomKind, archived: bool) -> None:
    assert not may(can, kind=kind, role=None, archived=archived)


@given(st.sampled_from(Can), st.sampled_from(KINDS), st.sampled_from(range(3)), st.booleans())
def test_a_higher_role_may_all_that_a_lower_one_may(
    can: Can, kind: RoomKind, place: int, archived: bool
) -> None:
    higher, lower = ROLES[place], ROLES[place + 1]
    if may(can, kind=kind, role=lower, archived=archived):
        assert may(can, kind=kind, role=higher, archived=archived)


@given(st.sampled_from(Can), st.sampled_from(KINDS), st.sampled_from(ROLES))
def test_archiving_gives_nobody_a_right(can: Can, kind: RoomKind, role: Role) -> None:
    if may(can, kind=kind, role=role, archived=True):
        assert may(can, kind=kind, role=role, archived=False)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("thread_replies", [True, False])
def test_announcements_are_for_moderators(role: Role, thread_replies: bool) -> None:
    def allowed(can: Can) -> bool:
        return may(
            can, kind="channel", role=role, archived=False, posting="moderators",
            thread_replies=thread_replies,
        )  # fmt: skip

    keeps_order = role in ("owner", "moderator")
    assert allowed(Can.POST) is keeps_order
    assert allowed(Can.REPLY) is (keeps_order or thread_replies)
    assert allowed(Can.REACT)
    assert allowed(Can.DELETE)
    assert waits(role) is not keeps_order


@pytest.mark.parametrize("kind", KINDS)
def test_only_channels_can_be_public(kind: RoomKind) -> None:
    assert may_create(kind, "private")
    assert may_create(kind, "public") is (kind == "channel")
