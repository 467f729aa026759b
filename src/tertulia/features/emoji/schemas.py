"""Shapes of custom emoji."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.images.wanted import MAX_BYTES
from tertulia.core.wire import Request, Shape

NAME = r"^[a-z0-9][a-z0-9_+-]{1,31}$"
EmojiName = Annotated[str, Meta(pattern=NAME, min_length=2, max_length=32)]


class CustomEmoji(Shape, frozen=True):
    """`:name:` in a text or a reaction. The picture: `GET emoji/{id}/image`, for ever the same."""

    id: UUID
    name: str
    animated: bool
    added_by: UUID
    added_at: datetime


class EmojiList(Shape, frozen=True):
    """All of them, by name. `version` is new with every change."""

    emoji: list[CustomEmoji]
    version: UUID


class AddEmoji(Request, frozen=True):
    """`image` is a PNG, GIF, WebP or JPEG file of at most 256 kB, in base64."""

    name: EmojiName
    image: Annotated[bytes, Meta(min_length=1, max_length=MAX_BYTES)]
