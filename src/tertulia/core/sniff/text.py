"""Text, and what only looks like it: pages, drawings and lists that somebody would act upon."""

import codecs
import re

_BOM = b"\xef\xbb\xbf"
# No tab, line end or form feed, and no escape (coloured logs): not text.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_COMMENT = re.compile(rb"\s*<!--.*?(?:-->|\Z)\s*", re.S)
# As browsers sniff (WHATWG MIME Sniffing §7.1), and then some: an unknown tag at the very start is
# markup too.
_TAG = re.compile(rb"<(?:[a-z][a-z0-9:-]*(?=[\s/>])|!doctype\s)", re.I)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_DOCTYPE_HTML = re.compile(rb"<!doctype\s+html", re.I)
_CUE = re.compile(rb"\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> ")

_STARTS = (
    (b"#EXTM3U", "application/vnd.apple.mpegurl"),
    (b"WEBVTT", "text/vtt"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)


def look(head: bytes, _tail: bytes) -> str | None:
    """None: no text. A file of nothing is text."""
    if _CONTROL.search(head) or not _is_utf8(head):
        return None
    start = head.removeprefix(_BOM).lstrip()
    for sign, type_ in _STARTS:
        if start.startswith(sign):
            return type_
    if _CUE.match(start):
        return "application/x-subrip"
    return _markup(start) or "text/plain"


def _is_utf8(head: bytes) -> bool:
    try:
        # Not final: a character may be cut in two where our look ends.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _markup(start: bytes) -> str | None:
    while (comment := _COMMENT.match(start)) is not None:
        start = start[comment.end() :]
        if not start:
            return "text/html"
    if start.startswith(b"<?xml") or start.startswith(b"<!DOCTYPE svg"):
        return _xml(start)
    if not _TAG.match(start):
        return None
    root = _ROOT.match(start)
    return "image/svg+xml" if root is not None and root[1].lower() == b"svg" else "text/html"


def _xml(start: bytes) -> str:
    bare = re.sub(rb"<!--.*?(?:-->|\Z)", b"", start, flags=re.S)
    if _DOCTYPE_HTML.search(bare):
        return "text/html"
    root = _ROOT.search(bare)
    name = root[1].lower() if root is not None else b""
    return {b"svg": "image/svg+xml", b"html": "application/xhtml+xml"}.get(name, "application/xml")
