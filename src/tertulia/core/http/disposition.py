"""Names of files that strangers chose, and how a browser is told to treat what it gets.

A name is made harmless once, when it comes (`clean_name`); the header (RFC 6266, RFC 8187) and what
may be shown in place are decided again at every answer.
"""

import re
import unicodedata
from typing import Literal
from urllib.parse import quote

LONGEST_NAME = 200  # bytes of UTF-8: file systems take 255, and downloads are given a " (1)"
LONGEST_ENDING = 20  # bytes of what is kept after the last dot
NAMELESS = "file"

# Windows opens a device by these, whatever the ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
# Joins letters and emoji; every other format character hides or turns round what is read.
_JOINERS = "\u200c\u200d"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 8187 §3.2.1, beside letters and digits

# What may be looked at in place, by its content type and with `nosniff`: nothing of it can run a
# script. SVG, HTML, XML and PDF can.
_SHOWN = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
        *("audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav", "audio/x-wav"),
        *("audio/flac", "audio/webm", "video/mp4", "video/webm", "video/ogg", "video/quicktime"),
        *("video/mp2t", "video/iso.segment", "application/vnd.apple.mpegurl"),
        *("text/plain", "text/vtt"),
    }
)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")

# A browser makes a page of its own around a picture or a film: it has a style, and loads the film.
_PAGE = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


def clean_name(name: str) -> str:
    """One visible name without folders, at most LONGEST_NAME bytes, its ending kept."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    seen = "".join(" " if char in "\t\n\r\v\f" else char for char in last if _is_seen(char))
    # Composed only now: what was dropped may have stood between a letter and its accent.
    seen = unicodedata.normalize("NFC", seen)
    # Neither hidden (`.bashrc`) nor with an end that Windows forgets (`film.exe. .`).
    plain = " ".join(seen.split()).lstrip(".").strip(" .")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or NAMELESS


def content_disposition(shown: bool, name: str) -> str:
    """`inline` or `attachment` with the name, which is any text."""
    kind: Literal["inline", "attachment"] = "inline" if shown else "attachment"
    exact = clean_name(name)
    plain = _ascii(exact)
    given = f'{kind}; filename="{plain}"'
    if plain == exact:
        return given
    return f"{given}; filename*=UTF-8''{quote(exact, safe=_ATTR_CHARS)}"


def content_type(media_type: str) -> str:
    """As it is sent: what is no type becomes bytes of no kind."""
    bare = media_type.partition(";")[0].strip().lower()
    if not _TYPE.fullmatch(bare):
        return "application/octet-stream"
    return f"{bare}; charset=utf-8" if bare.startswith("text/") else bare


def is_shown(media_type: str) -> bool:
    """Whether it may be looked at in place. Everything else is a download."""
    return media_type.partition(";")[0].strip().lower() in _SHOWN


def page_policy(media_type: str) -> str:
    """Even opened as a page of its own it is a page of nobody: no script, no form, no origin. The
    page around a film has ours, or the film could not be loaded; no script runs there either."""
    is_played = is_shown(media_type) and media_type.startswith(("audio/", "video/"))
    return f"sandbox{' allow-same-origin' if is_played else ''}; {_PAGE}"


def _is_seen(char: str) -> bool:
    if char in _JOINERS or char in "\t\n\r\v\f":
        return True
    category = unicodedata.category(char)
    return category not in _DROPPED and category not in ("Zl", "Zp")


def _ascii(name: str) -> str:
    """For who does not read filename*. Quotes, backslashes and per cent signs are read differently
    by different browsers (RFC 6266, appendix D)."""
    letters = unicodedata.normalize("NFKD", name)
    kept = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub(r'[^\x20-\x7e]|["\\%/]', "_", kept)


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > LONGEST_ENDING:
        stem, ending = name, ""
    else:
        ending = f".{ending}"
    room = LONGEST_NAME - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .\u200d") + ending
