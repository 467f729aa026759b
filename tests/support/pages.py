"""A client's pages of history: words by the events of messages, what stands beside them by facts of
its own. Over wire JSON, from docs/protocol.md, like `reducer`.

A feature that puts a field beside messages adds its default to `NOTHING` and its facts to `BESIDE`.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json, Json, str], None]  # (the message, the fact's data, my account id)

QUOTE_LENGTH = 200

# What stands beside a message that was just said.
NOTHING: Json = {
    "reactions": [],
    "pinned": None,
    "poll": None,
    "my_votes": [],
    "previews": [],
    "starred": False,
    "thread_summary": None,
    "listened": False,
    "listens": None,
    "forwards": 0,
    "files": [],
    "films": [],
}
# What a message loses when it is deleted.
LOST = (
    "reactions",
    "pinned",
    "poll",
    "my_votes",
    "previews",
    "listened",
    "listens",
    "files",
    "films",
)


def _reaction_changed(message: Json, data: Json, me: str) -> None:  # M2
    if message["id"] != data["message_id"]:
        return
    held = {reaction["emoji"]: reaction for reaction in message["reactions"]}
    before = held.pop(data["emoji"], None)
    if data["count"]:
        mine = data["added"] if data["account_id"] == me else bool(before and before["mine"])
        kept = {name: data[name] for name in ("emoji", "count", "accounts", "since")}
        held[data["emoji"]] = kept | {"mine": mine}
    message["reactions"] = sorted(held.values(), key=lambda one: one["since"])


def _pin_changed(message: Json, data: Json, me: str) -> None:  # M3
    del me
    if message["id"] == data["message_id"]:
        message["pinned"] = data["pinned"]


def _poll_changed(message: Json, data: Json, me: str) -> None:  # M5
    del me
    if message["id"] == data["message_id"]:
        message["poll"] = data["poll"]


def _thread_changed(message: Json, data: Json, me: str) -> None:
    del me
    if message["id"] == data["root_id"]:
        message["thread_summary"] = data["thread"]


def _forward_counted(message: Json, data: Json, me: str) -> None:
    if message["id"] == data["message_id"]:
        message["forwards"] = data["count"]


def _file_changed(message: Json, data: Json, me: str) -> None:  # M9
    del me
    file = data["file"]
    if file is None:
        return
    message["files"] = [file if one["id"] == file["id"] else one for one in message["files"]]


def _film_changed(message: Json, data: Json, me: str) -> None:  # M10
    del me
    if data["message_id"] != message["id"] or data["film"] is None:
        return
    film = data["film"]
    held = {one["file_id"]: one for one in message["films"]} | {film["file_id"]: film}
    message["films"] = [held[file_id] for file_id in sorted(held)]


def _previewed(message: Json, data: Json, me: str) -> None:
    del me
    if message["id"] == data["message_id"]:
        message["previews"] = data["previews"]


BESIDE: dict[str, Change] = {
    "file.changed": _file_changed,
    "film.changed": _film_changed,
    "message.previewed": _previewed,
    "forward.counted": _forward_counted,
    "pin.changed": _pin_changed,
    "poll.changed": _poll_changed,
    "reaction.changed": _reaction_changed,
    "thread.changed": _thread_changed,
}


def line(body: Json) -> str | None:  # R2
    """What a quote of an edited message reads."""
    if body["kind"] == "files" and not body["text"]:
        return f"📎 {len(body['files'])}"
    return body.get("text")


class Pages:
    """The newest page of each room, as far back as it was when it was read."""

    def __init__(self, me: str, pages: dict[str, list[Json]]) -> None:
        self._me = me
        self.rooms = deepcopy(pages)

    def star(self, data: Json) -> None:
        for message in self.rooms.get(data["room_id"], []):
            if message["id"] == data["message_id"]:
                message["starred"] = data["starred"]

    def listened(self, data: Json) -> None:  # M8
        for message in self.rooms.get(data["room_id"], []):
            if message["id"] == data["message_id"] and message["body"]["kind"] == "voice":
                message["listened"] = True

    def heard(self, data: Json) -> None:  # M8
        for message in self.rooms.get(data["room_id"], []):
            if message["id"] == data["message_id"] and message["body"]["kind"] == "voice":
                message["listens"] = data["listens"]

    def vote(self, data: Json) -> None:  # M5
        for message in self.rooms.get(data["room_id"], []):
            if message["id"] == data["message_id"] and message["body"]["kind"] == "poll":
                message["my_votes"] = data["choices"]

    def lose(self, room_id: str, seqs: list[int]) -> None:
        """These are not there any more, and quotes lose their text."""
        held = self.rooms.get(room_id)
        if held is None:
            return
        self.rooms[room_id] = [message for message in held if message["seq"] not in seqs]
        for message in held:
            if message["reply_to"] and message["reply_to"]["seq"] in seqs:
                message["reply_to"]["text"] = None

    def forget(self, room_id: str) -> None:
        self.rooms.pop(room_id, None)

    def apply(self, room_id: str, type_: str, data: Json) -> None:
        messages = self.rooms.get(room_id)
        if messages is None:
            return
        match type_:
            case "message.sent":
                if data["message"].get("in_room", True):
                    brought = {"files": data["files"], "films": data["films"]}
                    messages.append(deepcopy(NOTHING) | data["message"] | brought)
            case "message.edited":
                _replace(messages, data["message"], line(data["message"]["body"]), {})
            case "message.deleted":
                lost = {name: deepcopy(NOTHING[name]) for name in LOST}
                _replace(messages, data["message"], None, lost)
            case _:
                if change := BESIDE.get(type_):
                    for message in messages:
                        change(message, data, self._me)


def _replace(messages: list[Json], new: Json, text: str | None, beside: Json) -> None:
    for message in messages:
        quote = message["reply_to"]
        if message["id"] == new["id"]:
            message.update(deepcopy(new) | beside)
        elif quote and quote["id"] == new["id"]:
            quote["text"] = None if text is None else text[:QUOTE_LENGTH]
