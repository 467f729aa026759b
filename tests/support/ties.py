"""A client's side of its ties to others, and of how far others got in its rooms.
Over wire JSON, from docs/protocol.md (N rules), like `reducer`."""

from typing import Any

Json = dict[str, Any]

# N4: what counts as unread, and whose receipts I see, is another from here on.
UPSETTING = frozenset({"privacy.changed", "person.blocked", "person.unblocked"})


def blocked(circle: Json) -> set[str]:
    return {tie["account_id"] for tie in circle["blocked"]}


def tie(circle: Json, type_: str, data: Json) -> None:
    """A fact about my ties (N2)."""
    match type_:
        case "contact.changed":
            _drop(circle["contacts"], data["account_id"])
            if data["state"] is not None:
                circle["contacts"].append(data)
        case "person.blocked":
            _drop(circle["blocked"], data["account_id"])
            circle["blocked"].append(data)
        case "person.unblocked":
            _drop(circle["blocked"], data["account_id"])
        case "privacy.changed":
            circle["privacy"] = data["privacy"]
        case _:
            raise AssertionError(type_)


def move(room: Json, cursors: list[Json]) -> None:
    """Cursors of others, absolute and as far as I may know (N1)."""
    held = {one["account_id"]: one for one in room["receipts"]}
    there = {member["account"]["id"] for member in room["members"]}
    for one in cursors:
        if one["account_id"] not in there:
            continue
        before = held.get(one["account_id"], {"delivered_seq": 0, "read_seq": None})
        read = one["read_seq"]
        held[one["account_id"]] = {
            "account_id": one["account_id"],
            "delivered_seq": max(before["delivered_seq"], one["delivered_seq"]),
            "read_seq": None if read is None else max(before["read_seq"] or 0, read),
        }
    room["receipts"] = list(held.values())


def in_order(circle: Json) -> Json:
    return circle | {name: sorted(circle[name], key=account_id) for name in ("contacts", "blocked")}


def account_id(tie: Json) -> str:
    return tie["account_id"]


def leave(room: Json, account_id: str) -> None:
    _drop(room["receipts"], account_id)


def _drop(ties: list[Json], account_id: str) -> None:
    ties[:] = [one for one in ties if one["account_id"] != account_id]
