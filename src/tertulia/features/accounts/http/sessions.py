"""Routes of coming in and going out.

Signing in is spread over two transactions with the hashing between them; see `service`.
"""

from uuid import UUID

import structlog
from litestar import Response, post

from tertulia.core.cookies import SessionCookies
from tertulia.core.db import Database
from tertulia.core.errors import TokenExpired, Unauthenticated
from tertulia.core.http.info import RequestInfo
from tertulia.core.limits import Limiter
from tertulia.core.passwords import Passwords
from tertulia.core.sessions import ACCESS_SECONDS, RefreshToken, Sessions, parse_refresh
from tertulia.features.accounts import policy, service
from tertulia.features.accounts.http.callers import Ask, provide_actor
from tertulia.features.accounts.http.throttle import (
    REFRESH,
    REGISTER,
    forget_login,
    throttle_login,
    throttle_network,
)
from tertulia.features.accounts.schemas import Login, Refresh, Register, Session
from tertulia.features.accounts.service import Admit, Client, Credentials, Redeem, Rules, SignedIn

log = structlog.stdlib.get_logger(__name__)


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
    await throttle_network(limiter, REGISTER, info)
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
    await throttle_login(limiter, info, data.username, device)
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
    await forget_login(limiter, data.username, device)
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
    await throttle_network(limiter, REFRESH, info)
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
