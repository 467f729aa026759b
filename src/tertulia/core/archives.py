"""ZIP archives from strangers, read as a stream.

Nothing is unpacked to disk and no file is held whole: what a header claims is not believed, bytes
are counted as they come. Names that would leave the archive's folder are refused although nothing
is ever written by them: whoever made them meant harm, or made a broken archive.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

MAX_FILES = 1_000_000
MAX_FILE_BYTES = 512 * 1024 * 1024  # of one JSON file, unpacked
MAX_RATIO = 200  # unpacked to packed: JSON rarely passes 30
RATIO_FROM = 4 * 1024 * 1024  # bytes of a file before its ratio is asked
MAX_ELEMENT = 4 * 1024 * 1024  # characters of one element of an array
CHUNK = 128 * 1024  # bytes

_SYMLINK = 0o120000
_DRIVE = re.compile(r"^[A-Za-z]:")
_BLANK = re.compile(r"[ \t\r\n]*")


class BadArchive(Exception):
    """What is wrong, and where in the archive."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem


class Entry(NamedTuple):
    """A file of an archive: its size as claimed, and the checksum that tells whether it changed."""

    name: str
    size: int
    checksum: int


class Archive:
    """An open archive. `entries` are its files by name; folders are left out."""

    def __init__(self, zip_file: zipfile.ZipFile) -> None:
        self._zip = zip_file
        infos = zip_file.infolist()
        if len(infos) > MAX_FILES:
            raise BadArchive("", f"more than {MAX_FILES:,} files")
        self.entries: dict[str, Entry] = {}
        for info in infos:
            _require_harmless(info)
            if info.is_dir():
                continue
            if info.filename in self.entries:
                raise BadArchive(info.filename, "stands twice in the archive")
            self.entries[info.filename] = Entry(info.filename, info.file_size, info.CRC)

    def elements(self, name: str) -> Iterator[Any]:
        """The elements of a file that holds one JSON array, one after the other.

        Raises BadArchive naming the file and the element.
        """
        try:
            with self._zip.open(name) as file:
                yield from _elements(name, self._bounded(name, file))
        except NotImplementedError as error:
            raise BadArchive(name, "is packed by a method unknown here") from error
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error) as error:
            raise BadArchive(name, f"cannot be unpacked ({error})") from error

    def _bounded(self, name: str, file: IO[bytes]) -> Iterator[bytes]:
        packed = max(self._zip.getinfo(name).compress_size, 1)
        unpacked = 0
        while chunk := file.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MAX_FILE_BYTES:
                raise BadArchive(name, f"holds more than {MAX_FILE_BYTES // 2**20} MiB")
            if unpacked > RATIO_FROM and unpacked > packed * MAX_RATIO:
                raise BadArchive(name, "is packed too tightly to be honest (a zip bomb)")
            yield chunk


@contextmanager
def open_archive(path: Path) -> Generator[Archive]:
    """Raises BadArchive for what is no harmless ZIP archive, OSError where it cannot be read."""
    try:
        zip_file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise BadArchive(path.name, f"is not a ZIP archive ({error})") from error
    with zip_file:
        yield Archive(zip_file)


def _require_harmless(info: zipfile.ZipInfo) -> None:
    name = info.filename
    # `ZipInfo` cuts a name at its NUL and turns backslashes round on Windows: ask the original.
    given = info.orig_filename
    parts = given.replace("\\", "/").split("/")
    if "\0" in given or "\\" in given or given.startswith("/") or _DRIVE.match(given):
        raise BadArchive(repr(given), "is not a name within the archive")
    if ".." in parts or len(given) > 1_000:
        raise BadArchive(repr(given[:200]), "is not a name within the archive")
    if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
        raise BadArchive(name, "is a symbolic link")
    if info.flag_bits & 0x1:
        raise BadArchive(name, "is encrypted")


def _elements(name: str, chunks: Iterable[bytes]) -> Iterator[Any]:
    """Cut a JSON array into its elements, holding no more than one of them."""
    text = _Text(name, chunks)
    text.expect("[", "is not a list")
    if text.skip("]"):
        text.expect_end()
        return
    count = 0
    while True:
        yield text.value(count)
        count += 1
        if text.skip(","):
            continue
        text.expect("]", f"is broken after element {count}")
        text.expect_end()
        return


class _Text:
    """Characters to be read: those that came, and a source of more."""

    def __init__(self, name: str, chunks: Iterable[bytes]) -> None:
        self._name = name
        self._source = iter(chunks)
        self._decoder = json.JSONDecoder()
        self._rest = b""  # of a character that was cut by the end of a chunk
        self._text = ""
        self._at = 0
        self._first = True

    def value(self, count: int) -> Any:
        """The value that begins here. A number is whole only where something follows it."""
        while True:
            self._blank()
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise self._bad(f"element {count} is nested too deeply") from None
            except ValueError as error:
                if self._held > MAX_ELEMENT:
                    raise self._bad(f"element {count} is too large") from None
                if not self._more(self._held):
                    raise self._bad(f"element {count} is broken ({error})") from None
                continue
            if end == len(self._text) and self._more(1):
                continue
            self._at = end
            return value

    def skip(self, mark: str) -> bool:
        self._blank()
        if self._text[self._at : self._at + 1] != mark:
            return False
        self._at += 1
        return True

    def expect(self, mark: str, problem: str) -> None:
        if not self.skip(mark):
            raise self._bad(problem)

    def expect_end(self) -> None:
        self._blank()
        if self._at < len(self._text):
            raise self._bad("goes on after its list")

    @property
    def _held(self) -> int:
        return len(self._text) - self._at

    def _blank(self) -> None:
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or not self._more(1):
                return

    def _more(self, wanted: int) -> bool:
        """At least `wanted` more characters, if there are any. False at the end. Doubling what is
        held keeps a large element from being tried again for each chunk."""
        parts: list[str] = []
        got = 0
        while got < max(wanted, 1):
            chunk = next(self._source, None)
            if chunk is None:
                break
            part = self._decode(chunk)
            parts.append(part)
            got += len(part)
        if not parts:
            if self._rest:
                raise self._bad("is not UTF-8")
            return False
        self._text = self._text[self._at :] + "".join(parts)
        self._at = 0
        return True

    def _decode(self, chunk: bytes) -> str:
        if self._first:
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
            self._first = False
        whole = self._rest + chunk
        try:
            self._rest = b""
            return whole.decode()
        except UnicodeDecodeError as error:
            if len(whole) - error.start > 3:
                raise self._bad("is not UTF-8") from None
            self._rest = whole[error.start :]
            return whole[: error.start].decode()

    def _bad(self, problem: str) -> BadArchive:
        return BadArchive(self._name, problem)
