"""Hashed files outlive the build that made them: a page opened yesterday still loads its parts."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tertulia.core.http.compress import FOR_FILES, SMALLEST, compress
from tertulia.core.http.static import ENCODINGS

KEEP = timedelta(days=14)
# What is text inside; fonts and pictures are compressed already.
COMPRESSIBLE = {".js", ".mjs", ".css", ".svg", ".json", ".html", ".wasm", ".txt"}


def keep_assets(static_dir: Path, store: Path, now: datetime, keep: timedelta = KEEP) -> None:
    """Copy `static_dir/assets` into `store` and forget there what no build had for `keep`.

    Compressed forms are made beside the copies, where the build made none. Blocking: call it at
    start, in a thread. Safe beside a second server on the same folder.
    """
    store.mkdir(parents=True, exist_ok=True)
    seen = now.timestamp()
    for source in _files(static_dir / "assets"):
        target = store / source.relative_to(static_dir / "assets")
        if not target.exists():
            _write(target, source.read_bytes())
        for form in (target, *_compressed_forms(target)):
            os.utime(form, (seen, seen))
    for path in _files(store):
        if path.stat().st_mtime < (now - keep).timestamp():
            path.unlink(missing_ok=True)


def _compressed_forms(path: Path) -> Iterator[Path]:
    if path.suffix not in COMPRESSIBLE or path.stat().st_size < SMALLEST:
        return
    for encoding, ending in ENCODINGS.items():
        form = path.with_name(path.name + ending)
        if not form.exists():
            _write(form, compress(path.read_bytes(), encoding, FOR_FILES))
        yield form


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: half a script under a hashed name would be kept for a year."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
