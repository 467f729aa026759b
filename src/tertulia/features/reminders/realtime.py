"""How logged events about reminders are assembled again."""

from collections.abc import Mapping, Sequence

import msgspec

from tertulia.core.history import Hydrator, Point
from tertulia.core.tx import Tx
from tertulia.features.reminders import service
from tertulia.features.reminders.events import ReminderChanged, ReminderDue


def _reminder(fact: type[ReminderChanged] | type[ReminderDue]) -> Hydrator:
    async def hydrate(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
        found = await service.logged_reminders(tx, points)
        return {
            point: msgspec.json.encode(fact(id=point[1], reminder=found.get(point)))
            for point in points
        }

    return hydrate


HYDRATORS: Mapping[str, Hydrator] = {
    ReminderChanged.TYPE: _reminder(ReminderChanged),
    ReminderDue.TYPE: _reminder(ReminderDue),
}
