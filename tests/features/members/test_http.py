"""Routes and commands of membership."""

from typing import Any

from tests.support.rooms import Town, assemble, caller

from tertulia.core.commands import Done, Failed, answer, table
from tertulia.core.grouping import Grouping
from tertulia.core.http.edge import Edge
from tertulia.features.members import realtime, service
from tertulia.features.members.service import Reading


async def test_a_membership_from_beginning_to_end(town: Town, edge: Edge) -> None:
    cast = await assemble(town)
    new, room = cast.outsider, f"/rooms/{cast.room_id}"
    async with caller(edge, cast.owner) as owner, caller(edge, new) as newcomer:
        added = await owner.post(f"{room}/members", json={"account_ids": [str(new.account_id)]})
        assert added.status_code == 200
        assert [one["account"]["id"] for one in added.json()["members"]] == [str(new.account_id)]
        raised = await owner.patch(f"{room}/members/{new.account_id}", json={"role": "moderator"})
        assert (raised.status_code, raised.json()["role"]) == (200, "moderator")
        assert (await newcomer.post(f"{room}/read", json={"seq": 2})).status_code == 204
        listed = (await newcomer.get(f"{room}/members")).json()["members"]
        assert [one["role"] for one in listed][:2] == ["owner", "moderator"]
        assert (await owner.delete(f"{room}/members/{new.account_id}")).status_code == 204
        assert (await newcomer.get(f"{room}/members")).status_code == 404
        town.clock.pass_(seconds=1)
        ban = {"account_id": str(new.account_id), "reason": "noise"}
        assert (await owner.post(f"{room}/bans", json=ban)).status_code == 204
        [newest, _] = (await owner.get(f"{room}/bans")).json()["bans"]
        assert (newest["account"]["id"], newest["reason"]) == (str(new.account_id), "noise")
        assert (await owner.delete(f"{room}/bans/{new.account_id}")).status_code == 204
        refused = await owner.post(f"{room}/leave")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    async with caller(edge, cast.member) as member:
        assert (await member.post(f"{room}/leave")).status_code == 204


async def test_people_are_added_at_a_pace(town: Town, edge: Edge) -> None:
    # checklist 51
    cast = await assemble(town)
    ids = [str(town.ids.uuid7()) for _ in range(50)]
    async with caller(edge, cast.owner) as owner:
        codes = [
            (
                await owner.post(f"/rooms/{cast.room_id}/members", json={"account_ids": ids})
            ).status_code
            for _ in range(5)
        ]
        assert codes == [400] * 4 + [429]
        too_many = {"account_ids": [*ids, ids[0]]}
        answer = await owner.post(f"/rooms/{cast.room_id}/members", json=too_many)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "account_ids")


async def test_reading_by_socket(town: Town) -> None:
    cast = await assemble(town)
    reading = Grouping[Reading, None](town.db, service.read_together)
    commands = table(realtime.commands(reading))
    request = {"room_id": str(cast.room_id), "seq": 3}
    conn: Any = None  # no command here is about the socket it came by
    assert await answer(commands, conn, cast.member, "room.read", [request]) == Done(None)
    assert await town.read_seq(cast.room_id, cast.member) == 3
    for refused, who, code in (
        (request, cast.outsider, "not_found"),
        (request | {"seq": -1}, cast.member, "invalid"),
        (request | {"more": 1}, cast.member, "invalid"),
        ({"seq": 3}, cast.member, "invalid"),
    ):
        told = await answer(commands, conn, who, "room.read", [refused])
        assert isinstance(told, Failed)
        assert told.error.code == code
