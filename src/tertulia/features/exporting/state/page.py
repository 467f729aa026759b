"""A room as one page of HTML that needs nothing else: no scripts, no pictures, no other files.

Everything people wrote is escaped; Markdown is rendered with raw HTML off and without images, and
the page's own policy forbids whatever might still slip through.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from urllib.parse import quote
from uuid import UUID

from markdown_it import MarkdownIt

from tertulia.features.accounts.schemas import Account
from tertulia.features.exporting.schemas import ExportedMessage
from tertulia.features.messages.schemas import (
    Body,
    DeletedBody,
    ExpiredBody,
    FilesBody,
    PollBody,
    SystemBody,
    TextBody,
    VoiceBody,
)
from tertulia.features.polls.schemas import PollState

People = Mapping[UUID, Account]
Markdown = Callable[[str], str]

_STYLE = """
:root{color-scheme:light dark;--ink:#2b2420;--paper:#faf6f0;--muted:#6f635a;--line:#e3d9cc;
--sunken:#f1e9de;--accent:#a4431f}
@media(prefers-color-scheme:dark){:root{--ink:#efe7dd;--paper:#1d1916;--muted:#a99c90;
--line:#3a322b;--sunken:#28221d;--accent:#e9956f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;padding:2rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header{border-bottom:1px solid var(--line);margin-bottom:1rem}
h1{font:600 1.6rem/1.2 Georgia,serif;margin:0 0 .25rem}
h2{font-size:.85rem;font-weight:600;color:var(--muted);margin:2rem 0 .5rem;
border-bottom:1px solid var(--line)}
article{padding:.4rem 0}
article.reply{margin-inline-start:1.5rem;padding-inline-start:.75rem;
border-inline-start:2px solid var(--line)}
.by{font-weight:600}
time,.small,details{color:var(--muted);font-size:.85rem}
.words>*{margin:.15rem 0}
pre{background:var(--sunken);padding:.75rem;overflow-x:auto;border-radius:.5rem}
code{background:var(--sunken);padding:.05rem .25rem;border-radius:.25rem}
pre code{padding:0}
blockquote{margin:.25rem 0;padding-inline-start:.75rem;border-inline-start:3px solid var(--line);
color:var(--muted)}
a{color:var(--accent)}
table{border-collapse:collapse}td,th{border:1px solid var(--line);padding:.2rem .5rem}
""".strip().replace("\n", "")

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_NOTES: Mapping[str, str] = {
    "room.created": "made the room {text}",
    "room.renamed": "renamed the room to {text}",
    "room.archived": "archived the room",
    "room.unarchived": "brought the room back",
    "room.topic_changed": "changed the topic to {text}",
    "room.ttl_changed": "changed how long messages live: {text} seconds",
    "member.joined": "{who} came in",
    "member.left": "{who} left",
    "member.removed": "removed {who}",
    "member.banned": "banned {who}",
    "message.pinned": "pinned a message of {who}",
    "webhook.disabled": "made a webhook that was turned off, for nobody took what it sent",
}


def make_markdown() -> Callable[[str], str]:
    """Renders what people wrote. Links keep only schemes that do no harm."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable(["table", "strikethrough"]).disable("image")
    return parser.render


def head(title: str, topic: str, about: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f'<header><h1 dir="auto">{escape(title)}</h1><p dir="auto">{escape(topic)}</p>'
        f'<p class="small">{escape(about)}</p></header><main>\n'
    )


def foot() -> str:
    return "</main></body></html>\n"


def day(at: datetime) -> str:
    return f"<h2>{at:%A, %d %B %Y}</h2>\n"


def message(one: ExportedMessage, people: People, markdown: Markdown, up: str = "") -> str:
    """One message with what stands beside it. Times are UTC, as the page says at its top. `up` is
    the way from the page to the archive's root (`../`)."""
    reply = ' class="reply"' if one.thread else ""
    edited = " · edited" if one.edited_at else ""
    pinned = " · pinned" if one.pinned else ""
    return (
        f'<article id="m{one.seq}"{reply}><span class="by" dir="auto">'
        f"{_name(one.author_id, people)}</span> "
        f'<time datetime="{one.sent_at.isoformat()}">{one.sent_at:%H:%M}</time>'
        f'<span class="small">{edited}{pinned}</span>'
        f"{_quote(one, people)}{_body(one, people, markdown, up)}{_reactions(one, people)}"
        f"{_revisions(one)}</article>\n"
    )


def _name(account_id: UUID, people: People) -> str:
    account = people.get(account_id)
    return escape(account.display_name if account else "somebody")


def _quote(one: ExportedMessage, people: People) -> str:
    quote = one.reply_to
    if quote is None:
        return ""
    said = escape(quote.text) if quote.text is not None else "<em>deleted</em>"
    return (
        f'<blockquote dir="auto"><a href="#m{quote.seq}">{_name(quote.author_id, people)}</a>:'
        f" {said}</blockquote>"
    )


def _body(one: ExportedMessage, people: People, markdown: Markdown, up: str) -> str:
    body: Body = one.body
    match body:
        case TextBody(text=text):
            return f'<div class="words" dir="auto">{markdown(text)}</div>'
        case SystemBody():
            return f'<div class="small">{_note(body, people)}</div>'
        case DeletedBody():
            return '<div class="small"><em>This message was deleted.</em></div>'
        case ExpiredBody():
            return '<div class="small"><em>This message expired.</em></div>'
        case FilesBody(text=text):
            said = markdown(text) if text else ""
            return f'<div class="words" dir="auto">{said}{_files(one, up)}</div>'
        case VoiceBody(duration_ms=duration, text=text):
            return (
                f'<div class="words" dir="auto">Voice message, {duration // 1_000} s'
                f"{': ' if text else ''}{escape(text)}{_files(one, up)}</div>"
            )
        case PollBody():
            return _poll(body, one.poll, people)


def _files(one: ExportedMessage, up: str) -> str:
    """Their names; links to those that came along."""
    alts = {file.id: file.alt for file in getattr(one.body, "files", ())}
    items: list[str] = []
    for file in one.files:
        name, alt = escape(file.name), escape(alts.get(file.id, ""))
        place = one.kept.get(file.id)
        if place:
            name = f'<a href="{escape(up + quote(place))}">{name}</a>'
        size = f'<span class="small">{_size(file.size)}{" · " if alt else ""}{alt}</span>'
        items.append(f"<li>{name} {size}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _size(size: int) -> str:
    """As people read it, in steps of a thousand."""
    value, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.3g} {units[0]}"


def _note(body: SystemBody, people: People) -> str:
    who = _name(body.account_id, people) if body.account_id else ""
    words = _NOTES.get(body.event, escape(body.event))
    return words.format(text=escape(body.text), who=who)


def _poll(body: PollBody, state: PollState | None, people: People) -> str:
    counts = state.counts if state else [0] * len(body.options)
    chose: list[list[UUID]] = state.people if state else [[] for _ in body.options]
    rows = "".join(
        f"<tr><td>{escape(option)}</td><td>{counts[at]}</td>"
        f"<td>{', '.join(_name(one, people) for one in chose[at])}</td></tr>"
        for at, option in enumerate(body.options)
    )
    return f'<div class="words" dir="auto"><p>{escape(body.text)}</p><table>{rows}</table></div>'


def _reactions(one: ExportedMessage, people: People) -> str:
    if not one.reactions:
        return ""
    named: dict[str, list[str]] = {}
    for reactor in one.reactors:
        named.setdefault(reactor.emoji, []).append(escape(reactor.account.display_name))
    shown = (
        f"{escape(reaction.emoji)} {', '.join(named.get(reaction.emoji, ()))}"
        for reaction in one.reactions
    )
    del people
    return f'<div class="small" dir="auto">{" · ".join(shown)}</div>'


def _revisions(one: ExportedMessage) -> str:
    if not one.revisions:
        return ""
    before = "".join(
        f'<li dir="auto">{escape(revision.text)} <time>until {revision.replaced_at:%Y-%m-%d %H:%M}'
        "</time></li>"
        for revision in one.revisions
    )
    return f"<details><summary>Said before</summary><ol>{before}</ol></details>"
