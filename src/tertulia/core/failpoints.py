"""Places where a test may stop the world: `before_commit`, `after_commit`, `after_ack`, …

Armed only by a test that passes its own; a program in production holds an empty table.
"""

from collections.abc import Callable, Mapping


class Failpoints:
    def __init__(self, armed: Mapping[str, Callable[[], None]] | None = None) -> None:
        self._armed = armed or {}

    def hit(self, name: str) -> None:
        action = self._armed.get(name)
        if action is not None:
            action()
