"""Facts about an account, in its own private stream."""

from typing import ClassVar, Literal
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.accounts.schemas import Device, OwnAccount


class AccountCreated(Fact, frozen=True):
    TYPE: ClassVar[str] = "account.created"
    STREAM: ClassVar[StreamKind] = "account"
    account: OwnAccount


class AccountChanged(Fact, frozen=True):
    """Profile, status or e-mail changed; rooms hear it as `member.changed`."""

    TYPE: ClassVar[str] = "account.changed"
    STREAM: ClassVar[StreamKind] = "account"
    account: OwnAccount


class DeviceSignedIn(Fact, frozen=True):
    TYPE: ClassVar[str] = "device.signed_in"
    STREAM: ClassVar[StreamKind] = "account"
    device: Device


class DeviceRenamed(Fact, frozen=True):
    TYPE: ClassVar[str] = "device.renamed"
    STREAM: ClassVar[StreamKind] = "account"
    device_id: UUID
    name: str


class DeviceSignedOut(Fact, frozen=True):
    """Every socket of the device closes; its tokens are dead."""

    TYPE: ClassVar[str] = "device.signed_out"
    STREAM: ClassVar[StreamKind] = "account"
    device_id: UUID
    reason: Literal["logout", "revoked", "password_changed", "token_reused"]
