"""The end of a bus: one listener, whose bugs stay its own."""

import structlog

from tertulia.core.bus.notice import Listener, Lost, Notice, nothing

log = structlog.get_logger(__name__)


class Ear:
    """Hears nothing until somebody listens."""

    __slots__ = ("_listener", "_lost")

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._lost: Lost = nothing

    def listen(self, listener: Listener, lost: Lost) -> None:
        self._listener = listener
        self._lost = lost

    def hear(self, notice: Notice) -> None:
        if self._listener is None:
            return
        try:
            self._listener(notice)
        except Exception:
            # The publisher has committed: a listener's bug must not look like a failed command.
            log.exception("bus_listener_failed", stream=notice.topic, type=notice.type)

    def miss(self) -> None:
        try:
            self._lost()
        except Exception:
            log.exception("bus_listener_failed")
