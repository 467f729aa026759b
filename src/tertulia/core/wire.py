"""Bases of everything that crosses the wire; `tools/generate_wire.py` reads them for the client."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

StreamKind = Literal["room", "account"]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Something the server sends."""


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something a client sends: unknown fields are refused, never ignored."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that happened, past tense: the `data` of one event in a stream.

    `TYPE` is the name on the wire for ever; fields are only added, a break takes a new type.
    """

    TYPE: ClassVar[str]
    STREAM: ClassVar[StreamKind]

    def logged(self) -> "Logged":
        """What the log keeps. Facts about a row keep its id and are assembled again on reading."""
        return Logged(ref=None, data=self)


class Logged(msgspec.Struct, frozen=True):
    """The stored half of a fact: a reference to a row, or the little that rows cannot give back."""

    ref: UUID | None
    data: object | None


class Ephemeron(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is so right now, a participle: never logged, may be dropped."""

    TYPE: ClassVar[str]
