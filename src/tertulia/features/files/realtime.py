"""How logged events about files are assembled again."""

from collections.abc import Mapping, Sequence

import msgspec

from tertulia.core.history import Hydrator, Point
from tertulia.core.tx import Tx
from tertulia.features.files import service
from tertulia.features.files.events import FileChanged


async def _changed(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    found = await service.logged(tx, points)
    return {point: msgspec.json.encode(FileChanged(file=found.get(point))) for point in points}


HYDRATORS: Mapping[str, Hydrator] = {FileChanged.TYPE: _changed}
