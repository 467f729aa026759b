"""Reactions: what happens elsewhere and rooms must hear."""

from tertulia.core.tx import Reactions
from tertulia.features.accounts.events import AccountChanged
from tertulia.features.members import service

REACTIONS: Reactions = {AccountChanged: [service.on_account_changed]}
