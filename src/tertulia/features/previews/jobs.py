"""Following what is said, and fetching what it links to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import structlog

from tertulia.core.errors import AppError
from tertulia.core.followers import Follower
from tertulia.core.ids import Ids
from tertulia.core.images import MAX_BYTES, Picture, Studio, Wanted
from tertulia.core.jobs import Job, Retries, Run
from tertulia.core.outbound import Answer, Bounds, Outbound, OutboundError
from tertulia.core.pages import Head, PageUnreadable, Reader
from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.previews import service
from tertulia.features.previews.schemas import LinkPreview, PreviewImage

PAGE = Bounds(seconds=5, size=300_000, cut=True, types=("text/html", "application/xhtml+xml"))
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
IMAGE = Bounds(seconds=5, size=MAX_BYTES, types=IMAGE_TYPES)
SIZE = Wanted(side=320)
FETCHES = 4  # at once, of one process
SWEPT_AT_ONCE = 500
MAX_IMAGE_URL = 2_048

log = structlog.get_logger(__name__)

FOLLOWER = Follower(
    name="previews",
    types=frozenset({MessageSent.TYPE, MessageEdited.TYPE}),
    handle=service.follow,
)


async def forget(tx: Tx, emitted: Emitted) -> None:
    match emitted.fact:
        case MessageDeleted(message=message):
            await service.forget(tx, emitted.stream.id, [message.id])
        case MessagesExpired(message_ids=message_ids):
            await service.forget(tx, emitted.stream.id, message_ids)
        case _:
            pass


REACTIONS: Reactions = {MessageDeleted: [forget], MessagesExpired: [forget]}


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


@dataclass(frozen=True)
class Fetching:
    """What it takes to look at a page."""

    outbound: Outbound
    reader: Reader
    studio: Studio
    ids: Ids


def jobs(fetching: Fetching) -> list[Job[Any]]:
    async def fetch(run: Run, wanted: service.Wanted) -> None:
        await _fetch(run, wanted, fetching)

    return [
        Job(service.FETCH, service.Wanted, fetch, concurrency=FETCHES, retries=Retries(attempts=3)),
        Job("preview.sweep", Sweep, _sweep, concurrency=1, every=timedelta(hours=6)),
    ]


async def _fetch(run: Run, wanted: service.Wanted, fetching: Fetching) -> None:
    async with run.db.read() as tx:
        urls = await service.links_to_show(tx, wanted)
        found = await service.remembered(tx, urls)
    for url in urls:
        if url not in found:
            found[url] = await _look(run, url, fetching)
    await run.db.write(lambda tx: service.show(tx, wanted, found))


async def _look(run: Run, url: str, fetching: Fetching) -> LinkPreview | None:
    """Fetch one page and remember what it said. A page that is away is remembered too: a link that
    many people send is not knocked at for each of them."""
    preview, picture = None, None
    try:
        answer = await fetching.outbound.get(url, PAGE, {"Accept": "text/html"})
        if answer.status < 300:
            head = await fetching.reader.head(answer.body, _charset(answer))
            preview = _preview(url, answer, head)
            if preview is not None and head.image:
                preview, picture = await _illustrate(
                    preview, urljoin(answer.url, head.image), fetching
                )
    except (OutboundError, PageUnreadable, ValueError) as error:
        log.info("preview_missed", why=type(error).__name__)
    image = None if picture is None else picture.data
    await run.db.write(lambda tx: service.remember(tx, url, preview, image))
    return preview


def _charset(answer: Answer) -> str | None:
    _, _, parameters = answer.headers.get("content-type", "").partition(";")
    name, _, value = parameters.strip().partition("=")
    return value.strip("\"' ")[:40] if name.strip().lower() == "charset" else None


def _preview(url: str, answer: Answer, head: Head) -> LinkPreview | None:
    if not head.title:
        return None
    site = head.site or (urlsplit(answer.url).hostname or "").removeprefix("www.")
    return LinkPreview(url=url, site=site, title=head.title, description=head.description)


async def _illustrate(
    preview: LinkPreview, url: str, fetching: Fetching
) -> tuple[LinkPreview, Picture | None]:
    """With its picture, where that is small and can be read; without it, else."""
    try:
        answer = await fetching.outbound.get(url, IMAGE, {"Accept": ", ".join(IMAGE_TYPES)})
        if answer.status >= 300:
            return preview, None
        picture = await fetching.studio.remake(answer.body, SIZE)
    except (OutboundError, AppError):
        return preview, None
    image = PreviewImage(id=fetching.ids.uuid7(), width=picture.width, height=picture.height)
    return msgspec.structs.replace(preview, image=image), picture


async def _sweep(run: Run, _payload: Sweep) -> None:
    while await run.db.write(lambda tx: service.sweep(tx, SWEPT_AT_ONCE)) >= SWEPT_AT_ONCE:
        pass
