"""Facts about drafts, in their author's own stream. The log keeps no texts."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.drafts.schemas import Draft


class DraftChanged(Fact, frozen=True):
    """The draft of a room or thread (`id`) as it stands; null: there is none any more."""

    TYPE: ClassVar[str] = "draft.changed"
    STREAM: ClassVar[StreamKind] = "account"
    id: UUID
    draft: Draft | None

    def logged(self) -> Logged:
        return Logged(ref=self.id, data=None)
