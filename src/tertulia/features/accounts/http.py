"""Routes of sessions, of my own account and of the people here.

Signing in is spread over two transactions with the hashing between them; see `service`.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from litestar import Request, Response, Router, delete, get, patch, post

from tertulia.core import grants
from tertulia.core.actor import Actor
from tertulia.core.cookies import SessionCookies
from tertulia.core.db import Database
from tertulia.core.errors import TokenExpired, Unauthenticated
from tertulia.core.http.address import network_of
from tertulia.core.http.info import RequestInfo
from tertulia.core.limits import Bucket, Limiter
from tertulia.core.passwords import Passwords
from tertulia.core.sessions import ACCESS_SECONDS, RefreshToken, Sessions, parse_refresh
from tertulia.features.accounts import policy, service
from tertulia.features.accounts.schemas import (
    Account,
    ChangePassword,
    ChangeProfile,
    Device,
    DeviceList,
    Login,
    OwnAccount,
    Refresh,
    Register,
    RenameDevice,
    Server,
    Session,
)
from tertulia.features.accounts.service import Admit, Client, Credentials, Redeem, Rules, SignedIn

log = structlog.stdlib.get_logger(__name__)
Ask = Request[Any, Any, Any]
FindBot = Callable[[Database, str], Awaitable[Actor | None]]
BOT_PREFIX = "tbot_"  # tells a bot's token from a session's, also to scanners of secrets

REGISTER = Bucket("auth.register", 60, 3600)  # of one network: a class that signs up together
LOGIN_NETWORK = Bucket("auth.login.network", 20, 300)
# Of strangers who try one name; ten quick tries, then a minute each, and a hundred a day.
LOGIN_ACCOUNT = Bucket("auth.login.account", 10, 600)
LOGIN_ACCOUNT_DAY = Bucket("auth.login.account.day", 100, 86_400)
# A device that signed in before has a bucket of its own: strangers cannot lock its owner out.
LOGIN_DEVICE = Bucket("auth.login.device", 10, 600)
REFRESH = Bucket("auth.refresh", 600, 60)
PASSWORD = Bucket("auth.password", 10, 600)
CHANGE = Bucket("me.change", 30, 300)  # a new name is told to every room I am in


def provide_actor(request: Ask, sessions: Sessions, session_cookies: SessionCookies) -> Actor:
    """Litestar dependency `actor`: who asks, by Bearer or else by cookie.

    Raises TokenExpired, Unauthenticated.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "bearer":
            raise Unauthenticated
        return sessions.verify(token.strip())
    cookie = request.cookies.get(session_cookies.access)
    if cookie is None:
        raise Unauthenticated
    return sessions.verify(cookie)


async def provide_caller(
    request: Ask,
    sessions: Sessions,
    session_cookies: SessionCookies,
    db: Database,
    find_bot: FindBot,
) -> Actor:
    """Litestar dependency `actor`: a person by session, or a bot by its token and no further than
    that reaches. Raises TokenExpired, Unauthenticated, InsufficientScope."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not token.startswith(BOT_PREFIX):
        return provide_actor(request, sessions, session_cookies)
    actor = await find_bot(db, token)
    if actor is None or actor.grant is None:
        raise Unauthenticated
    room = request.path_params.get("room_id")
    room_id = None if room is None else UUID(str(room))
    grants.require(actor.grant, request.method, request.url.path, room_id)
    return actor


@post("/auth/register", summary="Make an account and sign in", status_code=201)
async def register(
    data: Register,
    request: Ask,
    info: RequestInfo,
    db: Database,
    sessions: Sessions,
    passwords: Passwords,
    limiter: Limiter,
    rules: Rules,
    admit: Admit,
    redeem: Redeem,
    session_cookies: SessionCookies,
) -> Response[Session]:
    await _throttle_network(limiter, REGISTER, info)
    async with db.read() as tx:
        await service.require_may_register(tx, rules, admit, data)
    passwords.require_good(data.password, (data.username, policy.PRODUCT), field="password")
    password_hash = await passwords.hash(data.password)
    signed_in = await db.write(
        lambda tx: service.register(
            tx,
            sessions,
            rules,
            admit,
            data,
            redeem=redeem,
            password_hash=password_hash,
            client=_client(request, data.device_name),
            replaced=_cookie_token(request, session_cookies),
        )
    )
    log.info("account_registered", account=str(signed_in.account.id), address=info.address)
    return _session(request, sessions, session_cookies, signed_in, 201)


@post("/auth/login", summary="Sign a device in", status_code=200)
async def login(
    data: Login,
    request: Ask,
    info: RequestInfo,
    db: Database,
    sessions: Sessions,
    passwords: Passwords,
    limiter: Limiter,
    session_cookies: SessionCookies,
) -> Response[Session]:
    async with db.read() as tx:
        credentials = await service.find_credentials(tx, data.username)
    device = _known_device(request, sessions, session_cookies, credentials)
    await _throttle_login(limiter, info, data.username, device)
    # From here on the work is the same whether the name exists or not.
    stored = credentials.password_hash if credentials else None
    right = await passwords.verify(stored, data.password, known=device is not None)
    if credentials is None or not right:
        log.info("login_failed", account=_id_of(credentials), address=info.address)
        raise service.WrongCredentials
    rehashed = None
    if passwords.is_outdated(credentials.password_hash):
        rehashed = await passwords.hash(data.password, known=device is not None)
    signed_in = await db.write(
        lambda tx: service.login(
            tx,
            sessions,
            credentials,
            client=_client(request, data.device_name),
            rehashed=rehashed,
            replaced=_cookie_token(request, session_cookies),
        )
    )
    await _forget_login(limiter, data.username, device)
    log.info("login", account=_id_of(credentials), address=info.address)
    return _session(request, sessions, session_cookies, signed_in, 200)


@post("/auth/refresh", summary="Take the next tokens", status_code=200)
async def refresh(
    data: Refresh,
    request: Ask,
    info: RequestInfo,
    db: Database,
    sessions: Sessions,
    limiter: Limiter,
    session_cookies: SessionCookies,
) -> Response[Session]:
    """The old refresh token is dead; used again after 20 seconds it ends the session."""
    await _throttle_network(limiter, REFRESH, info)
    given = data.refresh_token
    token = parse_refresh(given) if given else _cookie_token(request, session_cookies)
    if not given and not _wants_cookies(request):
        raise Unauthenticated  # else the answer would show a page's scripts what the cookie hides
    if token is None:
        raise Unauthenticated
    signed_in = await db.write(lambda tx: service.refresh(tx, sessions, token))
    if signed_in is None:
        log.info("refresh_refused", device=str(token.device_id), address=info.address)
        raise Unauthenticated
    return _session(request, sessions, session_cookies, signed_in, 200)


@post("/auth/logout", summary="Sign this device out", status_code=204)
async def logout(
    request: Ask, db: Database, sessions: Sessions, session_cookies: SessionCookies
) -> Response[None]:
    """Works without a living access token too: leaving must not need a way in first."""
    try:
        actor = provide_actor(request, sessions, session_cookies)
    except (TokenExpired, Unauthenticated):
        token = _cookie_token(request, session_cookies)
        await db.write(lambda tx: service.end_session(tx, sessions, token))
    else:
        await db.write(lambda tx: service.logout(tx, actor))
    return Response(None, status_code=204, cookies=session_cookies.taken())


@get("/me", summary="My account")
async def get_me(actor: Actor, db: Database) -> OwnAccount:
    async with db.read() as tx:
        return await service.own_account(tx, actor)


@patch("/me", summary="Change my profile")
async def change_me(
    data: ChangeProfile, actor: Actor, db: Database, limiter: Limiter
) -> OwnAccount:
    await limiter.hit(CHANGE, str(actor.account_id))
    return await db.write(lambda tx: service.change_profile(tx, actor, data))


@post("/me/password", summary="Change my password", status_code=204)
async def change_password(
    data: ChangePassword,
    actor: Actor,
    info: RequestInfo,
    db: Database,
    passwords: Passwords,
    limiter: Limiter,
) -> None:
    """Signs out every other device of mine."""
    await limiter.hit(PASSWORD, str(actor.account_id))
    async with db.read() as tx:
        own, credentials = await service.own_credentials(tx, actor)
    if not await passwords.verify(credentials.password_hash, data.current_password, known=True):
        log.info("password_change_refused", account=_id_of(credentials), address=info.address)
        raise service.WrongCredentials
    names = (own.username, policy.PRODUCT)
    passwords.require_good(data.new_password, names, field="new_password")
    hashed = await passwords.hash(data.new_password, known=True)
    await db.write(lambda tx: service.change_password(tx, actor, credentials, hashed))
    log.info("password_changed", account=_id_of(credentials), address=info.address)


@get("/me/devices", summary="My signed-in devices")
async def list_devices(actor: Actor, db: Database) -> DeviceList:
    async with db.read() as tx:
        return DeviceList(devices=await service.devices(tx, actor))


@delete("/me/devices", summary="Sign out all my other devices", status_code=204)
async def sign_out_others(actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.sign_out_others(tx, actor))


@patch("/me/devices/{device_id:uuid}", summary="Rename a device of mine")
async def rename_device(
    device_id: UUID, data: RenameDevice, actor: Actor, db: Database, limiter: Limiter
) -> Device:
    await limiter.hit(CHANGE, str(actor.account_id))
    return await db.write(lambda tx: service.rename_device(tx, actor, device_id, data.name))


@delete("/me/devices/{device_id:uuid}", summary="Sign out a device of mine", status_code=204)
async def sign_out_device(device_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.sign_out_device(tx, actor, device_id))


@get("/server", summary="What to know before signing in")
async def get_server(db: Database, rules: Rules) -> Server:
    async with db.read() as tx:
        return await service.server_info(tx, rules)


@get("/people/{account_id:uuid}", summary="One person")
async def get_person(account_id: UUID, actor: Actor, db: Database) -> Account:
    async with db.read() as tx:
        return await service.get_account(tx, actor, account_id)


async def _throttle_network(limiter: Limiter, bucket: Bucket, info: RequestInfo) -> None:
    # On this machine itself everybody shares one address, and whoever is here needs no guessing.
    if not info.local:
        await limiter.hit(bucket, _neighbourhood(info.address))


async def _throttle_login(
    limiter: Limiter, info: RequestInfo, username: str, device: UUID | None
) -> None:
    if device is not None:
        await limiter.hit(LOGIN_DEVICE, str(device))
        return
    # The network first: an address that used up its own tries uses up nothing of the account's.
    await _throttle_network(limiter, LOGIN_NETWORK, info)
    key = policy.username_key(username)
    await limiter.hit(LOGIN_ACCOUNT, key)
    await limiter.hit(LOGIN_ACCOUNT_DAY, key)


async def _forget_login(limiter: Limiter, username: str, device: UUID | None) -> None:
    """A right password was no guess. The network's tries stay counted: its next may be guesses."""
    if device is not None:
        await limiter.forget(LOGIN_DEVICE, str(device))
        return
    key = policy.username_key(username)
    await limiter.forget(LOGIN_ACCOUNT_DAY, key)
    await limiter.forget(LOGIN_ACCOUNT, key)


def _neighbourhood(address: str) -> str:
    """/24 of IPv4, /64 of IPv6: what one attacker gets without effort."""
    network = network_of(address)
    return network if ":" in network else network.rpartition(".")[0]


def _known_device(
    request: Ask,
    sessions: Sessions,
    session_cookies: SessionCookies,
    credentials: Credentials | None,
) -> UUID | None:
    """The device whose mark this browser holds, if it signed in to this very account."""
    mark = sessions.read_mark(request.cookies.get(session_cookies.mark, ""))
    if mark is None or credentials is None or mark[0] != credentials.account_id:
        return None
    return mark[1]


def _cookie_token(request: Ask, session_cookies: SessionCookies) -> RefreshToken | None:
    """The refresh token in the cookie; None where there is none, or nonsense."""
    try:
        return parse_refresh(request.cookies.get(session_cookies.refresh, ""))
    except Unauthenticated:
        return None


def _wants_cookies(request: Ask) -> bool:
    return request.headers.get("x-tertulia-client") == "web"


def _client(request: Ask, name: str | None) -> Client:
    return policy.describe_device(request.headers.get("user-agent", ""), name)


def _session(
    request: Ask,
    sessions: Sessions,
    session_cookies: SessionCookies,
    signed_in: SignedIn,
    status: int,
) -> Response[Session]:
    actor, for_web = signed_in.actor, _wants_cookies(request)
    session = Session(
        account=signed_in.account,
        device_id=actor.device_id,
        access_token=None if for_web else signed_in.access_token,
        expires_in=ACCESS_SECONDS,
        refresh_token=None if for_web else signed_in.refresh_token,
    )
    given = session_cookies.given(
        access=signed_in.access_token,
        refresh=signed_in.refresh_token,
        mark=sessions.device_mark(actor.account_id, actor.device_id),
    )
    return Response(session, status_code=status, cookies=given if for_web else [])


def _id_of(credentials: Credentials | None) -> str | None:
    return str(credentials.account_id) if credentials else None


ROUTES = [
    Router(
        "/api/v1",
        route_handlers=[
            register,
            login,
            refresh,
            logout,
            get_me,
            change_me,
            change_password,
            list_devices,
            sign_out_others,
            rename_device,
            sign_out_device,
            get_server,
            get_person,
        ],
        tags=["accounts"],
    )
]
