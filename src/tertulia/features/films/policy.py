"""What is made of a film: which rungs, how, and where their segments begin. Pure.

The figures are of anchors and of Apple's HLS authoring specification: 4-second segments of 2-second
groups of pictures, keyframes alike in all rungs, H.264 up to High 4.2 copied as it is.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Literal

import msgspec

from tertulia.core.film.shapes import FRAME, SOUND_RATE, Picture, Probe, Sound, even, upright

SEGMENT = 4  # seconds, about
GROUP = 2  # seconds from keyframe to keyframe
LONGEST_GAP = 2.0 * SEGMENT  # between keyframes of what is copied
LADDER = {360: 800_000, 480: 1_400_000, 720: 2_800_000, 1080: 5_000_000}  # bits a second
TOO_NEAR = 0.8  # a rung must be smaller than that share of the next
SOUND_BITS = 128_000
SOUND = "sound"  # the name of its rung
COPIED = "source"
READY = 2  # segments of a rung that somebody may begin to watch
MAX_WIDTH, MAX_HEIGHT = 2_048, 2_048

# Pictures a second of what we encode.
_RATES = [
    Fraction(n, d)
    for n, d in (
        (5, 1), (8, 1), (10, 1), (12, 1), (15, 1), (20, 1), (24_000, 1_001), (24, 1), (25, 1),
        (30_000, 1_001), (30, 1), (48, 1), (50, 1), (60_000, 1_001), (60, 1),
    )
]  # fmt: skip
_PROFILES = {"Constrained Baseline", "Baseline", "Main", "High"}
_CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"}
_HDR = {16, 18}
_PLAYED = {"aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "libvorbis", "flac", "pcm_s16le"}


class RungPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How a rung is made. Sizes in pixels, `bits` a second at the most. A segment has `pictures`
    samples (of sound: frames), unless it is `copied`: then it ends with the first keyframe after
    `SEGMENT` seconds. `begins` (numerator and denominator of seconds) is when its first sample is
    decoded, after `skip` that are dropped. No segment is longer than `target` seconds, rounded."""

    name: str
    kind: Literal["picture", "sound"]
    copied: bool
    index: int
    target: int
    bits: int
    pictures: int
    width: int = 0
    height: int = 0
    rate: tuple[int, int] = (0, 1)
    interlaced: bool = False
    begins: tuple[int, int] = (0, 1)
    skip: int = 0

    @property
    def pace(self) -> Fraction:
        """Samples a second."""
        return Fraction(*self.rate)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`first` are the names of the rungs that it takes to watch. Rungs are in the order in which
    they are made."""

    rungs: list[RungPlan]
    first: list[str]
    original: bool


def plan(probe: Probe) -> Plan:
    """What is to be made of a film; nothing of a recording that browsers play as it is."""
    if probe.picture is None:
        if probe.sound is None or probe.sound.codec in _PLAYED:
            return Plan(rungs=[], first=[], original=probe.sound is not None)
        return Plan(rungs=[_sound(probe, probe.sound)], first=[SOUND], original=False)
    ladder = _ladder(probe.picture)
    copied = [_copied(probe, probe.picture)] if fits(probe) else []
    # What is copied is the top already.
    pictures = [*copied, *(ladder[:-1] if copied else ladder)]
    sound = [_sound(probe, probe.sound)] if probe.sound is not None else []
    return Plan(
        rungs=[*sound, *pictures],
        first=[rung.name for rung in (*sound, pictures[0])],
        original=False,
    )


def fits(probe: Probe) -> bool:
    """Do browsers play these pictures as they are, and can they be cut?"""
    picture = probe.picture
    return (
        picture is not None
        and probe.container in _CONTAINERS
        and picture.codec == "h264"
        and picture.profile in _PROFILES
        and 0 < picture.level <= 42
        and picture.format == "yuv420p"
        and picture.rotation == 0
        and picture.pixel_ratio[0] in (0, picture.pixel_ratio[1])
        and not picture.interlaced
        and picture.transfer not in _HDR
        and picture.width <= MAX_WIDTH
        and picture.height <= MAX_HEIGHT
        and picture.regular
        and bool(picture.keyframes)
        and max(_gaps(probe, picture)) <= LONGEST_GAP
    )


def sound_fits(probe: Probe, sound: Sound) -> bool:
    return (
        probe.container in _CONTAINERS
        and sound.codec == "aac"
        and sound.profile == "LC"
        and 1 <= sound.channels <= 2
        and sound.rate in (44_100, 48_000)
    )


def frame_rate(picture: Picture) -> Fraction:
    """The nearest of those we encode in."""
    numerator, denominator = picture.rate
    wanted = Fraction(numerator, denominator or 1)
    return min(_RATES, key=lambda rate: abs(rate - wanted))


def rounded(seconds: Fraction | float) -> int:
    """As `EXT-X-TARGETDURATION` wants it: to the nearest, halves up, and at least 1."""
    return max(1, floor(seconds + Fraction(1, 2)))


def _ladder(picture: Picture) -> list[RungPlan]:
    width, height = upright(picture)
    short = min(width, height)
    top = min(short, max(LADDER))
    sides = [side for side in LADDER if side < TOO_NEAR * top] + [top]
    return [_encoded(picture, side, (width, height)) for side in sides]


def _encoded(picture: Picture, side: int, size: tuple[int, int]) -> RungPlan:
    """`side` is the shorter one."""
    rate = frame_rate(picture)
    scale = side / min(size)
    bits = next((bits for of, bits in LADDER.items() if side <= of), LADDER[1080])
    pictures = group(rate) * (SEGMENT // GROUP)
    return RungPlan(
        name=f"{side}p",
        kind="picture",
        copied=False,
        index=picture.index,
        target=rounded(pictures / rate),
        bits=bits,
        pictures=pictures,
        width=even(size[0] * scale),
        height=even(size[1] * scale),
        rate=(rate.numerator, rate.denominator),
        interlaced=picture.interlaced,
    )


def group(rate: Fraction) -> int:
    """Pictures from one keyframe to the next."""
    return round(GROUP * rate)


def _copied(probe: Probe, picture: Picture) -> RungPlan:
    return RungPlan(
        name=COPIED,
        kind="picture",
        copied=True,
        index=picture.index,
        target=max(map(rounded, _lengths(probe, picture))),
        bits=max(2 * probe.bit_rate, 64_000),
        pictures=0,
        width=picture.width,
        height=picture.height,
        rate=picture.rate,
        begins=_exact(picture.starts),
    )


def _gaps(probe: Probe, picture: Picture) -> list[float]:
    """Seconds between keyframes, the end of the film among them."""
    times = [*picture.keyframes, max(probe.duration, picture.keyframes[-1])]
    return [after - before for before, after in pairwise(times)]


def _lengths(probe: Probe, picture: Picture) -> list[float]:
    """How long the segments will be that are copied."""
    lengths, begun = list[float](), 0.0
    for time in picture.keyframes[1:]:
        if time - begun >= SEGMENT:
            lengths.append(time - begun)
            begun = time
    return [*lengths, max(0.0, probe.duration - begun)]


def _sound(probe: Probe, sound: Sound) -> RungPlan:
    if not sound_fits(probe, sound):
        frames = ceil(SEGMENT * SOUND_RATE / FRAME)
        return _sound_rung(sound, SOUND_RATE, frames, SOUND_BITS, copied=False)
    # What an encoder needs to get going lies before the beginning, and is not to be heard.
    skip = max(0, round(-sound.starts * sound.rate / FRAME))
    begins = max(0.0, sound.starts + skip * FRAME / sound.rate)
    frames = ceil(SEGMENT * sound.rate / FRAME)
    rung = _sound_rung(sound, sound.rate, frames, 4 * SOUND_BITS, copied=True)
    return msgspec.structs.replace(rung, skip=skip, begins=_exact(begins))


def _sound_rung(sound: Sound, rate: int, frames: int, bits: int, *, copied: bool) -> RungPlan:
    return RungPlan(
        name=SOUND,
        kind="sound",
        copied=copied,
        index=sound.index,
        target=rounded(Fraction(frames * FRAME, rate)),
        bits=bits,
        pictures=frames,
        rate=(rate, FRAME),
    )


def _exact(seconds: float) -> tuple[int, int]:
    return Fraction(seconds).limit_denominator(90_000).as_integer_ratio()


def boundaries(lengths: Sequence[Fraction], rung: RungPlan, begins: Fraction) -> list[int]:
    """Where the segments of a rung begin, in its pictures, so that they begin where those of the
    copied one do, which are so many seconds long."""
    found, at = [0], begins
    for length in lengths:
        at += length
        found.append(max(found[-1] + 1, round(at * rung.pace)))
    return found[:-1]
