"""Reactions: leaving a room throws away what was begun there."""

from tertulia.core.tx import Reactions
from tertulia.features.drafts import service
from tertulia.features.rooms.events import RoomLeft

REACTIONS: Reactions = {RoomLeft: [service.on_room_left]}
