"""Where things are, how commands are run, and the stamps that say what is already done."""

import hashlib
import os
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
CLIENTS = ROOT / "tests" / "clients"
STATIC = ROOT / "src" / "tertulia" / "static"
APT = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]


class Trouble(Exception):
    """Something only the user can mend; the text says how."""


def tool_path() -> str:
    return os.pathsep.join([f"{VENV}/bin", f"{TOOLS}/bin", os.environ.get("PATH", os.defpath)])


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def run(
    arguments: Iterable[str | Path],
    *,
    cwd: Path = ROOT,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Run to the end with our tools first on PATH; Trouble names the command that failed."""
    command = [str(argument) for argument in arguments]
    environment = os.environ | {"PATH": tool_path()} | dict(variables or {})
    done = subprocess.run(command, cwd=cwd, env=environment, check=False)
    if done.returncode != 0:
        raise Trouble(f"failed with exit code {done.returncode}: {shlex.join(command)}")


def answers(arguments: Iterable[str | Path]) -> str | None:
    """What a command prints, or None where it is missing or fails."""
    try:
        command = [str(argument) for argument in arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def digest(paths: Iterable[Path], *words: str) -> str:
    """One fingerprint of files (their names in the tree and bytes) and words."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_fresh(name: str, fingerprint: str) -> bool:
    stamp = TOOLS / "stamps" / name
    return stamp.exists() and stamp.read_text() == fingerprint


def stamp(name: str, fingerprint: str) -> None:
    path = TOOLS / "stamps" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fingerprint)


def apt_install(package: str) -> None:
    """As root, on Debian and its like."""
    say(f"installing {package} by apt-get")
    run(["apt-get", "update", "-qq"])
    run([*APT, package], variables={"DEBIAN_FRONTEND": "noninteractive"})


def unstamp(name: str) -> None:
    """Before a step begins: one that was cut short must not look done."""
    (TOOLS / "stamps" / name).unlink(missing_ok=True)
