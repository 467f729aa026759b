"""How a film stands, by its rungs; and its playlists. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from tertulia.core.film.shapes import TILES, Storyboard
from tertulia.features.films.policy import READY, SOUND, RungPlan, rounded
from tertulia.features.films.schemas import FilmState, FilmSubtitle, RungState

CAUTION = Fraction(3, 2)  # of a rung that is not done, the bits of its hungriest segment


class Rung(NamedTuple):
    """As far as it is made. `bits` a second of its hungriest segment, `mean` of all."""

    plan: RungPlan
    state: RungState
    codec: str
    made: int
    bits: int
    mean: int


class Piece(NamedTuple):
    """A segment. `header` names what a player needs before it; `duration` in microseconds."""

    number: int
    header: str
    duration: int
    size: int


def standing(rungs: Sequence[Rung], first: Sequence[str]) -> FilmState:
    """`first` are those without which nobody can watch."""
    states = {rung.plan.name: rung.state for rung in rungs}
    if any(states[name] == "failed" for name in first):
        return "failed"
    if all(state in ("complete", "failed") for state in states.values()):
        return "complete"
    if all(states[name] in ("playable", "complete") for name in first):
        return "playable"
    return "preparing"


def rung_state(made: int, *, ended: bool) -> RungState:
    if ended:
        return "complete" if made else "failed"
    return "playable" if made >= READY else "waiting"


def bandwidth(rung: Rung) -> int:
    """Bits a second that it may take: by its segments where all are made."""
    return rung.bits if rung.state == "complete" else round(rung.plan.bits * CAUTION)


def offered(rungs: Sequence[Rung]) -> list[Rung]:
    """What a player may choose from, smallest first."""
    there = [rung for rung in rungs if rung.state in ("playable", "complete")]
    return sorted(there, key=lambda rung: (rung.plan.height, rung.plan.bits))


def master(rungs: Sequence[Rung], subtitles: Sequence[FilmSubtitle]) -> str:
    there = offered(rungs)
    sound = next((rung for rung in there if rung.plan.kind == "sound"), None)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound is not None:
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="2",URI="{SOUND}/index.m3u8"'
        )
    lines += [
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="words",NAME="{_quoted(one, subtitles)}",'
        f'DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,LANGUAGE="{one.language}",'
        f'URI="subtitles/{one.id}.m3u8"'
        for one in subtitles
    ]
    pictures = [rung for rung in there if rung.plan.kind == "picture"]
    for rung in pictures or [rung for rung in (sound,) if rung is not None]:
        lines += [_variant(rung, sound, bool(subtitles)), f"{rung.plan.name}/index.m3u8"]
    return "\n".join(lines) + "\n"


def _variant(rung: Rung, sound: Rung | None, has_words: bool) -> str:
    apart = sound if sound is not None and sound is not rung else None
    bits = bandwidth(rung) + (bandwidth(apart) if apart else 0)
    codecs = f"{rung.codec},{apart.codec}" if apart else rung.codec
    line = f"#EXT-X-STREAM-INF:BANDWIDTH={bits}"
    if rung.state == "complete" and (apart is None or apart.state == "complete"):
        line += f",AVERAGE-BANDWIDTH={rung.mean + (apart.mean if apart else 0)}"
    line += f',CODECS="{codecs}"'
    if rung.plan.kind == "picture":
        line += f",RESOLUTION={rung.plan.width}x{rung.plan.height}"
        line += f",FRAME-RATE={float(rung.plan.pace):.3f}"
    if sound is not None:
        line += ',AUDIO="sound"'
    return line + (',SUBTITLES="words"' if has_words else "")


def _quoted(subtitle: FilmSubtitle, among: Sequence[FilmSubtitle]) -> str:
    """A name of its own in its group, and nothing that would end the line or the quotes."""
    name = "".join(
        " " if letter in '"\\' or not letter.isprintable() else letter for letter in subtitle.label
    )
    same = [one for one in among if one.label == subtitle.label]
    return name if len(same) < 2 else f"{name} ({same.index(subtitle) + 1})"


def media(rung: Rung, pieces: Sequence[Piece]) -> str:
    """One that is still being made only grows (`EVENT`)."""
    ended = rung.state == "complete"
    longest = max((rounded(_seconds(piece)) for piece in pieces), default=1)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(rung.plan.target, longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if ended else 'EVENT'}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    header = ""
    for piece in pieces:
        if piece.header != header:
            header = piece.header
            lines.append(f'#EXT-X-MAP:URI="{header}"')
        lines += [f"#EXTINF:{_seconds(piece):.6f},", f"{piece.number}.m4s"]
    return "\n".join(lines + (["#EXT-X-ENDLIST"] if ended else [])) + "\n"


def words(subtitle_id: UUID, duration_ms: int) -> str:
    """A playlist of one segment: all of it."""
    seconds = max(1.0, duration_ms / 1000)
    return (
        "#EXTM3U\n#EXT-X-VERSION:7\n"
        f"#EXT-X-TARGETDURATION:{rounded(seconds)}\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        f"#EXTINF:{seconds:.3f},\n{subtitle_id}.vtt\n#EXT-X-ENDLIST\n"
    )


def board(storyboard: Storyboard, duration_ms: int) -> str:
    """WebVTT whose cues say where in which sheet the picture of a moment is."""
    cues = ["WEBVTT\n"]
    for number in range(storyboard.count):
        begins = number * storyboard.every
        ends = min(begins + storyboard.every, max(duration_ms / 1000, begins + 0.001))
        sheet, place = divmod(number, TILES**2)
        x, y = place % TILES * storyboard.width, place // TILES * storyboard.height
        cues.append(
            f"{_clock(begins)} --> {_clock(ends)}\n"
            f"storyboard-{sheet}.jpg#xywh={x},{y},{storyboard.width},{storyboard.height}\n"
        )
    return "\n".join(cues)


def _seconds(piece: Piece) -> float:
    return piece.duration / 1_000_000


def _clock(seconds: float) -> str:
    at = round(seconds * 1000)
    return f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03}"
