"""Facts about files: in the room's stream once they are sent, till then in their uploader's."""

from typing import ClassVar

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.files.schemas import File


class FileChanged(Fact, frozen=True):
    """A file of a message as it stands from now on: it was looked at. Null where it is read later,
    and is gone with its message."""

    TYPE: ClassVar[str] = "file.changed"
    STREAM: ClassVar[StreamKind] = "room"
    file: File | None

    def logged(self) -> Logged:
        # By reference: names and placeholders of what was deleted are not to be read in the log.
        return Logged(ref=self.file and self.file.id, data=None)


class FileChecked(Fact, frozen=True):
    """A file of mine that I have not sent yet, as it stands from now on."""

    TYPE: ClassVar[str] = "file.checked"
    STREAM: ClassVar[StreamKind] = "account"
    file: File
