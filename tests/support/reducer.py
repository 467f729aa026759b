"""The client's half of the protocol in Python: R1–R8 over wire JSON, nothing else.

Written from docs/protocol.md and not from the server, so that the two can disagree.
"""

import bisect
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any, cast

import msgspec
from tests.support import ties
from tests.support.pages import Pages, line
from tests.support.threads import Threads

Json = dict[str, Any]
FetchRoom = Callable[[str], Awaitable[Json | None]]

UNREAD_KEPT = 100
QUOTE_LENGTH = 200


class Replica:
    """What one client holds. `device_id` is its own; `fetch` is `GET /rooms/{id}` (S6)."""

    def __init__(
        self,
        snapshot: Any,
        device_id: str,
        fetch: FetchRoom,
        pages: dict[str, list[Json]] | None = None,
    ) -> None:
        self._device_id = device_id
        self._fetch = fetch
        self.take(snapshot)
        self.pages = Pages(self.me, pages or {})

    def take(self, snapshot: Any) -> None:
        held = wire(snapshot)
        self.account: Json = held["account"]
        self.head: int = held["head"]
        self.devices: list[Json] = held["devices"]
        self.drafts: dict[str, Json] = {draft["id"]: draft for draft in held["drafts"]}
        self.arrangement: Json = held["arrangement"]
        self.circle: Json = held["circle"]
        self.availability: Json = held["availability"]
        self.rung: dict[str, Json] = {one["id"]: one for one in held["rung"]}
        self.failed: dict[str, Json] = {one["id"]: one for one in held["failed"]}
        self.rooms: dict[str, Json] = {room["room"]["id"]: room for room in held["rooms"]}
        self._threads = {
            id_: Threads(self.me, room["me"]["threads"]) for id_, room in self.rooms.items()
        }

    @property
    def me(self) -> str:
        return self.account["id"]

    def take_room(self, snapshot: Json) -> None:
        self.pages.forget(snapshot["room"]["id"])
        self.rooms[snapshot["room"]["id"]] = snapshot
        told = snapshot["me"]["threads"]
        self._threads[snapshot["room"]["id"]] = Threads(self.me, told)

    def forget_others(self, room_ids: list[str]) -> None:
        for id_ in self.rooms.keys() - set(room_ids):
            self.pages.forget(id_)
        self.rooms = {id_: room for id_, room in self.rooms.items() if id_ in room_ids}

    async def take_changes(self, changes: Any) -> None:
        """One answer of `GET sync`."""
        held = wire(changes)
        if held["reset"]:
            self.take(held["snapshot"])
            self.pages = Pages(self.me, {})
            return
        for stream in held["streams"]:
            if stream["snapshot"]:
                self.take_room(stream["snapshot"])
            for event in stream["events"]:
                await self.apply(event)
        self.forget_others(held["rooms"])
        for told in held["receipts"]:  # N3
            self.hear_receipts(told["room_id"], told["cursors"])

    def hear_receipts(self, room_id: str, cursors: list[Json]) -> None:
        if room_id in self.rooms:
            ties.move(self.rooms[room_id], cursors)

    async def apply(self, event: Json) -> None:
        """E3: what follows my head; a hole is the caller's mistake."""
        kind, _, id_ = event["stream"].partition(":")
        if kind == "account":
            if id_ == self.me and event["seq"] > self.head:
                assert event["seq"] == self.head + 1, f"a hole before {event}"
                self.head = event["seq"]
                await self._apply_own(event["type"], event["data"])
            return
        room = self.rooms.get(id_)
        if room is not None and event["seq"] > room["head"]:
            assert event["seq"] == room["head"] + 1, f"a hole before {event}"
            room["head"] = event["seq"]
            data = _seen_by_me(event["data"], room["me"]["hidden"])
            if data is None:  # R9, R10
                return
            self._apply_in(room, event["type"], data)
            if event["type"] == "thread.changed":
                blocked = ties.blocked(self.circle)
                self._threads[id_].changed(data, room["me"]["hidden"], blocked)
            self.pages.apply(id_, event["type"], data)
            await self._replace_last(room)

    # My own stream

    async def _apply_own(self, type_: str, data: Json) -> None:
        match type_:
            case "room.joined":  # S6
                found = await self._fetch(data["room_id"])
                if found is not None:
                    self.take_room(found)
            case "room.left":  # S6
                self.rooms.pop(data["room_id"], None)
                self.drafts = {
                    id_: one for id_, one in self.drafts.items()
                    if one["room_id"] != data["room_id"]
                }  # fmt: skip
                self.pages.forget(data["room_id"])
            case "draft.changed":  # R11
                self.drafts.pop(data["id"], None)
                if data["draft"]:
                    self.drafts[data["id"]] = data["draft"]
            case "reminder.changed" | "reminder.due":  # R12
                self.rung.pop(data["id"], None)
                if data["reminder"] and data["reminder"]["rung_at"]:
                    self.rung[data["id"]] = data["reminder"]
            case "scheduled.changed":  # R12
                self.failed.pop(data["id"], None)
                if data["scheduled"] and data["scheduled"]["failed"]:
                    self.failed[data["id"]] = data["scheduled"]
            case "vote.changed":
                self.pages.vote(data)
            case "star.changed":
                self.pages.star(data)
            case "voice.listened":
                self.pages.listened(data)
            case "voice.heard":
                self.pages.heard(data)
            case "message.hidden":
                await self._hidden(data)
            case "thread.marked":
                if data["room_id"] in self.rooms:
                    self._threads[data["room_id"]].marked(data)
            case "threads.read":
                for position in data["positions"]:
                    if position["room_id"] in self.rooms:
                        self._threads[position["room_id"]].read(position["read_seq"])
            case "room.read":
                self._read(data["room_id"], data["read_seq"])
            case "rooms.read":
                for position in data["positions"]:
                    self._read(position["room_id"], position["read_seq"])
            case "room.unread":
                await self._unread(data)
            case "preference.changed":  # R8
                if data["room_id"] in self.rooms:
                    self.rooms[data["room_id"]]["me"]["preferences"] = data["preferences"]
            case "arrangement.changed":  # R8
                self.arrangement = data["arrangement"]
            case "contact.changed" | "person.blocked" | "person.unblocked" | "privacy.changed":
                ties.tie(self.circle, type_, data)
                if type_ in ties.UPSETTING:  # N4
                    for room_id in list(self.rooms):
                        self.take_room(await self._fetch(room_id) or self.rooms[room_id])
            case "availability.changed":
                self.availability = data["availability"]
            case "account.created" | "account.changed":  # R7
                self.account = data["account"]
            case "device.signed_in":
                current = data["device"]["id"] == self._device_id
                self.devices.append(data["device"] | {"current": current})
            case "device.renamed":
                for device in self.devices:
                    if device["id"] == data["device_id"]:
                        device["name"] = data["name"]
            case "device.signed_out":
                self.devices = [d for d in self.devices if d["id"] != data["device_id"]]
            case _:
                pass  # E5

    def _read(self, room_id: str, seq: int) -> None:  # R4
        room = self.rooms.get(room_id)
        if room is not None:
            me = room["me"]
            me["read_seq"] = max(me["read_seq"], seq)
            for name in ("unread", "mentions"):
                me[name] = [one for one in me[name] if one > seq]

    async def _unread(self, data: Json) -> None:  # R4
        room = self.rooms.get(data["room_id"])
        if room is None:
            return
        if room["head"] > data["head"]:
            found = await self._fetch(data["room_id"])
            if found is not None:
                self.take_room(found)
            return
        for name in ("read_seq", "unread", "mentions"):
            room["me"][name] = data[name]

    async def _hidden(self, data: Json) -> None:  # R9
        room = self.rooms.get(data["room_id"])
        if room is None:
            return
        me, seq = room["me"], data["seq"]
        if data["hidden"]:
            me["hidden"] = sorted({*me["hidden"], seq})
            self._lose(room, [seq])
            await self._replace_last(room)
        else:
            me["hidden"] = [one for one in me["hidden"] if one != seq]
            self.pages.forget(data["room_id"])
            await self._fetch_last(room)

    def _lose(self, room: Json, seqs: list[int]) -> None:
        """These are not there for me any more."""
        for name in ("unread", "mentions"):
            room["me"][name] = [one for one in room["me"][name] if one not in seqs]
        self._threads[room["room"]["id"]].lost(seqs)
        self.pages.lose(room["room"]["id"], seqs)
        last = room["last_message"]
        if last and last["reply_to"] and last["reply_to"]["seq"] in seqs:
            last["reply_to"]["text"] = None
        if last and last["seq"] in seqs:
            last["lost"] = True

    async def _replace_last(self, room: Json) -> None:
        if room["last_message"] and room["last_message"].get("lost"):
            await self._fetch_last(room)

    async def _fetch_last(self, room: Json) -> None:
        found = await self._fetch(room["room"]["id"])
        if found is not None:
            room["last_message"] = found["last_message"]
            self._threads[room["room"]["id"]] = Threads(self.me, found["me"]["threads"])
            for name in ("unread", "mentions"):
                room["me"][name] = found["me"][name]

    # Rooms

    def _apply_in(self, room: Json, type_: str, data: Json) -> None:
        match type_:
            case "message.sent":
                self._sent(room, data["message"])
            case "message.edited":
                self._edited(room, data["message"])
            case "message.deleted":
                self._deleted(room, data["message"])
            case "message.expired":  # R10
                self._lose(room, data["seqs"])
            case "room.changed":  # R6
                room["room"] = data["room"]
            case "member.joined":
                self._seat(room, data["member"])
            case "member.left":
                self._unseat(room, data["account_id"])
            case "member.role_changed":
                self._revise(room, data["account_id"], {"role": data["role"]})
                if data["account_id"] == self.me:
                    room["me"]["role"] = data["role"]
            case "member.timed_out":
                self._revise(room, data["account_id"], {"timed_out_until": data["until"]})
                if data["account_id"] == self.me:
                    room["me"]["timed_out_until"] = data["until"]
            case "member.changed":
                self._revise(room, data["account"]["id"], {"account": data["account"]})
            case _:
                pass  # E5

    def _sent(self, room: Json, message: Json) -> None:  # R1
        if not message["in_room"]:  # a reply in a thread: R8 counts it
            return
        room["last_message"] = message
        quiet = message["author_id"] in ties.blocked(self.circle)  # N5
        quiet |= message["author_id"] == self.me or message["body"]["kind"] in ("system", "deleted")
        if not quiet and message["seq"] > room["me"]["read_seq"]:
            _note(room["me"]["unread"], message["seq"])
            if self._names_me(message):
                _note(room["me"]["mentions"], message["seq"])
            # Mentions are of unread messages that are named: one goes with the other.
            _keep_only(room["me"], room["me"]["unread"])

    def _edited(self, room: Json, message: Json) -> None:  # R2
        self._replace(room, message, line(message["body"]))
        me, seq = room["me"], message["seq"]
        if seq in me["unread"] and self._names_me(message):
            _note(me["mentions"], seq)
        elif seq in me["mentions"]:
            me["mentions"].remove(seq)

    def _deleted(self, room: Json, message: Json) -> None:  # R3
        self._replace(room, message, None)
        for name in ("unread", "mentions"):
            room["me"][name] = [seq for seq in room["me"][name] if seq != message["seq"]]
        self._threads[room["room"]["id"]].lost([message["seq"]])

    def _replace(self, room: Json, message: Json, text: str | None) -> None:
        last = room["last_message"]
        if last is None:
            return
        if last["id"] == message["id"]:
            room["last_message"] = message
        elif last["reply_to"] and last["reply_to"]["id"] == message["id"]:
            last["reply_to"]["text"] = None if text is None else text[:QUOTE_LENGTH]

    def _names_me(self, message: Json) -> bool:
        return message["mentions_room"] or self.me in [*message["mentions"], *message["here"]]

    def _seat(self, room: Json, member: Json) -> None:  # R5
        room["member_count"] += 1
        if room["room"]["kind"] != "channel":
            room["members"].append(member)

    def _unseat(self, room: Json, account_id: str) -> None:
        room["member_count"] -= 1
        room["members"] = [m for m in room["members"] if m["account"]["id"] != account_id]
        ties.leave(room, account_id)

    def _revise(self, room: Json, account_id: str, change: Json) -> None:
        for member in room["members"]:
            if member["account"]["id"] == account_id:
                member.update(change)

    # Comparing

    def seen(self) -> Json:
        """What its person would see, where order does not matter put in order."""
        rooms = deepcopy(self.rooms)
        for room in rooms.values():
            room["members"].sort(key=_account_id)
            room["receipts"].sort(key=ties.account_id)
            for name in ("unread", "mentions"):
                room["me"][name].sort()
            room["me"]["threads"] = self._threads[room["room"]["id"]].shown()
        return {
            "account": self.account,
            "head": self.head,
            "devices": sorted(self.devices, key=_id),
            "rooms": rooms,
            "drafts": self.drafts,
            "arrangement": self.arrangement,
            "circle": ties.in_order(self.circle),
            "availability": self.availability,
            "rung": self.rung,
            "failed": self.failed,
        }


def _seen_by_me(data: Json, hidden: list[int]) -> Json | None:
    """A fact about a room as I may see it: nothing about what I hid or what is over, and no text of
    it in quotes."""
    message = data.get("message")
    if message is None:
        return data
    if message["seq"] in hidden or message["body"]["kind"] == "expired":
        return None
    if message["reply_to"] and message["reply_to"]["seq"] in hidden:
        message = message | {"reply_to": message["reply_to"] | {"text": None}}
    return data | {"message": message}


def _keep_only(me: Json, unread: list[int]) -> None:
    me["mentions"] = [seq for seq in me["mentions"] if seq in unread]


def _note(seqs: list[int], seq: int) -> None:
    if seq not in seqs:
        bisect.insort(seqs, seq)
    del seqs[:-UNREAD_KEPT]


def _id(thing: Json) -> str:
    return thing["id"]


def _account_id(member: Json) -> str:
    return member["account"]["id"]


def wire(value: Any) -> Json:
    """As it arrives at a client."""
    return cast("Json", msgspec.json.decode(msgspec.json.encode(value)))


def wire_all(values: Any) -> list[Json]:
    return cast("list[Json]", msgspec.json.decode(msgspec.json.encode(values)))
