"""A device's refresh tokens: what becomes of one that is presented. RFC 9700 §4.14.2."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from tertulia.core.actor import Actor
from tertulia.features.accounts.schemas import OwnAccount

IDLE = timedelta(days=7)  # a device that does not refresh for this long is signed out
LIFETIME = timedelta(days=90)  # and every device then, however busy (ASVS 10.4.8)
GRACE = timedelta(seconds=20)  # for two tabs, or an answer that got lost on its way

Outcome = Literal["next", "again", "expired", "reused", "ended"]


class Family(msgspec.Struct, frozen=True):
    """The tokens of one device: token `count` is current, since `refreshed_at`."""

    seed: bytes
    count: int
    refreshed_at: datetime
    created_at: datetime
    signed_out_at: datetime | None

    def __repr__(self) -> str:
        return f"Family(count={self.count})"


class SignedIn(msgspec.Struct, frozen=True):
    """A device and its proofs."""

    account: OwnAccount
    actor: Actor
    access_token: str
    refresh_token: str

    def __repr__(self) -> str:
        return f"SignedIn({self.actor})"


def present(family: Family, count: int, now: datetime) -> Outcome:
    """What a genuine token number `count` brings about.

    The current one leads to the `next`. Its immediate predecessor is given the current one `again`
    for a while. Any other means that two hold the family, and nobody can tell which is the thief:
    it was `reused`, and the device has to sign in anew.
    """
    if family.signed_out_at is not None:
        return "ended"
    if now >= min(family.refreshed_at + IDLE, family.created_at + LIFETIME):
        return "expired"
    if count == family.count:
        return "next"
    if count == family.count - 1 and now <= family.refreshed_at + GRACE:
        return "again"
    return "reused"
