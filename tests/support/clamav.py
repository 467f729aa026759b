"""A real ClamAV daemon for tests, with two signatures of our own and no connection to anywhere.

A machine without `clamd` fails these tests, and says what to install.
"""

import hashlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

MISSING = "clamd is not installed: run `make test`, or `apt-get install clamav-daemon`"
SECONDS = 20.0
STREAM_LIMIT = 1 << 20  # bytes

# Harmless, and known to every scanner; put together so that none finds it in this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PATTERN = b"tertulia test signature 7f3a"  # anywhere in a file

# Of two lines for the same thing clamd takes the first.
CONFIG = """{more}
DatabaseDirectory {folder}/database
LocalSocket {folder}/clamd.sock
TemporaryDirectory {folder}
Foreground yes
SelfCheck 0
MaxThreads 2
StreamMaxLength {limit}
MaxFileSize {limit}
MaxScanSize {limit}
"""


class Clamd:
    """`url` is where it listens; killed and started again it is the same."""

    def __init__(self, folder: Path, more: str) -> None:
        self.url = f"unix://{folder}/clamd.sock"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "database").mkdir()
        (folder / "database" / "test.ndb").write_text(f"Tertulia.Test:0:*:{PATTERN.hex()}\n")
        known = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Test\n"
        (folder / "database" / "test.hdb").write_text(known)
        config = CONFIG.format(folder=folder, limit=STREAM_LIMIT, more=more)
        (folder / "clamd.conf").write_text(config)

    def start(self) -> None:
        program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            pytest.fail(MISSING)
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, "-c", str(self._folder / "clamd.conf")], stdout=log, stderr=log
            )
        end = time.monotonic() + SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                pytest.fail("clamd did not start:\n" + (self._folder / "log").read_text())
            time.sleep(0.02)

    def _answers(self) -> bool:
        with closing(socket.socket(socket.AF_UNIX)) as conn:
            try:
                conn.connect(str(self._folder / "clamd.sock"))
            except OSError:
                return False
            conn.sendall(b"zPING\0")
            return conn.recv(16) == b"PONG\0"

    def kill(self) -> None:
        """As kill -9 does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(SECONDS)
            self._process = None
            (self._folder / "clamd.sock").unlink(missing_ok=True)


@contextmanager
def running_clamd(more: str = "") -> Generator[Clamd]:
    """A daemon of one's own; `more` lines for its configuration."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        clamd = Clamd(Path(folder), more)
        clamd.start()
        try:
            yield clamd
        finally:
            clamd.kill()


@pytest.fixture(scope="session")
def clamd() -> Iterator[Clamd]:
    with running_clamd() as daemon:
        yield daemon
