"""No password and no token shows in a log line, an answer it is not meant for, or a traceback."""

import structlog
from structlog.testing import capture_logs
from tests.features.accounts.conftest import PASSWORD, World

from tertulia.core.sessions import parse_refresh
from tertulia.features.accounts import schemas, service, state
from tertulia.features.accounts.store.devices import NewDevice

NEW = "a very new sentence"


async def test_logs_tell_what_happened_and_no_secret(world: World) -> None:
    structlog.reset_defaults()
    with capture_logs() as lines:
        ana = world.browser()
        await ana.register("ana", email="ana@example.org")
        await ana.login("ana", "a wrong guess")
        await ana.login("nobody-of-that-name", "a wrong guess")
        await ana.login("ana")
        await ana.call("POST", "auth/refresh", {})
        body = {"current_password": PASSWORD, "new_password": NEW}
        await ana.call("POST", "me/password", body)
        cookies = dict(ana.http.cookies)
        await ana.call("POST", "auth/refresh", {"refresh_token": "nonsense-of-mine"})
        await ana.call("POST", "auth/logout")
    said = repr(lines)
    events = {line["event"] for line in lines}
    assert {"account_registered", "login_failed", "login", "password_changed"} <= events
    assert str(ana.account_id) in said, "who it was"
    secrets = [PASSWORD, NEW, "a wrong guess", "nonsense-of-mine", "ana@example.org", "argon2"]
    for secret in (*secrets, "nobody-of-that-name", *cookies.values()):
        assert secret not in said


async def test_what_holds_a_secret_does_not_show_it(world: World) -> None:
    ana = await world.person("ana")
    token = ana.session["refresh_token"]
    async with world.db.read() as tx:
        credentials = await service.find_credentials(tx, "ana")
        device = (ana.account_id, ana.device_id)
        seed = await tx.conn.fetchval("SELECT refresh_seed FROM devices")
    assert credentials is not None
    family = state.Family(seed, 0, world.clock.now(), world.clock.now(), None)
    held = [
        credentials,
        family,
        NewDevice(*device, "App", "", seed),
        parse_refresh(token),
        schemas.Register(username="ana", password=PASSWORD),
        schemas.Login(username="ana", password=PASSWORD),
        schemas.Refresh(refresh_token=token),
        schemas.ChangePassword(current_password=PASSWORD, new_password=NEW),
        service.Rules(registration="open", setup_token=NEW, version="0", max_text_length=1),
        world.sessions,
        world.passwords,
    ]
    shown = " ".join(f"{thing!r} {thing}" for thing in held)
    mac = token.rpartition(".")[2]
    for secret in (PASSWORD, NEW, mac, repr(seed)[2:-1], credentials.password_hash):
        assert secret not in shown


async def test_a_refused_secret_is_not_repeated(world: World) -> None:
    ana = await world.person("ana")
    typed = "tertulia-and-then-some"
    answers = [
        await world.program().register("bruno", password=typed),
        await world.program().login("ana", typed),
        await world.program().refresh(typed),
        await ana.call(
            "POST", "me/password", {"current_password": typed, "new_password": typed + "!"}
        ),
        await world.program().call("POST", "auth/login", {"username": typed, "pass": typed}),
    ]
    for answer in answers:
        assert answer.status_code in (400, 401)
        assert typed not in answer.text
