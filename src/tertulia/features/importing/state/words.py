"""What one record of Slack says in our words: messages, notes, or nothing worth keeping. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

from tertulia.features.importing.state import slack
from tertulia.features.importing.state.mrkdwn import Names, emoji_named, to_markdown
from tertulia.features.importing.state.report import Report

MAX_TEXT = 8_000  # characters (messages.schemas)
MAX_DEPTH = 8  # of blocks within blocks

NoteEvent = Literal["member.joined", "member.left", "room.topic_changed", "room.renamed",
                    "room.archived", "room.unarchived"]  # fmt: skip

_HAPPENED: dict[str, NoteEvent] = {
    "join": "member.joined",
    "leave": "member.left",
    "topic": "room.topic_changed",
    "name": "room.renamed",
    "archive": "room.archived",
    "unarchive": "room.unarchived",
}
_NOTES: Mapping[str, NoteEvent] = {
    f"{where}_{what}": event for where in ("channel", "group") for what, event in _HAPPENED.items()
}
# Subtypes that are messages like others. What is neither here nor a note is left out, unless it
# has words of its own.
_SPOKEN = {None, "bot_message", "file_share", "file_comment", "me_message", "thread_broadcast",
           "slackbot_response", "reply_broadcast", "document_mention"}  # fmt: skip
_SILENT = {"pinned_item", "unpinned_item", "channel_purpose", "group_purpose", "bot_add",
           "bot_remove", "bot_enable", "bot_disable", "channel_posting_permissions",
           "channel_convert_to_private", "reminder_add", "reminder_delete", "huddle_thread",
           "sh_room_created", "sh_room_shared", "message_changed", "message_deleted",
           "message_replied", "tombstone", "ekm_access_denied", "app_conversation_join",
           "assistant_app_thread", "tabbed_canvas_updated"}  # fmt: skip


class Note(NamedTuple):
    """A quiet note about the room; `text` is the new name or topic."""

    event: NoteEvent
    text: str


class Piece(NamedTuple):
    """One message of ours. `author` is a key of Slack's; `part` is above 0 for the rest of a text
    that was too long. `reactions` are emoji with those who reacted. `root_ts` is the thread it
    answers in."""

    ts: str
    part: int
    author: str
    body: str | Note
    mentions: Sequence[UUID] = ()
    mentions_room: bool = False
    edited_ts: str | None = None
    root_ts: str | None = None
    is_root: bool = False
    in_room: bool = True
    reactions: Sequence[tuple[str, Sequence[str]]] = ()
    name: str = ""  # of the author, as the record says it: for those no list knows


def author_of(message: slack.Message) -> str | None:
    """The key of who speaks: a person's id, a bot's, or the name that a bot spoke under."""
    bot = message.bot_id or (f"bot:{message.username}" if message.username else None)
    return message.user or bot


def _name(message: slack.Message) -> str:
    profile = message.user_profile or slack.Profile()
    found = (profile.display_name, profile.real_name, profile.name, message.username)
    return next((name for name in found if name), "")


def pieces(message: slack.Message, names: Names, report: Report) -> Iterator[Piece]:
    """What becomes of one record; counts what it leaves out and why."""
    author = author_of(message)
    if message.type != "message" or not slack.is_ts(message.ts):
        report.left_out["records that are no messages"] += 1
    elif author is None:
        report.left_out[f"without an author ({message.subtype or 'message'})"] += 1
    elif (event := _NOTES.get(message.subtype or "")) is not None:
        note = Note(event, _note_text(message, event, names))
        yield Piece(message.ts, 0, author, note, name=_name(message))
    elif message.subtype in _SILENT or message.hidden:
        report.left_out[f"service records ({message.subtype or 'hidden'})"] += 1
    else:
        yield from _spoken(message, author, names, report)


def tally(piece: Piece, report: Report) -> None:
    """Count a piece that comes in."""
    if isinstance(piece.body, Note):
        report.notes += 1
    elif piece.part == 0:
        report.messages += 1
        report.edits += piece.edited_ts is not None
        report.threads += piece.is_root
        report.replies += piece.root_ts is not None
        report.reactions += sum(len(users) for _, users in piece.reactions)


def _note_text(message: slack.Message, event: NoteEvent, names: Names) -> str:
    if event == "room.renamed":
        return (message.name or "")[:80]
    if event == "room.topic_changed":
        return to_markdown(message.topic or "", names).text[:250]
    return ""


def _spoken(message: slack.Message, author: str, names: Names, report: Report) -> Iterator[Piece]:
    words = to_markdown(message.text or "", names)
    said = words.text.strip("\n")
    if message.subtype == "me_message" and said:
        said = f"_{said}_"
    parts = [said, *_attached(message.attachments or (), names)]
    if not any(parts):
        parts = [to_markdown(" ".join(_texts(message.blocks or ())), names).text.strip()]
    parts.extend(_files(message, report))
    text = "\n".join(part for part in parts if part.strip()).strip("\n")
    if not text.strip():
        report.left_out["messages without words"] += 1
        return
    if message.subtype not in _SPOKEN:
        report.changed[f"kept as plain messages ({message.subtype})"] += 1
    chunks = list(cut(text))
    if len(chunks) > 1:
        report.changed["long messages cut into several"] += 1
    root = message.thread_ts if slack.is_ts(message.thread_ts) else None
    for part, chunk in enumerate(chunks):
        yield Piece(
            ts=message.ts,
            part=part,
            author=author,
            body=chunk,
            mentions=words.mentions if part == 0 else (),
            mentions_room=words.mentions_room and part == 0,
            edited_ts=message.edited.ts if message.edited else None,
            root_ts=root if root != message.ts else None,
            is_root=root == message.ts and part == 0,
            in_room=root in (None, message.ts) or message.subtype in ("thread_broadcast",
                                                                      "reply_broadcast"),
            reactions=_reactions(message, names, report) if part == 0 else (),
            name=_name(message),
        )  # fmt: skip


def _reactions(
    message: slack.Message, names: Names, report: Report
) -> list[tuple[str, Sequence[str]]]:
    found: dict[str, list[str]] = {}
    for reaction in message.reactions:
        name, _, tone = reaction.name.partition("::")
        tone = tone if re.fullmatch("skin-tone-[2-6]", tone) else ""
        emoji = emoji_named(name, tone or None, names.emoji)
        if emoji is None:
            report.left_out["reactions with custom emoji"] += len(reaction.users)
            report.missing_emoji[name] += len(reaction.users)
            continue
        users = found.setdefault(emoji, [])
        users.extend(user for user in reaction.users if user not in users)
    return list(found.items())


def _files(message: slack.Message, report: Report) -> Iterator[str]:
    for file in message.files or ():
        if file is None or file.gone:
            report.left_out["files that Slack no longer has"] += 1
            continue
        report.files += 1
        name = re.sub(r"([\\\[\]])", r"\\\1", file.title or file.name or "file")
        yield f"📎 [{' '.join(name.split())}](<{(file.link or '').replace('>', '%3E')}>)"


def _attached(attachments: Sequence[Any], names: Names) -> Iterator[str]:
    """Attachments of bots and unfurled links, quoted: title, text and fields, else the fallback."""
    for one in _records(attachments):
        title, link = _string(one, "title"), _string(one, "title_link")
        shown = f"<{link}|{title}>" if link and title else title
        lines = [_string(one, "pretext"), f"*{shown}*" if shown else "", _string(one, "text")]
        lines += [
            f"*{_string(field, 'title')}*: {_string(field, 'value')}"
            for field in _records(one.get("fields"))
        ]
        words = "\n".join(filter(None, lines))
        words = words or _string(one, "fallback") or _string(one, "from_url")
        if words:
            quoted = to_markdown(words, names).text.strip("\n")
            yield "\n".join(f"> {line}" for line in quoted.split("\n")) + "\n"


def _texts(blocks: object, depth: int = 0) -> Iterator[str]:
    """The words in blocks, wherever they stand."""
    for block in _records(blocks) if depth < MAX_DEPTH else ():
        text = block.get("text")
        if isinstance(text, str):
            yield text
        else:
            yield from _texts([text], depth + 1)
        yield from _texts(block.get("elements"), depth + 1)
        yield from _texts(block.get("fields"), depth + 1)


def _records(value: object) -> list[dict[str, Any]]:
    """Those of a list that are objects: what bots send has any shape."""
    found = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", one) for one in found if isinstance(one, dict)]


def _string(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return str(value) if isinstance(value, str | int | float) else ""


def cut(text: str, limit: int = MAX_TEXT) -> Iterator[str]:
    """Pieces of at most `limit` characters, at the end of a line or a word where there is one."""
    while len(text) > limit:
        end = max(text.rfind("\n", limit // 2, limit), text.rfind(" ", limit // 2, limit))
        end = end + 1 if end >= 0 else limit
        yield text[:end].rstrip() or text[:end]
        text = text[end:].lstrip("\n")
    if text.strip():
        yield text
