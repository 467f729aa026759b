"""What follows facts of others: a film that was brought before stands at once beside the message
that brings it again, for nothing is made of it that could tell."""

from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.files.events import FileChanged
from tertulia.features.films import service


async def show(tx: Tx, emitted: Emitted) -> None:
    match emitted.fact:
        case FileChanged(file=file) if file is not None:
            await service.tell_of(tx, file)
        case _:
            pass


REACTIONS: Reactions = {FileChanged: [show]}
