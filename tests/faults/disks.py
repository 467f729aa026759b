"""Disks in files: small ones that fill up, and one that can be photographed while it is written.

Needs root, loop devices, and the programs of e2fsprogs and xfsprogs.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

WITHOUT = "TERTULIA_FAULTS_WITHOUT_DISKS"  # docs/faults.md
PROGRAMS = ("mkfs.ext4", "mkfs.xfs", "mount", "umount", "losetup")
MEGABYTE = 1024 * 1024


def require_disks() -> None:
    """A machine that cannot do it fails the test with the reason, unless it is told to be such."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=_path()) is None]
    reason = ""
    if os.geteuid() != 0:
        reason = "this needs root (loop mounts)"
    elif not Path("/dev/loop-control").exists():
        reason = "there is no /dev/loop-control (loop devices)"
    elif missing:
        reason = f"missing programs {missing}: apt-get install e2fsprogs xfsprogs mount"
    if reason and os.environ.get(WITHOUT):
        pytest.skip(f"{reason}; {WITHOUT} is set")
    if reason:
        pytest.fail(f"{reason}; set {WITHOUT}=1 to do without these faults")


@contextmanager
def disk(folder: Path, name: str, size: int, kind: str = "ext4") -> Generator[Path]:
    """A mounted file system of `size` bytes, kept in the file `folder/name`."""
    image = folder / name
    with image.open("wb") as file:
        file.truncate(size)
    options = ["-m", "reflink=1"] if kind == "xfs" else ["-F", "-E", "lazy_itable_init=0"]
    _run(f"mkfs.{kind}", "-q", *options, str(image))
    with mounted(image) as where:
        yield where


@contextmanager
def mounted(image: Path) -> Generator[Path]:
    where = Path(tempfile.mkdtemp(prefix="tertulia-disk-"))
    _run("mount", "-o", "loop,nodiscard", str(image), str(where))
    try:
        where.chmod(0o755)
        yield where
    finally:
        _run("umount", str(where))
        where.rmdir()


def photograph(image: Path, to: Path) -> None:
    """What a power cut would leave of a disk at this moment. What its file system had not written
    yet is not in the picture. Atomic, milliseconds: the blocks are shared (ioctl_ficlone(2))."""
    _run("cp", "--reflink=always", str(image), str(to))


def flush(where: Path) -> None:
    """Write what a file system still has in memory: it was there before the test began."""
    _run("sync", "--file-system", str(where))


def _run(*command: str) -> None:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={"PATH": _path(), "LC_ALL": "C"}
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
