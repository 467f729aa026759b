"""Thumbnails for the scrub bar."""

from tertulia.core.film import ChildFailed, storyboard
from tertulia.core.jobs import Run
from tertulia.features.files import service as files
from tertulia.features.films import service
from tertulia.features.films.jobs.making import Works
from tertulia.features.films.jobs.preparing import bring
from tertulia.features.films.jobs.telling import tell
from tertulia.features.films.service import DrawBoard


async def draw(run: Run, wanted: DrawBoard, works: Works) -> None:
    """Sheets, numbered. A film without keyframes where they would be needed has fewer; one of which
    none can be drawn does without."""
    blob_id, board = wanted.blob_id, wanted.board
    async with run.db.read() as tx:
        blob = await files.find_blob(tx, blob_id)
    if blob is None:
        return
    async with works.jail.cell() as cell:
        await bring(works, blob.key, cell)
        try:
            sheets = await storyboard(cell, works.jail.ffmpeg, wanted.index, board)
        except ChildFailed:
            return
        for number, sheet in enumerate(sheets):
            await works.storage.put(service.key(blob_id, f"storyboard-{number}.jpg"), sheet)
    if sheets:
        await run.db.write(lambda tx: service.has_board(tx, blob_id, board))
        await tell(run.db, blob_id)
