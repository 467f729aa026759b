"""Reading a Slack archive: who there was, which conversations, and what was said, in order."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

import msgspec

from tertulia.core.archives import Archive, BadArchive
from tertulia.features.importing.state import slack, words
from tertulia.features.importing.state.mrkdwn import Names
from tertulia.features.importing.state.report import Report

PEOPLE = 500_000  # in one workspace
CONVERSATIONS = 500_000
OUT_OF_ORDER = 2_000  # records that one may be too late by, and still be put in its place

T = TypeVar("T")


class Workspace(NamedTuple):
    """An archive's table of contents. `source` names the workspace in every run."""

    source: str
    users: dict[str, slack.User]
    conversations: list[slack.Conversation]
    size: int  # bytes of all days
    strays: int  # files of days of no known conversation
    bundled: int  # sent files that lie in the archive


def open_workspace(archive: Archive, source: str | None = None) -> Workspace:
    """Raises BadArchive where this is no Slack export."""
    root = slack.find_root(archive.entries)
    if root is None:
        raise BadArchive("", "is no Slack export: there is no users.json in it")
    users = _users(archive, root)
    days = slack.days(archive.entries, root)
    conversations = [
        slack.Conversation(channel, kind, days.pop(_folder(channel, days), []))
        for kind, channel in _channels(archive, root)
    ]
    files = [name for conversation in conversations for name in conversation.files]
    return Workspace(
        source=source or f"slack:{_team(users)}",
        users=users,
        conversations=conversations,
        size=sum(archive.entries[name].size for name in files),
        strays=sum(map(len, days.values())),
        bundled=sum(slack.is_bundled_file(name, root) for name in archive.entries),
    )


def _users(archive: Archive, root: str) -> dict[str, slack.User]:
    users: dict[str, slack.User] = {}
    for name in slack.PEOPLE:
        for user in _records(archive, _inside(root, name), slack.User):
            users.setdefault(user.id, user)
            if len(users) > PEOPLE:
                raise BadArchive(name, f"lists more than {PEOPLE:,} people")
    return users


def _channels(
    archive: Archive, root: str
) -> Iterator[tuple[slack.ConversationKind, slack.Channel]]:
    seen: set[str] = set()
    for name, kind in slack.INDEXES.items():
        for channel in _records(archive, _inside(root, name), slack.Channel):
            if channel.id not in seen:
                seen.add(channel.id)
                yield kind, channel
            if len(seen) > CONVERSATIONS:
                raise BadArchive(name, f"lists more than {CONVERSATIONS:,} conversations")


def _inside(root: str, name: str) -> str:
    return f"{root}/{name}" if root else name


def _folder(channel: slack.Channel, days: dict[str, list[str]]) -> str:
    return channel.id if channel.id in days or not channel.name else channel.name


def _team(users: dict[str, slack.User]) -> str:
    """The workspace most people are of: guests of other workspaces are listed, too."""
    teams = Counter(user.team_id for user in users.values() if user.team_id)
    return max(sorted(teams), key=teams.__getitem__) if teams else "unknown"


def _records(archive: Archive, name: str, shape: type[T]) -> Iterator[T]:
    """None where there is no such file: exports of public channels have only some."""
    if name not in archive.entries:
        return
    for number, value in enumerate(archive.elements(name)):
        yield _convert(name, number, value, shape)


def _convert(name: str, number: int, value: Any, shape: type[T]) -> T:
    try:
        return msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError as error:
        raise BadArchive(name, f"element {number}: {error}") from None


def said(archive: Archive, name: str, names: Names, report: Report) -> Iterator[words.Piece]:
    """What was said on one day, by time."""
    for message in _in_order(_records(archive, name, slack.Message)):
        yield from words.pieces(message, names, report)


def _in_order(messages: Iterable[slack.Message]) -> Iterator[slack.Message]:
    """Sorted as far as a bounded window reaches: Slack sorts them itself, hands do not always."""
    window: list[tuple[tuple[int, str], int, slack.Message]] = []
    for number, message in enumerate(messages):
        key = slack.sort_key(message.ts) if slack.is_ts(message.ts) else (0, "")
        heapq.heappush(window, (key, number, message))
        if len(window) > OUT_OF_ORDER:
            yield heapq.heappop(window)[2]
    while window:
        yield heapq.heappop(window)[2]
