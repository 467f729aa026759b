"""Reactions: what was read elsewhere, and who changed what they show."""

from tertulia.core.tx import Reactions
from tertulia.features.people.events import PrivacyChanged
from tertulia.features.receipts import service
from tertulia.features.rooms.events import RoomRead, RoomsRead

REACTIONS: Reactions = {
    RoomRead: [service.on_read],
    RoomsRead: [service.on_read],
    PrivacyChanged: [service.on_privacy_changed],
}
