"""The Socket.IO server: an Engine.IO server whose messages are packets to connections."""

import logging
import random
import time
from collections.abc import Callable
from typing import cast

from .app import App
from .connection import Connection
from .engine import Engine, Peers
from .handshake import Handshake, Refusal
from .link import Link
from .recovery import Recovery
from .settings import GatewaySettings
from .topics import Listening, Topics, nobody_cares

log = logging.getLogger(__name__)


class Gateway(Engine):
    """Build one for each server process, give uvicorn its `uvicorn_options`, mount its `asgi`, and
    `close` it at the end.

    `listening(topic, bool)` hears which topics have listeners here; the others see `Engine`.
    """

    def __init__(
        self,
        app: App,
        settings: GatewaySettings | None = None,
        *,
        listening: Listening = nobody_cares,
        node: str = "",
        peers: Peers | None = None,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(settings, node=node, peers=peers, clock=clock, uniform=uniform)
        self.app = app
        self.recovery = Recovery(self.settings, clock) if self.settings.recovery_seconds else None
        record = self.recovery.to_topic if self.recovery else None
        self.topics = Topics(listening, record, self.push)
        self._calls = 0

    def connections(self) -> list[Connection]:
        """Those accepted and not gone, of all namespaces."""
        links = cast("set[Link]", self.links)
        return [conn for link in links for conn in link.connections() if conn.connected]

    # For the other parts of the gateway

    def allow(self, handshake: Handshake) -> Refusal | None:
        return self.app.allow(handshake)

    def new_session(self, handshake: Handshake) -> Link:
        return Link(self, handshake)

    def next_call(self) -> int:
        self._calls += 1
        return self._calls

    def failed(self, where: str, conn: Connection) -> None:
        """An exception left the application. The caller is handling it."""
        self.counters.handler_errors += 1
        log.exception("handler failed", extra={"event_name": where, "connection_id": conn.id})
