"""Every limit of the gateway, in one frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Times in seconds, sizes in bytes.

    `ping_interval`, `ping_timeout` and `max_payload` are told to the client in the Engine.IO open
    packet, so that its own timers agree with ours.
    """

    path: str = "/socket.io/"
    namespaces: frozenset[str] = frozenset({"/"})
    """Those that a client may connect to."""
    ping_interval: float = 25.0
    ping_timeout: float = 20.0
    connect_timeout: float = 8.0
    """How long a socket may stay without a Socket.IO CONNECT before it is closed."""
    upgrade_timeout: float = 10.0
    """How long a WebSocket may take to take a polling session over."""
    head_timeout: float = 8.0
    """How long a connection may take to say, in a whole request head, what it wants."""
    close_timeout: float = 3.0
    """How long a closing socket may take to drain and answer before it is cut."""

    recovery_seconds: float = 0.0
    """How long a connection that was cut may come back as the same one; see `recovery`. 0: off."""
    recovery_bytes: int = 16_777_216
    """Events kept for those who come back."""

    max_payload: int = 65_536
    """Largest message from a client, all fragments together, and largest binary attachment. A POST
    may bring a third more: that much in base64."""
    max_fragments: int = 64
    max_attachments: int = 10
    max_nesting: int = 32

    inbox_limit: int = 256
    """Events of one connection that may wait for their turn; one more closes it (TOO_FAST)."""
    inbox_bytes: int = 524_288
    """The same in bytes on the wire. Decoded JSON is up to ~20 times larger than its text."""
    outbox_limit: int = 1_048_576
    """Bytes that may wait for a slow reader; more closes it (SLOW)."""
    pause_above: int = 65_536
    """Bytes waiting above which volatile frames are dropped instead of queued."""

    max_waiting_per_address: int = 256
    """Sockets of one address that have not connected yet; one more is cut or refused (429)."""
    handshakes_per_second: float = 100.0
    """New sessions that one address may ask for in the long run; beyond `handshake_burst`: 429."""
    handshake_burst: float = 1_000.0

    max_connections: int = 20_000
    max_headers: int = 64
    max_header_bytes: int = 8_192
    max_cookie_bytes: int = 4_096
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed. Empty: nobody's."""
