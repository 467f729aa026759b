"""Facts about my ties to others, in my own stream. Whom I block hears nothing."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.people.schemas import ContactState, Privacy


class ContactChanged(Fact, frozen=True):
    """How it stands between us now; `state` null: we are strangers."""

    TYPE: ClassVar[str] = "contact.changed"
    STREAM: ClassVar[StreamKind] = "account"
    account_id: UUID
    state: ContactState | None
    note: str
    since: datetime


class PersonBlocked(Fact, frozen=True):
    TYPE: ClassVar[str] = "person.blocked"
    STREAM: ClassVar[StreamKind] = "account"
    account_id: UUID
    since: datetime


class PersonUnblocked(Fact, frozen=True):
    TYPE: ClassVar[str] = "person.unblocked"
    STREAM: ClassVar[StreamKind] = "account"
    account_id: UUID


class PrivacyChanged(Fact, frozen=True):
    TYPE: ClassVar[str] = "privacy.changed"
    STREAM: ClassVar[StreamKind] = "account"
    privacy: Privacy
