"""uvicorn's HTTP parser, strict where a request becomes a socket.

uvicorn drops what stands behind an upgrade request in the same read, and hands the transport over
while answers to earlier, pipelined requests may still be written to it. Both let two parties
disagree about whose bytes are whose (request smuggling; CVE-2024-41671 of Twisted is the same
mistake), so both are refused here: 400, and the connection closes. RFC 6455 §4.1 forbids a client
to send anything before it has read our 101.
"""

import sys
from typing import cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .requests import BAD_REQUEST, refusal_bytes


class HttpProtocol(HttpToolsProtocol):
    """Give it to uvicorn as `http=`."""

    _read = b""

    def data_received(self, data: bytes) -> None:
        self._read = data
        super().data_received(data)
        self._read = b""

    def handle_websocket_upgrade(self) -> None:
        # Called by uvicorn while it handles the parser's HttpParserUpgrade, which knows where in
        # the last read the request ended.
        upgrade = sys.exc_info()[1]
        end = upgrade.args[0] if isinstance(upgrade, httptools.HttpParserUpgrade) else None
        # None before the first plain request, though uvicorn's annotation hides it.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        answering = cycle is not None and not cycle.response_complete
        if answering or end != len(self._read):
            self.transport.write(refusal_bytes(BAD_REQUEST))
            self.transport.close()
            return
        super().handle_websocket_upgrade()
