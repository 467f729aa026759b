"""A server whose web client is exchanged while pages are open, as a deploy does it."""

import re
import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from litestar.types import ASGIApp, Receive, Scope, Send

ENTRY = re.compile(r"/assets/(index-[\w-]+)\.js")


def next_build(build: Path, folder: Path) -> Path:
    """`build` again, with another name for its entry: what any change of the client amounts to."""
    shutil.copytree(build, folder)
    page = folder / "index.html"
    before = page.read_text()
    found = ENTRY.search(before)
    assert found is not None
    old, new = found[1], f"{found[1][:-4]}NEXT"
    for script in (folder / "assets").glob("*.js"):
        script.write_text(script.read_text().replace(old, new))
    (folder / "assets" / f"{old}.js").rename(folder / "assets" / f"{new}.js")
    page.write_text(before.replace(old, new))
    worker = folder / "sw.js"
    told = worker.read_text().replace(old, new)
    told = told.replace(_integrity(before), _integrity(page.read_text()))
    worker.write_text(re.sub(r'"version":"\w+"', '"version":"next"', told))
    return folder


def entry_of(page: str) -> str:
    found = ENTRY.search(page)
    assert found is not None
    return found[0]


class Deploys:
    """Answers with `app`, which a test exchanges."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def _integrity(page: str) -> str:
    return f"sha256-{b64encode(sha256(page.encode()).digest()).decode()}"
