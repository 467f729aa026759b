"""Slack's mrkdwn into our Markdown, so that a message looks as it looked there.

Slack escapes only `& < >`, and writes everything that is no text as `<…>`: `<@U1>` people,
`<#C1|name>` channels, `<!here>` calls, `<url|label>` links. (Source: Slack's "Formatting text for
app surfaces".) Whatever Markdown would take for more than Slack did is escaped.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID


class Names(NamedTuple):
    """What stands behind Slack's ids: accounts with their usernames, channels, emoji by name."""

    accounts: dict[str, tuple[UUID, str]]
    channels: Mapping[str, str]
    emoji: Mapping[str, str]


class Converted(NamedTuple):
    """Markdown, whom it names, and whether it calls the whole room."""

    text: str
    mentions: list[UUID]
    mentions_room: bool


_FENCE = re.compile(r"```(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_TOKEN = re.compile(r"<([^<>]*)>")
_KEPT = re.compile("\0(\\d+)\0")  # where something stands that is Markdown already
_WHOLE_ROOM = {"channel", "everyone", "group"}
_LINK = re.compile(r"(?:https?|mailto|tel|ftp)://?\S+|(?:mailto|tel):\S+", re.IGNORECASE)
_SHORTCODE = re.compile(r":([a-z0-9_+'-]+):(?::(skin-tone-[2-6]):)?", re.IGNORECASE)
_MARKS = (("*", "**"), ("_", "_"), ("~", "~~"))
_TONES = {f"skin-tone-{number}": chr(0x1F3F9 + number) for number in range(2, 7)}


def to_markdown(text: str, names: Names) -> Converted:
    """A message's text. What names nobody known is kept as words."""
    page = _Page(names)
    text = text.replace("\0", "").replace("\r\n", "\n")
    text = _FENCE.sub(lambda match: page.keep(_fence(page, match[1])), text)
    text = _CODE.sub(lambda match: page.keep(f"`{_literal(page, match[1])}`"), text)
    text = _TOKEN.sub(lambda match: _token(page, match, text), text)
    text = _unescape(text)
    text = _quote_the_rest(text)
    text = _SHORTCODE.sub(page.emoji, text)
    text = "\n".join(_line(line) for line in text.split("\n"))
    return Converted(page.restore(text), list(dict.fromkeys(page.mentions)), page.mentions_room)


class _Page:
    """One message on its way: pieces that are done stand aside while the rest is worked on."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.mentions: list[UUID] = []
        self.mentions_room = False
        self._kept: list[str] = []

    def keep(self, markdown: str) -> str:
        self._kept.append(markdown)
        return f"\0{len(self._kept) - 1}\0"

    def restore(self, text: str) -> str:
        # Pieces may hold earlier ones: a link whose label has code in it.
        while _KEPT.search(text):
            text = _KEPT.sub(lambda match: self._kept[int(match[1])], text)
        return text

    def emoji(self, match: re.Match[str]) -> str:
        found = emoji_named(match[1], match[2], self.names.emoji)
        return self.keep(found if found is not None else match[0])


def emoji_named(name: str, tone: str | None, emoji: Mapping[str, str]) -> str | None:
    """An emoji by Slack's name of it, with a skin tone where it has one; None for an unknown one
    (a custom one: exports hold no pictures, so it is known where this server has one of its name).
    """
    found = emoji.get(name.lower())
    if found is None or found.startswith(":"):
        return found
    # The tone goes behind the first person of a group, and takes the place of the selector.
    return found if tone is None else found[0] + _TONES[tone] + found[1:].removeprefix("\ufe0f")


def _fence(page: _Page, code: str) -> str:
    return f"\n```\n{_literal(page, code).strip(chr(10))}\n```\n"


def _literal(page: _Page, code: str) -> str:
    """Code: Slack marks links and names there too, and shows them as text."""

    def shown(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target[:1] == "@" and target[1:] in page.names.accounts:
            return "@" + page.names.accounts[target[1:]][1]
        if target[:1] == "#":
            return "#" + (label or page.names.channels.get(target[1:], target[1:]))
        return label or target.removeprefix("!")

    return _unescape(_TOKEN.sub(shown, code))


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(page: _Page, match: re.Match[str], text: str) -> str:
    target, _, label = match[1].partition("|")
    kind, name = target[:1], target[1:]
    if kind == "@":
        return _person(page, name, label)
    if kind == "#":
        return page.keep("#" + _plain(_unescape(label or page.names.channels.get(name, name))))
    if kind == "!":
        return _call(page, name, label)
    if not _LINK.fullmatch(_unescape(target)):
        return _as_words(match[0])
    return page.keep(_link(target, label, text[match.end() : match.end() + 1]))


def _person(page: _Page, name: str, label: str) -> str:
    known = page.names.accounts.get(name)
    if known is None:
        return page.keep("@" + _plain(_unescape(label or name)))
    page.mentions.append(known[0])
    return page.keep("@" + known[1])


def _call(page: _Page, name: str, label: str) -> str:
    if name in _WHOLE_ROOM:
        page.mentions_room = True
        return page.keep("@room")
    if name == "here":
        return page.keep("@here")
    # Groups and dates: what Slack shows where it cannot show more.
    return page.keep(_plain(_unescape(label or name.partition("^")[0])))


def _link(target: str, label: str, following: str) -> str:
    url = _unescape(target)
    label = _unescape(label)
    address = url.removeprefix("mailto:").removeprefix("tel:")
    if label in ("", url, address):
        alone = following in ("", " ", "\n") and not set("()<>*_~`") & set(url)
        return address if alone else f"<{url}>"
    safe = f"<{url}>" if set("() ") & set(url) else url
    return f"[{_plain(label)}]({safe})"


def _as_words(token: str) -> str:
    """Angle brackets that mark nothing: as if they had been escaped."""
    return token.replace("<", "&lt;").replace(">", "&gt;")


def _quote_the_rest(text: str) -> str:
    """`>>>` quotes all that follows."""
    before, mark, rest = text.partition(">>>")
    if not mark or (before and not before.endswith("\n")):
        return text
    return before + "\n".join(f"> {line}" for line in rest.lstrip().split("\n"))


_QUOTE = re.compile(r"(?:>\s?)+")
_ONLY_MARKS = re.compile(r"\s*([-=*_])(?:\s*\1)*\s*")
_HEADING = re.compile(r"(\s*)(#{1,6})(?=\s|$)")
_INDENT = re.compile(r" {4,}|\t+")


def _line(line: str) -> str:
    quote = _QUOTE.match(line)
    prefix, rest = (quote[0], line[quote.end() :]) if quote else ("", line)
    if marks := _ONLY_MARKS.fullmatch(rest):  # a rule, or an underlined heading
        return prefix + rest.replace(marks[1], "\\" + marks[1], -1 if marks[1] in "*_" else 1)
    indent = _INDENT.match(rest)
    if indent:  # Slack shows spaces, Markdown would show code
        rest = "\u00a0" * len(indent[0].expandtabs(4)) + rest[indent.end() :]
    return prefix + _HEADING.sub(r"\1\\\2", _spans(rest), count=1)


def _spans(text: str, outer: str = "") -> str:
    """Bold, italic and struck text of one line, from the left; everything else escaped."""
    done: list[str] = []
    rest = text
    while rest:
        found = _first_span(rest, outer)
        if found is None:
            break
        span, mark, markdown = found
        done.append(_plain(rest[: span.start()]))
        done.append(f"{markdown}{_spans(span[1], outer + mark)}{markdown}")
        rest = rest[span.end() :]
    return "".join(done) + _plain(rest)


def _first_span(text: str, outer: str) -> tuple[re.Match[str], str, str] | None:
    found = [
        (match, mark, markdown)
        for mark, markdown in _MARKS
        if mark not in outer and (match := _SPANS[mark].search(text))
    ]
    return min(found, key=lambda one: one[0].start(), default=None)


def _span(mark: str) -> re.Pattern[str]:
    """A mark opens at the edge of a word and closes at one."""
    m = re.escape(mark)
    return re.compile(rf"(?<![\w{m}\\]){m}(?![\s{m}])([^{m}\n]*?[^\s{m}]){m}(?![\w{m}])")


_SPANS = {mark: _span(mark) for mark, _ in _MARKS}
_ESCAPED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)"), r"\\\\"),
    (re.compile(r"([*~`])"), r"\\\1"),
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), r"\\_"),
    (re.compile(r"\[(?=[^\]]*\][(:\[])"), r"\\["),
    (re.compile(r"<(?=[A-Za-z/!?])"), r"\\<"),
    (re.compile(r"\|\|"), r"\\|\\|"),
)


def _plain(text: str) -> str:
    """Text that means itself. Pieces that stand aside are left alone."""
    for pattern, escaped in _ESCAPED:
        text = pattern.sub(escaped, text)
    return text
