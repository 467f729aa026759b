"""Facts about an account, in its own private stream.

The log keeps no profiles: an event that carries one names its row (docs/protocol.md E4), so that
an e-mail address that was taken back is nowhere any more.
"""

from typing import ClassVar, Literal
from uuid import UUID

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.accounts.schemas import Device, OwnAccount

SignOutReason = Literal["logout", "revoked", "password_changed", "token_reused", "expired"]


class AccountCreated(Fact, frozen=True):
    TYPE: ClassVar[str] = "account.created"
    STREAM: ClassVar[StreamKind] = "account"
    account: OwnAccount

    def logged(self) -> Logged:
        return Logged(ref=self.account.id, data=None)


class AccountChanged(Fact, frozen=True):
    """Profile, status or e-mail changed; rooms hear it as `member.changed`."""

    TYPE: ClassVar[str] = "account.changed"
    STREAM: ClassVar[StreamKind] = "account"
    account: OwnAccount

    def logged(self) -> Logged:
        return Logged(ref=self.account.id, data=None)


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
    reason: SignOutReason
