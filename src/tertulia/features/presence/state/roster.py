"""Who is on this node."""

from collections.abc import Hashable
from uuid import UUID

from tertulia.features.presence.schemas import PresenceState
from tertulia.features.presence.state.standing import Standing

GRACE_SECONDS = 10.0  # a reload or a change of network is not leaving


class Roster:
    """Sockets of this node by account, each `online` or `away`.

    A person is as present as their most present socket. When the last one goes they stay what they
    were for a moment.
    """

    def __init__(self) -> None:
        self._sockets: dict[UUID, dict[Hashable, PresenceState]] = {}
        self._left: dict[UUID, tuple[float, PresenceState]] = {}  # when, and what they were
        self.quiet: set[UUID] = set()  # who does not want to be disturbed

    def standing(self, account_id: UUID) -> Standing:
        sockets = self._sockets.get(account_id)
        if sockets:
            if account_id in self.quiet:
                return Standing("dnd", connected=True)
            return Standing("online" if "online" in sockets.values() else "away", connected=True)
        _, was = self._left.get(account_id, (0.0, "offline"))
        return Standing(was, connected=False)

    def is_here(self, account_id: UUID) -> bool:
        return account_id in self._sockets

    def set(self, account_id: UUID, socket: Hashable, state: PresenceState) -> None:
        """A socket came, or changed."""
        self._left.pop(account_id, None)
        self._sockets.setdefault(account_id, {})[socket] = state

    def leave(self, account_id: UUID, socket: Hashable, now: float) -> None:
        """A socket went. The last one's leaving shows only after the grace (`expire`)."""
        sockets = self._sockets.get(account_id, {})
        before = self.standing(account_id)
        sockets.pop(socket, None)
        if not sockets and self._sockets.pop(account_id, None) is not None:
            self._left[account_id] = (now, before.state)

    def expire(self, now: float) -> list[UUID]:
        """Accounts that are offline here from now on."""
        gone = [
            account_id
            for account_id, (left_at, _) in self._left.items()
            if now - left_at >= GRACE_SECONDS
        ]
        for account_id in gone:
            del self._left[account_id]
        return gone
