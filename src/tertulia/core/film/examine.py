"""The child: looks at one film and says what it found. Run in a jail, never imported.

python -I -m tertulia.core.film.examine input
"""

import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import msgspec
from av.error import FFmpegError

from tertulia.core.film.shapes import (
    DEMUXERS,
    MAX_PIXELS,
    MAX_STREAMS,
    MAX_SUBTITLES,
    PROTOCOLS,
    TEXT_SUBTITLES,
    Picture,
    Probe,
    Report,
    Sound,
    Words,
)

OPTIONS = {
    "format_whitelist": DEMUXERS,
    "protocol_whitelist": PROTOCOLS,
    # One more than we take: some demuxers pass over the rest without a word.
    "max_streams": str(MAX_STREAMS + 1),
}
ATTACHED_PICTURE = 0x400
INTERLACED = {"TT", "BB", "TB", "BT"}


class TooLarge(Exception):
    pass


def examine(path: str) -> Probe:
    """Raises FFmpegError, TooLarge; anything else is a bug of a decoder."""
    with av.open(path, options=OPTIONS) as film:
        if len(film.streams) > MAX_STREAMS:
            raise TooLarge("streams")
        video = next((one for one in film.streams.video if _moves(one)), None)
        sound = film.streams.best("audio")
        start = Fraction(film.start_time or 0, 1_000_000)
        return Probe(
            container=film.format.name,
            duration=_duration(path, film, video or sound, start),
            bit_rate=film.bit_rate or 0,
            picture=None if video is None else _picture(path, film, video, start),
            sound=None if sound is None else _sound(path, sound, start),
            words=[_words(one) for one in film.streams.subtitles if _is_text(one)][:MAX_SUBTITLES],
            streams=len(film.streams),
        )


def _packets(path: str, index: int) -> Iterator[Any]:
    """All of a track, from a file opened anew: after a seek some may be passed over."""
    with av.open(path, options=OPTIONS) as film:
        for packet in film.demux(film.streams[index]):
            if packet.pts is not None and packet.dts is not None:
                yield packet


def _moves(stream: Any) -> bool:
    """Pictures that are shown one after another, and not the cover of an album."""
    return not int(stream.disposition) & ATTACHED_PICTURE


def _duration(path: str, film: Any, stream: Any, start: Fraction) -> float:
    """By the header, else by the packets: a browser that records knows it at the end only, and
    writes the header first."""
    if film.duration is not None or stream is None:
        return (film.duration or 0) / 1_000_000
    ends = (one.pts + (one.duration or 0) for one in _packets(path, stream.index))
    return float(max(ends, default=0) * stream.time_base - start)


def _picture(path: str, film: Any, stream: Any, start: Fraction) -> Picture:
    context = stream.codec_context
    if not 0 < context.width * context.height <= MAX_PIXELS:
        raise TooLarge("pixels")
    keyframes, regular, starts = _walk(path, stream, start)
    # Also the proof that it can be decoded at all.
    frame = next(film.decode(stream))
    ratio = stream.sample_aspect_ratio or Fraction(1)
    rate = stream.average_rate or stream.guessed_rate or Fraction(25)
    return Picture(
        index=stream.index,
        codec=context.name,
        profile=context.profile or "",
        level=context.level or 0,
        width=context.width,
        height=context.height,
        rotation=int(frame.rotation) % 360,
        pixel_ratio=(ratio.numerator, ratio.denominator),
        format=context.pix_fmt or "",
        transfer=int(context.color_trc or 0),
        rate=(rate.numerator, rate.denominator),
        interlaced=bool(frame.interlaced_frame),
        starts=starts,
        regular=regular,
        keyframes=keyframes,
    )


def _walk(path: str, stream: Any, start: Fraction) -> tuple[list[float], bool, float]:
    """When keyframes are decoded, from the first packet on; whether it begins as it should; when
    its first picture is shown."""
    keyframes: list[float] = []
    first: int | None = None
    shown = 0
    regular = True
    for packet in _packets(path, stream.index):
        if first is None:
            first, shown = packet.dts, packet.pts
            regular = packet.is_keyframe and not packet.is_discard
        shown = min(shown, packet.pts)
        if packet.is_keyframe:
            keyframes.append(float((packet.dts - first) * stream.time_base))
    begins = float(shown * stream.time_base - start)
    return keyframes, regular and begins > -0.001, max(0.0, begins)


def _sound(path: str, stream: Any, start: Fraction) -> Sound:
    context = stream.codec_context
    first = next((one.pts for one in _packets(path, stream.index)), 0)
    return Sound(
        index=stream.index,
        codec=context.name,
        profile=context.profile or "",
        rate=context.sample_rate,
        channels=context.channels,
        language=stream.language or "",
        title=stream.metadata.get("title", "")[:60],
        starts=float(first * stream.time_base - start),
    )


def _is_text(stream: Any) -> bool:
    return stream.codec_context is not None and stream.codec_context.name in TEXT_SUBTITLES


def _words(stream: Any) -> Words:
    title = stream.metadata.get("title", "")[:60]
    return Words(index=stream.index, language=stream.language or "", title=title)


def report(path: str) -> Report:
    try:
        return Report(probe=examine(path))
    except TooLarge as error:
        return Report(trouble="too_large", why=str(error))
    except (FFmpegError, StopIteration, ValueError) as error:
        return Report(trouble="unreadable", why=type(error).__name__)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(report(sys.argv[1])))
