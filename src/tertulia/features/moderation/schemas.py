"""Shapes of moderation on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.rooms.schemas import AuditAction, Reason

Category = Literal["spam", "abuse", "illegal", "other"]
Decision = Literal["resolved", "dismissed"]
ReportState = Literal["open", "resolved", "dismissed"]
Which = Literal["open", "decided", "all"]


class FileReport(Request, frozen=True):
    """About a message (`room_id`, `message_id`), about somebody in a room (`room_id`,
    `account_id`), or about somebody at large (`account_id`): the last is for the server's admins
    alone."""

    category: Category
    room_id: UUID | None = None
    message_id: UUID | None = None
    account_id: UUID | None = None
    note: Annotated[str, Meta(max_length=1_000)] = ""


class Report(Shape, frozen=True):
    """`account_id` is whom it is about. `decided_by` and `decided_at` are null while it is open."""

    id: UUID
    room_id: UUID | None
    message_id: UUID | None
    account_id: UUID
    reporter_id: UUID
    category: Category
    note: str
    at: datetime
    state: ReportState
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str


class ReportList(Shape, frozen=True):
    """Newest first. `people` are the accounts they name; `open` is how many are undecided."""

    reports: list[Report]
    people: list[Account]
    open: int
    next: str | None


class Decide(Request, frozen=True):
    state: Decision
    reason: Reason = ""


class AuditRecord(Shape, frozen=True):
    """Who did what (`action`), to whom, to which message, when and why. `detail` is what changed:
    a role, a time, the names of the fields; of a webhook its name, or the host it calls. Nobody
    turns a webhook off: of `webhook.disabled` the actor is who made it, and `detail` begins with
    `gone` or `failing`."""

    id: UUID
    room_id: UUID
    at: datetime
    actor_id: UUID
    action: AuditAction
    account_id: UUID | None
    message_id: UUID | None
    reason: str
    detail: str


class AuditTrail(Shape, frozen=True):
    """Newest first."""

    records: list[AuditRecord]
    people: list[Account]
    next: str | None
