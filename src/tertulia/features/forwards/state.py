"""What a copy says, and where it came from: pure."""

from collections.abc import Mapping
from uuid import UUID

from msgspec.structs import replace

from tertulia.features.forwards.schemas import HOP_LIMIT
from tertulia.features.messages.schemas import (
    Body,
    FilesBody,
    Forwarded,
    Hop,
    Message,
    VoiceBody,
)


def carried_body(body: Body, carried: Mapping[UUID, UUID]) -> Body:
    """The same, with the files that the other room has of its own: `carried` is old id to new."""
    if isinstance(body, FilesBody):
        kept = [replace(file, id=carried[file.id]) for file in body.files if file.id in carried]
        return replace(body, files=kept)
    if isinstance(body, VoiceBody) and body.file_id:
        return replace(body, file_id=carried.get(body.file_id))
    return body


def provenance(original: Message) -> Forwarded:
    """The way of a copy of this message. Of a longer way the first place and the last ones stay."""
    here = Hop(
        room_id=original.room_id,
        message_id=original.id,
        author_id=original.author_id,
        sent_at=original.sent_at,
    )
    hops = [*(original.forwarded.hops if original.forwarded else []), here]
    if len(hops) > HOP_LIMIT:
        hops = [hops[0], *hops[-(HOP_LIMIT - 1) :]]
    return Forwarded(hops=hops)
