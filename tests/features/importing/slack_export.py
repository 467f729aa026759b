"""Slack export archives for tests: what such a file looks like, with everything in it."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Dialect = Literal["attachments", "uploads"]

ANA, BO, CAT, BOT = "U1ANA", "U2BO", "U3CAT", "B1BOT"
GENERAL, SECRET, TRIO, PAIR = "C1GENERAL", "G1SECRET", "G2TRIO", "D1PAIR"
DAY, NEXT = "2021-03-04", "2021-03-05"
ROOT = "1614855600.000100"


def user(id_: str, name: str, **more: Any) -> dict[str, Any]:
    profile = {"email": f"{name}@example.org", "display_name": name.title(), "real_name": name}
    return {"id": id_, "team_id": "T1TEAM", "name": name, "deleted": False, "profile": profile,
            **more}  # fmt: skip


def said(user: str | None, ts: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": ts, "text": text, "team": "T1TEAM", **more}


USERS = [user(ANA, "ana"), user(BO, "bo.lin"), user(CAT, "cat", deleted=True)]

CHANNELS = [{
    "id": GENERAL, "name": "general", "created": 1600000000, "creator": ANA, "is_archived": False,
    "is_general": True, "members": [ANA, BO], "topic": {"value": "All & sundry"},
    "purpose": {"value": ""},
    "pins": [{"id": ROOT, "type": "C", "created": 1614900000, "user": BO, "owner": ANA}],
}]  # fmt: skip
GROUPS = [{"id": SECRET, "name": "secret", "created": 1600000001, "creator": BO,
           "is_archived": True, "members": [BO, CAT], "topic": {"value": ""},
           "purpose": {"value": "hush"}}]  # fmt: skip
MPIMS = [{"id": TRIO, "name": "mpdm-ana--bo.lin--cat-1", "created": 1600000002, "creator": ANA,
          "members": [ANA, BO, CAT]}]  # fmt: skip
DMS = [{"id": PAIR, "created": 1600000003, "members": [ANA, BO]}]

GENERAL_DAYS: dict[str, list[dict[str, Any]]] = {
    DAY: [
        said(ANA, "1614855500.000000", f"<@{ANA}> has joined the channel", subtype="channel_join"),
        said(ANA, ROOT, f"*Hello* <@{BO}>, see <https://example.org/a?b=1&amp;c=2|this> :tada:",
             thread_ts=ROOT, reply_count=2,
             reactions=[{"name": "+1", "users": [BO, CAT], "count": 2},
                        {"name": "wave::skin-tone-3", "users": [BO], "count": 1},
                        {"name": "our-parrot", "users": [BO], "count": 1}]),
        said(BO, "1614855700.000200", "_indeed_", thread_ts=ROOT,
             edited={"user": BO, "ts": "1614855710.000000"}),
        said(BO, "1614855650.000300", "told to all", thread_ts=ROOT, subtype="thread_broadcast"),
        said(BO, "1614855800.000400", "<!channel> lunch?"),
        said(None, "1614855900.000500", "", subtype="bot_message", bot_id=BOT, username="builder",
             attachments=[{"title": "Build 7", "title_link": "https://ci.example.org/7",
                           "text": "passed", "fields": [{"title": "on", "value": "main"}]}]),
        said(ANA, "1614855910.000600", "the plan", subtype="file_share",
             files=[{"id": "F1", "name": "plan.pdf", "mimetype": "application/pdf",
                     "url_private": "https://files.slack.com/F1/plan.pdf?t=xoxe"}, None]),
        said(ANA, "1614855920.000700", "", subtype="pinned_item"),
        said(ANA, "1614855930.000800", "new topic", subtype="channel_topic", topic="All & sundry"),
        said("U9GUEST", "1614855940.000900", "hi from elsewhere",
             user_profile={"display_name": "Guest of Honour", "name": "guest"}),
    ],
    NEXT: [
        said(ANA, "1614942000.000100", "a" * 9_000),
        said(BO, "1614942000.000200", "an orphan", thread_ts="1500000000.000000"),
    ],
}  # fmt: skip

TALK: dict[str, dict[str, list[dict[str, Any]]]] = {
    "general": GENERAL_DAYS,
    "secret": {DAY: [said(BO, "1614855600.000000", "psst"), said(CAT, "1614855601.000000", "!")]},
    "mpdm-ana--bo.lin--cat-1": {DAY: [said(CAT, "1614855602.000000", "three of us")]},
    PAIR: {DAY: [said(ANA, "1614855603.000000", "just you"), said(BO, "1614855604.000000", "yes")]},
}


def files(dialect: Dialect = "attachments", folder: str = "") -> dict[str, bytes]:
    """Everything there is, by name. Sent files lie in the archive in one of two ways."""
    found: dict[str, Any] = {
        "users.json": USERS, "channels.json": CHANNELS, "groups.json": GROUPS,
        "mpims.json": MPIMS, "dms.json": DMS, "integration_logs.json": [],
    }  # fmt: skip
    for channel, days in TALK.items():
        found.update({f"{channel}/{day}.json": messages for day, messages in days.items()})
    raw = {name: json.dumps(content).encode() for name, content in found.items()}
    inside = (
        "general/attachments/F1-plan.pdf" if dialect == "attachments" else "__uploads/F1/plan.pdf"
    )
    raw[inside] = b"%PDF"
    return {f"{folder}{name}": content for name, content in raw.items()}


def write(path: Path, contents: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path
