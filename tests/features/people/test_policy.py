"""Who may reach whom: the whole table."""

import msgspec
import pytest

from tertulia.features.people import policy
from tertulia.features.people.policy import Standing
from tertulia.features.people.schemas import Audience, Privacy

# audience: stranger, who shares a room, contact; whoever is in a block never
TABLE: dict[Audience, tuple[bool, bool, bool]] = {
    "everyone": (True, True, True),
    "shared": (False, True, True),
    "contacts": (False, False, True),
}


@pytest.mark.parametrize("audience", TABLE)
def test_each_setting_admits_its_audience(audience: Audience) -> None:
    for name, may in (
        ("may_message", policy.may_message),
        ("may_add", policy.may_add),
        ("may_find", policy.may_find),
    ):
        privacy = msgspec.structs.replace(Privacy(), **{name: audience})
        stranger = Standing(privacy, contact=False, apart=False)
        contact = Standing(privacy, contact=True, apart=False)
        assert (
            may(stranger, shares_room=False),
            may(stranger, shares_room=True),
            may(contact, shares_room=False),
        ) == TABLE[audience]
        for known in (True, False):
            apart = Standing(privacy, contact=known, apart=True)
            assert not may(apart, shares_room=True)


def test_rooms_are_asked_for_only_where_they_matter() -> None:
    shared = Privacy(may_find="shared")
    assert policy.asks_for_rooms(Standing(shared, contact=False, apart=False))
    for standing in (
        Standing(Privacy(), contact=False, apart=False),
        Standing(shared, contact=True, apart=False),
        Standing(shared, contact=False, apart=True),
    ):
        assert not policy.asks_for_rooms(standing)


@pytest.mark.parametrize(
    ("mine", "theirs", "apart", "seen"),
    [
        (False, False, False, True),
        (True, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
    ],
)
def test_last_seen_is_shown_to_those_who_show_theirs(
    mine: bool, theirs: bool, apart: bool, seen: bool
) -> None:
    them = Standing(Privacy(hide_last_seen=theirs), contact=True, apart=apart)
    assert policy.may_see_last_seen(Privacy(hide_last_seen=mine), them) is seen
