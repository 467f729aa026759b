"""Sockets: whose they are, and when they have to end (docs/protocol.md W1, W4)."""

import pytest
from tests.features.accounts.conftest import SECRET, World

from tertulia.core.cookies import SessionCookies
from tertulia.core.errors import TokenExpired, Unauthenticated
from tertulia.core.gateway import Handshake
from tertulia.core.sessions import Sessions
from tertulia.features.accounts import jobs, realtime

COOKIES = SessionCookies(secure=True)


def handshake(cookie: str = "") -> Handshake:
    head = f"Host: tertulia.example\r\nCookie: {cookie}" if cookie else "Host: tertulia.example"
    return Handshake("/socket.io/?EIO=4&transport=websocket", head.encode(), "192.0.2.1")


async def test_a_socket_belongs_to_its_token_or_else_its_cookie(world: World) -> None:  # W1
    ana, bruno = await world.person(), await world.person()
    token, cookie = ana.session["access_token"], bruno.session["access_token"]
    by_cookie = handshake(f"a=b; {COOKIES.access}={cookie}")

    def who(hand: Handshake, auth: object) -> object:
        return realtime.authenticate(hand, auth, world.sessions, COOKIES).account_id

    assert who(handshake(), {"token": token}) == ana.account_id
    assert who(by_cookie, None) == bruno.account_id
    assert who(by_cookie, {"other": 1}) == bruno.account_id
    assert who(by_cookie, {"token": token}) == ana.account_id
    assert who(handshake(), {"token": token, "more": [1]}) == ana.account_id


@pytest.mark.parametrize("auth", [None, {}, [], "token", 7, {"token": 7}, {"token": ""}])
async def test_without_proof_there_is_no_socket(world: World, auth: object) -> None:
    for hand in (handshake(), handshake("a=b"), handshake(f"{COOKIES.access}=nonsense")):
        with pytest.raises(Unauthenticated):
            realtime.authenticate(hand, auth, world.sessions, COOKIES)


async def test_a_token_in_the_address_counts_for_nothing(world: World) -> None:
    ana = await world.person()
    token = ana.session["access_token"]
    hand = Handshake(f"/socket.io/?token={token}", b"Host: x", "192.0.2.1")
    with pytest.raises(Unauthenticated):
        realtime.authenticate(hand, None, world.sessions, COOKIES)


async def test_a_socket_is_told_whether_to_refresh_or_to_give_up(world: World) -> None:
    ana = await world.person()
    auth = {"token": ana.session["access_token"]}
    world.clock.pass_(minutes=16)
    with pytest.raises(TokenExpired):
        realtime.authenticate(handshake(), auth, world.sessions, COOKIES)
    await ana.refresh()
    auth = {"token": ana.session["access_token"]}
    await ana.call("POST", "auth/logout")
    with pytest.raises(Unauthenticated):
        realtime.authenticate(handshake(), auth, world.sessions, COOKIES)


async def test_every_sign_out_names_the_sockets_to_close(world: World) -> None:  # W4
    ana = await world.person()
    await ana.call("POST", "auth/logout")
    (notice,) = (n for n in world.published if n.type == "device.signed_out")
    assert realtime.device_signed_out(notice.body) == ana.device_id
    assert world.ended == [ana.device_id]


async def test_a_sign_out_that_was_not_committed_ends_nothing(world: World) -> None:
    ana = await world.person()

    def fail() -> None:
        raise ConnectionResetError

    world.armed["before_commit"] = fail
    assert (await ana.call("POST", "auth/logout")).status_code >= 500
    del world.armed["before_commit"]
    assert world.ended == []
    assert (await ana.call("GET", "me")).status_code == 200
    assert (await ana.call("POST", "auth/logout")).status_code == 204
    assert world.ended == [ana.device_id], "the control"


async def test_a_restart_remembers_who_was_signed_out(world: World) -> None:
    ana, bruno = await world.person(), await world.person()
    token, other = ana.session["access_token"], bruno.session["access_token"]
    await ana.call("POST", "auth/logout")
    world.clock.pass_(minutes=5)
    restarted = Sessions([SECRET], world.clock)
    assert restarted.verify(token), "the control: nothing but memory tells"
    async with world.db.read() as tx:
        restarted.load(await jobs.signed_out_lately(tx))
    with pytest.raises(Unauthenticated):
        restarted.verify(token)
    assert restarted.verify(other)
