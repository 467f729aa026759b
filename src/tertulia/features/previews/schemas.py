"""Shapes of previews on the wire."""

from uuid import UUID

from tertulia.core.wire import Shape

MAX_LINKS = 3  # of one message


class PreviewImage(Shape, frozen=True):
    """Served by this server at `previews/{id}/image`; its size in pixels."""

    id: UUID
    width: int
    height: int


class LinkPreview(Shape, frozen=True):
    """What a page says about itself. Texts are plain; `description` may be empty."""

    url: str
    site: str
    title: str
    description: str
    image: PreviewImage | None = None
