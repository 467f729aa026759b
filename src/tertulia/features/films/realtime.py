"""How logged events about films are assembled again."""

from collections.abc import Mapping, Sequence

import msgspec

from tertulia.core.history import Hydrator, Point
from tertulia.core.tx import Tx
from tertulia.features.films import service
from tertulia.features.films.events import FilmChanged


async def _changed(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    found = await service.logged(tx, points)
    nothing = FilmChanged(message_id=None, film=None)
    return {point: msgspec.json.encode(found.get(point, nothing)) for point in points}


HYDRATORS: Mapping[str, Hydrator] = {FilmChanged.TYPE: _changed}
