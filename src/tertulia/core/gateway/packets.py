"""Socket.IO protocol v5 packets: bytes to `Packet` and back. Pure.

    <type>[<number of attachments>-][<namespace>,][<ack id>][JSON payload]

Nothing behind the namespace, and its comma may be missing.

Binary values travel as attachments: WebSocket binary messages after the packet, in whose JSON
`{"_placeholder": true, "num": n}` stands for attachment n.
Source: https://socket.io/docs/v4/socket-io-protocol/
"""

import re
from enum import IntEnum
from typing import Any, Final, NamedTuple, cast

import msgspec

from .errors import ProtocolError


class Kind(IntEnum):
    CONNECT = 0
    DISCONNECT = 1
    EVENT = 2
    ACK = 3
    CONNECT_ERROR = 4
    BINARY_EVENT = 5
    BINARY_ACK = 6


class Packet(NamedTuple):
    """One packet. `data` is its decoded payload, None if it has none.

    EVENT: [name, *args]; ACK: [*args]; CONNECT and CONNECT_ERROR: an object or nothing.
    While `attachments` is above 0, `data` still holds placeholders: see `with_attachments`.
    """

    kind: Kind
    data: Any = None
    id: int | None = None
    namespace: str = "/"
    attachments: int = 0


Json = msgspec.json.Decoder()
to_json = msgspec.json.Encoder().encode

RESERVED: Final = frozenset(
    ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")
)
"""Event names a client may not send: the library's own (socket.io-parser RESERVED_EVENTS)."""

# At most 15 digits: an id stays below 2**53, so that JavaScript returns the same number.
HEAD: Final = re.compile(rb"([0-6])(?:(\d{1,4})-)?(?:(/[^,]{0,255})(?:,|\Z))?(\d{1,15})?")
LONG_NUMBER: Final = re.compile(rb"\d{19}")


def decode(text: bytes, *, max_attachments: int = 10, max_nesting: int = 32) -> Packet:
    """Read one packet.

    Raises ProtocolError for anything a correct client does not send: the syntax above, a payload
    that does not fit the type, a reserved or non-string event name, JSON nested deeper than
    `max_nesting`, integers beyond 64 bits, too many attachments.
    """
    head = HEAD.match(text)
    if head is None:
        raise ProtocolError("unknown packet type")
    kind = Kind(text[0] - 48)
    _, count, namespace, ack = head.groups()
    attachments = check_count(kind, count, max_attachments)
    packet = Packet(
        kind,
        read_json(text[head.end() :], max_nesting),
        int(ack) if ack else None,
        read_namespace(namespace) if namespace else "/",
        attachments,
    )
    check_payload(packet)
    return packet


def check_count(kind: Kind, count: bytes | None, limit: int) -> int:
    if (count is not None) != (kind >= Kind.BINARY_EVENT):
        raise ProtocolError("attachments do not fit the packet type")
    attachments = int(count) if count else 0
    if attachments > limit:
        raise ProtocolError("too many attachments")
    return attachments


def read_namespace(namespace: bytes) -> str:
    """Its name; a query string behind it is dropped, as the original does."""
    try:
        return namespace.partition(b"?")[0].decode()
    except UnicodeDecodeError:
        raise ProtocolError("namespace is not UTF-8") from None


def read_json(text: bytes, max_nesting: int) -> Any:
    if not text:
        return None
    try:
        data = Json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise ProtocolError("payload is not JSON") from None
    # Counting brackets is cheap and settles nearly every packet; only odd ones are walked.
    if text.count(b"[") + text.count(b"{") > max_nesting or LONG_NUMBER.search(text):
        check_bounds(data, max_nesting)
    return data


def check_bounds(data: object, depth: int) -> None:
    if isinstance(data, int) and not -(2**63) <= data < 2**63:
        raise ProtocolError("integer beyond 64 bits")
    if isinstance(data, dict | list):
        if depth == 0:
            raise ProtocolError("nested too deeply")
        children = cast("dict[str, object] | list[object]", data)
        for child in children.values() if isinstance(children, dict) else children:
            check_bounds(child, depth - 1)


def check_payload(packet: Packet) -> None:
    kind, data = packet.kind, packet.data
    match kind:
        case Kind.EVENT | Kind.BINARY_EVENT:
            if not isinstance(data, list) or not data:
                raise ProtocolError("event without a name")
            name = cast("list[object]", data)[0]
            if not isinstance(name, str) or name in RESERVED:
                raise ProtocolError("event name is reserved or not a string")
        case Kind.ACK | Kind.BINARY_ACK:
            if not isinstance(data, list) or packet.id is None:
                raise ProtocolError("malformed ack")
        case Kind.CONNECT:
            if not (data is None or isinstance(data, dict)) or packet.id is not None:
                raise ProtocolError("malformed connect")
        case Kind.DISCONNECT:
            if data is not None or packet.id is not None:
                raise ProtocolError("malformed disconnect")
        case Kind.CONNECT_ERROR:
            if not isinstance(data, dict | str):
                raise ProtocolError("malformed connect error")


def encode(packet: Packet) -> bytes:
    """The text of a packet without the Engine.IO prefix; `data` None means no payload.

    `data` may hold whatever msgspec encodes (Structs, datetimes, `msgspec.Raw` JSON).
    """
    count = b"%d-" % packet.attachments if packet.kind >= Kind.BINARY_EVENT else b""
    namespace = b"" if packet.namespace == "/" else packet.namespace.encode() + b","
    ack = b"" if packet.id is None else b"%d" % packet.id
    payload = b"" if packet.data is None else to_json(packet.data)
    return b"%d%b%b%b%b" % (packet.kind, count, namespace, ack, payload)


def with_attachments(packet: Packet, attachments: list[bytes]) -> Packet:
    """The packet with its placeholders replaced. ProtocolError where one points nowhere."""
    return packet._replace(data=fill(packet.data, attachments), attachments=0)


def fill(data: Any, attachments: list[bytes]) -> Any:
    if isinstance(data, list):
        return [fill(child, attachments) for child in cast("list[Any]", data)]
    if not isinstance(data, dict):
        return data
    children = cast("dict[str, Any]", data)
    if children.get("_placeholder") is not True:
        return {name: fill(child, attachments) for name, child in children.items()}
    number = children.get("num")
    if type(number) is not int or not 0 <= number < len(attachments):
        raise ProtocolError("illegal attachment")
    return attachments[number]


def take_binary(data: Any, attachments: list[bytes]) -> Any:
    """`data` with each bytes-like value moved to `attachments` and a placeholder in its place.

    Looks into dicts, lists and tuples. A msgspec Struct is left alone: its bytes become base64.
    """
    if isinstance(data, bytes | bytearray | memoryview):
        attachments.append(bytes(cast("bytes", data)))
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(data, dict):
        children = cast("dict[Any, Any]", data)
        return {name: take_binary(child, attachments) for name, child in children.items()}
    if isinstance(data, list | tuple):
        return [take_binary(child, attachments) for child in cast("list[Any]", data)]
    return data
