"""Reactions: what happens between people and their direct room must hear."""

from tertulia.core.tx import Reactions
from tertulia.features.people.events import PersonBlocked, PersonUnblocked
from tertulia.features.rooms import service

REACTIONS: Reactions = {
    PersonBlocked: [service.on_block_changed],
    PersonUnblocked: [service.on_block_changed],
}
