"""What one node holds of a bucket that all share. Pure; `now` is an argument.

Asking Redis for every message would put a round trip before each. A node draws for several at once
instead, and what it drew and did not spend in time is lost:

- It never holds more than an eighth of a bucket, and credit lives a sixteenth of the window. That
  much is held back from the shared bucket (`shared_window`), so that in every stretch of time all
  nodes together allow no more than GCRA would: what is spent in it was drawn in it, or at most one
  lifetime before.
- It draws as much as lately was spent: whoever says a word now and then, on whichever node, wastes
  a hundredth of what they may; whoever floods costs a round trip per eighth of the bucket.
"""

from tertulia.core.limits.store import Drawn

LIFE = 1 / 16  # of the window
LARGEST = 1 / 8  # of the window, in one draw
FIRST = 1 / 100  # of what the bucket gains in a lifetime
EPSILON = 1e-9


def shared_window(window: float) -> float:
    """How much the shared bucket holds, that all nodes together keep to `window`."""
    return window * (1 - LIFE)


class Credit:
    """Of one key. All in seconds."""

    __slots__ = ("_drawn", "_drawn_at", "_left", "_refused_until", "_until")

    def __init__(self) -> None:
        self._drawn = self._left = 0.0
        self._drawn_at = self._until = self._refused_until = float("-inf")

    def spend(self, cost: float, now: float) -> bool:
        """Take `cost` of what is held; false if too little is."""
        if now >= self._until or self._left + EPSILON < cost:
            return False
        self._left -= cost
        return True

    def refusal(self, now: float) -> float:
        """Seconds during which asking again is known to be in vain."""
        return max(0.0, self._refused_until - now)

    def wanted(self, cost: float, window: float, now: float) -> float:
        """How much to draw, at most."""
        life = window * LIFE
        if now >= self._until:
            size = self._drawn - self._left  # as much as was used of the last
        elif now - self._drawn_at < life / 2:
            size = self._drawn * 2
        else:
            size = self._drawn
        return max(cost, min(max(size, FIRST * life), window * LARGEST))

    def add(self, drawn: Drawn, window: float, asked_at: float) -> None:
        """Hold what was drawn, or remember the refusal. `asked_at` is before the question went out:
        a slow answer makes the life of credit shorter, never longer."""
        if drawn.wait > 0:
            self._refused_until = asked_at + drawn.wait
            return
        self._drawn = self._left = drawn.seconds
        self._drawn_at, self._until = asked_at, asked_at + window * LIFE
