"""A notice as bytes in Redis: sealed, so that who can write there cannot speak for a node.

    version (1 byte) · seal (16) · origin (8) · [seq, type, body] in msgpack

The seal is BLAKE2b keyed by the server's secret over the topic and all that follows it. A node of
another secret, another version or no node at all is not understood, and the log fills the hole.
"""

import hashlib

import msgspec

from tertulia.core.bus.notice import Notice

VERSION = b"\x01"
SEAL = 16
ORIGIN = 8
_ORIGIN_AT = len(VERSION) + SEAL
_REST_AT = _ORIGIN_AT + ORIGIN


class _Rest(msgspec.Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    seq: int
    type: str
    body: bytes


class Unsealed(Exception):
    """Not from a node of this server."""


class Wire:
    """`origin` is this node's own, ORIGIN bytes, new with each start: its echo is known by it."""

    def __init__(self, secret: str, origin: bytes) -> None:
        key = hashlib.blake2b(secret.encode(), person=b"tertulia-bus").digest()
        self._keyed = hashlib.blake2b(key=key, digest_size=SEAL)
        if len(origin) != ORIGIN:
            raise ValueError(f"a node's name has {ORIGIN} bytes")
        self._origin = origin
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(_Rest).decode

    def pack(self, notice: Notice) -> bytes:
        rest = self._origin + self._encode(_Rest(notice.seq, notice.type, notice.body))
        return VERSION + self._seal(notice.topic, rest) + rest

    def is_echo(self, packed: bytes) -> bool:
        return packed[_ORIGIN_AT:_REST_AT] == self._origin

    def unpack(self, topic: str, packed: bytes) -> Notice:
        """Raises Unsealed."""
        rest = packed[_ORIGIN_AT:]
        if not packed.startswith(VERSION + self._seal(topic, rest)):
            raise Unsealed
        try:
            found = self._decode(rest[ORIGIN:])
        except msgspec.DecodeError:  # sealed by us, so of a version that forgot to say so
            raise Unsealed from None
        return Notice(topic, found.seq, found.type, found.body)

    def _seal(self, topic: str, rest: bytes) -> bytes:
        seal = self._keyed.copy()
        seal.update(b"%d:%s" % (len(topic), topic.encode()))
        seal.update(rest)
        return seal.digest()
