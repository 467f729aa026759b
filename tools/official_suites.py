"""Run the official protocol test suites against the reference server.

    python tools/official_suites.py --engine DIR --socket DIR [--times 20] [--busy 4]

DIR is the folder `test-suite` of a checkout of github.com/socketio/engine.io-protocol, and of
github.com/socketio/socket.io-protocol. Their code is theirs and not kept here: it is copied to a
temporary folder, its packages are installed by npm, and its address is set to the server's port.

Starts `python -m tertulia.core.gateway` once for all runs. `--busy`: so many processes that only
burn the processor meanwhile. Exits 1 when any test failed in any run, and says which how often.
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ADDRESS = "http://localhost:3000"  # in both suites
START_SECONDS = 15.0
BURN = "while True: pass"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the official protocol test suites.")
    parser.add_argument("--engine", type=Path)
    parser.add_argument("--socket", type=Path)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--busy", type=int, default=0)
    wanted = parser.parse_args()
    checkouts = [folder for folder in (wanted.engine, wanted.socket) if folder is not None]
    if not checkouts:
        parser.error("give --engine, --socket, or both")
    with ExitStack() as stack:
        port = stack.enter_context(reference_server())
        suites = [stack.enter_context(suite(folder, port)) for folder in checkouts]
        for _ in range(wanted.busy):
            stack.enter_context(running([sys.executable, "-c", BURN]))
        results = [repeat(folder, wanted.times) for folder in suites]
    return 0 if all(results) else 1


@contextmanager
def running(command: list[str]) -> Generator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def reference_server() -> Generator[int]:
    """Its port."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    command = [sys.executable, "-m", "tertulia.core.gateway", "--port", str(port)]
    with running(command) as server:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > until:
                    sys.exit("the reference server did not start")
                time.sleep(0.05)
        yield port


@contextmanager
def suite(checkout: Path, port: int) -> Generator[Path]:
    """A copy that is ready to run."""
    with tempfile.TemporaryDirectory(prefix="tertulia-suite-") as name:
        folder = Path(name) / f"{checkout.resolve().parent.name}"
        shutil.copytree(checkout, folder, ignore=shutil.ignore_patterns("node_modules"))
        script = folder / "test-suite.js"
        text = script.read_text(encoding="utf-8")
        if ADDRESS not in text:
            sys.exit(f"{checkout}: no {ADDRESS} in test-suite.js")
        script.write_text(text.replace(ADDRESS, f"http://127.0.0.1:{port}"), encoding="utf-8")
        install = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(install, cwd=folder, check=True)
        yield folder


def repeat(folder: Path, times: int) -> bool:
    """Whether every test passed every time."""
    failures: Counter[str] = Counter()
    words: dict[str, str] = {}
    passed = 0
    for _ in range(times):
        report = run(folder)
        passed += report["stats"]["passes"]
        for failure in report["failures"]:
            failures[failure["fullTitle"]] += 1
            words[failure["fullTitle"]] = failure["err"].get("message", "")
    print(f"{folder.name}: {times} runs, {passed} passed, {failures.total()} failed")
    for title, count in failures.most_common():
        print(f"  {count} × {title}: {words[title]}")
    return passed > 0 and not failures


def run(folder: Path) -> dict[str, Any]:
    """The report of one run, as mocha tells it in JSON."""
    command = ["npx", "--no-install", "mocha", "test-suite.js", "--reporter", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout[done.stdout.index("{") :])
    except ValueError:
        sys.exit(f"{folder.name} did not run:\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
