"""Shapes of a Slack export, as far as we read them, and where things stand in the archive.

Everything is optional: exports of ten years differ. What has the wrong type is an error of the
archive, told with its place.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

ConversationKind = Literal["channel", "private", "group", "direct"]

# Which file lists which conversations.
INDEXES: Mapping[str, ConversationKind] = {
    "channels.json": "channel",
    "groups.json": "private",
    "mpims.json": "group",
    "dms.json": "direct",
}
PEOPLE = ("users.json", "org_users.json")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_TS = re.compile(r"\d{1,11}\.\d{1,9}")


class Profile(msgspec.Struct, frozen=True):
    email: str | None = None
    display_name: str | None = None
    real_name: str | None = None
    name: str | None = None


class User(msgspec.Struct, frozen=True):
    id: str
    name: str | None = None
    real_name: str | None = None
    deleted: bool = False
    is_bot: bool = False
    team_id: str | None = None
    profile: Profile = Profile()

    @property
    def shown(self) -> str:
        """The name others read."""
        profile = self.profile
        found = (profile.display_name, profile.real_name, self.real_name, self.name)
        return next((name for name in found if name), self.id)


class Said(msgspec.Struct, frozen=True):
    value: str = ""


class Pin(msgspec.Struct, frozen=True):
    id: str | None = None
    type: str | None = None
    user: str | None = None


class Channel(msgspec.Struct, frozen=True):
    id: str
    name: str | None = None
    created: int | float | None = None
    creator: str | None = None
    is_archived: bool = False
    members: list[str] = []
    topic: Said = Said()
    purpose: Said = Said()
    pins: list[Pin] | None = None


class Edited(msgspec.Struct, frozen=True):
    user: str | None = None
    ts: str | None = None


class Reaction(msgspec.Struct, frozen=True):
    name: str
    users: list[str] = []


class File(msgspec.Struct, frozen=True):
    id: str | None = None
    name: str | None = None
    title: str | None = None
    mode: str | None = None
    permalink: str | None = None
    url_private: str | None = None

    @property
    def gone(self) -> bool:
        return self.mode in ("tombstone", "hidden_by_limit") or not self.link

    @property
    def link(self) -> str | None:
        return self.permalink or self.url_private


class Message(msgspec.Struct, frozen=True):
    ts: str
    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    user_profile: Profile | None = None
    text: str | None = None
    thread_ts: str | None = None
    edited: Edited | None = None
    reactions: list[Reaction] = []
    files: list[File | None] | None = None
    attachments: list[Any] | None = None
    blocks: list[Any] | None = None
    topic: str | None = None
    name: str | None = None
    hidden: bool = False


class Conversation(NamedTuple):
    """A channel with what kind it is and the files of its days, in order."""

    channel: Channel
    kind: ConversationKind
    files: list[str]


def is_ts(ts: str | None) -> bool:
    return ts is not None and _TS.fullmatch(ts) is not None


def milliseconds(ts: str) -> int:
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000 + int((rest + "000")[:3])


def moment(ts: str) -> datetime:
    """Exact: a `ts` has microseconds, which a float would round."""
    seconds, _, rest = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int((rest + "000000")[:6]))


def sort_key(ts: str) -> tuple[int, str]:
    seconds, _, rest = ts.partition(".")
    return (int(seconds), rest.ljust(9, "0"))


def find_root(names: Iterable[str]) -> str | None:
    """The folder that holds `users.json`, "" for the archive itself; None where there is none.
    Packed again by hand, an export often lies one folder deep."""
    roots = [
        name.rpartition("/")[0]
        for name in names
        if name.rpartition("/")[2] in PEOPLE
        and name.count("/") <= 1
        and not name.startswith("__MACOSX")
    ]
    return min(roots, key=len, default=None)


def days(names: Iterable[str], root: str) -> dict[str, list[str]]:
    """The files of messages by their folder (a channel's name or id), oldest day first."""
    found: dict[str, list[str]] = {}
    for name in names:
        inside = name.removeprefix(f"{root}/") if root else name
        folder, _, file = inside.rpartition("/")
        if folder and "/" not in folder and _DAY.fullmatch(file):
            found.setdefault(folder, []).append(name)
    return {folder: sorted(files) for folder, files in found.items()}


def is_bundled_file(name: str, root: str) -> bool:
    """A file that was sent, in the archive itself: `__uploads/<id>/<name>` in one dialect,
    `<channel>/attachments/<id>-<name>` in the other."""
    inside = name.removeprefix(f"{root}/") if root else name
    parts = inside.split("/")
    return parts[0] == "__uploads" or (len(parts) >= 3 and parts[1] == "attachments")
