"""What is zipped: documents of offices, books, programs."""

import re

_FIRST = b"PK\3\4"
_EMPTY = b"PK\5\6"
# An entry of the directory at the end: its name's length stands 28 bytes in, the name 46 in.
_ENTRY = re.compile(rb"PK\x01\x02", re.S)
_MAX_ENTRIES = 2_000

_OPEN = re.compile(rb"application/(?:vnd\.oasis\.opendocument\.[a-z-]{1,40}|epub\+zip)")
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)


def look(head: bytes, tail: bytes) -> str | None:
    if head.startswith(_EMPTY):
        return "application/zip"
    if not head.startswith(_FIRST) or len(head) < 30:
        return None
    return _by_first(head) or _by_names(head, tail or head) or "application/zip"


def _by_first(head: bytes) -> str | None:
    """OpenDocument and EPUB: the first entry is called `mimetype`, is stored as it is, and says."""
    if head[30:38] != b"mimetype" or head[26:28] != b"\x08\0" or head[8:10] != b"\0\0":
        return None
    size = int.from_bytes(head[18:22], "little")
    at = 38 + int.from_bytes(head[28:30], "little")
    said = head[at : at + min(size, 80)]
    return said.decode("ascii") if _OPEN.fullmatch(said) else None


def _by_names(head: bytes, tail: bytes) -> str | None:
    names = _names(tail)
    if b"[Content_Types].xml" in names or head[30:49] == b"[Content_Types].xml":
        for folder, type_ in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return type_
    if b"AndroidManifest.xml" in names:
        return "application/vnd.android.package-archive"
    return "application/java-archive" if b"META-INF/MANIFEST.MF" in names else None


def _names(tail: bytes) -> set[bytes]:
    names: set[bytes] = set()
    for count, found in enumerate(_ENTRY.finditer(tail)):
        if count == _MAX_ENTRIES:
            break
        at = found.start()
        names.add(tail[at + 46 : at + 46 + int.from_bytes(tail[at + 28 : at + 30], "little")])
    return names
