"""The bare limit: picows, and a loop over everybody for each message. No protocol, no heartbeat."""

import picows
import uvloop

from bench.peers.listening import announced


class Member(picows.WSListener):
    def __init__(self, members: set[picows.WSTransport]) -> None:
        self._members = members

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self._members.add(transport)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        del transport
        # The load's pongs are not for everybody.
        if len(payload := frame.get_payload_as_bytes()) > 1:
            for member in self._members:
                member.send(picows.WSMsgType.TEXT, payload)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self._members.discard(transport)


async def serve() -> None:
    members: set[picows.WSTransport] = set()
    server = await picows.ws_create_server(  # pyright: ignore[reportUnknownMemberType]
        lambda _: Member(members), sock=announced(), backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
