"""What ffmpeg is asked to do, word by word.

Every way in begins with `_opened`: the demuxers and the protocol that may be used, and how much.
Nothing of a film's metadata goes out again: telephones write where they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tertulia.core.film.jail import INPUT, OUT
from tertulia.core.film.shapes import (
    DEMUXERS,
    FRAME,
    MAX_PIXELS,
    MAX_STREAMS,
    PROTOCOLS,
    SOUND_RATE,
    TILES,
)

WARM = 8  # frames that are encoded and thrown away, so that an encoder is under way
BACK = 3.0  # seconds to look back where pictures come rarely

_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")
_BARE = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
# `cmaf` needs no edit list to say where a track begins.
_MOVIE = ("-f", "mp4", "-movflags", "cmaf+empty_moov+frag_keyframe+skip_trailer", "pipe:1")


@dataclass(frozen=True)
class Encoding:
    """A rung. `rate` is pictures a second, `bits` a second at most, `gop` pictures from one
    keyframe to the next. `keys` are further pictures, counted from the film's first, that must be
    keyframes."""

    index: int
    width: int
    height: int
    rate: Fraction
    bits: int
    gop: int
    interlaced: bool = False
    keys: Sequence[int] = ()


def encode_picture(ffmpeg: str, wanted: Encoding, first: int) -> list[str]:
    """From picture `first` on (counted at `rate`), which becomes a keyframe."""
    begins = first / wanted.rate
    seek = max(0.0, float(begins) - BACK)
    filters = [
        # Before the rest: what is thrown away need not be scaled.
        f"fps={wanted.rate}:start_time={float(begins):.6f}",
        *(["yadif=deint=interlaced"] if wanted.interlaced else []),
        f"scale={wanted.width}:{wanted.height},setsar=1,format=yuv420p,setpts=PTS-STARTPTS",
    ]
    keys = [float((key - first - Fraction(1, 2)) / wanted.rate) for key in wanted.keys]
    forced = ",".join(f"{key:.6f}" for key in keys if key > 0)
    return [
        *_opened(ffmpeg, seek),
        "-map",
        f"0:{wanted.index}",
        "-vf",
        ",".join(filters),
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23"),
        *("-maxrate", str(wanted.bits), "-bufsize", str(2 * wanted.bits)),
        *("-g", str(wanted.gop), "-keyint_min", str(wanted.gop), "-sc_threshold", "0"),
        *(("-force_key_frames", forced) if forced else ()),
        *("-flags:v", "+bitexact"),
        *_BARE,
        *_MOVIE,
    ]


def encode_sound(ffmpeg: str, index: int, bits: int, first: int) -> tuple[list[str], int]:
    """From AAC frame `first` on, in stereo; and how many samples at the beginning of what comes
    are to be thrown away."""
    warm = min(WARM, first)
    sample = (first - warm) * FRAME
    seek = max(0, sample - round(BACK * SOUND_RATE))
    # Gaps are filled from a little before on; it must not have to throw away, at which it is wrong.
    filters = (
        f"aresample={SOUND_RATE}:async=1000:first_pts={max(0, seek - FRAME)}"
        f",atrim=start_pts={sample},asetpts=PTS-STARTPTS"
    )
    command = [
        *_opened(ffmpeg, seek / SOUND_RATE),
        *("-map", f"0:{index}", "-af", filters, "-ac", "2"),
        *("-c:a", "aac", "-b:a", str(bits), "-flags:a", "+bitexact"),
        *_BARE,
        *_MOVIE,
    ]
    return command, warm + 1  # the encoder's first frame comes before the first sample


def copy_track(ffmpeg: str, index: int) -> list[str]:
    """As it is, from its beginning."""
    return [*_opened(ffmpeg), "-map", f"0:{index}", "-c", "copy", *_BARE, *_MOVIE]


def poster(ffmpeg: str, index: int, at: float, width: int, height: int) -> list[str]:
    """One JPEG of about that moment: of the pictures there the one that is most like the rest."""
    return [
        *_opened(ffmpeg, at),
        *("-map", f"0:{index}", "-vf", f"thumbnail=24,scale={width}:{height},setsar=1"),
        *("-frames:v", "1", *_BARE, "-f", "mjpeg", "-q:v", "4", "pipe:1"),
    ]


def storyboard(ffmpeg: str, index: int, every: float, width: int, height: int) -> list[str]:
    """Sheets of `TILES` × `TILES` small pictures, one for every so many seconds, written as
    `0.jpg`, `1.jpg` … to the folder for it. By keyframes alone: for a scrub bar that is near
    enough, and takes a hundredth of the time."""
    scaled = f"scale={width}:{height},setsar=1"
    filters = f"fps=1/{every:g}:start_time=0:round=up,{scaled},tile={TILES}x{TILES}"
    return [
        *_opened(ffmpeg, before=("-skip_frame", "nokey")),
        *("-map", f"0:{index}", "-vf", filters, "-fps_mode", "vfr", *_BARE),
        *("-f", "image2", "-c:v", "mjpeg", "-q:v", "5", "-start_number", "0", f"{OUT}/%d.jpg"),
    ]


def words(ffmpeg: str, index: int) -> list[str]:
    """A track of subtitles as WebVTT."""
    return [*_opened(ffmpeg), "-map", f"0:{index}", "-f", "webvtt", "pipe:1"]


def loudness(ffmpeg: str, index: int) -> list[str]:
    """The sound as 16-bit samples of one channel, 8,000 a second: enough to draw it."""
    return [
        *_opened(ffmpeg),
        *("-map", f"0:{index}", "-ac", "1", "-ar", "8000", "-f", "s16le", "pipe:1"),
    ]


def _opened(ffmpeg: str, seek: float = 0.0, before: Sequence[str] = ()) -> list[str]:
    """Times stay those of the film, from its beginning, also after a seek."""
    return [
        *(ffmpeg, *_QUIET, "-protocol_whitelist", PROTOCOLS, "-format_whitelist", DEMUXERS),
        *("-max_streams", str(MAX_STREAMS), "-max_pixels", str(MAX_PIXELS), *before),
        *("-copyts", "-start_at_zero"),
        *(("-ss", f"{seek:.6f}") if seek > 0 else ()),
        *("-i", INPUT),
    ]
