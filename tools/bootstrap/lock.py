"""The lock files: every version and hash, and no address, so that any mirror serves."""

import sys
from pathlib import Path

from node import ensure_node
from place import CLIENTS, ROOT, WEB, run
from python import BUILD_LOCK, UV_LOCK, ensure_environment, ensure_uv, uv

LOCKS = UV_LOCK.parent
RUNTIME = ROOT / "requirements.lock"
OPTIONS = [
    "--universal",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--python-version=3.11",
    "--quiet",
]


def write() -> None:
    """Newest versions that fit: run it on purpose, read the difference, run the tests."""
    ensure_uv()
    project = ROOT / "pyproject.toml"
    _compile(RUNTIME, project)
    # The same versions as at runtime, and more.
    _compile(ROOT / "requirements-dev.lock", project, "--group=dev", f"--constraints={RUNTIME}")
    for lock in (UV_LOCK, LOCKS / "node.lock", BUILD_LOCK):
        _compile(lock, lock.with_suffix(".in"))
    ensure_node()
    for folder in (WEB, CLIENTS):
        run(["npm", "install", "--package-lock-only", "--no-audit", "--no-fund"], cwd=folder)
    run([sys.executable, ROOT / "tools" / "complete_npm_lock.py"])
    ensure_environment(dev=True)
    run(["python", ROOT / "tools" / "write_notices.py"])


def _compile(lock: Path, source: Path, *more: str) -> None:
    uv("pip", "compile", *OPTIONS, "--upgrade", *more, "--output-file", lock, source)
