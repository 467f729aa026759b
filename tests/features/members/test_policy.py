"""Who may touch whom, whole."""

from itertools import product

import pytest
from tests.support.rooms import ROLES

from tertulia.features.members.policy import may_change_role, may_remove
from tertulia.features.rooms.schemas import Role

LOW = {"member", "guest"}
TRIPLES = list(product(ROLES, repeat=3))


@pytest.mark.parametrize(("actor", "target"), list(product(ROLES, repeat=2)))
def test_who_may_remove_whom(actor: Role, target: Role) -> None:
    assert may_remove(actor, target) is (
        actor == "owner" or (actor == "moderator" and target in LOW)
    )


@pytest.mark.parametrize(("actor", "target", "new"), TRIPLES)
def test_who_may_make_whom_what(actor: Role, target: Role, new: Role) -> None:
    assert may_change_role(actor, target, new) is (
        actor == "owner" or (actor == "moderator" and target in LOW and new in LOW)
    )


@pytest.mark.parametrize(("actor", "target", "new"), TRIPLES)
def test_nobody_promotes_above_himself(actor: Role, target: Role, new: Role) -> None:
    for own in (False, True):
        if may_change_role(actor, target, new, own=own):
            assert ROLES.index(new) >= ROLES.index(actor)


@pytest.mark.parametrize("new", ROLES)
def test_who_has_a_right_may_give_it_up(new: Role) -> None:
    assert may_change_role("owner", "owner", new, own=True)
    assert may_change_role("moderator", "moderator", new, own=True) is (new != "owner")
    assert not may_change_role("member", "member", new, own=True)
