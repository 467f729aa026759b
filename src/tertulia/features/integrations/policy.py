"""Limits and schedules of integrations, signatures, and Slack's words in ours: pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from tertulia.core.buckets import Bucket
from tertulia.features.integrations.schemas import OffReason

BOTS = 100  # of a server
TOKENS = 10  # of a bot
HOOKS = 20  # of a room, each way
PAGE = 50  # deliveries
MAX_BODY = 65_536  # bytes of what comes in
SAYING = Bucket("hooks.incoming", 60, 60)  # of one webhook

MINUTE, HOUR = 60.0, 3_600.0
# Standard Webhooks' own example of a schedule, three days long.
PAUSES = (5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR,
          24 * HOUR)  # fmt: skip
PATIENCE = timedelta(days=5)  # of nothing but failures, then it is turned off
OLD_SECRET = timedelta(days=1)
KEPT = timedelta(days=30)
LATE = timedelta(hours=1)  # messages told of so long after they were said come from elsewhere


def off_because(
    status: int | None, failing_since: datetime | None, now: datetime
) -> OffReason | None:
    """Why a webhook is to be turned off after an attempt that failed; None: not yet."""
    if status == 410:
        return "gone"
    return "failing" if failing_since is not None and now - failing_since > PATIENCE else None


def host_of(url: str) -> str:
    """What may be said of an address to more people than those who see the webhook."""
    return urlsplit(url).hostname or ""


def hashed(secret: str) -> bytes:
    """Secrets here have 256 random bits: no slow hash makes guessing them harder."""
    return hashlib.sha256(secret.encode()).digest()


# Standard Webhooks (https://www.standardwebhooks.com): what goes out is signed


def secret_of(key: bytes, hook: bytes, generation: int) -> bytes:
    """Derived from the server's key, so that no copy of the database holds it."""
    return hmac.digest(key, hook + generation.to_bytes(4), "sha256")


def shown(secret: bytes) -> str:
    return "whsec_" + base64.b64encode(secret).decode()


def signature(secrets: Sequence[bytes], id_: str, timestamp: int, body: bytes) -> str:
    """One for each secret, by spaces: a receiver that still has the old one believes it too."""
    signed = f"{id_}.{timestamp}.".encode() + body
    macs = (base64.b64encode(hmac.digest(secret, signed, "sha256")) for secret in secrets)
    return " ".join(f"v1,{mac.decode()}" for mac in macs)


def generations(generation: int, rotated_at: datetime | None, now: datetime) -> list[int]:
    """Which secrets count now, the newest first."""
    both = generation > 1 and rotated_at is not None and now - rotated_at < OLD_SECRET
    return [generation, generation - 1] if both else [generation]


# Slack's JSON (https://api.slack.com/reference/messaging/payload), as Markdown

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)
_TOKEN = re.compile(r"<([^<>\n]{1,2000})>")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_STRIKE = re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")


def markdown(mrkdwn: str) -> str:
    """Slack's markup as ours. Calls of people and rooms stay words: Slack's ids are nobody here."""
    out, at = list[str](), 0
    for code in _CODE.finditer(mrkdwn):
        out += [_styled(mrkdwn[at : code.start()]), _plain(code[0])]
        at = code.end()
    return "".join([*out, _styled(mrkdwn[at:])])


def _styled(text: str) -> str:
    text = _STRIKE.sub(r"~~\1~~", _BOLD.sub(r"**\1**", text))
    return _plain(_TOKEN.sub(_token, text))


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(match: re.Match[str]) -> str:
    target, _, label = match[1].partition("|")
    if target.startswith(("http://", "https://", "mailto:")):
        return f"[{label.translate(_NO_BRACKETS)}]({target})" if label else target
    if target[:1] == "!":
        return f"@{label or target[1:].partition('^')[0]}"
    if target[:1] in "@#":
        return target[0] + (label or target[1:])
    return match[0]


_NO_BRACKETS = str.maketrans("[]", "()")


def said(payload: Mapping[str, Any]) -> str:
    """All that a payload says, in order; empty where it says nothing."""
    blocks = [_block(each) for each in _dicts(payload.get("blocks"))]
    text = markdown(_text(payload.get("text")))
    # With blocks the text is what notifications show of them.
    parts = blocks if any(blocks) else [text]
    parts += [_attachment(each) for each in _dicts(payload.get("attachments"))]
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _dicts(value: object) -> list[dict[str, Any]]:
    """The first hundred objects of what should be a list of them."""
    several = cast("list[object]", value)[:100] if isinstance(value, list) else []
    return [cast("dict[str, Any]", each) for each in several if isinstance(each, dict)]


def _text(value: object) -> str:
    """A text, or an object with one."""
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        text = inner.get("text")
        return text if isinstance(text, str) else ""
    return value if isinstance(value, str) else ""


def _block(block: Mapping[str, Any]) -> str:
    match block.get("type"):
        case "header":
            return f"### {_one_line(_text(block.get('text')))}"
        case "divider":
            return "---"
        case "section":
            fields = [_composition(each) for each in _dicts(block.get("fields"))]
            return "\n".join([_composition(block.get("text")), *fields])
        case "context":
            return " ".join(_composition(each) for each in _dicts(block.get("elements")))
        case "image":
            return _link(_text(block.get("alt_text")) or "image", block.get("image_url"))
        case "actions":
            buttons = _dicts(block.get("elements"))
            return " · ".join(_link(_text(each.get("text")), each.get("url")) for each in buttons)
        case "rich_text":
            return "".join(_rich(each, 0) for each in _dicts(block.get("elements")))
        case _:
            return ""


def _composition(value: object) -> str:
    text = _text(value)
    kind = cast("dict[str, Any]", value).get("type") if isinstance(value, dict) else None
    return text if kind == "plain_text" else markdown(text)


def _rich(element: Mapping[str, Any], depth: int) -> str:
    if depth > 4:
        return ""
    inner = [_rich(each, depth + 1) for each in _dicts(element.get("elements"))]
    match element.get("type"):
        case "text":
            return _marked(_text(element), element.get("style"))
        case "link":
            return _link(_text(element), element.get("url"))
        case "emoji":
            return f":{element.get('name')}:"
        case "rich_text_list":
            return "".join(f"- {item}\n" for item in inner)
        case "rich_text_quote":
            return "> " + "".join(inner) + "\n"
        case "rich_text_preformatted":
            return "```\n" + "".join(inner) + "\n```\n"
        case "rich_text_section":
            return "".join(inner) + ("\n" if depth == 0 else "")
        case _:
            return _text(element)


def _marked(text: str, style: object) -> str:
    styles = cast("dict[str, Any]", style) if isinstance(style, dict) else {}
    for name, mark in (("code", "`"), ("bold", "**"), ("italic", "*"), ("strike", "~~")):
        if styles.get(name) and text.strip():
            text = f"{mark}{text}{mark}"
    return text


def _attachment(attachment: Mapping[str, Any]) -> str:
    title = _text(attachment.get("title"))
    lines = [
        markdown(_text(attachment.get("pretext"))),
        f"**{_link(title, attachment.get('title_link'))}**" if title else "",
        markdown(_text(attachment.get("text"))),
        *(
            f"**{_one_line(_text(each.get('title')))}**: {markdown(_text(each.get('value')))}"
            for each in _dicts(attachment.get("fields"))
        ),
        *(_block(each) for each in _dicts(attachment.get("blocks"))),
        _link("image", attachment.get("image_url")) if attachment.get("image_url") else "",
        _text(attachment.get("footer")),
    ]
    told = "\n".join(line for line in lines if line.strip())
    return told or markdown(_text(attachment.get("fallback")))


def _link(label: str, url: object) -> str:
    label = _one_line(label).translate(_NO_BRACKETS)
    good = isinstance(url, str) and url.startswith(("http://", "https://"))
    return f"[{label}]({url})" if good else label


def _one_line(text: str) -> str:
    return " ".join(text.split())
