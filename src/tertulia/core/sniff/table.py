"""The table."""

from collections.abc import Callable

from tertulia.core.sniff import boxes, sound, text, zips

HEAD = 65_536  # bytes from the start that are looked at
TAIL = 66_000  # and from the end: where a zip's directory, and a film's, often lies
OCTETS = "application/octet-stream"

# By the first bytes alone. All are long or odd enough that no text begins with them by chance.
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"\xff\x0a", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"8BPS\0\1", "image/vnd.adobe.photoshop"),
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"fLaC", "audio/flac"),
    (b"MThd\0\0\0\6", "audio/midi"),
    (b"#!AMR", "audio/amr"),
    (b"FLV\1", "video/x-flv"),
    (b"\0\0\1\xba", "video/mpeg"),
    (b"\0\0\1\xb3", "video/mpeg"),
    (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel", "video/x-ms-asf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # old Office
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\7", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)

_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FORM = {b"AIFF": "audio/aiff", b"AIFC": "audio/aiff"}


def sniff(head: bytes, tail: bytes = b"") -> str:
    """The media type. `head` is the first HEAD bytes, `tail` the last TAIL (they may overlap); a
    file shorter than that is given whole. Never raises."""
    for look in _LOOKS:
        found = look(head, tail)
        if found is not None:
            return found
    return OCTETS


def _start(head: bytes, _tail: bytes) -> str | None:
    return next((type_ for start, type_ in _STARTS if head.startswith(start)), None)


def _chunks(head: bytes, _tail: bytes) -> str | None:
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    return _FORM.get(head[8:12]) if head.startswith(b"FORM") else None


def _bmp(head: bytes, _tail: bytes) -> str | None:
    # Two letters are no sign: the reserved words and the size of the header that follows are.
    header = int.from_bytes(head[14:18], "little")
    known = header in (12, 40, 52, 56, 108, 124)
    return "image/bmp" if head.startswith(b"BM") and head[6:10] == bytes(4) and known else None


def _tar(head: bytes, _tail: bytes) -> str | None:
    return "application/x-tar" if head[257:262] == b"ustar" else None


_Look = Callable[[bytes, bytes], str | None]
_LOOKS: tuple[_Look, ...] = (
    _start,
    _chunks,
    boxes.look,
    zips.look,
    sound.look,
    _bmp,
    _tar,
    text.look,
)
