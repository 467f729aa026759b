"""Our gateway without a product."""

from typing import Any

import uvicorn

from bench.peers.listening import announced
from tertulia.core.gateway import Connection, Gateway, Handshake, encode_event


class Lobby:
    gateway: Gateway

    def allow(self, handshake: Handshake) -> None: ...

    async def connect(self, conn: Connection, auth: Any) -> None:
        del auth
        self.gateway.topics.join(conn, "lobby")

    async def event(self, conn: Connection, name: str, args: list[Any]) -> None:
        del conn
        if name == "say":
            self.gateway.topics.publish("lobby", encode_event("msg", *args))

    async def disconnect(self, conn: Connection, reason: str) -> None: ...


def main() -> None:
    lobby = Lobby()
    gateway = lobby.gateway = Gateway(lobby)
    config = uvicorn.Config(gateway.asgi, log_level="error", **gateway.uvicorn_options)
    uvicorn.Server(config).run(sockets=[announced()])


if __name__ == "__main__":
    main()
