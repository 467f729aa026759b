"""Hashed files outlive the build that made them: a page opened yesterday still loads its parts."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

KEEP = timedelta(days=14)


def keep_assets(static_dir: Path, store: Path, now: datetime, keep: timedelta = KEEP) -> None:
    """Copy `static_dir/assets` into `store` and forget there what no build had for `keep`.

    Blocking: call it at start, in a thread. Safe beside a second server on the same folder.
    """
    store.mkdir(parents=True, exist_ok=True)
    seen = now.timestamp()
    for source in _files(static_dir / "assets"):
        target = store / source.relative_to(static_dir / "assets")
        if not target.exists():
            _copy(source, target)
        os.utime(target, (seen, seen))
    for path in _files(store):
        if path.stat().st_mtime < (now - keep).timestamp():
            path.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Whole or not at all: half a script under a hashed name would be kept for a year."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, draft)
    draft.replace(target)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
