"""An upload is looked at: what it is, whether it is infected, what can be shown of it.

Every step may be the last one of its process. So each leaves the bytes where the next attempt finds
them, under keys that the upload itself gives, and the file is ready by one transaction at the end.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from tertulia.core.clamd import NOT_SCANNED, ScanBroken, Scanner, ScannerAway, Verdict
from tertulia.core.failpoints import Failpoints
from tertulia.core.jobs import Job, Retries, Retry, Run
from tertulia.core.sniff import HEAD, TAIL, sniff
from tertulia.core.storage import Incoming, Storage, StorageAway
from tertulia.features.files.jobs.looking import Copy, Looking, Seen, look_inside, take_copy
from tertulia.features.files.jobs.sources import Source, digest_of, digest_of_file, find_source
from tertulia.features.files.schemas import SETTLE, Settle
from tertulia.features.files.service import settling as service
from tertulia.features.files.service.settling import Bytes, Made, Upload

AT_ONCE = 3
ATTEMPTS = 6
AWAY_SECONDS = 30.0  # until a scanner or a storage that was away is asked again
TIMEOUT = 3_600.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Settling:
    """What it takes. Copies are made in `folder`, best on the disk where uploads lie. `required`:
    nothing is ready before the scanner was asked."""

    storage: Storage
    incoming: Incoming
    looking: Looking
    folder: Path
    failpoints: Failpoints
    scanner: Scanner | None = None
    required: bool = False


def jobs(parts: Settling) -> list[Job[Any]]:
    async def run(run: Run, wanted: Settle) -> None:
        try:
            await _settle(run, wanted, parts)
        except StorageAway as error:
            raise Retry(AWAY_SECONDS, str(error)) from None

    retries = Retries(attempts=ATTEMPTS)
    return [Job(SETTLE, Settle, run, concurrency=AT_ONCE, retries=retries, timeout=TIMEOUT)]


async def _settle(run: Run, wanted: Settle, parts: Settling) -> None:
    async with run.db.read() as tx:
        upload = await service.find_upload(tx, wanted)
    if upload is None:
        return
    keys = [service.blob_key(upload.incoming), service.quarantine_key(wanted.file_id)]
    source = await find_source(parts.incoming, parts.storage, upload.incoming, keys)
    if source is None:
        await run.db.write(lambda tx: service.fail(tx, wanted))
        return
    verdict = await _scan(run, source, parts)
    parts.failpoints.hit("settle_scanned")
    if verdict.result == "infected":
        await _quarantine(run, wanted, upload, verdict, parts)
        return
    parts.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="look-", dir=parts.folder) as folder:
        await _keep(run, wanted, upload, source, verdict, parts, Path(folder))


async def _keep(
    run: Run,
    wanted: Settle,
    upload: Upload,
    source: Source,
    verdict: Verdict,
    parts: Settling,
    folder: Path,
) -> None:
    media_type = sniff(*await _ends(source))
    copy = await take_copy(source, media_type, folder)
    sha256, size = await (digest_of(source) if copy is None else digest_of_file(copy.path))
    parts.failpoints.hit("settle_hashed")
    key = service.blob_key(upload.incoming)
    async with run.db.read() as tx:
        known = await service.is_known(tx, sha256)
    new: Bytes | None = None
    if not known:
        seen = Seen()
        if copy is not None:
            seen = await look_inside(copy.path, size, media_type, parts.looking)
        parts.failpoints.hit("settle_looked")
        made = await _store(upload, seen, copy if copy and copy.changed else None, key, parts)
        parts.failpoints.hit("settle_stored")
        new = Bytes(sha256, size, key, media_type, verdict.result, seen.look, made)
    kept = await run.db.write(lambda tx: service.settle(tx, wanted, sha256, new))
    parts.failpoints.hit("settle_kept")
    # Only now: until here another attempt would have wanted them.
    await parts.incoming.remove(upload.incoming)
    if kept != key:
        await parts.storage.remove([key, *(one.key for one in (new.renditions if new else ()))])


async def _ends(source: Source) -> tuple[bytes, bytes]:
    head = b"".join([block async for block in source.read(0, HEAD)])
    start = max(0, source.size - TAIL)
    return head, b"".join([block async for block in source.read(start)])


async def _scan(run: Run, source: Source, parts: Settling) -> Verdict:
    if parts.scanner is None:
        return NOT_SCANNED
    try:
        return await parts.scanner.scan(source.read(), source.size)
    except ScannerAway as error:
        log.warning("scanner_away", why=str(error), waiting=parts.required)
        if parts.required:
            raise Retry(AWAY_SECONDS, "the scanner is away") from None
    except ScanBroken as error:
        # It may be this very file that breaks it: no more than a few times.
        log.warning("scan_broken", why=str(error), attempt=run.attempt)
        if parts.required and run.attempt < ATTEMPTS:
            raise
    return NOT_SCANNED


async def _quarantine(
    run: Run, wanted: Settle, upload: Upload, verdict: Verdict, parts: Settling
) -> None:
    key = service.quarantine_key(wanted.file_id)
    await parts.incoming.promote(upload.incoming, key)
    parts.failpoints.hit("settle_quarantined")
    log.warning("file_infected", file=str(wanted.file_id), signature=verdict.signature)
    if not await run.db.write(lambda tx: service.quarantine(tx, wanted, verdict.signature)):
        await parts.storage.remove([key])


async def _store(
    upload: Upload, seen: Seen, cleaned: Copy | None, key: str, parts: Settling
) -> list[Made]:
    """The bytes and what was made of them, under names of this upload's own."""
    made: list[Made] = []
    for one in seen.renditions:
        place = f"renditions/{upload.incoming.hex[-2:]}/{upload.incoming.hex}/{one.name}"
        await parts.storage.write(place, one.data)
        made.append(Made(one.name, place, len(one.data), one.media_type))
    if cleaned is not None:
        await parts.storage.put(key, cleaned.path)
    else:
        await parts.incoming.promote(upload.incoming, key)
    return made
