"""Which scrubber for which type."""

import mmap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from tertulia.core.scrub import boxes, gif, jpeg, png, webp
from tertulia.core.scrub.pieces import Malformed, Piece

_BLOCK = 1 << 20

# Those whose kept pieces are written one behind the other …
_PIECES: Mapping[str, Callable[[bytes], Sequence[Piece]]] = {
    "image/jpeg": jpeg.pieces,
    "image/png": png.pieces,
    "image/webp": webp.pieces,
    "image/gif": gif.pieces,
}
# … and those that are full of offsets, so that what goes is overwritten where it stands.
_BLANKS: Mapping[str, Callable[[bytes], Sequence[boxes.Blank]]] = {
    "image/avif": boxes.of_picture,
    "image/heic": boxes.of_picture,
    "image/heif": boxes.of_picture,
    "video/mp4": boxes.of_film,
    "video/quicktime": boxes.of_film,
    "video/3gpp": boxes.of_film,
    "audio/mp4": boxes.of_recording,
}
SCRUBBED = frozenset({*_PIECES, *_BLANKS})


def scrub(path: Path, media_type: str) -> bool:
    """Take it out of a file that is ours to change. False: nothing was to be taken out, or it is
    not built as such a file is, and it is as it was. Blocks."""
    if media_type not in SCRUBBED or path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        # It reads like bytes, without being in memory.
        data = cast("bytes", mapped)
        try:
            if media_type in _PIECES:
                return _rewrite(path, data, _PIECES[media_type](data))
            return _blank(path, _BLANKS[media_type](data))
        except (Malformed, IndexError):
            return False


def _rewrite(path: Path, data: bytes, pieces: Sequence[Piece]) -> bool:
    if _length(pieces) == len(data) and not any(isinstance(piece, bytes) for piece in pieces):
        return False
    beside = path.with_name(f"{path.name}.scrubbed")
    with beside.open("wb") as file:
        for piece in pieces:
            if isinstance(piece, bytes):
                file.write(piece)
                continue
            for at in range(piece[0], piece[1], _BLOCK):
                file.write(data[at : min(at + _BLOCK, piece[1])])
    beside.replace(path)
    return True


def _length(pieces: Sequence[Piece]) -> int:
    return sum(len(piece) if isinstance(piece, bytes) else piece[1] - piece[0] for piece in pieces)


def _blank(path: Path, blanks: Sequence[boxes.Blank]) -> bool:
    if not blanks:
        return False
    with path.open("r+b") as file:
        for start, stop, instead in blanks:
            file.seek(start)
            file.write(instead)
            for at in range(start + len(instead), stop, _BLOCK):
                file.write(bytes(min(_BLOCK, stop - at)))
    return True
