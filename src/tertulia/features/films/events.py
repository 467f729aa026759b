"""Facts about films, in the streams of the rooms that have them; and how far one is, which is
none."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron, Fact, StreamKind
from tertulia.features.films.schemas import Film


class FilmChanged(Fact, frozen=True):
    """A film of a message as it stands from now on."""

    TYPE: ClassVar[str] = "film.changed"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID
    film: Film


class FilmProgress(Ephemeron, frozen=True):
    """A rung of a film is being made: `percent` of it is. `speed` is seconds of film made in one
    second."""

    TYPE: ClassVar[str] = "film.progress"
    room_id: UUID
    file_id: UUID
    rung: str
    percent: int
    speed: float
    seconds_left: int
