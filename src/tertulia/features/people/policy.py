"""Who may reach whom: pure. The one place that decides it."""

from typing import NamedTuple

from tertulia.features.people.schemas import Audience, Privacy


class Standing(NamedTuple):
    """How one person stands to another whom they want to reach.

    `privacy` is the other's, `contact` as the other sees it, `apart` if either blocked the other.
    """

    privacy: Privacy
    contact: bool
    apart: bool


def may_message(them: Standing, *, shares_room: bool) -> bool:
    """Begin to write directly. A direct room that is there already is closed by a block only."""
    return _admits(them.privacy.may_message, them, shares_room=shares_room)


def may_add(them: Standing, *, shares_room: bool) -> bool:
    """Bring them into a room, unasked."""
    return _admits(them.privacy.may_add, them, shares_room=shares_room)


def may_find(them: Standing, *, shares_room: bool) -> bool:
    """Meet them in the directory."""
    return _admits(them.privacy.may_find, them, shares_room=shares_room)


def may_see_presence(them: Standing) -> bool:
    return not them.apart


def may_see_last_seen(me: Privacy, them: Standing) -> bool:
    """Reciprocal: who hides it does not see it."""
    return not (them.apart or me.hide_last_seen or them.privacy.hide_last_seen)


def asks_for_rooms(them: Standing) -> bool:
    """Does any answer depend on whether the two share a room? Finding that out costs a query."""
    asked = (them.privacy.may_message, them.privacy.may_add, them.privacy.may_find)
    return "shared" in asked and not them.contact and not them.apart


def _admits(audience: Audience, them: Standing, *, shares_room: bool) -> bool:
    if them.apart:
        return False
    return audience == "everyone" or them.contact or (audience == "shared" and shares_room)
