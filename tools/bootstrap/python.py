"""uv, and the environment of the server from the hash-pinned lock files."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from place import (
    ROOT,
    TOOLS,
    VENV,
    Trouble,
    answers,
    apt_install,
    digest,
    is_fresh,
    run,
    say,
    stamp,
    unstamp,
)

UV_LOCK = ROOT / "tools" / "locks" / "uv.lock"
BUILD_LOCK = ROOT / "tools" / "locks" / "build.lock"
UV = TOOLS / "uv" / "bin" / "uv"
NO_PIP = """\
This Python ({python}) has neither pip nor venv, and uv is not installed either.
On Debian or Ubuntu: sudo apt-get install python3-venv python3-pip — then run make again."""


def ensure_uv() -> None:
    fingerprint = digest([UV_LOCK], "uv")
    if is_fresh("uv", fingerprint) and UV.exists():
        return
    unstamp("uv")
    say("installing uv into .tools")
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    pip = _pip()
    if pip:
        quiet = [
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
            "--no-deps",
            "--require-hashes",
        ]
        run([*pip, "install", *quiet, "--target", TOOLS / "uv", "-r", UV_LOCK])
    else:
        _borrow_uv()
    stamp("uv", fingerprint)


def _pip() -> list[str | Path]:
    """A pip to call, made in a private environment where Python came without one.

    Debian splits pip and venv off; root may simply install them.
    """
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    private = TOOLS / "pip" / "bin" / "python"
    made = importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")
    if made and answers([sys.executable, "-m", "venv", TOOLS / "pip"]) is not None:
        return [private, "-m", "pip"]
    if os.geteuid() == 0 and shutil.which("apt-get") and not shutil.which("uv"):
        apt_install("python3-pip")
        return ["/usr/bin/python3", "-m", "pip"]
    return []


def _borrow_uv() -> None:
    installed = shutil.which("uv")
    if installed is None:
        raise Trouble(NO_PIP.format(python=sys.executable))
    UV.parent.mkdir(parents=True, exist_ok=True)
    UV.symlink_to(installed)


def uv(*arguments: str | Path) -> None:
    """uv on this Python, never one it downloads, and on the index pip is configured for."""
    variables = {
        "VIRTUAL_ENV": str(VENV),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
    }
    if "UV_DEFAULT_INDEX" not in os.environ and "UV_INDEX_URL" not in os.environ:
        index = _pip_index()
        if index:
            variables["UV_DEFAULT_INDEX"] = index
    run([UV, *arguments], variables=variables)


def _pip_index() -> str | None:
    """pip's mirror, which uv does not look for by itself."""
    if "PIP_INDEX_URL" in os.environ:
        return os.environ["PIP_INDEX_URL"]
    return answers([sys.executable, "-m", "pip", "config", "get", "global.index-url"])


def ensure_environment(*, dev: bool) -> None:
    """`.venv` holds exactly one lock file's packages and this project, editable.

    Once it was made for development it stays so: `make run` after `make test` changes nothing.
    """
    ensure_uv()
    dev = dev or (TOOLS / "stamps" / "dev").exists()
    name = "dev" if dev else "runtime"
    packages = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    described = [packages, BUILD_LOCK, ROOT / "pyproject.toml"]
    fingerprint = digest(described, str(ROOT), sys.version, sys.executable)
    if is_fresh(name, fingerprint) and answers([VENV / "bin" / "python", "-c", ""]) is not None:
        return
    unstamp(name)
    say(f"installing Python packages from {packages.name}")
    uv("venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    uv("pip", "sync", "--quiet", "--require-hashes", packages)
    uv("pip", "install", "--quiet", "--no-deps", "--build-constraints", BUILD_LOCK, "-e", ROOT)
    stamp(name, fingerprint)
