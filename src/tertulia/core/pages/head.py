"""The head of a page: OpenGraph, then Twitter's names, then what HTML has always had."""

import codecs
import re
from html.parser import HTMLParser
from typing import NamedTuple

MOST = 300_000  # characters of a page that are looked at: heads are at its start
MOST_TAGS = 2_000
TITLE, DESCRIPTION, SITE, URL = 200, 400, 80, 2_048
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of several names for one thing the first that is there.
TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
SITES = ("og:site_name", "application-name")
IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


class Head(NamedTuple):
    """Texts on one line, cut; empty where the page has none. `image` as the page wrote it."""

    title: str = ""
    description: str = ""
    site: str = ""
    image: str = ""


def read_head(page: bytes, charset: str | None) -> Head:
    """`charset` as the answer's header named it. Never raises."""
    parser = _Parser()
    parser.read(decode(page, charset)[:MOST])
    found = parser.meta
    return Head(
        title=_line(_first(found, TITLES) or parser.title, TITLE),
        description=_line(_first(found, DESCRIPTIONS), DESCRIPTION),
        site=_line(_first(found, SITES), SITE),
        image=_first(found, IMAGES).strip()[:URL],
    )


def decode(page: bytes, charset: str | None) -> str:
    """By its mark, by the header, by its own word, else UTF-8; what does not fit is replaced."""
    for mark, name in BOMS:
        if page.startswith(mark):
            return page.decode(name, "replace")
    named = META_CHARSET.search(page[:4_096])
    for name in (charset, named[1].decode("ascii") if named else None):
        if name and _is_text(name):
            return page.decode(name, "replace")
    return page.decode("utf-8", "replace")


def _is_text(name: str) -> bool:
    """Not one of Python's codecs that are none of texts (`zlib`, `base64`, `idna` …)."""
    try:
        b"x".decode(name, "replace")
    except (LookupError, ValueError):
        return False
    return name.lower().replace("_", "-") not in ("idna", "punycode", "unicode-escape", "utf-7",
                                                  "raw-unicode-escape", "undefined")  # fmt: skip


def _first(found: dict[str, str], names: tuple[str, ...]) -> str:
    return next((found[name] for name in names if found.get(name, "").strip()), "")


def _line(text: str, most: int) -> str:
    """White space and what is not to be seen made one space; cut with an ellipsis."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: most * 8]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


class _Enough(Exception):
    """The head is over."""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.title = ""
        self._tags = 0
        self._in_title = False

    def read(self, text: str) -> None:
        try:
            self.feed(text)
            self.close()
        except (_Enough, AssertionError):  # the latter is what the parser says to some markup
            pass

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if tag == "body" or self._tags > MOST_TAGS:
            raise _Enough
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            self._note(dict(attrs))

    def _note(self, attrs: dict[str, str | None]) -> None:
        name = (attrs.get("property") or attrs.get("name") or "").strip().lower()
        content = attrs.get("content")
        if content:
            self.meta.setdefault(name, content)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag == "head" and (self.title or self.meta):
            raise _Enough

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < TITLE * 8:
            self.title += data
