"""The program as people start it: a process, a data folder, an address."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager

START_SECONDS = 60
STOP_SECONDS = 30


@contextmanager
def program(**settings: str) -> Generator[str]:
    """Run `tertulia serve` on a free port of this machine, with a data folder that goes with it;
    yields its address.

    `settings` are TERTULIA_* without the prefix, in lower case.
    """
    # Not below pytest's own folder: each new session there shuts PostgreSQL's user out of all.
    with (
        tempfile.TemporaryDirectory(prefix="tertulia-test-") as data,
        running(data, settings) as url,
    ):
        yield url


@contextmanager
def running(data: str, settings: dict[str, str]) -> Generator[str]:
    """As `program`, with a data folder that stays."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if "TERTULIA" not in name}
    given = {"data_dir": data, "port": str(port), "log_level": "warning", **settings}
    environment |= {f"TERTULIA_{name.upper()}": value for name, value in given.items()}
    process = subprocess.Popen([sys.executable, "-m", "tertulia", "serve"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_ready(url, process)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)


def _wait_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=1):
                return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the server did not start") from None
            # There is nothing to wait on but the port.
            time.sleep(0.02)
    raise RuntimeError("the server is not ready")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
