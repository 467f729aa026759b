"""What a client's bytes look like: sockets of many addresses, the upgrade request, frames."""

import base64
import os
import socket

PING = b"\x81\x012"  # Engine.IO's, as a server sends it
PONG = b"\x81\x81\x00\x00\x00\x003"
PER_ADDRESS = 20  # clients that share one address, as a household does
IP_BIND_ADDRESS_NO_PORT = 24  # Linux: the port is chosen by `connect`, free for that peer


def connect(port: int, number: int) -> socket.socket:
    """Client `number`'s connection to this machine: addresses enough for any number of ports."""
    sock = _of_its_house(number)
    sock.connect(("127.0.0.1", port))
    return sock


def connecting(port: int, number: int) -> socket.socket:
    """The same without waiting: writable when it is there."""
    sock = _of_its_house(number)
    sock.setblocking(False)
    sock.connect_ex(("127.0.0.1", port))
    return sock


def _of_its_house(number: int) -> socket.socket:
    house = number // PER_ADDRESS
    sock = socket.socket()
    sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    sock.bind((f"127.1.{house // 250}.{1 + house % 250}", 0))
    return sock


def upgrade_request(path: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


def masked(text: bytes) -> bytes:
    """A client's text frame (RFC 6455 §5.2). A mask of zeros changes nothing and costs nothing."""
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2)
    return head + bytes(4) + text
