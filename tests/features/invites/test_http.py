"""Routes of invites."""

from typing import Any

import pytest
from tests.support.rooms import Town, assemble, caller

from tertulia.core.http.edge import Edge


async def test_a_link_from_beginning_to_end(town: Town, edge: Edge) -> None:
    cast = await assemble(town)
    async with caller(edge, cast.member) as member, caller(edge, cast.outsider) as outsider:
        made = await member.post(f"/rooms/{cast.room_id}/invites", json={"max_uses": 2})
        assert made.status_code == 201
        invite = made.json()
        assert invite["url"] == f"https://t.example/invite/{invite['code']}"
        async with caller(edge) as nobody:
            shown = await nobody.get(f"/invites/{invite['code']}")
            assert (shown.status_code, shown.json()["room_name"]) == (200, "The table")
            assert (await nobody.post(f"/invites/{invite['code']}/accept")).status_code == 401
        accepted = await outsider.post(f"/invites/{invite['code']}/accept")
        assert (accepted.status_code, accepted.json()) == (200, {"room_id": str(cast.room_id)})
        [listed] = (await member.get(f"/rooms/{cast.room_id}/invites")).json()["invites"]
        assert (listed["id"], listed["code"], listed["uses"]) == (invite["id"], "", 1)
        revoked = await member.delete(f"/rooms/{cast.room_id}/invites/{invite['id']}")
        assert revoked.status_code == 204
    async with caller(edge) as nobody:
        gone = await nobody.get(f"/invites/{invite['code']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "invite_invalid")
    assert invite["code"] not in gone.text


WRONG: list[dict[str, Any]] = [
    {"expires_in": 59},
    {"expires_in": 31_536_001},
    {"max_uses": 0},
    {"max_uses": 10_001},
    {"role": "moderator"},
    {"role": "owner"},
    {"code": "mine"},
]


@pytest.mark.parametrize("body", WRONG)
async def test_what_is_no_invite_is_refused(town: Town, edge: Edge, body: dict[str, Any]) -> None:
    cast = await assemble(town)
    async with caller(edge, cast.owner) as owner:
        answer = await owner.post(f"/rooms/{cast.room_id}/invites", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert (await owner.get(f"/rooms/{cast.room_id}/invites")).json() == {"invites": []}


async def test_looking_at_links_is_throttled(town: Town, edge: Edge) -> None:
    # C7
    async with caller(edge) as nobody:
        answers = [await nobody.get("/invites/guess") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [404] * 60 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize("code", ["%00", "x" * 300, "%F0%9F%A6%80", "a%2Fb", "'"])
async def test_no_code_breaks_the_lookup(town: Town, edge: Edge, code: str) -> None:
    alice = await town.person()
    async with caller(edge, alice) as client:
        for answer in (
            await client.get(f"/invites/{code}"),
            await client.post(f"/invites/{code}/accept"),
        ):
            assert answer.status_code in (400, 404)
