"""Who sees whose receipts: pure."""

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from tertulia.features.receipts.schemas import Cursor


def shown(
    cursors: Iterable[Cursor],
    viewer: UUID,
    *,
    hiding: Collection[UUID],
    apart: Collection[UUID],
) -> list[Cursor]:
    """What one member is told of the others. `hiding` are those who hide what they have read,
    `apart` those in a block with the viewer."""
    blind = viewer in hiding
    return [
        msgspec.structs.replace(one, read_seq=None) if blind or one.account_id in hiding else one
        for one in cursors
        if one.account_id != viewer and one.account_id not in apart
    ]
