"""My profile, what others see of it, and finding people."""

import json
from uuid import uuid4

import pytest
from tests.features.accounts.conftest import World

from tertulia.core import cursors, history
from tertulia.core.streams import account_stream
from tertulia.features.accounts import realtime, service


async def test_a_changed_profile_is_told_once(world: World) -> None:
    ana = await world.person("ana")
    world.published.clear()
    change = {
        "display_name": "  Ana   María ",
        "hue": 12,
        "status_text": "en la mesa",
        "email": "ana@example.org",
    }
    answer = await ana.call("PATCH", "me", change)
    assert answer.status_code == 200
    mine = answer.json()
    assert mine == (await ana.call("GET", "me")).json()
    assert mine["display_name"] == "Ana María"
    assert (mine["hue"], mine["status_text"]) == (12, "en la mesa")
    (event,) = (json.loads(notice.body) for notice in world.published)
    assert event["type"] == "account.changed"
    assert event["data"] == {"account": mine}


async def test_changing_nothing_tells_nothing(world: World) -> None:
    ana = await world.person("ana")
    world.published.clear()
    assert (await ana.call("PATCH", "me", {})).status_code == 200
    assert (await ana.call("PATCH", "me", {"display_name": "ana"})).status_code == 200
    assert world.published == []


async def test_an_email_can_be_taken_back_and_the_rest_stays(world: World) -> None:
    ana = await world.person("ana")
    await ana.call("PATCH", "me", {"email": "ana@example.org", "status_text": "here"})
    mine = (await ana.call("PATCH", "me", {"email": None})).json()
    assert (mine["email"], mine["status_text"]) == (None, "here")


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": ""},
        {"display_name": " \u3000"},
        {"display_name": None},
        {"display_name": "x" * 65},
        {"display_name": "rtl\u202e"},
        {"hue": 360},
        {"hue": "12"},
        {"status_text": "x" * 101},
        {"email": "nobody"},
        {"username": "other"},
        {"role": "owner"},
        {"is_bot": True},
    ],
)
async def test_what_does_not_fit_changes_nothing(world: World, change: dict[str, object]) -> None:
    ana = await world.person("ana")
    before = (await ana.call("GET", "me")).json()
    assert (await ana.call("PATCH", "me", change)).json()["code"] == "invalid"
    assert (await ana.call("GET", "me")).json() == before


async def test_others_see_the_public_side_only(world: World) -> None:
    ana, bruno = await world.person("ana"), await world.person("bruno")
    await ana.call("PATCH", "me", {"email": "ana@example.org"})
    seen = (await bruno.call("GET", f"people/{ana.account_id}")).json()
    assert set(seen) == {
        "id",
        "username",
        "display_name",
        "hue",
        "avatar",
        "status_text",
        "status_emoji",
        "status_until",
        "is_bot",
        "deactivated",
    }
    nobody = await bruno.call("GET", f"people/{uuid4()}")
    assert nobody.json()["code"] == "not_found"


async def test_people_are_found_by_either_name(world: World) -> None:
    me = await world.person("zoe")
    for username, display_name in (("ana.l", "Ángela"), ("bruno", "Bru 100%"), ("carla", "C_a")):
        await world.program().register(username, display_name=display_name)

    async def found(query: str) -> list[str]:
        answer = await me.http.get("/api/v1/people", params={"query": query})
        return [person["username"] for person in answer.json()["people"]]

    assert await found("") == ["ana.l", "bruno", "carla", "zoe"]
    assert await found("ÁNG") == ["ana.l"]
    assert await found(" bru ") == ["bruno"]
    assert await found("%") == ["bruno"], "no pattern language"
    assert await found("_") == ["carla"]
    assert await found("nul\0") == []
    await world.pool.execute("UPDATE accounts SET deactivated_at = now() WHERE username = 'carla'")
    assert await found("carla") == []


async def test_the_directory_comes_in_pages(world: World) -> None:
    me = await world.person("me.myself")
    await world.pool.execute(
        """
        INSERT INTO accounts (id, username, username_key, display_name, hue, password_hash, role,
                              created_at)
        SELECT gen_random_uuid(), 'p' || n, 'p' || n, 'P', 0, '', 'member', now()
        FROM generate_series(1, 120) AS n
        """
    )
    names: list[str] = []
    cursor, pages = "", 0
    while cursor is not None:
        params = {"cursor": cursor} if cursor else {}
        page = (await me.http.get("/api/v1/people", params=params)).json()
        names += [person["username"] for person in page["people"]]
        cursor, pages = page["next"], pages + 1
    assert pages == 3
    assert len(names) == len(set(names)) == 121
    for nonsense in (
        "xyz",
        "00",
        "é",
        cursors.encode(["\0"]),
        cursors.encode("ana"),
        cursors.encode([1]),
    ):
        answer = await me.http.get("/api/v1/people", params={"cursor": nonsense})
        assert answer.json()["code"] == "invalid"


async def test_many_accounts_come_at_once(world: World) -> None:
    people = [await world.person() for _ in range(3)]
    async with world.db.read() as tx:
        found = await service.get_accounts(tx, {p.account_id for p in people} | {uuid4()})
    assert set(found) == {p.account_id for p in people}


async def test_the_log_read_again_shows_the_profile_of_today(world: World) -> None:
    ana = await world.person("ana")
    await ana.call("PATCH", "me", {"status_text": "first"})
    await ana.call("PATCH", "me", {"status_text": "second"})
    live = [json.loads(notice.body) for notice in world.published]
    async with world.db.read() as tx:
        read = await history.read(
            tx,
            account_stream(ana.account_id),
            after=0,
            limit=100,
            hydrators=realtime.HYDRATORS,
        )
    assert [(event.seq, event.type) for event in read] == [(e["seq"], e["type"]) for e in live]
    for event, once in zip(read, live, strict=True):
        data = json.loads(bytes(event.data))
        if event.type.startswith("account."):
            assert data["account"]["status_text"] == "second"
        else:
            assert data == once["data"]


async def test_what_anybody_may_know_of_the_server(world: World) -> None:
    nobody = world.program()
    before = (await nobody.call("GET", "server")).json()
    assert before == {
        "name": "Tertulia",
        "version": "0",
        "registration": "open",
        "needs_owner": True,
        "needs_setup_token": False,
        "max_text_length": 8000,
    }
    await world.person()
    assert not (await nobody.call("GET", "server")).json()["needs_owner"]
