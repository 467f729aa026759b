"""Films that would make their reader open another one: first shown to work on bare tools."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from tests.support.films import FFMPEG, draw, ffmpeg

from tertulia.core.film import (
    Bounds,
    ChildFailed,
    FilmTooLarge,
    FilmUnreadable,
    Jail,
    copy_track,
    probe,
    walls,
)

Attack = Callable[[Path, Path], Path]  # the folder of the attacker, somebody else's film


def playlist(folder: Path, other: Path) -> Path:
    path = folder / "film.m3u8"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n")
    return path


def manifest(folder: Path, other: Path) -> Path:
    path = folder / "film.mp4"
    path.write_text(
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">'
        '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1000" '
        f'codecs="avc1"><BaseURL>{other}</BaseURL></Representation></AdaptationSet></Period></MPD>'
    )
    return path


def joined(folder: Path, other: Path) -> Path:
    (folder / "other.ts").symlink_to(other)
    path = folder / "film.mp4"
    path.write_text("ffconcat version 1.0\nfile other.ts\n")
    return path


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("other") / "private.ts", 1)


def read_bare(path: Path) -> bytes:
    """What ffmpeg makes of it that is asked as most would."""
    command = [FFMPEG, "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-i", str(path)]
    done = subprocess.run(
        [*command, "-map", "0:v", "-c", "copy", "-f", "data", "-"], capture_output=True, check=False
    )
    return done.stdout


ATTACKS = [playlist, manifest, joined]


@pytest.mark.parametrize("attack", ATTACKS)
async def test_reading_another_film(
    attack: Attack, other: Path, jail: Jail, tmp_path: Path
) -> None:
    path = attack(tmp_path, other)
    assert len(read_bare(path)) > 1_000  # a list of protocols does not stop it
    async with jail.cell() as cell:
        await cell.take(path)
        if attack is joined:
            (cell.folder / "other.ts").symlink_to(other)
        with pytest.raises(FilmUnreadable):
            await probe(cell)
        with pytest.raises(ChildFailed) as failed:
            await cell.run(copy_track(str(jail.ffmpeg), 0), Bounds())
        assert failed.value.why == "refused"


@pytest.mark.parametrize("attack", ATTACKS)
async def test_even_a_reader_without_a_list_finds_nothing(
    attack: Attack, other: Path, jail: Jail, tmp_path: Path
) -> None:
    """The second wall: were a demuxer let through by mistake, there is nothing to be opened."""
    path = attack(tmp_path, other)
    name = path.name
    async with jail.cell() as cell:
        (cell.folder / name).write_bytes(path.read_bytes())
        if attack is joined:
            (cell.folder / "other.ts").symlink_to(other)
        bare = [str(FFMPEG), "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-i", name]
        try:
            said = await cell.run([*bare, "-map", "0:v", "-c", "copy", "-f", "data", "-"], Bounds())
        except ChildFailed:
            said = b""
    assert (said == b"") == (await walls()).files


def test_the_library_reads_it_too(other: Path, tmp_path: Path) -> None:
    """Without our options: so the child's are what keeps it."""
    with av.open(str(joined(tmp_path, other))) as film:
        assert next(film.decode(video=0)).width == 320


def pixels(path: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "color=s=6000x4000", "-frames:v", "1", "-c:v", "mjpeg", str(path))
    return path


def streams(path: Path) -> Path:
    maps = [word for _ in range(45) for word in ("-map", "0:a")]
    silence = ("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "0.1")
    ffmpeg(*silence, *maps, "-c:a", "pcm_s16le", str(path))
    return path


def noise(path: Path) -> Path:
    path.write_bytes(b"\0\0\0\x1cftypisom" + bytes(range(256)) * 40)
    return path


@pytest.mark.parametrize("bomb", [pixels, streams, noise])
async def test_bombs(bomb: Callable[[Path], Path], jail: Jail, tmp_path: Path) -> None:
    async with jail.cell() as cell:
        await cell.take(bomb(tmp_path / "bomb.mkv"))
        with pytest.raises((FilmTooLarge, FilmUnreadable)):
            await probe(cell)
