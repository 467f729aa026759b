"""Facts about films, in the streams of the rooms that have them; and how far one is, which is
none."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron, Fact, Logged, StreamKind
from tertulia.features.films.schemas import Film


class FilmChanged(Fact, frozen=True):
    """A film of a message as it stands from now on. Both are null where this is read later, and the
    message is gone."""

    TYPE: ClassVar[str] = "film.changed"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID | None
    film: Film | None

    def logged(self) -> Logged:
        # By reference: what a film is called in one room is not to be read in the log for ever.
        return Logged(ref=self.film and self.film.file_id, data=None)


class FilmProgress(Ephemeron, frozen=True):
    """A rung of a film is being made: `percent` of it is. `speed` is seconds of film made in one
    second. To the room, or, of a film that I have not sent yet, to me."""

    TYPE: ClassVar[str] = "film.progress"
    room_id: UUID
    file_id: UUID
    rung: str
    percent: int
    speed: float
    seconds_left: int
