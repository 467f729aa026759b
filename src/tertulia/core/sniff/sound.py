"""Streams that begin anywhere: Ogg, MP3, AAC, MPEG transport streams.

Few of their bytes are fixed, so one sign is not enough: the next frame has to stand where the first
one says it does.
"""

from collections.abc import Callable

_Length = Callable[[bytes, int], int]

_PACKET = 188  # bytes of a transport stream's packet
_VIDEO_IN_OGG = (b"\x80theora", b"BBCD\0", b"\x01video\0\0\0")

_RATES = (44_100, 48_000, 32_000)  # of MPEG 1; halved for 2, and again for 2.5
_LAYER3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s of MPEG 1
_LAYER3_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # of 2 and 2.5


def look(head: bytes, _tail: bytes) -> str | None:
    if head.startswith(b"OggS\0"):
        return "video/ogg" if any(sign in head for sign in _VIDEO_IN_OGG) else "audio/ogg"
    if head.startswith(b"ID3") and len(head) >= 10:
        return _tagged(head)
    if _repeats(head, 0, _mp3_frame):
        return "audio/mpeg"
    if _repeats(head, 0, _aac_frame):
        return "audio/aac"
    packets = range(0, min(len(head), 8 * _PACKET), _PACKET)
    if len(packets) >= 3 and all(head[at] == 0x47 for at in packets):
        return "video/mp2t"
    return None


def _tagged(head: bytes) -> str | None:
    """Behind the tag comes the sound; where the tag is longer than what we see, MP3 is meant."""
    if head[3] not in (2, 3, 4) or any(byte & 0x80 for byte in head[6:10]):
        return None
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    at = 10 + size
    if head.startswith(b"fLaC", at):
        return "audio/flac"
    return "audio/aac" if _repeats(head, at, _aac_frame) else "audio/mpeg"


def _repeats(head: bytes, at: int, length: _Length) -> bool:
    for _ in range(2):
        size = length(head, at)
        if not size:
            return False
        at += size
    return length(head, at) > 0 or at >= len(head)


def _mp3_frame(head: bytes, at: int) -> int:
    """Bytes of the frame that begins there; 0: none does."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return 0
    version = head[at + 1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rate_at, bits_at = head[at + 2] >> 2 & 3, head[at + 2] >> 4
    if version == 1 or rate_at == 3 or bits_at in (0, 15):
        return 0
    first = version == 3
    rate = _RATES[rate_at] >> (0 if first else 1 if version == 2 else 2)
    bits = (_LAYER3 if first else _LAYER3_LOW)[bits_at] * 1_000
    return (144 if first else 72) * bits // rate + (head[at + 2] >> 1 & 1)


def _aac_frame(head: bytes, at: int) -> int:
    if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return 0
    size = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return size if size >= 7 else 0
