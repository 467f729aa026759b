"""What is made of films, played as a player would."""

import re
from pathlib import Path
from uuid import UUID

from tests.support.films import OTHER, Cinema, draw, ffmpeg, frames, lengths, packets
from tests.support.world import Person

from tertulia.features.files.schemas import File


async def test_what_fits_is_cut_and_not_encoded_again(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    place = "com.apple.quicktime.location.ISO6709=+52.5200+013.4050/"
    tags = ("-movflags", "use_metadata_tags", "-metadata", place)
    path = draw(tmp_path / "holiday.mp4", 6, more=tags)
    assert b"+52.5200" in path.read_bytes()
    file = await cinema.send(alice, room, path)
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    assert (film.state, film.width, film.height) == ("complete", 320, 180)
    assert [rung.name for rung in film.rungs] == ["source"]

    played = await cinema.played(bob, file, "source")
    assert packets(played, "video") == packets(path, "video")
    heard = await cinema.played(bob, file, "sound")
    # The first frame lies before the film's beginning: it is what the encoder needed.
    frames_ = [data for _, _, data in packets(path, "audio")]
    assert [data for _, _, data in packets(heard, "audio")] == frames_[1:]
    # Where it was taken is nobody's business.
    for made in (played, heard, await _poster(cinema, bob, file)):
        assert b"+52.5200" not in made.read_bytes()


async def _poster(cinema: Cinema, who: Person, file: File) -> Path:
    path = cinema.folder / "poster.jpg"
    path.write_bytes(await cinema.bytes(who, file, "poster.jpg"))
    assert len(frames(path)) == 1
    return path


async def test_the_ladder_stays_below_what_came_and_in_step(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    path = draw(tmp_path / "old.mkv", 5, "854x480", "30000/1001", OTHER)
    file = await cinema.send(alice, room, path)
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    assert [(rung.name, rung.width, rung.height) for rung in film.rungs] == [
        ("360p", 640, 360),
        ("480p", 854, 480),
    ]
    master = await cinema.text(bob, file, "master.m3u8")
    starts: list[list[str]] = []
    for rung in film.rungs:
        playlist = await cinema.text(bob, file, f"{rung.name}/index.m3u8")
        target = int(re.findall(r"TARGETDURATION:(\d+)", playlist)[0])
        assert max(map(round, lengths(playlist))) == target == 4
        assert "#EXT-X-ENDLIST" in playlist
        played = await cinema.played(bob, file, rung.name)
        seen = frames(played)
        assert len(seen) == 150  # 5 s at 30000/1001
        assert (seen[0].width, seen[0].height) == (rung.width, rung.height)
        starts.append([f"{float(at):.4f}" for at, key, _ in packets(played, "video") if key])
        # What the playlist says is what the player's decoder will be asked for.
        header = played.read_bytes()
        profile = header[header.index(b"avcC") + 5 :][:3].hex()
        assert f"avc1.{profile},mp4a.40.2" in master
        assert f"RESOLUTION={rung.width}x{rung.height},FRAME-RATE=29.970" in master
    assert starts[0] == starts[1] == ["0.0000", "2.0020", "4.0040"]
    heard = packets(await cinema.played(bob, file, "sound"), "audio")
    assert abs(float(heard[-1][0]) - 5) < 0.05


async def test_smaller_rungs_begin_where_what_was_copied_does(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    # Keyframes at 0, 2.8, 5.6: segments of 5.6 s and the rest.
    path = draw(tmp_path / "film.mp4", 7, "640x480", "25", more=("-g", "70"))
    file = await cinema.send(alice, room, path)
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    assert [rung.name for rung in film.rungs] == ["360p", "source"]
    copied = await cinema.text(bob, file, "source/index.m3u8")
    smaller = await cinema.text(bob, file, "360p/index.m3u8")
    assert lengths(copied) == lengths(smaller) == [5.6, 1.4]
    assert "TARGETDURATION:6" in copied
    keys = [at for at, key, _ in packets(await cinema.played(bob, file, "360p"), "video") if key]
    assert [float(at) for at in keys] == [0, 2, 4, 5.6]
    assert len(frames(await cinema.played(bob, file, "360p"))) == 175


async def test_who_holds_their_telephone_upright(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    lying = draw(tmp_path / "lying.mp4", 1)
    path = tmp_path / "upright.mp4"
    ffmpeg("-display_rotation", "90", "-i", str(lying), "-c", "copy", str(path))
    file = await cinema.send(alice, room, path)
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    assert (film.width, film.height) == (180, 320)
    # Browsers do not turn what comes in segments: so it is encoded, the right way up.
    assert [(rung.name, rung.width, rung.height) for rung in film.rungs] == [("180p", 180, 320)]
    assert frames(await cinema.played(bob, file, "180p"))[0].height == 320


async def test_subtitles_that_came_inside(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:00,200 --> 00:00:00,900\nHola\n")
    plain = draw(tmp_path / "plain.mp4", 1)
    path = tmp_path / "film.mkv"
    words = ("-i", str(tmp_path / "words.srt"), "-c", "copy", "-metadata:s:s:0", "language=spa")
    ffmpeg("-i", str(plain), *words, str(path))
    file = await cinema.send(alice, room, path)
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    [subtitle] = film.subtitles
    assert (subtitle.language, subtitle.embedded) == ("spa", True)
    assert "Hola" in await cinema.text(bob, file, f"subtitles/{subtitle.id}.vtt")
    master = await cinema.text(bob, file, "master.m3u8")
    assert f'LANGUAGE="spa",URI="subtitles/{subtitle.id}.m3u8"' in master
    assert 'SUBTITLES="words"' in master


async def test_thumbnails_for_the_scrub_bar(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    file = await cinema.send(alice, room, draw(tmp_path / "film.mp4", 5))
    await cinema.work()
    board = await cinema.text(bob, file, "storyboard.vtt")
    assert re.findall(r"#xywh=(\S+)", board) == ["0,0,160,90", "160,0,160,90", "320,0,160,90"]
    sheet = tmp_path / "sheet.jpg"
    sheet.write_bytes(await cinema.bytes(bob, file, "storyboard-0.jpg"))
    assert (frames(sheet)[0].width, frames(sheet)[0].height) == (1600, 900)


async def test_a_recording_is_played_as_it_is(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "voice.webm"
    ffmpeg("-f", "lavfi", "-i", "sine", "-t", "1", "-c:a", "libopus", str(path))
    file = await cinema.send(alice, room, path, "audio/webm")
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    assert (film.state, film.original, film.rungs, film.width) == ("complete", True, [], None)
    assert 900 < film.duration_ms < 1100


async def test_what_is_no_film_is_said_to_be_none(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    file = await cinema.send(alice, room, path)
    await cinema.work()
    film = await cinema.film(bob, file)
    assert film is not None
    assert (film.state, film.why) == ("failed", "unreadable")
    assert await cinema.part(bob, file, "master.m3u8") is None
