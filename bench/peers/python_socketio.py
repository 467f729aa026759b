"""The Python library: `python-socketio` on uvicorn, its sockets by `websockets`."""

from typing import Any

import socketio  # pyright: ignore[reportMissingTypeStubs]
import uvicorn

from bench.peers.listening import announced


def main() -> None:
    # A heartbeat of its own would not come through its own broadcasts at 5,000 members.
    sio: Any = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], ping_interval=3600)

    async def enter(sid: str, environ: object) -> None:
        del environ
        await sio.enter_room(sid, "lobby")

    async def say(sid: str, text: str) -> None:
        del sid
        await sio.emit("msg", text, to="lobby")

    sio.on("connect", enter)
    sio.on("say", say)
    config = uvicorn.Config(
        socketio.ASGIApp(sio),  # pyright: ignore[reportUnknownMemberType, reportArgumentType]
        log_level="error",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the load answers no pings of WebSocket itself
        access_log=False,
    )
    uvicorn.Server(config).run(sockets=[announced()])


if __name__ == "__main__":
    main()
