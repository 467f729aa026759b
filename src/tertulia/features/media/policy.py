"""How often, and for how long."""

from uuid import UUID

LINK_SECONDS = 3_600  # a link is good for between one and two hours
PURPOSE = "media"


def signed(account_id: UUID, room_id: UUID, file_id: UUID) -> str:
    """What a link's signature is about: one file, for one person."""
    return f"{account_id}/{room_id}/{file_id}"


def make_ticket(expires: int, account_id: UUID, signature: str) -> str:
    """The part of a link's path that opens it. In the path, not the query: the playlists of a film
    name their parts relative to themselves."""
    return f"{expires}.{account_id.hex}.{signature}"


def read_ticket(ticket: str) -> tuple[int, UUID, str] | None:
    """None for what is none."""
    parts = ticket.split(".")
    if len(parts) != 3 or len(ticket) > 120 or not ticket.isascii():
        return None
    expires, account, signature = parts
    if not expires.isdigit() or len(expires) > 12:
        return None
    try:
        read = int(expires), UUID(hex=account), signature
    except ValueError:
        return None
    # One link has one spelling: what is kept under it, or refused, is all of it.
    return read if make_ticket(*read) == ticket else None
