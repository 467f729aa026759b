"""Who may do what: every route and every command, for everybody. A new verb needs a row."""

from typing import Any
from uuid import UUID

from tests.contracts.matrix_media import MEDIA_COMMANDS, MEDIA_ROUTES
from tests.support.theatre import Body, Row, Stage
from tests.support.world import Person

ANSWERS = {
    "+": "done",
    "U": "unauthenticated",
    "N": "not_found",
    "F": "forbidden",
    "B": "banned",
    "L": "last_owner",
    "I": "invalid",
    "W": "wrong_credentials",
    "X": "invite_invalid",
}


def constant(**body: Any) -> Body:
    return lambda _stage, _who: body


def said(stage: Stage, _who: Person | None) -> Any:
    return {"client_id": str(UUID(int=1)), "text": "hello", "reply_to": None}


def sent(stage: Stage, _who: Person | None) -> Any:
    return {"room_id": str(stage.room), "client_id": str(UUID(int=2)), "text": "hello"}


def in_room(**more: Any) -> Body:
    return lambda stage, _who: {"room_id": str(stage.room), **more}


def about_message(**more: Any) -> Body:
    """In a command: the bystander's message."""
    return lambda stage, _who: {
        "room_id": str(stage.room), "message_id": str(stage.said.id), **more,
    }  # fmt: skip


def about_root(**more: Any) -> Body:
    """In a command: the thread under the bystander's message."""
    return lambda stage, _who: {
        "room_id": str(stage.room), "root_id": str(stage.said.id), **more,
    }  # fmt: skip


def replying(stage: Stage, _who: Person | None) -> Any:
    return {"client_id": str(UUID(int=8)), "text": "inside", "thread": str(stage.said.id)}


def grouping(stage: Stage, _who: Person | None) -> Any:
    return {"handle": f"group-{stage.fresh}", "name": "People"}


QUESTION = {
    "client_id": str(UUID(int=3)), "question": "Where?", "options": ["Here", "There"],
}  # fmt: skip


def about_poll(**more: Any) -> Body:
    """In a command: the bystander's poll."""
    return lambda stage, _who: {
        "room_id": str(stage.room), "message_id": str(stage.poll), **more,
    }  # fmt: skip


def registering(stage: Stage, _who: Person | None) -> Any:
    return {"username": stage.fresh, "password": "olive branches at dusk"}


def adding(stage: Stage, _who: Person | None) -> Any:
    return {"account_ids": [str(stage.stranger.id)]}


def asking_contact(stage: Stage, _who: Person | None) -> Any:
    return {"account_id": str(stage.stranger.id)}


def delivering(stage: Stage, _who: Person | None) -> Any:
    return {"rooms": [{"room_id": str(stage.room), "seq": 1}]}


def banning(stage: Stage, _who: Person | None) -> Any:
    return {"account_id": str(stage.bystander.id)}


LATER = "2026-09-01T00:00:00Z"  # the clock of tests stands in spring
LONG_AGO = "2026-01-01T00:00:00Z"


def forwarding(stage: Stage, _who: Person | None) -> Any:
    source = {"room_id": str(stage.room), "message_id": str(stage.said.id)}
    return {"client_id": str(UUID(int=3)), "messages": [source], "rooms": [str(stage.room)]}


def scheduling(stage: Stage, _who: Person | None) -> Any:
    return {"client_id": str(uuid7_of(stage, 4)), "text": "later", "send_at": LATER}


def reminding(stage: Stage, _who: Person | None) -> Any:
    return {
        "client_id": str(uuid7_of(stage, 5)), "due_at": LATER,
        "room_id": str(stage.room), "message_id": str(stage.said.id),
    }  # fmt: skip


def commanding(stage: Stage, _who: Person | None) -> Any:
    return {"client_id": str(uuid7_of(stage, 6)), "text": "/me waves"}


def commanding_topic(stage: Stage, _who: Person | None) -> Any:
    return {"client_id": str(uuid7_of(stage, 7)), "text": "/topic wine"}


def uuid7_of(stage: Stage, number: int) -> UUID:
    """Another for every room: an account asks for each thing once."""
    return UUID(int=stage.room.int ^ number)


def drafting(stage: Stage, _who: Person | None) -> Any:
    return {"text": "begun", "saved_at": LONG_AGO}


def bringing(stage: Stage, who: Person | None) -> Any:
    """A picture of one pixel, under a name nobody has."""
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAAB"
        "JRU5ErkJggg=="
    )
    return {"name": f"{stage.fresh}{who.username if who else ''}", "image": pixel}


def picturing(stage: Stage, who: Person | None) -> Any:
    return {"image": bringing(stage, who)["image"]}


def exporting(stage: Stage, _who: Person | None) -> Any:
    return {"room_id": str(stage.room)}


def reporting_message(stage: Stage, _who: Person | None) -> Any:
    room, message = str(stage.room), str(stage.said.id)
    return {"category": "spam", "room_id": room, "message_id": message}


def reporting_stranger(stage: Stage, _who: Person | None) -> Any:
    return {"category": "abuse", "account_id": str(stage.stranger.id)}


def making_bot(stage: Stage, _who: Person | None) -> Any:
    return {"username": f"builder-{stage.fresh}"}


def telling(stage: Stage, _who: Person | None) -> Any:
    return {"url": "https://example.org/hook", "events": ["message.sent"]}


V1 = "/api/v1"
ROOM = f"{V1}/rooms/{{room_id}}"
IN = "U N N N"  # anonymous, outsider, ex-member, banned: not there (C6)

ROUTES = [
    *MEDIA_ROUTES,
    # Before signing in
    Row(f"POST {V1}/auth/register", "+ + + + + + + +", registering),
    Row(f"POST {V1}/auth/login", "W W W W W W W W", constant(username="alice", password="wrong")),
    Row(f"POST {V1}/auth/refresh", "U U U U U U U U", constant()),
    Row(f"GET {V1}/server", "+ + + + + + + +"),
    Row(f"GET {V1}/invites/{{code}}", "+ + + + + + + +"),
    # Myself and others
    Row(f"POST {V1}/auth/logout", "+ + + + + + + +", own_device=True),
    Row(f"GET {V1}/me", "U + + + + + + +"),
    Row(f"PATCH {V1}/me", "U + + + + + + +", constant(status_text="out")),
    Row(f"POST {V1}/me/password", "U W W W W W W W",
        constant(current_password="wrong", new_password="olive branches at dawn")),
    Row(f"GET {V1}/me/devices", "U + + + + + + +"),
    Row(f"DELETE {V1}/me/devices", "U + + + + + + +"),
    Row(f"PATCH {V1}/me/devices/{{device_id}}", "U N N N N N N N", constant(name="Mine"),
        case="of another"),
    Row(f"DELETE {V1}/me/devices/{{device_id}}", "U N N N N N N N", case="of another"),
    Row(f"GET {V1}/me/events?after=0", "U + + + + + + +"),
    Row(f"GET {V1}/people", "U + + + + + + +"),
    Row(f"GET {V1}/people/{{account_id}}/card", "U + + + + + + +"),
    Row(f"GET {V1}/me/availability", "U + + + + + + +"),
    Row(f"PUT {V1}/me/availability", "U + + + + + + +", constant(time_zone="Europe/Madrid")),
    Row(f"GET {V1}/me/circle", "U + + + + + + +"),
    Row(f"PATCH {V1}/me/privacy", "U + + + + + + +", constant(may_find="everyone")),
    Row(f"POST {V1}/contacts", "U + + + + + + +", asking_contact),
    Row(f"POST {V1}/contacts/{{account_id}}/accept", "U N N N N N N N", case="nobody asked"),
    Row(f"DELETE {V1}/contacts/{{account_id}}", "U + + + + + + +"),
    Row(f"PUT {V1}/blocks/{{nobody_id}}", "U N N N N N N N"),
    Row(f"DELETE {V1}/blocks/{{nobody_id}}", "U + + + + + + +"),
    Row(f"GET {V1}/people/{{account_id}}", "U + + + + + + +"),
    Row(f"GET {V1}/sync", "U + + + + + + +"),
    Row(f"GET {V1}/search?query=hello", "U + + + + + + +"),
    # Rooms
    Row(f"GET {V1}/rooms", "U + + + + + + +"),
    Row(f"POST {V1}/rooms", "U + + + + + + +", constant(kind="channel", name="Mine")),
    Row(f"GET {V1}/rooms/public", "U + + + + + + +"),
    Row(f"GET {ROOM}", f"{IN} + + + +"),
    Row(f"GET {ROOM}", f"{IN} + + + +", case="public", visibility="public"),
    Row(f"GET {ROOM}/events?after=0", f"{IN} + + + +"),
    Row(f"GET {ROOM}/events?after=0", f"{IN} + + + +", case="public", visibility="public"),
    Row(f"PATCH {ROOM}", f"{IN} F F + +", constant(name="New"), case="name"),
    Row(f"PATCH {ROOM}", f"{IN} F F F +", constant(visibility="public"), case="visibility"),
    Row(f"PATCH {ROOM}", f"{IN} F F F +", constant(archived=True), case="archive"),
    Row(f"PATCH {ROOM}", f"{IN} F F F +", constant(name="New", archived=True), case="both"),
    Row(f"PUT {ROOM}/avatar", f"{IN} F F + +", picturing),
    Row(f"DELETE {ROOM}/avatar", f"{IN} F F + +"),
    Row(f"GET {ROOM}/avatar", f"{IN} N N N N", case="none"),
    Row(f"POST {ROOM}/join", "U N N N + + + +"),
    Row(f"POST {ROOM}/join", "U + + B + + + +", case="public", visibility="public"),
    Row(f"POST {ROOM}/leave", f"{IN} + + + L"),
    Row(f"POST {ROOM}/read", f"{IN} + + + +", constant(seq=1)),
    Row(f"POST {ROOM}/unread", f"{IN} + + + +", constant(seq=1)),
    Row(f"POST {V1}/me/read", "U + + + + + + +"),
    Row(f"GET {V1}/me/unread", "U + + + + + + +"),
    Row(f"GET {V1}/me/arrangement", "U + + + + + + +"),
    Row(f"PATCH {V1}/me/arrangement", "U + + + + + + +", constant(default_level="nothing")),
    Row(f"PATCH {ROOM}/preferences", f"{IN} + + + +", constant(favourite=True)),
    Row(f"PATCH {ROOM}", f"{IN} F F + +", constant(slow_mode=30), case="slow mode"),
    Row(f"PATCH {ROOM}", f"{IN} F F + +", constant(posting="moderators"), case="announcements"),
    # Members
    Row(f"GET {ROOM}/members", f"{IN} + + + +"),
    Row(f"POST {ROOM}/members", f"{IN} F + + +", adding),
    Row(f"PATCH {ROOM}/members/{{account_id}}", f"{IN} F F + +", constant(role="guest"),
        case="down"),
    Row(f"PATCH {ROOM}/members/{{account_id}}", f"{IN} F F F +", constant(role="moderator"),
        case="up"),
    Row(f"DELETE {ROOM}/members/{{account_id}}", f"{IN} F F + +"),
    Row(f"GET {ROOM}/bans", f"{IN} F F + +"),
    Row(f"POST {ROOM}/bans", f"{IN} F F + +", banning),
    Row(f"DELETE {ROOM}/bans/{{banned_id}}", f"{IN} F F + +"),
    Row(f"PUT {ROOM}/members/{{account_id}}/time-out", f"{IN} F F + +", constant(until=None)),
    # Moderation (the outsider is the server's owner)
    Row(f"POST {V1}/reports", f"{IN} + + + +", reporting_message, case="a message"),
    Row(f"POST {V1}/reports", "U + + + + + + +", reporting_stranger, case="somebody"),
    Row(f"GET {V1}/reports", "U + F F F F F F"),
    Row(f"GET {V1}/audit", "U + F F F F F F"),
    Row(f"POST {V1}/reports/{{report_id}}/decision", "U + N N N N + +",
        constant(state="dismissed")),
    Row(f"GET {ROOM}/reports", f"{IN} F F + +"),
    Row(f"GET {ROOM}/audit", f"{IN} F F + +"),
    # Invites
    Row(f"GET {ROOM}/invites", f"{IN} F + + +"),
    Row(f"POST {ROOM}/invites", f"{IN} F + + +", constant()),
    Row(f"DELETE {ROOM}/invites/{{invite_id}}", f"{IN} F N + +", case="the owner's"),
    Row(f"POST {V1}/invites/{{code}}/accept", "U + + B + + + +"),
    # Messages
    Row(f"GET {ROOM}/messages", f"{IN} + + + +"),
    Row(f"GET {ROOM}/messages", f"{IN} + + + +", case="public", visibility="public"),
    Row(f"POST {ROOM}/messages", f"{IN} + + + +", said),
    Row(f"POST {ROOM}/messages", f"{IN} + + + +", said, case="public", visibility="public"),
    Row(f"GET {ROOM}/messages/{{message_id}}", f"{IN} + + + +"),
    Row(f"GET {ROOM}/messages/{{message_id}}/revisions", f"{IN} + + + +"),
    Row(f"GET {ROOM}/messages/{{message_id}}/receipts", f"{IN} + + + +"),
    Row(f"GET {ROOM}/receipts", f"{IN} + + + +"),
    Row(f"POST {V1}/me/delivered", "U + + + + + + +", delivering),
    Row(f"PATCH {ROOM}/messages/{{message_id}}", f"{IN} F F F F", constant(text="no")),
    Row(f"PATCH {ROOM}/messages/{{my_message_id}}", "U N N N + + + +", constant(text="yes"),
        case="mine"),
    Row(f"DELETE {ROOM}/messages/{{message_id}}", f"{IN} F F + +"),
    Row(f"DELETE {ROOM}/messages/{{my_message_id}}", "U N N N + + + +", case="mine"),
    # Previews
    Row(f"DELETE {ROOM}/messages/{{message_id}}/previews", f"{IN} F F + +"),
    Row(f"DELETE {ROOM}/messages/{{my_message_id}}/previews", "U N N N + + + +", case="mine"),
    Row(f"GET {V1}/previews/{{image_id}}/image", "U N N N N N N N", case="nobody was told"),
    # Bots and webhooks (the outsider is the server's owner)
    Row(f"GET {V1}/bots", "U + F F F F F F"),
    Row(f"POST {V1}/bots", "U + F F F F F F", making_bot),
    Row(f"DELETE {V1}/bots/{{bot_id}}", "U N F F F F F F"),
    Row(f"POST {V1}/bots/{{bot_id}}/tokens", "U N F F F F F F",
        constant(name="Build", scopes=["read"])),
    Row(f"DELETE {V1}/bots/{{bot_id}}/tokens/{{token_id}}", "U N F F F F F F"),
    Row(f"POST {ROOM}/incoming-webhooks", f"{IN} F F + +", constant(name="Build")),
    Row(f"DELETE {ROOM}/incoming-webhooks/{{hook_id}}", f"{IN} F F + +"),
    Row(f"POST {V1}/hooks/{{hook_id}}/{{secret}}", "N N N N N N N N", constant(text="hello")),
    Row(f"GET {V1}/webhooks?room_id={{room_id}}", f"{IN} F F + +", case="of a room"),
    Row(f"GET {V1}/webhooks", "U + F F F F F F", case="of the server"),
    Row(f"POST {V1}/webhooks?room_id={{room_id}}", f"{IN} F F + +", telling, case="of a room"),
    Row(f"POST {V1}/webhooks", "U + F F F F F F", telling, case="of the server"),
    Row(f"POST {V1}/webhooks/{{webhook_id}}/secret?room_id={{room_id}}", f"{IN} F F + +"),
    Row(f"POST {V1}/webhooks/{{webhook_id}}/secret", "U N F F F F F F", case="of a room"),
    Row(f"POST {V1}/webhooks/{{webhook_id}}/enable?room_id={{room_id}}", f"{IN} F F + +"),
    Row(f"GET {V1}/webhooks/{{webhook_id}}/deliveries?room_id={{room_id}}", f"{IN} F F + +"),
    Row(f"POST {V1}/webhooks/{{webhook_id}}/deliveries/{{delivery_id}}/redeliver"
        "?room_id={room_id}",
        f"{IN} F F N N"),
    Row(f"DELETE {V1}/webhooks/{{webhook_id}}?room_id={{room_id}}", f"{IN} F F + +"),
    # Custom emoji
    Row(f"GET {V1}/emoji", "U + + + + + + +"),
    Row(f"POST {V1}/emoji", "U + + + + + + +", bringing),
    Row(f"GET {V1}/emoji/{{emoji_id}}/image", "U + + + + + + +"),
    # (the outsider is the server's owner)
    Row(f"DELETE {V1}/emoji/{{emoji_id}}", "U + F F F F F F", case="of another"),
    # Polls
    Row(f"POST {ROOM}/polls", f"{IN} + + + +", constant(**QUESTION)),
    Row(f"PUT {ROOM}/messages/{{poll_id}}/poll/vote", f"{IN} + + + +", constant(choices=[1])),
    Row(f"POST {ROOM}/messages/{{poll_id}}/poll/close", f"{IN} F F + +"),
    Row(f"GET {ROOM}/messages/{{poll_id}}/poll/voters", f"{IN} + + + +"),
    # Pins
    Row(f"GET {ROOM}/pins", f"{IN} + + + +"),
    # Threads, mentions, groups (the outsider came first: an admin of the server)
    Row(f"GET {ROOM}/messages/{{message_id}}/thread", f"{IN} + + + +"),
    Row(f"POST {ROOM}/messages", f"{IN} + + + +", replying, case="in a thread"),
    Row(f"POST {ROOM}/messages/{{message_id}}/thread/read", f"{IN} + + + +", constant(seq=1)),
    Row(f"POST {ROOM}/messages/{{message_id}}/thread/follow", f"{IN} + + + +",
        constant(following=True)),
    Row(f"GET {V1}/threads", "U + + + + + + +"),
    Row(f"POST {V1}/threads/read", "U + + + + + + +"),
    Row(f"GET {V1}/mentions", "U + + + + + + +"),
    Row(f"GET {V1}/groups", "U + + + + + + +"),
    Row(f"GET {V1}/groups/{{group_id}}", "U + + + + + + +"),
    Row(f"POST {V1}/groups", "U + F F F F F F", grouping),
    Row(f"PATCH {V1}/groups/{{group_id}}", "U + F F F F F F", constant(name="Another set")),
    Row(f"DELETE {V1}/groups/{{group_id}}", "U + F F F F F F"),
    # Operations (again the outsider)
    Row(f"GET {V1}/admin/jobs", "U + F F F F F F"),
    Row(f"GET {V1}/admin/jobs?kind=archive.write&which=dead", "U + F F F F F F", case="some"),
    Row(f"GET {V1}/admin/jobs/{{job_id}}", "U + F F F F F F"),
    Row(f"GET {V1}/admin/jobs/{{no_job_id}}", "U N F F F F F F", case="that is none"),
    Row(f"POST {V1}/admin/jobs/{{dead_job_id}}/retry", "U + F F F F F F"),
    Row(f"POST {V1}/admin/jobs/{{no_job_id}}/retry", "U N F F F F F F", case="none"),
    Row(f"POST {V1}/admin/jobs/{{job_id}}/cancel", "U + F F F F F F"),
    Row(f"PUT {ROOM}/messages/{{message_id}}/pin", f"{IN} F F + +"),
    Row(f"DELETE {ROOM}/messages/{{message_id}}/pin", f"{IN} F F + +"),
    # Exports
    Row(f"POST {V1}/exports", f"{IN} F F + +", exporting, case="a room"),
    Row(f"POST {V1}/exports", "U + + + + + + +", constant(), case="all of mine"),
    Row(f"GET {V1}/exports", "U + + + + + + +"),
    Row(f"GET {V1}/exports/{{export_id}}", "U N N N N N N N", case="of another"),
    Row(f"DELETE {V1}/exports/{{export_id}}", "U N N N N N N N", case="of another"),
    Row(f"POST {V1}/exports/{{export_id}}/link", "U N N N N N N N", case="of another"),
    Row(f"GET {V1}/exports/files/{{account_id}}/{{export_id}}?expires=1&signature=forged",
        "N N N N N N N N"),
    # Reactions
    Row(f"GET {ROOM}/messages/{{message_id}}/reactions", f"{IN} + + + +"),
    Row(f"PUT {ROOM}/messages/{{message_id}}/star", f"{IN} + + + +"),
    # A star of mine is let go wherever I am: it says nothing of the room.
    Row(f"DELETE {ROOM}/messages/{{message_id}}/star", "U + + + + + + +"),
    Row(f"PUT {ROOM}/messages/{{message_id}}/hidden", f"{IN} + + + +"),
    Row(f"DELETE {ROOM}/messages/{{message_id}}/hidden", f"{IN} + + + +"),
    Row(f"GET {ROOM}/hidden", f"{IN} + + + +"),
    Row(f"GET {V1}/me/stars", "U + + + + + + +"),
    Row(f"POST {V1}/forwards", "U N N N + + + +", forwarding),
    Row(f"POST {ROOM}/scheduled", f"{IN} + + + +", scheduling),
    Row(f"GET {V1}/me/scheduled", "U + + + + + + +"),
    Row(f"PATCH {V1}/me/scheduled/{{scheduled_id}}", "U N N N N N N N", constant(text="new"),
        case="none of mine"),
    Row(f"DELETE {V1}/me/scheduled/{{scheduled_id}}", "U N N N N N N N", case="none of mine"),
    Row(f"POST {V1}/me/scheduled/{{scheduled_id}}/send", "U N N N N N N N", case="none of mine"),
    Row(f"POST {V1}/me/reminders", "U N N N + + + +", reminding),
    Row(f"GET {V1}/me/reminders", "U + + + + + + +"),
    Row(f"PATCH {V1}/me/reminders/{{reminder_id}}", "U N N N N N N N",
        constant(due_at="2026-09-01T00:00:00Z"), case="none of mine"),
    Row(f"DELETE {V1}/me/reminders/{{reminder_id}}", "U N N N N N N N", case="none of mine"),
    Row(f"GET {V1}/commands", "U + + + + + + +"),
    Row(f"POST {ROOM}/commands", f"{IN} + + + +", commanding),
    Row(f"POST {ROOM}/commands", f"{IN} F F + +", commanding_topic, case="topic"),
    Row(f"PUT {ROOM}/draft", f"{IN} + + + +", drafting),
    Row(f"GET {V1}/me/drafts", "U + + + + + + +"),
    Row(f"PUT {ROOM}/messages/{{message_id}}/reactions/{{emoji}}", f"{IN} + + + +"),
    Row(f"DELETE {ROOM}/messages/{{message_id}}/reactions/{{emoji}}", f"{IN} + + + +"),
]  # fmt: skip

COMMANDS = [
    *MEDIA_COMMANDS,
    Row("message.send", f"{IN} + + + +", sent),
    Row("message.edit", f"{IN} F F F F", about_message(text="no")),
    Row("message.delete", f"{IN} F F + +", about_message()),
    Row("draft.save", f"{IN} + + + +", in_room(text="begun", saved_at=LONG_AGO)),
    Row("message.star", f"{IN} + + + +", about_message()),
    Row("message.star", "U + + + + + + +", about_message(starred=False), case="let go"),
    Row("message.hide", f"{IN} + + + +", about_message()),
    Row("poll.create", f"{IN} + + + +", in_room(**QUESTION)),
    Row("poll.vote", f"{IN} + + + +", about_poll(choices=[0])),
    Row("poll.close", f"{IN} F F + +", about_poll()),
    Row("message.pin", f"{IN} F F + +", about_message()),
    Row("message.unpin", f"{IN} F F + +", about_message()),
    Row("reaction.add", f"{IN} + + + +", about_message(emoji="👍")),
    Row("reaction.remove", f"{IN} + + + +", about_message(emoji="👍")),
    Row("room.read", f"{IN} + + + +", in_room(seq=1)),
    Row("room.delivered", "U + + + + + + +", delivering),  # what is not mine is passed over
    Row("receipts.list", f"{IN} + + + +", in_room()),
    Row("thread.read", f"{IN} + + + +", about_root(seq=1)),
    Row("room.unread", f"{IN} + + + +", in_room(seq=1)),
    Row("typing", f"{IN} + + + +", in_room(active=True)),
    Row("presence.set", "U + + + + + + +", constant(state="away")),
    Row("presence.list", f"{IN} + + + +", in_room()),
]
