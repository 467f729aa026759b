"""Archives from strangers: read as a stream, refused with the place named."""

import json
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core import archives
from tertulia.core.archives import BadArchive, open_archive


def pack(path: Path, contents: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def read(path: Path, name: str = "a.json") -> list[Any]:
    with open_archive(path) as archive:
        return list(archive.elements(name))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(elements=st.lists(values), chunk=st.integers(1, 9), indent=st.sampled_from([None, 1]))
def test_what_was_written_is_read_however_it_is_cut(
    elements: list[Any], chunk: int, indent: int | None
) -> None:
    raw = json.dumps(elements, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
    chunks = [raw[at : at + chunk] for at in range(0, len(raw), chunk)]
    found = list(archives._elements("a.json", chunks))  # pyright: ignore[reportPrivateUsage]
    assert found == json.loads(raw)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not a list"),
        (b"{}", "is not a list"),
        (b'[{"a": 1}, {"b"]', "element 1 is broken"),
        (b'[{"a": 1}', "is broken after element 1"),
        (b"[1, 2] 3", "goes on after its list"),
        (b'["\xff"]', "is not UTF-8"),
        (b"[" * 100_000, "element 0 is nested too deeply"),
        (b'["' + b"a" * 9_000_000 + b'"]', "element 0 is too large"),
    ],
)
def test_bad_json_is_refused_with_its_place(tmp_path: Path, content: bytes, problem: str) -> None:
    path = pack(tmp_path / "x.zip", {"days/a.json": content})
    with pytest.raises(BadArchive) as refused:
        read(path, "days/a.json")
    assert refused.value.place == "days/a.json"
    assert refused.value.problem.startswith(problem) or "too tightly" in refused.value.problem


def test_a_bomb_is_put_out_early(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {"a.json": b"[" + b" " * 60_000_000 + b"1]"})
    tracemalloc.start()
    try:
        with pytest.raises(BadArchive, match="zip bomb"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_large_file_is_never_held_whole(tmp_path: Path) -> None:
    one = json.dumps({"text": "".join(chr(97 + n * n % 26) for n in range(500))})
    many = ",".join(one[:-2] + f'{n:08}"}}' for n in range(60_000))
    path = pack(tmp_path / "x.zip", {"a.json": f"[{many}]"})
    size = len(many)
    del many
    tracemalloc.start()
    try:
        with open_archive(path) as archive:
            assert sum(1 for _ in archive.elements("a.json")) == 60_000
        assert tracemalloc.get_traced_memory()[1] < size / 8
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name", ["../a.json", "/etc/passwd", "x/../../a", "C:/a.json", "x\\..\\a", "a" * 1_001]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / "x.zip", {name: b"[]"})
    with pytest.raises(BadArchive, match="is not a name within the archive"):
        read(path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.json")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(BadArchive, match="symbolic link"):
        read(tmp_path / "x.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.json", "[1]")
        archive.writestr("a.json", "[2]")
    with pytest.raises(BadArchive, match="stands twice"):
        read(tmp_path / "x.zip")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    with pytest.raises(BadArchive, match="is not a ZIP archive"):
        read(tmp_path / "x.zip")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.json", b"[1,2,3,4,5]")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"[1,2,3", b"[1,9,3", 1))
    with pytest.raises(BadArchive, match="cannot be unpacked"):
        read(path)
