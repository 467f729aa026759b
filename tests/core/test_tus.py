"""Headers of tus, whatever they say (protocol U)."""

import base64
import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core import tus
from tertulia.core.errors import Invalid
from tertulia.core.tus import Checksum, Final, Partial, WrongVersion

KEYS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1
)


@given(st.dictionaries(KEYS, st.text(max_size=40), max_size=6))
def test_metadata_comes_back_as_it_was_said(said: dict[str, str]) -> None:
    line = ",".join(
        f"{key} {base64.b64encode(value.encode('utf-8', 'replace')).decode()}"
        for key, value in said.items()
    )
    found = tus.metadata(line) if len(line) <= tus.LONGEST_METADATA else said
    assert found == {key: value.encode("utf-8", "replace").decode() for key, value in said.items()}


READERS: tuple[Callable[[str], object], ...] = (
    tus.metadata,
    tus.checksum,
    tus.concat,
    lambda said: tus.number(said, "Upload-Offset"),
    lambda said: tus.length(said, None),
    lambda said: tus.length(None, said),
)


@given(st.text(max_size=200))
def test_no_header_does_more_than_be_refused(text: str) -> None:
    for read in READERS:
        with suppress(Invalid):
            read(text)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_text_are_no_error(value: bytes) -> None:
    found = tus.metadata(f"filename {base64.b64encode(value).decode()}")
    assert isinstance(found["filename"], str)


@given(st.integers(min_value=0, max_value=tus.LARGEST))
def test_numbers_are_digits_alone(number: int) -> None:
    assert tus.number(str(number), "Upload-Offset") == number
    for bad in (f"-{number}", f"+{number}", f" {number}", f"0{number}", f"{number}.0", "١", ""):
        with pytest.raises(Invalid):
            tus.number(bad, "Upload-Offset")


def test_numbers_end_where_clients_lose_count() -> None:
    with pytest.raises(Invalid):
        tus.number(str(tus.LARGEST + 1), "Upload-Length")


@given(st.sampled_from(tus.ALGORITHMS), st.binary(max_size=100))
def test_checksums_are_compared(algorithm: str, data: bytes) -> None:
    digest = hashlib.new(algorithm, data).digest()
    found = tus.checksum(f"{algorithm} {base64.b64encode(digest).decode()}")
    assert found == Checksum(algorithm, digest)
    summed = found.begin()
    summed.update(data)
    assert summed.digest() == found.digest


def test_a_checksum_of_another_length_is_none() -> None:
    for bad in ("sha1 " + "A" * 28, "sha256 AAAA", "crc32 AAAA", "sha1", ""):
        with pytest.raises(Invalid):
            tus.checksum(bad)


def test_concatenation() -> None:
    assert tus.concat("partial") == Partial()
    assert tus.concat("final;/files/a /files/b") == Final(("/files/a", "/files/b"))
    for bad in ("final", "final;", "final; ", "partial;/a", "", "FINAL;/a"):
        with pytest.raises(Invalid):
            tus.concat(bad)
    with pytest.raises(Invalid):
        tus.concat("final;" + " /a" * (tus.MOST_PARTS + 1))


def test_line_ends_hide_in_base64() -> None:
    """So that whoever uses a value knows."""
    hidden = base64.b64encode(b"a\r\nb").decode()
    assert tus.metadata(f"filename {hidden}") == {"filename": "a\r\nb"}


def test_versions_and_dates() -> None:
    tus.require_version("1.0.0")
    for other in (None, "", "1.0", "0.2.2"):
        with pytest.raises(WrongVersion):
            tus.require_version(other)
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert tus.http_date(moment) == "Mon, 02 Mar 2026 12:00:00 GMT"
