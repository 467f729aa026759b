"""Who a socket belongs to, when it has to end, and how logged profiles are read again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.cookies import SessionCookies
from tertulia.core.errors import Unauthenticated
from tertulia.core.gateway import Handshake
from tertulia.core.history import Hydrator, Point
from tertulia.core.sessions import Sessions
from tertulia.core.tx import Tx
from tertulia.features.accounts import service
from tertulia.features.accounts.events import AccountChanged, AccountCreated, DeviceSignedOut


class _Auth(msgspec.Struct):
    """The CONNECT payload; what else is in it is not ours to judge."""

    token: str


class _SignedOut(msgspec.Struct):
    """As much of a `device.signed_out` envelope as is needed."""

    data: DeviceSignedOut


def authenticate(
    handshake: Handshake, auth: object, sessions: Sessions, cookies: SessionCookies
) -> Actor:
    """Who connects, by `auth: {token}` or else by the cookie (docs/protocol.md W1).

    Raises TokenExpired or Unauthenticated. Ask `sessions.is_revoked(actor.device_id)` once more
    after the socket is listed: a sign-out may have gone by in between.
    """
    try:
        token = msgspec.convert(auth, _Auth).token
    except msgspec.ValidationError:
        token = handshake.cookies.get(cookies.access)
    if token is None:
        raise Unauthenticated
    return sessions.verify(token)


def device_signed_out(envelope: bytes) -> UUID:
    """The device whose sockets have to close, of a `device.signed_out` notice's body."""
    return msgspec.json.decode(envelope, type=_SignedOut).data.device_id


def _profile(fact: type[AccountCreated] | type[AccountChanged]) -> Hydrator:
    async def hydrate(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
        accounts = await service.logged_accounts(tx, points)
        return {(own.id, own.id): msgspec.json.encode(fact(account=own)) for own in accounts}

    return hydrate


HYDRATORS: Mapping[str, Hydrator] = {
    AccountCreated.TYPE: _profile(AccountCreated),
    AccountChanged.TYPE: _profile(AccountChanged),
}
