"""How logged events about what is to be said later are assembled again."""

from collections.abc import Mapping, Sequence

import msgspec

from tertulia.core.history import Hydrator, Point
from tertulia.core.tx import Tx
from tertulia.features.scheduled import service
from tertulia.features.scheduled.events import ScheduledChanged


async def _scheduled(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    found = await service.logged_scheduled(tx, points)
    return {
        point: msgspec.json.encode(ScheduledChanged(id=point[1], scheduled=found.get(point)))
        for point in points
    }


HYDRATORS: Mapping[str, Hydrator] = {ScheduledChanged.TYPE: _scheduled}
