"""The way to the server, in a test's hands: the page itself stays reachable."""

from playwright.async_api import BrowserContext, Route, WebSocketRoute


class Wire:
    """`cut` stands for a server that is away: nothing gets through, open sockets close."""

    def __init__(self) -> None:
        self._whole = True
        self._sockets: list[WebSocketRoute] = []

    async def lay(self, context: BrowserContext) -> None:
        """Before its first page: what a page has opened already is out of reach."""
        await context.route("**/api/**", self._request)
        await context.route_web_socket("**/socket.io/**", self._socket)

    async def cut(self) -> None:
        self._whole = False
        open_, self._sockets = self._sockets, []
        for socket in open_:
            await socket.close(code=1011)

    def mend(self) -> None:
        self._whole = True

    async def _request(self, route: Route) -> None:
        if self._whole:
            await route.continue_()
        else:
            await route.abort("connectionfailed")

    async def _socket(self, socket: WebSocketRoute) -> None:
        if self._whole:
            socket.connect_to_server()
            self._sockets.append(socket)
        else:
            await socket.close(code=1011)
